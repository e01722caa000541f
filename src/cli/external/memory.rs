//! What other sites answered on the days before: a page that is away for a day is not gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cli::external::Answers;
use crate::cli::failure::Failure;
use crate::error::IoError;

/// Its file, below the project's root.
pub(super) const FILE: &str = ".handover-links.json";

/// From how many days in a row on an address counts as dead.
const PATIENCE: usize = 3;

/// What is known of each address.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Memory(BTreeMap<String, Known>);

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    /// The day of the last good answer.
    good: Option<NaiveDate>,
    /// The days on which it failed since.
    failed: BTreeSet<NaiveDate>,
    /// Why it failed the last time.
    reason: String,
}

impl Memory {
    /// Reads it; where there is none yet, it is empty.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(|error| IoError::new("read", path, error))?,
        };
        serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("cannot read `{}`: {error}", path.display()))
                .help("remove the file: it is made anew")
        })
    }

    /// Writes it, all of it or nothing.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let refused = |error| IoError::new("write", path, error);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(refused)?;
        let text = serde_json::to_string_pretty(self).map_err(|error| refused(error.into()))?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(refused)?;
        file.persist(path).map_err(|error| refused(error.error))?;
        Ok(())
    }

    /// Forgets all addresses but these, and knows of each.
    pub(super) fn keep(&mut self, addresses: &BTreeSet<String>) {
        self.0.retain(|address, _| addresses.contains(address));
        for address in addresses {
            self.0.entry(address.clone()).or_default();
        }
    }

    /// Returns the addresses that gave no good answer on that day yet.
    pub(super) fn unanswered(&self, day: NaiveDate) -> Vec<String> {
        let open = self.0.iter().filter(|(_, known)| known.good != Some(day));
        open.map(|(address, _)| address.clone()).collect()
    }

    /// Takes in what was answered on a day.
    pub(super) fn note(&mut self, answers: Answers, day: NaiveDate) {
        for (address, answer) in answers {
            let known = self.0.entry(address).or_default();
            match answer {
                Ok(()) => *known = Known { good: Some(day), ..Known::default() },
                Err(reason) => {
                    known.failed.insert(day);
                    known.reason = reason;
                }
            }
        }
    }

    /// Returns the addresses that failed so many days in a row, and why.
    pub(super) fn dead(&self) -> BTreeMap<String, String> {
        let dead = self.0.iter().filter(|(_, known)| known.failed.len() >= PATIENCE);
        dead.map(|(address, known)| (address.clone(), known.reason.clone())).collect()
    }

    /// Returns how many failed the last time.
    pub(super) fn failing(&self) -> usize {
        self.0.values().filter(|known| !known.failed.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_dead_on_the_third_day_in_a_row() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let answer = |answer: Result<(), &str>| {
            Answers::from([("https://a.example".to_owned(), answer.map_err(str::to_owned))])
        };
        let mut memory = Memory::default();
        memory.keep(&BTreeSet::from(["https://a.example".to_owned()]));
        for (on, said, dead) in [
            (1, Err("404"), 0),
            (2, Err("404"), 0),
            (2, Err("404"), 0),
            (3, Ok(()), 0),
            (4, Err("404"), 0),
            (5, Err("404"), 0),
            (7, Err("410"), 1),
        ] {
            memory.note(answer(said), day(on));
            assert_eq!(memory.dead().len(), dead, "{on}");
            assert_eq!(memory.unanswered(day(on)).is_empty(), said.is_ok());
        }
        assert_eq!(memory.dead()["https://a.example"], "410");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        memory.write(&path).unwrap();
        assert_eq!(Memory::read(&path).unwrap(), memory);
        memory.keep(&BTreeSet::new());
        assert_eq!(memory, Memory::default());
        std::fs::write(&path, "{").unwrap();
        assert!(Memory::read(&path).is_err());
    }
}
