//! Most objects of a pack are told by how they differ from another, its base. Bases are kept, so that an object is told once.
//!
//! Git tells older objects by newer ones, so that a walk back in time comes by every base before it is needed. An import
//! leaves it the other way round: then each object would be told anew from the oldest on, unless the bases on the way are
//! kept too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gix::odb::pack::Find as _;
use gix::odb::pack::cache::DecodeEntry;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::{ObjectId, Repository};

/// So many bytes of objects are kept.
const CACHE: usize = 64 * 1024 * 1024;

/// From so many bases on that were not kept, they are.
const LONG: usize = 8;

/// The names of the bases are looked for in packs of so many objects in all.
const MOST_OBJECTS: u64 = 1_000_000;

/// Where the data of an object stand: the number of a pack, and the place in it.
type Place = (u32, u64);

/// What it takes to keep the bases of objects.
pub(super) struct Bases {
    missed: Arc<Mutex<Vec<Place>>>,
    /// Where the objects of each pack begin, once they were asked for.
    packs: BTreeMap<u32, Vec<(u64, ObjectId)>>,
    is_small: bool,
}

impl Bases {
    /// Makes a repository keep objects.
    pub(super) fn new(repository: &mut Repository) -> Self {
        let missed: Arc<Mutex<Vec<Place>>> = Arc::default();
        let is_small =
            repository.objects.packed_object_count().is_ok_and(|all| all <= MOST_OBJECTS);
        repository.objects.prevent_pack_unload();
        let told = Arc::clone(&missed);
        repository.objects.set_pack_cache(move || {
            Box::new(Kept { objects: MemoryCappedHashmap::new(CACHE), missed: Arc::clone(&told) })
        });
        Self { missed, packs: BTreeMap::new(), is_small }
    }

    /// Keeps the bases of the object that was read last, where they are many.
    pub(super) fn keep(&mut self, repository: &Repository) {
        let missed = self.take_missed();
        if missed.len() < LONG || !self.is_small {
            return;
        }
        // The base that hangs on nothing new comes first: each of the others is then one step.
        for (pack, offset) in missed.into_iter().skip(1).rev() {
            let objects = self.packs.entry(pack).or_insert_with(|| {
                let all = repository.objects.pack_offsets_and_oid(pack);
                let mut all = all.ok().flatten().unwrap_or_default();
                all.sort_unstable();
                all
            });
            // The place is that of the object's data, which stand a little after its beginning.
            let after = objects.partition_point(|(begin, _)| *begin <= offset);
            if let Some((_, id)) = after.checked_sub(1).and_then(|index| objects.get(index)) {
                // What cannot be read is reported when it is asked for.
                drop(repository.find_object(*id));
            }
        }
        self.take_missed();
    }

    fn take_missed(&self) -> Vec<Place> {
        std::mem::take(&mut *self.missed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The objects that are kept, and which were asked for since and are not.
struct Kept {
    objects: MemoryCappedHashmap,
    missed: Arc<Mutex<Vec<Place>>>,
}

impl DecodeEntry for Kept {
    fn put(
        &mut self,
        pack: u32,
        offset: u64,
        data: &[u8],
        kind: gix::objs::Kind,
        compressed_size: usize,
    ) {
        self.objects.put(pack, offset, data, kind, compressed_size);
    }

    fn get(
        &mut self,
        pack: u32,
        offset: u64,
        out: &mut Vec<u8>,
    ) -> Option<(gix::objs::Kind, usize)> {
        let found = self.objects.get(pack, offset, out);
        if found.is_none() {
            self.missed.lock().unwrap_or_else(PoisonError::into_inner).push((pack, offset));
        }
        found
    }
}
