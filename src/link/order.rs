//! Navigation and documents → the order in which the documents are read, and where each stands in it.

use std::collections::BTreeMap;

use crate::link::{Nav, NavItem};
use crate::parse::project::Documents;
use crate::source::SourcePath;

/// The documents in reading order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// First those of the navigation.
    pub paths: Vec<SourcePath>,
    /// How many of them the navigation lists.
    pub listed: usize,
    /// Where each document stands among them.
    pub positions: BTreeMap<SourcePath, usize>,
    /// Where the navigation lists a document: its section, then the index on each level.
    pub places: BTreeMap<SourcePath, Vec<usize>>,
}

impl Order {
    pub fn new(nav: &Nav, documents: &Documents) -> Self {
        let mut order = Self::default();
        for (index, section) in nav.sections.iter().enumerate() {
            order.collect(&section.items, &mut vec![index]);
        }
        order.paths.retain(|path| documents.contains_key(path));
        order.listed = order.paths.len();
        let unlisted = documents.keys().filter(|path| !order.places.contains_key(*path));
        order.paths.extend(unlisted.cloned());
        let positions = order.paths.iter().enumerate();
        order.positions = positions.map(|(index, path)| (path.clone(), index)).collect();
        order
    }

    fn collect(&mut self, items: &[NavItem], place: &mut Vec<usize>) {
        for (index, item) in items.iter().enumerate() {
            place.push(index);
            if let Some(path) = &item.document
                && !self.places.contains_key(path)
            {
                self.places.insert(path.clone(), place.clone());
                self.paths.push(path.clone());
            }
            self.collect(&item.nested, place);
            place.pop();
        }
    }
}
