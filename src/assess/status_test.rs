//! The status of a document, from what was recorded.

use std::sync::Arc;

use chrono::DateTime;

use crate::assess::example::{assessed, day, portal, reviews};
use crate::assess::{Known, Part, Status, assess, past};
use crate::history::{Commit, History};

/// The status and the reasons of the document on 2026-12-18.
fn status(policy: &str, front_matter: &str, records: &str) -> String {
    let assessment = assessed(policy, front_matter, records, "2026-12-18");
    let document = &assessment.documents["restore"];
    format!("{:?}: {}", document.status, document.reasons.join("; "))
}

#[test]
fn the_last_word_of_each_reviewer_counts() {
    for (lines, expected) in [
        (&[][..], "Unreviewed: nobody whose word counts has approved it yet"),
        (
            &["ana 2026-12-01 NOW approved"],
            "Approved: read and approved by Ana Alves on 2026-12-01",
        ),
        (
            &["ana 2026-12-01 OLD approved"],
            "Changed: changed since the approval by Ana Alves on 2026-12-01",
        ),
        (
            &["ana 2026-12-01 OLD approved", "ben 2026-12-02 NOW approved act='executed'"],
            "Approved: executed and approved by Ben Bosch on 2026-12-02",
        ),
        (
            &["ana 2026-12-01 NOW changes-requested note='which host?'"],
            "ChangesRequested: changes requested by Ana Alves on 2026-12-01: which host?",
        ),
        (
            &["ana 2026-12-01 OLD changes-requested", "ben 2026-12-02 NOW approved"],
            "ChangesRequested: changes requested by Ana Alves on 2026-12-01 (the document has changed since, and waits for their review)",
        ),
        (
            &["ana 2026-12-01 OLD changes-requested", "ana 2026-12-02 NOW approved"],
            "Approved: read and approved by Ana Alves on 2026-12-02",
        ),
        (
            &["ana 2026-12-02 NOW changes-requested", "ana 2026-12-01 NOW approved"],
            "ChangesRequested: changes requested by Ana Alves on 2026-12-02",
        ),
        // The text went back to what was approved first.
        (
            &["ana 2026-12-01 NOW approved", "ana 2026-12-02 OLD approved"],
            "Approved: read and approved by Ana Alves on 2026-12-01",
        ),
        // Not yet, not theirs to say, not somebody we know.
        (
            &["ana 2026-12-19 NOW approved", "rita 2026-12-01 NOW approved"],
            "Unreviewed: nobody whose word counts has approved it yet",
        ),
    ] {
        assert_eq!(status("", "", &reviews(lines)), expected, "{lines:?}");
    }
}

#[test]
fn as_many_approvals_as_the_policy_asks_for() {
    let two = "[review]\napprovals = 2\nvalid-days = 10";
    for (lines, expected) in [
        (&["ana 2026-12-10 NOW approved"][..], "Unreviewed: 1 of 2 approvals"),
        (
            &["ana 2026-12-10 NOW approved", "ana 2026-12-11 NOW approved"],
            "Unreviewed: 1 of 2 approvals",
        ),
        (
            &["ana 2026-12-10 NOW approved", "ben 2026-12-12 NOW approved"],
            "Approved: read and approved by Ana Alves on 2026-12-10; read and approved by Ben Bosch on 2026-12-12; holds until 2026-12-20",
        ),
        (
            &["ana 2026-12-10 NOW approved", "ben 2026-12-12 OLD approved"],
            "Changed: changed since the approval by Ben Bosch on 2026-12-12",
        ),
        (
            &["ana 2026-12-07 NOW approved", "ben 2026-12-12 NOW approved"],
            "Expired: the approval by Ana Alves on 2026-12-07 ran out after 2026-12-17",
        ),
        (
            &["ben 2026-12-12 OLD approved"],
            "Unreviewed: 0 of 2 approvals; changed since the approval by Ben Bosch on 2026-12-12",
        ),
    ] {
        assert_eq!(status(two, "", &reviews(lines)), expected, "{lines:?}");
    }
}

