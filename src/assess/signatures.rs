//! The signatures on releases: who signed what, and whether it holds. The keys that count are those of the plan as it is now.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Utc};

use crate::link::Portal;
use crate::parse::plan::Plan;
use crate::parse::release::{Release, ReleaseFacts};
use crate::parse::signed::{Over, Signed, Statement};
use crate::signature::keys::{AllowedKey, Revoked, Signer, Signers, Who};
use crate::signature::{Claim, Principal, Refusal, Signature};
use crate::source::{SourcePath, sha256};

/// What a signature on a release says, and whether it is true. What an invalid one says is what it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureAssessment {
    pub version: String,
    /// The file of the signature; of the statement where there is no signature.
    pub path: SourcePath,
    /// The id of the person.
    pub person: Option<String>,
    pub name: Option<String>,
    pub capacity: Option<String>,
    /// The exact sentence.
    pub statement: Option<String>,
    /// When it was made; a signature over the release itself does not say.
    pub at: Option<DateTime<FixedOffset>>,
    /// Of the key: `SHA256:` and 43 characters.
    pub fingerprint: Option<String>,
    pub validity: Validity,
}

/// Whether a signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    Valid,
    /// It holds, and the person has signed again: here.
    Superseded(SourcePath),
    /// It says what another says, word for word, and nothing more: the one here.
    Copy(SourcePath),
    /// It was made after the day that the portal is judged for.
    NotYet,
    Invalid(Fault),
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no release of its version, or none that can be read.
    NoRelease,
    /// A statement without a signature.
    Unsigned,
    /// The statement is not understood.
    Statement,
    /// It was made for this other version.
    OtherVersion(String),
    /// The file of the release is not the one that was signed.
    OtherRelease,
    /// The release names nobody of this name who signs in this capacity and with this sentence.
    NoSignatory(String),
    Refused(Refusal),
    /// What a portal says that was published once.
    Published(String),
}

/// A release and the signatures on it.
#[derive(Clone, Debug)]
pub struct SignedRelease {
    pub release: Release,
    pub signatures: Vec<SignatureAssessment>,
}

/// Returns the keys of the people of a plan.
pub fn signers(plan: Option<&Plan>) -> Signers {
    let mut keys = Signers::default();
    for person in plan.iter().flat_map(|plan| &plan.people) {
        let allowed = person.ssh_key.0.iter().filter_map(|key| AllowedKey::read(&key.0).ok());
        keys.signers.extend(allowed.map(|key| {
            let (id, name) = (person.id.value.clone(), person.name.clone());
            Signer { who: Who::Person { id, name }, key }
        }));
        let revoked = person.revoked_key.0.iter();
        keys.revoked.extend(revoked.filter_map(|key| Revoked::read(&key.0).ok()));
    }
    keys
}

/// Judges every signature of a portal; with a `day`, for that day.
pub fn signatures(
    portal: &Portal,
    signers: &Signers,
    day: Option<NaiveDate>,
) -> Vec<SignatureAssessment> {
    let judge = Judge { portal, signers };
    let mut judged: Vec<_> =
        portal.signatures.iter().map(|signed| judge.signature(signed)).collect();
    for signature in &mut judged {
        let later =
            |at: DateTime<FixedOffset>| day.is_some_and(|day| at.to_utc().date_naive() > day);
        if signature.at.is_some_and(later) {
            signature.validity = Validity::NotYet;
        }
    }
    find_copies(&mut judged);
    supersede(&mut judged);
    judged
}

/// Returns the release of a version with the signatures on it.
pub fn of_release(
    portal: &Portal,
    signatures: &[SignatureAssessment],
    version: &str,
) -> Option<SignedRelease> {
    let release = portal.release(version)?.clone();
    let signatures = signatures.iter().filter(|signature| signature.version == version);
    let signatures = signatures.filter(|signature| signature.validity != Validity::NotYet);
    Some(SignedRelease { release, signatures: signatures.cloned().collect() })
}

