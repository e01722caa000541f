//! How a status looks: tone, shape and word, decided in one place for chips, cells and charts.

use serde::Serialize;

use crate::assess::{Status, Verdict};
use crate::link::alerts::Standing;

/// What says a status: a word, a shape that black and white keeps, and a tone, in the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// `pass`, `warn`, `fail`, `info` or `none`: the class `c-TONE`.
    pub tone: &'static str,
    /// The name of an icon.
    pub shape: &'static str,
    pub word: &'static str,
    /// The status in kebab case, for filters.
    pub key: &'static str,
}

/// Every status of a document, in the order in which charts and counts show them.
pub const STATUSES: [Status; 8] = [
    Status::Approved,
    Status::Changed,
    Status::Expired,
    Status::Unreviewed,
    Status::ChangesRequested,
    Status::Missing,
    Status::Waived,
    Status::Exempt,
];

/// Returns how the status of a document looks.
pub fn document(status: Status) -> Badge {
    let (tone, shape, word, key) = match status {
        Status::Approved => ("pass", "tick", "Approved", "approved"),
        Status::Changed => ("warn", "triangle", "Changed", "changed"),
        Status::Expired => ("warn", "clock", "Expired", "expired"),
        Status::Unreviewed => ("fail", "dashed-circle", "Unreviewed", "unreviewed"),
        Status::ChangesRequested => {
            ("fail", "return-arrow", "Changes requested", "changes-requested")
        }
        Status::Missing => ("fail", "cross", "Missing", "missing"),
        Status::Waived => ("info", "barred-circle", "Waived", "waived"),
        Status::Exempt => ("none", "bar", "Exempt", "exempt"),
    };
    Badge { tone, shape, word, key }
}

/// Returns how the verdict on a criterion looks.
pub fn criterion(verdict: Verdict) -> Badge {
    let (tone, shape, word, key) = match verdict {
        Verdict::Met => ("pass", "tick", "Met", "met"),
        Verdict::Unmet => ("fail", "cross", "Unmet", "unmet"),
        Verdict::NotAssessed => ("fail", "dashed-circle", "Not assessed", "not-assessed"),
        Verdict::Waived => ("info", "barred-circle", "Waived", "waived"),
    };
    Badge { tone, shape, word, key }
}

/// Returns how the runbook of an alert looks.
pub fn runbook(standing: Standing) -> Badge {
    let (tone, shape, word, key) = match standing {
        Standing::Missing => ("fail", "cross", "Missing", "missing"),
        Standing::None => ("fail", "dashed-circle", "None", "none"),
        Standing::Elsewhere => ("none", "bar", "Elsewhere", "elsewhere"),
        Standing::Here => ("pass", "tick", "Here", "here"),
    };
    Badge { tone, shape, word, key }
}

/// Returns how a release looks.
pub fn release(draft: bool, ready: bool) -> Badge {
    let (tone, shape, word, key) = match (draft, ready) {
        (true, _) => ("warn", "triangle", "Draft", "draft"),
        (false, true) => ("pass", "tick", "Ready", "ready"),
        (false, false) => ("fail", "cross", "Not ready", "not-ready"),
    };
    Badge { tone, shape, word, key }
}

impl Badge {
    /// Returns the same look with another word: "Not tested" in the shape of what nobody looked at.
    #[must_use]
    pub fn with_word(self, word: &'static str) -> Self {
        Self { word, ..self }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn the_table_of_tones_shapes_and_words() {
        let documents = STATUSES.map(document);
        let verdicts = [Verdict::Met, Verdict::Unmet, Verdict::NotAssessed, Verdict::Waived];
        let rows: Vec<String> = documents
            .into_iter()
            .chain(verdicts.map(criterion))
            .map(|badge| {
                format!("{:17} {:4} {:13} {}", badge.key, badge.tone, badge.shape, badge.word)
            })
            .collect();
        assert_snapshot!(rows.join("\n"), @r"
        approved          pass tick          Approved
        changed           warn triangle      Changed
        expired           warn clock         Expired
        unreviewed        fail dashed-circle Unreviewed
        changes-requested fail return-arrow  Changes requested
        missing           fail cross         Missing
        waived            info barred-circle Waived
        exempt            none bar           Exempt
        met               pass tick          Met
        unmet             fail cross         Unmet
        not-assessed      fail dashed-circle Not assessed
        waived            info barred-circle Waived
        ");
    }

    #[test]
    fn every_status_has_an_icon() {
        for badge in STATUSES.map(document) {
            assert!(!crate::render::icon::svg(badge.shape).is_empty(), "{badge:?}");
        }
    }
}
