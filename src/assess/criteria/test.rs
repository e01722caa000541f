//! The verdict on each type of criterion, and on the gate.

use crate::assess::example::{assessed, reviews};
use crate::assess::{Assessment, CriterionAssessment, EvidenceLink, Verdict};

fn criterion(check: &str) -> String {
    format!("[[criterion]]\nid='c'\nstatement='It is so.'\ncheck={{{check}}}\n")
}

/// The verdict, target, actual, what proves it and what is missing, on 2026-12-18.
fn judged(check: &str, plan: &str, records: &str) -> String {
    let assessment = assessed(&format!("{}{plan}", criterion(check)), "", records, "2026-12-18");
    shown(&assessment.criteria[0])
}

fn shown(criterion: &CriterionAssessment) -> String {
    let CriterionAssessment { verdict, target, actual, evidence, missing, .. } = criterion;
    let evidence: Vec<&str> = evidence.iter().map(|it| it.text.as_str()).collect();
    let (evidence, missing) = (evidence.join("; "), missing.join("; "));
    format!("{verdict:?} | {target} | {actual} | {evidence} | {missing}")
}

fn certifications(lines: &[&str]) -> String {
    let record = |line: &&str| {
        let (person, rest) = line.split_once(' ').unwrap();
        format!("[[certification]]\nperson='{person}'\ncertified-by='rita'\n{rest}\n")
    };
    lines.iter().map(record).collect()
}

#[test]
fn certification() {
    let check = "type='certification', min-score=80";
    let both = certifications(&["ana on=2026-12-15\nscore=94", "ben on=2026-12-16\nscore=80"]);
    assert_eq!(
        judged(check, "", &both),
        "Met | 2 people certified with a score of at least 80 | 2 of 2 certified | Ana Alves certified on 2026-12-15 by Rita Roth, score 94; Ben Bosch certified on 2026-12-16 by Rita Roth, score 80 | "
    );
    assert_eq!(
        judged(check, "", &certifications(&["ana on=2026-12-15\nscore=79"])),
        "Unmet | 2 people certified with a score of at least 80 | 0 of 2 certified |  | Ana Alves: scored 79 on 2026-12-15, at least 80 is needed; Ben Bosch: not certified"
    );
    // The better of two sittings counts; one without a score, in the future or out of date does not.
    for (record, met) in [
        (
            "ana on=2026-12-15\nscore=79\n[[certification]]\nperson='ana'\ncertified-by='sam'\non=2026-12-14\nscore=85",
            true,
        ),
        ("ana on=2026-12-15", false),
        ("ana on=2026-12-19\nscore=90", false),
        ("ana on=2026-12-15\nscore=90\nexpires=2026-12-17", false),
    ] {
        let check = "type='certification', min-score=80, people=['ana', 'ana']";
        let verdict = judged(check, "", &certifications(&[record]));
        assert_eq!(verdict.starts_with("Met | 1 person"), met, "{record}: {verdict}");
    }
    assert_eq!(
        judged("type='certification', by='ops'", "", ""),
        "Unmet | 2 people certified | 0 of 2 certified |  | Ana Alves: not certified; Ben Bosch: not certified"
    );
    assert_eq!(
        judged("type='certification', by='opps'", "", ""),
        "NotAssessed | everybody of `opps` certified | the plan names nobody of `opps` |  | the plan names nobody of `opps`"
    );
}

#[test]
fn documents_reviewed() {
    let approved = reviews(&["ana 2026-12-01 NOW approved"]);
    assert_eq!(
        judged("type='documents-reviewed'", "", &approved),
        "Met | 1 document reviewed and up to date | 1 of 1 document | 1 document approved | "
    );
    let plan = "[[document]]\nid='failover'\nkind='runbook'\n";
    assert_eq!(
        judged("type='documents-reviewed'", plan, ""),
        "Unmet | 2 documents reviewed and up to date | 0 of 2 documents |  | `failover`: missing: the plan requires it, and there is no such document; `restore`: unreviewed: nobody whose word counts has approved it yet"
    );
    assert_eq!(
        judged("type='documents-reviewed', kinds=['runbook']", plan, &approved),
        "Unmet | 1 document (runbook) reviewed and up to date | 0 of 1 document |  | `failover`: missing: the plan requires it, and there is no such document"
    );
    assert_eq!(
        judged("type='documents-reviewed', documents=['restore', 'x']", plan, &approved),
        "Unmet | 2 documents reviewed and up to date | 1 of 2 documents | 1 document approved | `x`: there is no such document"
    );
    assert!(
        judged("type='documents-reviewed', kinds=['sop']", plan, "").starts_with("NotAssessed")
    );
}

