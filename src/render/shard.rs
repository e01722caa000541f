//! A share of a version's files, so that several builds can divide the work: each makes other files, and together they make
//! all of them.

use std::fmt;
use std::str::FromStr;

use crate::render::version::{Batch, Version};
use crate::render::{Files, Made, OutputPath};

/// The K-th of N builds that divide a version, counted from 1: `2/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    pub number: usize,
    pub of: usize,
}

/// Into so many a build is divided at the most.
const MOST: usize = 1000;

impl Shard {
    /// Tells whether there can be such a shard.
    pub fn exists(self) -> bool {
        (1..=self.of).contains(&self.number) && self.of <= MOST
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| is_plain)
        };
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(one, of)| Some((number(one)?, number(of)?)));
        let (number, of) = numbers.ok_or("a shard is written `2/4`: the second of four")?;
        let shard = Self { number, of };
        if shard.exists() {
            return Ok(shard);
        }
        if of > MOST {
            return Err(format!("a build is divided into {MOST} shards at the most"));
        }
        Err(format!("shards are counted from 1/{0} to {0}/{0}", of.max(1)))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// The files of a version that one build makes: all of them, or its share.
pub struct Share<'a> {
    version: &'a Version<'a>,
    batches: Vec<Batch<'a>>,
}

impl<'a> Share<'a> {
    /// Returns the share of a build. The same version is divided in the same way everywhere.
    pub fn new(version: &'a Version<'a>, shard: Option<Shard>) -> Self {
        let mut batches = version.batches();
        if let Some(shard) = shard {
            batches = divided(batches, shard.of).swap_remove(shard.number - 1);
        }
        Self { version, batches: batches.into_iter().map(|(batch, _)| batch).collect() }
    }

    pub fn version(&self) -> &'a Version<'a> {
        self.version
    }

    /// Makes what is made of all documents at once and belongs to the share, and tells when it begins which.
    pub fn prepare(&self, observer: &dyn Fn(&'static str)) {
        for batch in &self.batches {
            self.version.prepare(*batch, observer);
        }
    }
}

impl Files for Share<'_> {
    fn paths(&self) -> Vec<OutputPath> {
        self.batches.iter().flat_map(|batch| self.version.paths_of(*batch)).collect()
    }

    fn file(&self, path: &str) -> Option<Made> {
        self.version.file(path)
    }
}

/// Deals out what costs so much, the costliest first, each to the share that costs least so far.
fn divided<T>(batches: Vec<(T, usize)>, of: usize) -> Vec<Vec<(T, usize)>> {
    let mut order: Vec<(usize, (T, usize))> = batches.into_iter().enumerate().collect();
    order.sort_by_key(|(_, (_, cost))| std::cmp::Reverse(*cost));
    let mut costs = vec![0; of];
    let mut shares: Vec<Vec<_>> = (0..of).map(|_| Vec::new()).collect();
    for (place, (batch, cost)) in order {
        let least = (0..of).min_by_key(|share| costs[*share]).unwrap_or(0);
        costs[least] += cost;
        shares[least].push((place, (batch, cost)));
    }
    let in_order = |mut share: Vec<(usize, (T, usize))>| {
        share.sort_by_key(|(place, _)| *place);
        share.into_iter().map(|(_, batch)| batch).collect()
    };
    shares.into_iter().map(in_order).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fixture;
    use crate::render::feeds;
    use crate::render::theme::Theme;

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        assert_eq!(Shard { number: 2, of: 4 }.to_string(), "2/4");
        for (text, why) in [
            ("2", "a shard is written `2/4`: the second of four"),
            ("a/4", "a shard is written `2/4`: the second of four"),
            ("0/4", "shards are counted from 1/4 to 4/4"),
            ("+1/4", "a shard is written `2/4`: the second of four"),
            ("1/1001", "a build is divided into 1000 shards at the most"),
            ("5/4", "shards are counted from 1/4 to 4/4"),
            ("1/0", "shards are counted from 1/1 to 1/1"),
        ] {
            assert_eq!(text.parse::<Shard>(), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_costliest_are_dealt_out_first_and_stay_in_order() {
        let batches = vec![("a", 1), ("b", 5), ("c", 2), ("d", 2)];
        assert_eq!(divided(batches, 2), [vec![("b", 5)], vec![("a", 1), ("c", 2), ("d", 2)]]);
        assert_eq!(divided(vec![("a", 1)], 3), [vec![("a", 1)], vec![], vec![]]);
    }

    #[test]
    fn shares_are_all_files_and_have_none_in_common() {
        for fixture in [feeds::tests::PROJECT, "-- src/a.md --\n# A\n", "-- src/x.txt --\nx\n"] {
            let judged = fixture::judged(fixture);
            let theme = Theme::load(&fixture::tree(fixture), None).0;
            let version = Version::new(judged.facts(), &theme);
            let all: BTreeSet<OutputPath> = version.paths().into_iter().collect();
            for of in [1, 2, 5] {
                let shards = (1..=of).map(|number| Shard { number, of });
                let shares = shards.map(|shard| Share::new(&version, Some(shard)).paths());
                let paths: Vec<OutputPath> = shares.flatten().collect();
                assert_eq!(paths.len(), all.len());
                assert_eq!(paths.into_iter().collect::<BTreeSet<_>>(), all);
            }
        }
    }
}
