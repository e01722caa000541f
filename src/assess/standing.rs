//! Whether each record is evidence. One that is not never counts, and says why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, NaiveTime};

use crate::assess::digest::is_digest;
use crate::assess::roster::{Roster, side_name};
use crate::assess::{Counts, Standing, signatures};
use crate::link::Portal;
use crate::parse::plan::{Act, ReviewPolicy};
use crate::parse::records::{
    Certification, Decision, EscalationTest, Exception, Outcome, Record, Review, ReviewText,
    Session, SupportEvent, Work,
};
use crate::signature::keys::Signers;
use crate::signature::{Claim, Principal, Signature};
use crate::source::Spanned;

/// Judges every record on a day.
pub fn standing(portal: &Portal, roster: &Roster<'_>, today: NaiveDate) -> Standing {
    let judge = Judge::new(portal, roster, today);
    let records = &portal.records;
    Standing {
        reviews: all(&records.reviews, |review| judge.review(review)),
        sessions: all(&records.sessions, |session| judge.session(session)),
        certifications: all(&records.certifications, |record| judge.certification(record)),
        work: all(&records.work, |work| judge.work(work)),
        escalation_tests: all(&records.escalation_tests, |test| judge.escalation_test(test)),
        support_events: all(&records.support_events, |event| judge.support_event(event)),
        exceptions: all(&records.exceptions, |exception| judge.exception(exception)),
        decisions: all(&records.decisions, |decision| judge.decision(decision)),
    }
}

/// A record counts when nothing speaks against it.
fn all<T>(records: &[Record<T>], judge: impl Fn(&T) -> Result<(), Counts>) -> Vec<Counts> {
    records.iter().map(|record| judge(record).err().unwrap_or(Counts::Yes)).collect()
}

/// What records are held against.
pub struct Judge<'a> {
    portal: &'a Portal,
    roster: &'a Roster<'a>,
    today: NaiveDate,
    policy: ReviewPolicy,
    signers: Signers,
    /// Documents that the plan asks for are known, also when nobody has written them yet.
    required: BTreeMap<&'a str, Option<&'a Spanned<String>>>,
    criteria: BTreeSet<&'a str>,
    modules: BTreeSet<&'a str>,
    levels: BTreeSet<u32>,
    commitments: BTreeSet<&'a str>,
}

impl<'a> Judge<'a> {
    pub fn new(portal: &'a Portal, roster: &'a Roster<'a>, today: NaiveDate) -> Self {
        let plan = portal.plan.as_ref();
        let support = plan.and_then(|plan| plan.support.as_ref());
        Self {
            portal,
            roster,
            today,
            policy: plan.map(|plan| plan.review.clone()).unwrap_or_default(),
            signers: signatures::signers(plan),
            required: plan
                .iter()
                .flat_map(|plan| &plan.documents)
                .map(|it| (&*it.id.value, it.owner.as_ref()))
                .collect(),
            criteria: plan.iter().flat_map(|plan| &plan.criteria).map(|it| &*it.id.value).collect(),
            modules: plan.iter().flat_map(|plan| &plan.modules).map(|it| &*it.id.value).collect(),
            levels: plan
                .iter()
                .flat_map(|plan| &plan.escalations)
                .map(|it| it.level.value)
                .collect(),
            commitments: support
                .iter()
                .flat_map(|support| &support.commitments)
                .map(|it| &*it.title.value)
                .collect(),
        }
    }

    fn review(&self, review: &Review) -> Result<(), Counts> {
        self.not_after_today(*review.on.value)?;
        self.document(&review.document)?;
        self.person(&review.reviewer)?;
        if !is_digest(&review.digest) {
            return Err(Counts::UnknownTarget(format!(
                "`{}` is no digest: `v1:` and 64 hexadecimal digits",
                review.digest.escape_debug()
            )));
        }
        self.may_review(review).map_err(Counts::Ineligible)?;
        self.is_signed(review).map_err(Counts::Unsigned)
    }