/// Tells whether what a published portal shows of the signatures on a version is what its files give: anybody can write a
/// portal. Signatures that came after it was published are not shown in it, and a key may have been taken back since.
pub fn bear_out(portal: &Portal, version: &str, shown: &[SignatureAssessment]) -> bool {
    let paths: BTreeSet<&SourcePath> = shown.iter().map(|shown| &shown.path).collect();
    let now = signers(portal.plan.as_ref());
    let before = Signers { revoked: Vec::new(), ..now.clone() };
    let judged = [now, before].map(|signers| {
        let judge = Judge { portal, signers: &signers };
        let signed = portal
            .signatures
            .iter()
            .filter(|signed| signed.version == version && paths.contains(&signed.source.path));
        let mut judged: Vec<_> = signed.map(|signed| judge.signature(signed)).collect();
        find_copies(&mut judged);
        supersede(&mut judged);
        judged.into_iter().map(SignatureAssessment::in_words).collect::<Vec<_>>()
    });
    paths.len() == shown.len()
        && shown.iter().all(|shown| judged.iter().any(|judged| judged.contains(shown)))
}

impl SignatureAssessment {
    /// Returns it as a published portal says it: with the reason in words.
    fn in_words(mut self) -> Self {
        if let Validity::Invalid(fault) = &self.validity {
            self.validity = Validity::Invalid(Fault::Published(fault.to_string()));
        }
        self
    }
}

/// What signatures are held against.
struct Judge<'a> {
    portal: &'a Portal,
    signers: &'a Signers,
}

impl Judge<'_> {
    fn signature(&self, signed: &Signed) -> SignatureAssessment {
        let armored = signed.signature.as_ref();
        let signature = armored.map(|armored| Signature::read(&armored.text));
        let mut assessed = SignatureAssessment {
            version: signed.version.clone(),
            path: signed.source.path.clone(),
            person: None,
            name: None,
            capacity: None,
            statement: None,
            at: None,
            fingerprint: signature
                .as_ref()
                .and_then(|read| Some(read.as_ref().ok()?.fingerprint())),
            validity: Validity::Valid,
        };
        let fault = match &signed.over {
            Over::Release => self.release(signed, signature, &mut assessed),
            Over::Statement { statement: Some(statement), text } => {
                assessed.person = Some(statement.person.clone());
                assessed.name = Some(statement.name.clone());
                assessed.capacity = Some(statement.capacity.clone());
                assessed.statement = Some(statement.statement.clone());
                assessed.at = statement.moment();
                self.statement(signed, signature, statement, &text.bytes)
            }
            Over::Statement { statement: None, .. } => Err(Fault::Statement),
        };
        if let Err(fault) = fault {
            assessed.validity = Validity::Invalid(fault);
        }
        assessed
    }

    /// Judges a signature over the file of the release. Whose key it is decides who signed.
    fn release(
        &self,
        signed: &Signed,
        signature: Option<Result<Signature, Refusal>>,
        assessed: &mut SignatureAssessment,
    ) -> Result<(), Fault> {
        let signature = signature.ok_or(Fault::Unsigned)??;
        let (Some(release), Some(text)) = (self.facts(&signed.version), &signed.release) else {
            return Err(Fault::NoRelease);
        };
        let mut signatories = release.signatories.iter();
        let has_key = |person: &str| self.signers.has(signature.key(), self.principal(person));
        let signatory = signatories.find(|signatory| has_key(&signatory.person));
        let person = signatory.map_or("", |signatory| &*signatory.person);
        if let Some(signatory) = signatory {
            assessed.person = Some(signatory.person.clone());
            assessed.name = Some(signatory.name.clone());
            assessed.capacity = Some(signatory.capacity.clone());
            assessed.statement = Some(signatory.statement.clone());
        }
        // It does not say when it was made. Not before the release, and a key that counted on that day is good enough.
        let start = release.date.0.and_time(NaiveTime::MIN).and_utc();
        let end = start.checked_add_days(Days::new(1)).unwrap_or(start);
        let claim =
            Claim { text: &text.bytes, signer: self.principal(person), between: (start, end) };
        signature.verify(self.signers, &claim).map_err(|refusal| match refusal {
            Refusal::OtherKey { owner, .. } => Fault::NoSignatory(owner),
            refusal => Fault::Refused(refusal),
        })
    }

    /// Judges a signature over a statement, and what the statement says.
    fn statement(
        &self,
        signed: &Signed,
        signature: Option<Result<Signature, Refusal>>,
        statement: &Statement,
        text: &[u8],
    ) -> Result<(), Fault> {
        let signature = signature.ok_or(Fault::Unsigned)??;
        let at = statement.moment().ok_or(Fault::Statement)?.with_timezone(&Utc);
        let claim = Claim { text, signer: self.principal(&statement.person), between: (at, at) };
        signature.verify(self.signers, &claim)?;
        if statement.version != signed.version {
            return Err(Fault::OtherVersion(statement.version.clone()));
        }
        let (Some(release), Some(file)) = (self.facts(&signed.version), &signed.release) else {
            return Err(Fault::NoRelease);
        };
        let same = statement.release == sha256(&file.bytes)
            && statement.handover == release.handover
            && statement.digest == release.digest.value
            && statement.draft == release.draft;
        if !same {
            return Err(Fault::OtherRelease);
        }
        let is_signatory = release.signatories.iter().any(|signatory| {
            signatory.person == statement.person
                && signatory.name == statement.name
                && signatory.capacity == statement.capacity
                && signatory.statement == statement.statement
        });
        if is_signatory { Ok(()) } else { Err(Fault::NoSignatory(statement.name.clone())) }
    }

    fn facts(&self, version: &str) -> Option<&ReleaseFacts> {
        self.portal.release(version).map(|release| &release.facts)
    }

    fn principal<'b>(&'b self, person: &'b str) -> Principal<'b> {
        let mut people = self.portal.plan.iter().flat_map(|plan| &plan.people);
        let found = people.find(|known| known.id.value == person);
        Principal { id: person, email: found.and_then(|person| person.email.as_deref()) }
    }
}