#[test]
fn training_complete() {
    let plan = "[[module]]\nid='db'\ntitle='Database'\nhours=2.5\naudience=['ops']\n[[module]]\nid='mq'\ntitle='Queues'\nhours=1\naudience=['ben', 'ana', 'ben']\n";
    let session = |module: &str, on: &str, hours: &str, attendees: &str| {
        format!("[[session]]\nmodule='{module}'\non={on}\nhours={hours}\nattendees=[{attendees}]\n")
    };
    let records = [
        session("db", "2026-12-02", "1.5", "'ana', 'ana', 'ben'"),
        session("db", "2026-12-03", "1", "'ana'"),
        session("mq", "2026-12-04", "1", "'ana', 'ben'"),
        session("db", "2026-12-19", "1", "'ben'"),
    ]
    .concat();
    assert_eq!(
        judged("type='training-complete'", plan, &records),
        "Unmet | 2 modules attended by everybody they are for | 1 of 2 attended by all | Queues: 2 people, held on 2026-12-04 | Database: Ben Bosch, 1.5 of 2.5 hours"
    );
    assert!(
        judged("type='training-complete', modules=['mq']", plan, &records)
            .starts_with("Met | 1 module")
    );
    assert!(
        judged("type='training-complete', modules=['x']", plan, &records)
            .ends_with("`x`: there is no such module")
    );
    assert!(judged("type='training-complete'", "", "").starts_with("NotAssessed"));
    let later = assessed(plan, "", &records, "2026-12-19");
    assert_eq!(later.training[0].attendance, [("ana".to_owned(), 2.5), ("ben".to_owned(), 2.5)]);
    assert!(later.training[0].complete);
    assert_eq!(later.training[0].held.len(), 3);
}

#[test]
fn work_handled() {
    let work = |ticket: &str, kind: &str, by: &str, more: &str| {
        format!(
            "[[work]]\nticket='{ticket}'\nkind='{kind}'\non=2026-12-16\nperformed-by={by}\nsummary='Done.'\n{more}\n"
        )
    };
    let records = [
        work("INC-1", "incident", "'ana'", "severity='SEV-3'\nobserved-by='rita'"),
        work("INC-1", "incident", "'ben'", ""),
        work("CHG-2", "maintenance", "['ana', 'ben']", "observed-by=['ben', 'sam']"),
        work("INC-3", "incident", "['ana', 'rita']", ""),
        work("INC-4", "incident", "'ben'", "severity='SEV-1'"),
        work("DOC-5", "writing", "'ben'", ""),
    ]
    .concat();
    assert_eq!(
        judged(
            "type='work-handled', count=3, kinds=['incident','maintenance'], by='receiving'",
            "",
            &records
        ),
        "Met | at least 3 pieces of work (incident or maintenance) handled by the receiving side | 3 handled | INC-1, 2026-12-16, handled by Ana Alves, observed by Rita Roth: Done.; CHG-2, 2026-12-16, handled by Ana Alves and Ben Bosch, observed by Ben Bosch and Sam Stone: Done.; INC-4, 2026-12-16, handled by Ben Bosch: Done. | "
    );
    for (check, expected) in [
        ("count=5", "4 handled"),
        ("count=3, observed=true", "2 handled"),
        ("count=3, severities=['SEV-1','SEV-2']", "1 handled"),
        ("count=3, by='dev'", "0 handled"),
    ] {
        let verdict = judged(&format!("type='work-handled', {check}"), "", &records);
        assert!(verdict.starts_with("Unmet") && verdict.contains(expected), "{check}: {verdict}");
    }
    assert_eq!(
        judged("type='work-handled', count=2, by='ops', observed=true", "", ""),
        "Unmet | at least 2 pieces of work handled by New team, observed by the other side | 0 handled |  | still to be handled by New team: 2 pieces of work, observed by the other side"
    );
}