    /// Returns why the signature of a review does not hold, or that it needs one.
    fn is_signed(&self, review: &Review) -> Result<(), String> {
        let Some(line) = &review.signature else {
            let wanted = self.policy.signed && review.outcome == Outcome::Approved;
            return if wanted { Err("it is not signed".into()) } else { Ok(()) };
        };
        let plan = self.portal.plan.as_ref();
        let text = ReviewText {
            handover: plan.map_or("", |plan| &plan.handover.id),
            document: &review.document,
            digest: &review.digest,
            reviewer: &review.reviewer,
            on: review.on.value,
            act: act_name(review.act),
            outcome: outcome_name(review.outcome),
            commit: review.commit.as_deref(),
            note: review.note.as_deref(),
        }
        .text();
        let day = review.on.value.0.and_time(NaiveTime::MIN).and_utc();
        let claim = Claim {
            text: text.as_bytes(),
            signer: Principal { id: &review.reviewer, email: None },
            between: (day, day.checked_add_days(Days::new(1)).unwrap_or(day)),
        };
        let verified = Signature::read_line(line)
            .and_then(|signature| signature.verify(&self.signers, &claim));
        verified.map_err(|refusal| format!("its signature is not valid: {refusal}"))
    }

    fn may_review(&self, review: &Review) -> Result<(), String> {
        self.may_speak(&review.reviewer, &review.document)?;
        let policy = &self.policy;
        let accepted = policy.acts.is_empty() || policy.acts.contains(&review.act);
        if review.outcome == Outcome::Approved && !accepted {
            let name = self.roster.name(&review.reviewer);
            let acts: Vec<&str> = policy.acts.iter().copied().map(act_name).collect();
            let act = act_name(review.act);
            return Err(format!("{name} has {act} it, and it must be {}", acts.join(" or ")));
        }
        Ok(())
    }

    /// Tells whether policy lets a person speak on a document.
    ///
    /// # Errors
    /// Why it does not.
    pub fn may_speak(&self, person: &str, document: &str) -> Result<(), String> {
        let policy = &self.policy;
        let name = self.roster.name(person);
        match self.roster.side(person) {
            Some(side) if side == policy.side => {}
            Some(side) => {
                let (side, wanted) = (side_name(side), side_name(policy.side));
                return Err(format!(
                    "{name} is on the {side} side, and the {wanted} side approves"
                ));
            }
            None => return Err(format!("{name} is in no team of the plan")),
        }
        let owner = self.owner(document);
        if policy.independent && owner.is_some_and(|it| self.roster.is_owner(person, it)) {
            return Err(format!("{name} owns the document"));
        }
        Ok(())
    }

    /// Returns the owner of a document: who its front matter names, else the plan.
    pub fn owner(&self, document: &str) -> Option<&'a str> {
        let own = self.portal.document(document).and_then(|it| it.meta.owner.as_ref());
        let planned = || *self.required.get(document)?;
        own.or_else(planned).map(|owner| owner.value.as_str())
    }

    fn session(&self, session: &Session) -> Result<(), Counts> {
        self.not_after_today(*session.on.value)?;
        if !self.modules.contains(&*session.module.value) {
            return Err(unknown("training module", &session.module));
        }
        session.trainer.iter().chain(&session.attendees).try_for_each(|id| self.person(id))
    }

    fn certification(&self, record: &Certification) -> Result<(), Counts> {
        self.not_after_today(*record.on.value)?;
        self.person(&record.person)?;
        self.person(&record.certified_by)?;
        if record.person == record.certified_by {
            let name = self.roster.name(&record.person);
            return Err(Counts::Ineligible(format!("{name} cannot certify their own readiness")));
        }
        match &record.expires {
            Some(expires) if expires.0 < self.today => Err(Counts::Expired),
            _ => Ok(()),
        }
    }

    fn work(&self, work: &Work) -> Result<(), Counts> {
        self.not_after_today(*work.on.value)?;
        if let Some(document) = &work.document {
            self.document(document)?;
        }
        let observers = work.observed_by.iter().flat_map(|names| names.iter());
        work.performed_by.iter().chain(observers).try_for_each(|id| self.person(id))
    }

    fn escalation_test(&self, test: &EscalationTest) -> Result<(), Counts> {
        self.not_after_today(*test.on.value)?;
        if !self.levels.contains(&test.level.value) {
            return Err(unknown("escalation level", &test.level));
        }
        test.acknowledged_by.iter().try_for_each(|id| self.person(id))
    }

    fn support_event(&self, event: &SupportEvent) -> Result<(), Counts> {
        self.not_after_today(*event.on.value)?;
        if self.commitments.contains(&*event.commitment.value) {
            Ok(())
        } else {
            Err(unknown("support commitment", &event.commitment))
        }
    }

    fn exception(&self, exception: &Exception) -> Result<(), Counts> {
        if let Some(on) = &exception.on {
            self.not_after_today(*on.value)?;
        }
        if !self.criteria.contains(&*exception.covers.value)
            && self.document(&exception.covers).is_err()
        {
            return Err(unknown("criterion or document", &exception.covers));
        }
        self.person(&exception.requested_by)?;
        self.person(&exception.approved_by)?;
        if exception.requested_by == exception.approved_by {
            return Err(Counts::SelfApproved);
        }
        if *exception.expires.value < self.today { Err(Counts::Expired) } else { Ok(()) }
    }

    fn decision(&self, decision: &Decision) -> Result<(), Counts> {
        self.not_after_today(*decision.on.value)?;
        decision.by.iter().try_for_each(|id| self.person(id))
    }

    fn not_after_today(&self, on: NaiveDate) -> Result<(), Counts> {
        if on > self.today { Err(Counts::NotYet) } else { Ok(()) }
    }

    fn person(&self, id: &Spanned<String>) -> Result<(), Counts> {
        if self.roster.knows(id) { Ok(()) } else { Err(unknown("person", id)) }
    }

    fn document(&self, id: &Spanned<String>) -> Result<(), Counts> {
        if self.portal.ids.contains_key(&id.value) || self.required.contains_key(&*id.value) {
            Ok(())
        } else {
            Err(unknown("document", id))
        }
    }
}

