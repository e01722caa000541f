//! What a program writes, read beside everything else: what it wrote so far is there, whoever may still hold the pipe.

use std::io::{ErrorKind, Read};
use std::mem;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

pub(super) struct Pipe {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Disconnected when nothing more is read.
    end: Receiver<()>,
}

impl Pipe {
    /// Reads until nobody can write any more, or `goes_on`, which sees all that is kept, wants no more.
    pub(super) fn new(
        pipe: Option<impl Read + Send + 'static>,
        goes_on: impl Fn(&mut Vec<u8>) -> bool + Send + 'static,
    ) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (alive, end) = mpsc::channel();
        if let Some(mut pipe) = pipe {
            let bytes = Arc::clone(&bytes);
            thread::spawn(move || {
                // Dropped with the thread, however that ends.
                let _alive = alive;
                let mut part = vec![0; 1 << 16];
                loop {
                    match pipe.read(&mut part) {
                        Ok(length @ 1..) => {
                            let mut bytes = lock(&bytes);
                            bytes.extend_from_slice(&part[..length]);
                            if !goes_on(&mut bytes) {
                                return;
                            }
                        }
                        Err(error) if error.kind() == ErrorKind::Interrupted => {}
                        Ok(0) | Err(_) => return,
                    }
                }
            });
        }
        Self { bytes, end }
    }

    /// Waits for the end so long, and tells whether it came.
    pub(super) fn ends_within(&self, time: Duration) -> bool {
        self.end.recv_timeout(time) == Err(RecvTimeoutError::Disconnected)
    }

    /// Returns how much is kept.
    pub(super) fn len(&self) -> usize {
        lock(&self.bytes).len()
    }

    /// Returns what is kept.
    pub(super) fn take(&self) -> Vec<u8> {
        mem::take(&mut *lock(&self.bytes))
    }
}

fn lock(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().expect("invariant: nothing panics with the lock")
}