#[test]
fn escalation_tested() {
    let level = |level: u32| {
        format!(
            "[[escalation]]\nlevel={level}\nseverities=['SEV-1']\ncontact='ana'\nhours='24x7'\nacknowledge-minutes=15\n"
        )
    };
    let plan = format!("{}{}", level(1), level(2));
    let test = |level: u32, on: &str, more: &str| {
        format!("[[escalation-test]]\nlevel={level}\non={on}\n{more}\n")
    };
    let in_time = "acknowledged-by='ana'\nminutes=15";
    let check = "type='escalation-tested'";
    let both = format!("{}{}", test(1, "2026-12-10", in_time), test(2, "2026-12-11", in_time));
    assert_eq!(
        judged(check, &plan, &both),
        "Met | 2 levels tested and acknowledged in time | 2 of 2 levels | level 1 acknowledged by Ana Alves in 15 of 15 minutes on 2026-12-10; level 2 acknowledged by Ana Alves in 15 of 15 minutes on 2026-12-11 | "
    );
    for (last, expected) in [
        ("", "level 2: nobody answered on 2026-12-12"),
        (
            "acknowledged-by='ana'",
            "level 2: acknowledged by Ana Alves on 2026-12-12, the minutes are not recorded",
        ),
        (
            "acknowledged-by='ana'\nminutes=16",
            "level 2: acknowledged by Ana Alves in 16 of 15 minutes on 2026-12-12, too late",
        ),
    ] {
        let verdict = judged(check, &plan, &format!("{}{both}", test(2, "2026-12-12", last)));
        assert!(verdict.starts_with("Unmet") && verdict.ends_with(expected), "{verdict}");
    }
    let fresh = "type='escalation-tested', levels=[1, 3], valid-days=7";
    assert_eq!(
        judged(fresh, &plan, &both),
        "Unmet | 2 levels tested within the last 7 days and acknowledged in time | 0 of 2 levels |  | level 3: the escalation matrix has no such level; level 1: acknowledged by Ana Alves in 15 of 15 minutes on 2026-12-10, which counted until 2026-12-17"
    );
    assert!(judged(check, &plan, "").ends_with("level 1: not tested; level 2: not tested"));
    assert!(judged(check, "", "").starts_with("NotAssessed"));
}

#[test]
fn manual() {
    for (check, expected) in [
        (
            "",
            "NotAssessed | confirmed by a person, with evidence | no evidence is named |  | no evidence is named",
        ),
        (
            ", evidence=['restore', 'https://example.com/1', 'the binder'], confirmed-by='ana', on=2026-12-18",
            "Met | confirmed by a person, with evidence | confirmed by Ana Alves on 2026-12-18 | Restore; https://example.com/1; the binder | ",
        ),
        (
            ", evidence=['restore'], confirmed-by='ana', on=2026-12-19",
            "Unmet | confirmed by a person, with evidence | to be confirmed on 2026-12-19 | Restore | to be confirmed on 2026-12-19",
        ),
        (
            ", evidence=['restore'], confirmed-by='eve', on=2026-12-18",
            "Unmet | confirmed by a person, with evidence | not confirmed | Restore | not confirmed",
        ),
    ] {
        assert_eq!(judged(&format!("type='manual'{check}"), "", ""), expected);
    }
    let links = ", evidence=['restore', 'https://example.com/1', 'the binder']";
    let plan = criterion(&format!("type='manual'{links}"));
    let assessment = assessed(&plan, "", "", "2026-12-18");
    let links: Vec<&EvidenceLink> =
        assessment.criteria[0].evidence.iter().map(|it| &it.link).collect();
    assert_eq!(
        links,
        [
            &EvidenceLink::Document("restore".into()),
            &EvidenceLink::Address("https://example.com/1".into()),
            &EvidenceLink::None
        ]
    );
}

const EXCEPTION: &str = "[[exception]]\ncovers='c'\nreason='r'\nrequested-by='sam'\napproved-by='ana'\nexpires=2026-12-18\n";

fn ready(plan: &str, records: &str) -> (bool, usize, usize, usize) {
    let readiness = assessed(plan, "", records, "2026-12-18").readiness;
    (readiness.ready, readiness.met, readiness.waived, readiness.total)
}

#[test]
fn ready_is_every_criterion_of_the_gate() {
    let met = criterion("type='manual', evidence=['restore'], confirmed-by='ana', on=2026-12-01");
    let unmet = criterion("type='certification'");
    let second = met.replace("id='c'", "id='d'");
    for (plan, records, expected) in [
        (String::new(), "", (false, 0, 0, 0)),
        (met.clone(), "", (true, 1, 0, 1)),
        (unmet.clone(), "", (false, 0, 0, 1)),
        (unmet.clone(), EXCEPTION, (true, 0, 1, 1)),
        (format!("{unmet}{second}"), "", (false, 1, 0, 2)),
        (criterion("type='manual'"), "", (false, 0, 0, 1)),
        (criterion("type='manual'"), EXCEPTION, (true, 0, 1, 1)),
    ] {
        assert_eq!(ready(&plan, records), expected, "{plan}");
    }
    let waived = assessed(&met, "", EXCEPTION, "2026-12-18");
    assert_eq!(waived.criteria[0].verdict, Verdict::Met, "what is met needs no exception");
}