fn unknown(kind: &str, id: &impl std::fmt::Display) -> Counts {
    Counts::UnknownTarget(format!("there is no {kind} `{id}`"))
}

/// Returns what a reviewer has done to a document.
pub fn act_name(act: Act) -> &'static str {
    match act {
        Act::Read => "read",
        Act::Verified => "verified",
        Act::Executed => "executed",
    }
}

/// Returns what a reviewer thinks of a document, as records have it.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "approved",
        Outcome::ChangesRequested => "changes-requested",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::example::{assessed, day, portal, reviews};

    fn standing_of(plan: &str, front_matter: &str, records: &str) -> Standing {
        let portal = portal(plan, front_matter, records);
        let roster = Roster::new(portal.plan.as_ref());
        standing(&portal, &roster, day("2026-12-18"))
    }

    fn unknown(what: &str) -> Counts {
        Counts::UnknownTarget(format!("there is no {what}"))
    }

    fn ineligible(why: &str) -> Counts {
        Counts::Ineligible(why.into())
    }

    #[test]
    fn a_review_counts_when_policy_lets_its_reviewer_speak() {
        let executed = "[review]\nacts = ['verified', 'executed']";
        let dependent = "[review]\nindependent = false";
        let other = "[review]\nside = 'relinquishing'";
        for (plan, front_matter, line, expected) in [
            ("", "", "ana 2026-12-18 NOW approved", Counts::Yes),
            ("", "", "ana 2026-12-19 NOW approved", Counts::NotYet),
            ("", "", "eve 2026-12-19 NOW approved", Counts::NotYet),
            ("", "", "eve 2026-12-18 NOW approved", unknown("person `eve`")),
            (
                "",
                "",
                "rita 2026-12-18 NOW approved",
                ineligible(
                    "Rita Roth is on the relinquishing side, and the receiving side approves",
                ),
            ),
            (other, "", "rita 2026-12-18 NOW approved", Counts::Yes),
            (
                "",
                "owner: ana",
                "ana 2026-12-18 NOW approved",
                ineligible("Ana Alves owns the document"),
            ),
            (
                "",
                "owner: ops",
                "ben 2026-12-18 NOW approved",
                ineligible("Ben Bosch owns the document"),
            ),
            ("", "owner: rita", "ana 2026-12-18 NOW approved", Counts::Yes),
            (dependent, "owner: ana", "ana 2026-12-18 NOW approved", Counts::Yes),
            (
                "[[document]]\nid = 'restore'\nowner = 'ana'",
                "",
                "ana 2026-12-18 NOW approved",
                ineligible("Ana Alves owns the document"),
            ),
            (
                executed,
                "",
                "ana 2026-12-18 NOW approved",
                ineligible("Ana Alves has read it, and it must be verified or executed"),
            ),
            (executed, "", "ana 2026-12-18 NOW approved act='executed'", Counts::Yes),
            (executed, "", "ana 2026-12-18 NOW changes-requested", Counts::Yes),
            // Named reviewers are who is asked, not who may.
            ("", "reviewers: [ben]", "ana 2026-12-18 NOW approved", Counts::Yes),
            (
                "",
                "",
                "ana 2026-12-18 v1:12 approved",
                Counts::UnknownTarget(
                    "`v1:12` is no digest: `v1:` and 64 hexadecimal digits".into(),
                ),
            ),
        ] {
            let actual = standing_of(plan, front_matter, &reviews(&[line])).reviews;
            assert_eq!(actual, [expected], "{plan} {front_matter} {line}");
        }
    }

    #[test]
    fn a_record_counts_when_the_project_has_what_it_names() {
        let plan = "[[module]]\nid='db'\ntitle='Database'\nhours=2\n[[escalation]]\nlevel=1\nseverities=['SEV-1']\ncontact='ana'\nhours='24x7'\nacknowledge-minutes=15\n[support]\ndays=30\nunit='calendar'\n[[support.commitment]]\ntitle='Weekly Sync'\ntext='t'\n";
        let session = "[[session]]\nmodule='db'\non=2026-12-01\nhours=2\nattendees=['ana','ben']\n";
        let certification = "[[certification]]\nperson='ana'\non=2026-12-01\ncertified-by='rita'\nexpires=2026-12-18\n";
        let work = "[[work]]\nkind='incident'\nticket='INC-1'\non=2026-12-01\nperformed-by=['ana']\nobserved-by='rita'\ndocument='restore'\nsummary='s'\n";
        let test = "[[escalation-test]]\nlevel=1\non=2026-12-01\nacknowledged-by='ana'\n";
        let event = "[[support-event]]\ncommitment='Weekly Sync'\non=2026-12-01\nsummary='s'\n";
        let decision = "[[decision]]\non=2026-12-01\noutcome='go'\nby=['ana','rita']\nreason='r'\n";
        let records = [session, certification, work, test, event, decision];
        let counts = |records: &str| {
            let standing = standing_of(plan, "", records);
            let lists = [
                standing.sessions,
                standing.certifications,
                standing.work,
                standing.escalation_tests,
                standing.support_events,
                standing.decisions,
            ];
            lists.into_iter().flatten().next().unwrap()
        };
        for record in records {
            assert_eq!(counts(record), Counts::Yes, "{record}");
            assert_eq!(counts(&record.replace("2026-12-01", "2026-12-19")), Counts::NotYet);
        }
        for (record, from, to, expected) in [
            (session, "'db'", "'dp'", unknown("training module `dp`")),
            (session, "'ben'", "'bob'", unknown("person `bob`")),
            (certification, "'ana'", "'eve'", unknown("person `eve`")),
            (certification, "'rita'", "'eve'", unknown("person `eve`")),
            (
                certification,
                "'rita'",
                "'ana'",
                ineligible("Ana Alves cannot certify their own readiness"),
            ),
            (certification, "2026-12-18", "2026-12-17", Counts::Expired),
            (work, "'restore'", "'restor'", unknown("document `restor`")),
            (work, "'ana'", "'eve'", unknown("person `eve`")),
            (work, "'rita'", "'eve'", unknown("person `eve`")),
            (test, "level=1", "level=4", unknown("escalation level `4`")),
            (test, "'ana'", "'eve'", unknown("person `eve`")),
            (event, "Weekly", "Daily", unknown("support commitment `Daily Sync`")),
            (decision, "'rita'", "'eve'", unknown("person `eve`")),
        ] {
            assert_eq!(counts(&record.replace(from, to)), expected, "{record}");
        }
    }

    #[test]
    fn an_exception_needs_another_approver_and_ends() {
        let exception = "[[exception]]\ncovers='restore'\nreason='r'\non=2026-12-10\nrequested-by='sam'\napproved-by='ana'\nexpires=2026-12-18\n";
        for (from, to, expected) in [
            ("", "", Counts::Yes),
            ("'restore'", "'restor'", unknown("criterion or document `restor`")),
            ("'sam'", "'ana'", Counts::SelfApproved),
            ("'sam'", "'eve'", unknown("person `eve`")),
            ("'ana'", "'eve'", unknown("person `eve`")),
            ("2026-12-10", "2026-12-19", Counts::NotYet),
            ("on=2026-12-10\n", "", Counts::Yes),
            ("2026-12-18", "2026-12-17", Counts::Expired),
        ] {
            let record = exception.replacen(from, to, 1);
            assert_eq!(standing_of("", "", &record).exceptions, [expected], "{from} {to}");
        }
        let assessment = assessed("", "", exception, "2026-12-18");
        assert_eq!(assessment.exceptions[0].counts, Counts::Yes);
    }

    #[test]
    fn without_a_plan_nobody_is_known() {
        let text = format!(
            "-- src/a.md --\n# A\n-- src/records/r.toml --\n{}",
            reviews(&["ana 2026-12-01 v1:1 approved"]).replace("'restore'", "'a'")
        );
        let portal = crate::fixture::portal(&text);
        let standing = standing(&portal, &Roster::new(None), day("2026-12-18"));
        assert_eq!(standing.reviews, [unknown("person `ana`")]);
    }
}