#[test]
fn an_approval_holds_up_to_its_last_day() {
    let plan = "[review]\nvalid-days = 30";
    let records = reviews(&["ana 2026-12-01 NOW approved"]);
    for (front_matter, today, expected, due) in [
        ("", "2026-12-31", Status::Approved, "2026-12-31"),
        ("", "2027-01-01", Status::Expired, "2026-12-31"),
        ("review: { valid-days: 5 }", "2026-12-06", Status::Approved, "2026-12-06"),
        ("review: { valid-days: 5 }", "2026-12-07", Status::Expired, "2026-12-06"),
    ] {
        let assessment = assessed(plan, front_matter, &records, today);
        let document = &assessment.documents["restore"];
        assert_eq!(document.status, expected, "{front_matter} {today}");
        assert_eq!(document.due.unwrap().to_string(), due);
    }
}

#[test]
fn what_changed_is_named_where_the_review_tells() {
    let bare = assessed("", "", "", "2026-12-18").documents["restore"].parts.clone().unwrap();
    let parts = |text: &str, metadata: &str| {
        let (includes, images) = (&bare.includes, &bare.images);
        format!(
            "parts={{text='{text}',includes='{includes}',images='{images}',metadata='{metadata}'}}"
        )
    };
    let of = |parts: String| {
        status("", "", &reviews(&[&format!("ana 2026-12-01 OLD approved {parts}")]))
    };
    assert_eq!(
        of(parts("0", &bare.metadata)),
        "Changed: text changed since the approval by Ana Alves on 2026-12-01"
    );
    assert_eq!(
        of(parts("0", "0")),
        "Changed: text and metadata changed since the approval by Ana Alves on 2026-12-01"
    );
    assert_eq!(
        of(parts(&bare.text, &bare.metadata)),
        "Changed: changed since the approval by Ana Alves on 2026-12-01"
    );
}

#[test]
fn exceptions_and_exemptions_let_a_document_through() {
    let exception = "[[exception]]\ncovers='restore'\nreason='no rehearsal in the freeze'\nrequested-by='sam'\napproved-by='ana'\nexpires=2026-12-18\n";
    let changed = reviews(&["ana 2026-12-01 OLD approved"]);
    assert_eq!(
        status("", "", &format!("{changed}{exception}")),
        "Waived: waived by Ana Alves until 2026-12-18: no rehearsal in the freeze; changed since the approval by Ana Alves on 2026-12-01"
    );
    let approved = reviews(&["ana 2026-12-01 NOW approved"]);
    assert!(status("", "", &format!("{approved}{exception}")).starts_with("Approved"));
    let over = exception.replace("2026-12-18", "2026-12-17");
    assert!(status("", "", &format!("{changed}{over}")).starts_with("Changed"));
    let exempt = "review: { exempt: a list of links }";
    assert_eq!(status("", exempt, ""), "Exempt: needs no review: a list of links");
    let request = reviews(&["ana 2026-12-01 NOW changes-requested"]);
    assert!(status("", exempt, &request).starts_with("ChangesRequested"));
}

#[test]
fn a_required_document_that_nobody_wrote_is_missing() {
    let plan = "[[document]]\nid = 'failover'\n[[document]]\nid = 'restore'\n";
    let assessment = assessed(plan, "", "", "2026-12-18");
    let document = &assessment.documents["failover"];
    assert_eq!(document.status, Status::Missing);
    assert_eq!(document.reasons, ["the plan requires it, and there is no such document"]);
    assert_eq!(assessment.documents.len(), 2);
    let waived = "[[exception]]\ncovers='failover'\nreason='r'\nrequested-by='sam'\napproved-by='ana'\nexpires=2027-01-01\n";
    let assessment = assessed(plan, "", waived, "2026-12-18");
    assert_eq!(assessment.documents["failover"].status, Status::Waived);
}

#[test]
fn a_chapter_without_a_file_is_missing() {
    let portal = crate::fixture::portal(
        "-- src/SUMMARY.md --\n# Summary\n\n- [A](a.md)\n  - [B](folder/b.md)\n- [Draft]()\n-- src/a.md --\n# A\n",
    );
    let assessment =
        crate::assess::assess(&crate::assess::Known::of(&portal), crate::fixture::today(), false);
    let statuses: Vec<_> =
        assessment.documents.iter().map(|(id, it)| (id.as_str(), it.status)).collect();
    assert_eq!(statuses, [("a", Status::Unreviewed), ("folder/b", Status::Missing)]);
}