#[test]
fn the_gate_waits_for_the_criteria_it_names() {
    let gate = |criteria: &str| {
        let met =
            criterion("type='manual', evidence=['restore'], confirmed-by='ana', on=2026-12-01");
        let unmet = criterion("type='certification'").replace("id='c'", "id='d'");
        let text = crate::assess::example::PLAN.replace("gate = true", criteria);
        let fixture =
            format!("-- src/plan.toml --\n{text}{met}{unmet}-- src/restore.md --\n# Restore\n");
        let portal = crate::fixture::portal(&fixture);
        crate::assess::assess(&crate::assess::Known::of(&portal), crate::fixture::today(), false)
    };
    let of = |assessment: &Assessment| {
        let open: Vec<&str> = assessment.open_items.iter().map(|item| item.what.as_str()).collect();
        (assessment.readiness.ready, assessment.readiness.total, open.join("; "))
    };
    assert_eq!(of(&gate("gate = true\ncriteria = ['c']")), (true, 1, String::new()));
    assert_eq!(
        of(&gate("gate = true")),
        (false, 2, "Certification of Ana Alves; Certification of Ben Bosch".to_owned())
    );
    assert_eq!(
        of(&gate("gate = true\ncriteria = ['c', 'x']")),
        (false, 2, "State the criterion `x`, which the gate waits for".to_owned())
    );
    let (ready, _, open) = of(&gate("gate = false\ncriteria = ['c']"));
    assert!(
        !ready && open.starts_with("Name the milestone at which readiness is judged"),
        "{open}"
    );
}

#[test]
fn a_plan_that_is_not_understood_is_never_ready() {
    let met = criterion("type='manual', evidence=['restore'], confirmed-by='ana', on=2026-12-01");
    let plan = crate::assess::example::PLAN;
    let fixture = format!(
        "-- src/plan.toml --\n{plan}{met}[[signatorry]]\nperson='ana'\n-- src/restore.md --\n# Restore\n"
    );
    let portal = crate::fixture::portal(&fixture);
    let readiness =
        crate::assess::assess(&crate::assess::Known::of(&portal), crate::fixture::today(), false)
            .readiness;
    assert_eq!((readiness.ready, readiness.met, readiness.total), (false, 1, 1));
}

#[test]
fn open_items_name_who_and_until_when_each_thing_once() {
    let plan = [
        criterion("type='documents-reviewed'"),
        criterion("type='documents-reviewed', documents=['restore']").replace("id='c'", "id='d'"),
        criterion("type='certification', people=['ben']").replace("id='c'", "id='e'\nowner='sam'"),
        criterion("type='work-handled', count=1").replace("id='c'", "id='f'\nowner='dev'"),
        "[[document]]\nid='failover'\nowner='dev'\n".to_owned(),
    ]
    .concat();
    let open = |records: &str| {
        let assessment = assessed(&plan, "reviewers: [ben]\nowner: sam", records, "2026-12-18");
        let show = |item: &crate::assess::OpenItem| {
            let owner = item.owner.as_deref().unwrap_or("nobody");
            let due = item.due.map(|due| due.to_string()).unwrap_or_default();
            format!("{}: {}, {owner}, {due}", item.criterion.as_deref().unwrap_or("-"), item.what)
        };
        assessment.open_items.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(
        open(""),
        [
            "c: Write `failover`, rita, 2026-12-21",
            "c: Review `restore`, ben, 2026-12-21",
            "e: Certification of Ben Bosch, ben, 2026-12-21",
            "f: Handle 1 piece of work, rita, 2026-12-21",
        ]
    );
    let changed = open(&reviews(&["ana 2026-12-01 OLD approved"]));
    assert_eq!(
        changed[1],
        "c: Review `restore` again: changed since the approval by Ana Alves on 2026-12-01, ben, 2026-12-21"
    );
    let requested = open(&reviews(&["ana 2026-12-01 NOW changes-requested"]));
    assert_eq!(requested[1], "c: Answer the request for changes to `restore`, sam, 2026-12-21");
}
