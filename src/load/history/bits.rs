//! Sets of small numbers.

/// A set of the numbers below a bound that whoever asks knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Returns the set of all numbers below `bound`.
    pub(super) fn all(bound: usize) -> Self {
        let mut bits = Self::default();
        for number in 0..bound {
            bits.insert(number);
        }
        bits
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// Adds a number, and tells whether it is new.
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let new = !self.contains(number);
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        self.0[number / 64] |= 1 << (number % 64);
        new
    }

    /// Adds the numbers of another set, and tells whether any is new.
    pub(super) fn extend(&mut self, other: &Self) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut grown = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            grown |= more & !*word != 0;
            *word |= more;
        }
        grown
    }

    pub(super) fn contains_all(&self, other: &Self) -> bool {
        !self.clone().extend(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_grows() {
        let mut bits = Bits::default();
        assert!(bits.insert(70) && !bits.insert(70));
        assert!(bits.contains(70) && !bits.contains(6) && !bits.contains(700));
        let all = Bits::all(71);
        assert!(all.contains_all(&bits) && !bits.contains_all(&all));
        assert!(bits.extend(&all) && !bits.extend(&all));
    }
}