/// Whatever is recorded in whatever order, a status follows, and reviews of one day count in the order of the text.
#[test]
fn the_order_of_files_does_not_matter_but_on_one_day() {
    let lines = [
        "ana 2026-12-01 OLD approved",
        "ben 2026-12-02 NOW changes-requested",
        "ana 2026-12-03 NOW approved",
        "ben 2026-12-04 NOW approved",
        "sam 2026-12-05 NOW changes-requested",
    ];
    let expected = status("", "", &reviews(&lines));
    let mut random = 11_usize;
    for _ in 0..20 {
        let mut shuffled = lines;
        for index in (1..shuffled.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(index, (random >> 33) % (index + 1));
        }
        assert_eq!(status("", "", &reviews(&shuffled)), expected);
    }
    let same_day = ["ana 2026-12-01 NOW changes-requested", "ana 2026-12-01 NOW approved"];
    assert!(status("", "", &reviews(&same_day)).starts_with("Approved"));
    let portal = portal("", "", &reviews(&same_day));
    assert_eq!(portal.records.reviews.len(), 2);
}

#[test]
fn two_documents_with_one_id_are_judged_apart() {
    let judged = crate::fixture::judged(
        "-- a/index.md --\n---\nid: index\n---\n# A\n-- b/index.md --\n---\nid: index\n---\n# B\n-- c.md --\n---\nid: b/index\n---\n# C\n",
    );
    let documents = judged.assessment.documents.values();
    let judged: Vec<(&str, &str)> = documents
        .map(|document| (&*document.id, document.path.as_ref().map_or("", |path| path.as_str())))
        .collect();
    let expected = [("b/index", "c.md"), ("b/index~", "b/index.md"), ("index", "a/index.md")];
    assert_eq!(judged, expected);
}

#[test]
fn covered_code_that_changed_takes_an_approval_back() {
    let records = reviews(&["ana 2026-12-01 NOW approved", "ben 2026-12-05 NOW approved"]);
    let portal = portal("", "covers: ['deploy/**']", &records);
    let (path, document) = portal.documents.iter().next().unwrap();
    assert_eq!(past::globs(&portal, document), ["deploy/**"]);
    let today = day("2026-12-18");
    let commit = |number: usize| {
        Arc::new(Commit {
            id: format!("{number:040}"),
            date: DateTime::parse_from_rfc3339("2026-12-03T23:00:00-08:00").unwrap(),
            author: "Noor Haddad".into(),
            summary: format!("Raise limit {number}"),
        })
    };
    let mut history = History {
        head: commit(9),
        uncommitted: Default::default(),
        last: Default::default(),
        texts: Default::default(),
        covered: Default::default(),
        limit: None,
    };
    let mut touched = |review: usize, commits: usize| {
        let since = past::since(&portal.records.reviews[review], today);
        Arc::make_mut(&mut history.covered)
            .insert((path.clone(), since), (0..commits).map(commit).collect());
        let known = Known { history: Some(&history), ..Known::of(&portal) };
        let document = &assess(&known, today, false).documents["restore"];
        let document = crate::assess::DocumentAssessment::clone(document);
        (document.status, document.changed, document.reasons)
    };
    // Ben approved after the commits.
    let (status, changed, reasons) = touched(0, 1);
    assert_eq!((status, changed), (Status::Approved, vec![]));
    assert_eq!(reasons, ["read and approved by Ben Bosch on 2026-12-05"]);
    let (status, changed, reasons) = touched(1, 7);
    assert_eq!((status, changed), (Status::Changed, vec![Part::Code]));
    assert_eq!(
        reasons[..2],
        [
            "covered code changed since the approval by Ben Bosch on 2026-12-05",
            "commit 0000000000 by Noor Haddad on 2026-12-03 touched it: Raise limit 0"
        ]
    );
    assert_eq!((reasons.len(), reasons[6].as_str()), (7, "and 2 more commits"));
}
