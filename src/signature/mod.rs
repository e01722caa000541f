//! OpenSSH signatures, as `ssh-keygen -Y sign` makes them: whose key, over which text. Offline and without a program.
//!
//! Makes none, and knows nothing of releases or reviews: who asks brings the text, and who should have signed it.

pub mod keys;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, SshSig};

use crate::signature::keys::Signers;

/// What signatures of ours are for, so that one that was made for a mail or a commit is none.
pub const NAMESPACE: &str = "handover";

const START: &str = "-----BEGIN SSH SIGNATURE-----";

const END: &str = "-----END SSH SIGNATURE-----";

/// A signature that was read. Whether it holds is another question.
#[derive(Clone, Debug)]
pub struct Signature(SshSig);

/// Who signed what, and when, as the one says who shows a signature.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub text: &'a [u8],
    pub signer: Principal<'a>,
    /// Between which moments it was made; the same twice where the moment is known.
    pub between: (DateTime<Utc>, DateTime<Utc>),
}

/// Somebody, by the names that lists of keys know them by.
#[derive(Clone, Copy, Debug)]
pub struct Principal<'a> {
    pub id: &'a str,
    pub email: Option<&'a str>,
}

/// Why a signature does not hold. Each reads after "the signature does not hold: ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is no signature; the phrase says what is wrong with it.
    Unreadable(String),
    /// It was made for something else.
    Namespace(String),
    /// It cannot be verified here; the phrase says what it is.
    Unsupported(String),
    /// Nobody is known to have the key.
    UnknownKey {
        fingerprint: String,
    },
    /// The key is that of somebody else.
    OtherKey {
        fingerprint: String,
        owner: String,
    },
    Revoked {
        fingerprint: String,
    },
    /// The key counts from a moment on, and that is later.
    NotYetValid {
        fingerprint: String,
        from: DateTime<Utc>,
    },
    /// The key counts up to a moment, and that is earlier.
    Expired {
        fingerprint: String,
        until: DateTime<Utc>,
    },
    /// The key counts for other purposes.
    NotForUs {
        fingerprint: String,
    },
    /// Signature and text do not belong together: one of them was changed.
    Text,
}

impl Signature {
    /// Reads what stands in a file that ends with `.sig`.
    ///
    /// # Errors
    /// The text is no signature, or has something beside it.
    pub fn read(armored: &str) -> Result<Self, Refusal> {
        let unreadable = |why: &str| Refusal::Unreadable(why.to_owned());
        if !armored.trim_start().starts_with(START) {
            return Err(unreadable(&format!("it does not begin with `{START}`")));
        }
        let text = armored.replace("\r\n", "\n");
        let read = SshSig::from_pem(text.trim().as_bytes());
        let signature = read.map_err(|_| unreadable("it is damaged"))?;
        if signature.version() != SshSig::VERSION || !is_exact(&signature, &text) {
            return Err(unreadable("it is damaged"));
        }
        Ok(Self(signature))
    }

    /// Reads what stands between the marks of such a file, on one line.
    ///
    /// # Errors
    /// The text is no signature.
    pub fn read_line(base64: &str) -> Result<Self, Refusal> {
        let base64: Vec<char> = base64.trim().chars().collect();
        let lines: Vec<String> = base64.chunks(70).map(|line| line.iter().collect()).collect();
        Self::read(&format!("{START}\n{}\n{END}\n", lines.join("\n")))
    }

    /// Returns what stands between the marks of the file of a signature, as one line.
    pub fn line(armored: &str) -> String {
        let lines = armored.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        lines.collect()
    }

    /// Returns the fingerprint of the key: `SHA256:` and 43 characters.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.key())
    }

    pub(crate) fn key(&self) -> &KeyData {
        self.0.public_key()
    }

    /// Tells whether somebody made this signature over a text.
    ///
    /// # Errors
    /// Why it does not hold. A key that counts for nobody is named before what is wrong with the text.
    pub fn verify(&self, signers: &Signers, claim: &Claim<'_>) -> Result<(), Refusal> {
        if self.0.namespace() != NAMESPACE {
            return Err(Refusal::Namespace(self.0.namespace().to_owned()));
        }
        let signer = signers.admit(self.key(), claim.signer)?;
        supported(self.key())?;
        let key = PublicKey::from(self.key().clone());
        key.verify(NAMESPACE, claim.text, &self.0).map_err(|_| Refusal::Text)?;
        signer.admits(claim.between)
    }
}

/// Tells whether a signature has one way to be written, and this is it. The reader lets some lengths be another.
fn is_exact(signature: &SshSig, text: &str) -> bool {
    // Those of this kind the package reads and does not write.
    if signature.algorithm() == Algorithm::SkEcdsaSha2NistP256 {
        return true;
    }
    let plain = |text: &str| text.split_ascii_whitespace().collect::<String>();
    signature.to_pem(LineEnding::LF).is_ok_and(|written| plain(&written) == plain(text))
}

/// Returns the fingerprint of a key as OpenSSH prints it.
pub fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Says which keys cannot be verified with.
fn supported(key: &KeyData) -> Result<(), Refusal> {
    let what = match key {
        KeyData::Ed25519(_)
        | KeyData::Ecdsa(_)
        | KeyData::SkEd25519(_)
        | KeyData::SkEcdsaSha2NistP256(_) => return Ok(()),
        KeyData::Rsa(key) => {
            let bits = key.n.as_positive_bytes().map_or(0, |bytes| bytes.len() * 8);
            if (2048..=4096).contains(&bits) {
                return Ok(());
            }
            format!("an RSA key of {bits} bits, and only those of 2048 to 4096 bits are verified")
        }
        other => format!("a key of the type `{}`", name(&other.algorithm())),
    };
    Err(Refusal::Unsupported(what))
}

fn name(algorithm: &Algorithm) -> &str {
    algorithm.as_str()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = |at: &DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        match self {
            Self::Unreadable(why) => write!(f, "not an SSH signature: {why}"),
            Self::Namespace(other) => {
                let other = other.escape_debug();
                write!(f, "made for `{other}`, not for `{NAMESPACE}`")
            }
            Self::Unsupported(what) => write!(f, "made with {what}"),
            Self::UnknownKey { fingerprint } => {
                write!(f, "nobody is known to have the key {fingerprint}")
            }
            Self::OtherKey { fingerprint, owner } => {
                write!(f, "the key {fingerprint} is that of {owner}")
            }
            Self::Revoked { fingerprint } => write!(f, "the key {fingerprint} is revoked"),
            Self::NotYetValid { fingerprint, from } => {
                write!(f, "the key {fingerprint} counts only from {}", moment(from))
            }
            Self::Expired { fingerprint, until } => {
                write!(f, "the key {fingerprint} had expired: it counts up to {}", moment(until))
            }
            Self::NotForUs { fingerprint } => {
                write!(f, "the key {fingerprint} does not count for `{NAMESPACE}`")
            }
            Self::Text => f.write_str("it does not belong to the text: one of the two was changed"),
        }
    }
}