/// Of signatures that say the same, one is the first, and the others are copies of it: that under the shortest name, as a
/// name is made longer to be free.
fn find_copies(signatures: &mut [SignatureAssessment]) {
    let valid: Vec<SignatureAssessment> =
        signatures.iter().filter(|one| one.validity == Validity::Valid).cloned().collect();
    for signature in signatures.iter_mut().filter(|one| one.validity == Validity::Valid) {
        let mine = signature.clone();
        let same = valid.iter().filter(|other| {
            // All but where it stands and with which key it was made.
            let said = SignatureAssessment {
                path: mine.path.clone(),
                fingerprint: mine.fingerprint.clone(),
                ..(*other).clone()
            };
            said == mine
        });
        let first = same.min_by_key(|other| (other.path.as_str().len(), &other.path));
        if let Some(first) = first.filter(|first| first.path != signature.path) {
            signature.validity = Validity::Copy(first.path.clone());
        }
    }
}

/// A later signature of the same person in the same capacity takes the place of those before it.
fn supersede(signatures: &mut [SignatureAssessment]) {
    let valid: Vec<SignatureAssessment> =
        signatures.iter().filter(|one| one.validity == Validity::Valid).cloned().collect();
    for signature in signatures.iter_mut().filter(|one| one.validity == Validity::Valid) {
        let same = valid.iter().filter(|other| {
            (&other.version, &other.person, &other.capacity)
                == (&signature.version, &signature.person, &signature.capacity)
        });
        let newest = same.max_by(|a, b| by_time(a, b));
        if let Some(newest) = newest.filter(|newest| newest.at > signature.at) {
            signature.validity = Validity::Superseded(newest.path.clone());
        }
    }
}

/// Orders signatures by when they were made; those that do not say come first.
fn by_time(a: &SignatureAssessment, b: &SignatureAssessment) -> Ordering {
    a.at.cmp(&b.at).then_with(|| a.path.cmp(&b.path))
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRelease => f.write_str("there is no release of this version that can be read"),
            Self::Unsigned => f.write_str("the statement was never signed"),
            Self::Statement => f.write_str("the statement is damaged"),
            Self::OtherVersion(version) => {
                write!(f, "made for version `{}`", version.escape_debug())
            }
            Self::OtherRelease => {
                f.write_str("the file of the release is not the one that was signed")
            }
            Self::NoSignatory(name) => {
                write!(f, "{name} is no signatory of the release with this sentence")
            }
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Published(why) => f.write_str(why),
        }
    }
}
