//! Who may sign with which key: the lines of OpenSSH's `allowed_signers`, the keys of a plan, and lists of revoked keys.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ssh_key::PublicKey;
use ssh_key::public::KeyData;

use crate::signature::{NAMESPACE, Principal, Refusal, fingerprint};

/// The keys that count, and those that no longer do.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    pub signers: Vec<Signer>,
    pub revoked: Vec<Revoked>,
}

/// A key, and who may sign with it.
#[derive(Clone, Debug)]
pub struct Signer {
    pub who: Who,
    pub key: AllowedKey,
}

#[derive(Clone, Debug)]
pub enum Who {
    /// One person, by id, and what they are called.
    Person { id: String, name: String },
    /// The patterns of OpenSSH, for ids or addresses: `*@example.com,!eve@example.com`.
    Patterns(String),
}

/// A public key and the limits that stand before it in a line of `allowed_signers`.
#[derive(Clone, Debug)]
pub struct AllowedKey {
    pub key: KeyData,
    pub after: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
    /// Patterns of what it may sign for.
    pub namespaces: Option<String>,
}

/// A key that no longer counts, whenever it signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked(String);

impl Signers {
    /// Returns the signer that a key makes of somebody, without a look at the time.
    pub(super) fn admit(&self, key: &KeyData, who: Principal<'_>) -> Result<&Signer, Refusal> {
        let fingerprint = fingerprint(key);
        if self.revoked.iter().any(|revoked| revoked.0 == fingerprint) {
            return Err(Refusal::Revoked { fingerprint });
        }
        let mut with_key = self.signers.iter().filter(|signer| signer.key.key == *key).peekable();
        let Some(first) = with_key.peek() else {
            return Err(Refusal::UnknownKey { fingerprint });
        };
        let owner = first.who.name().to_owned();
        let mut of_signer = with_key.filter(|signer| signer.who.is(who)).peekable();
        if of_signer.peek().is_none() {
            return Err(Refusal::OtherKey { fingerprint, owner });
        }
        of_signer
            .find(|signer| {
                let namespaces = signer.key.namespaces.as_deref();
                namespaces.is_none_or(|namespaces| matches(namespaces, NAMESPACE))
            })
            .ok_or(Refusal::NotForUs { fingerprint })
    }

    /// Tells whether a key is one of somebody's, revoked or not.
    pub fn has(&self, key: &KeyData, who: Principal<'_>) -> bool {
        self.signers.iter().any(|signer| signer.key.key == *key && signer.who.is(who))
    }

    /// Returns the keys of somebody.
    pub fn keys_of(&self, who: Principal<'_>) -> impl Iterator<Item = &AllowedKey> {
        self.signers.iter().filter(move |signer| signer.who.is(who)).map(|signer| &signer.key)
    }
}

impl Signer {
    /// Tells whether the key counted at some moment between two.
    pub(super) fn admits(&self, between: (DateTime<Utc>, DateTime<Utc>)) -> Result<(), Refusal> {
        let AllowedKey { key, after, before, .. } = &self.key;
        let fingerprint = || fingerprint(key);
        match (*after, *before) {
            (Some(from), _) if between.1 < from => {
                Err(Refusal::NotYetValid { fingerprint: fingerprint(), from })
            }
            (_, Some(until)) if between.0 > until => {
                Err(Refusal::Expired { fingerprint: fingerprint(), until })
            }
            _ => Ok(()),
        }
    }
}

impl Who {
    fn is(&self, who: Principal<'_>) -> bool {
        match self {
            Self::Person { id, .. } => id == who.id,
            Self::Patterns(patterns) => {
                matches(patterns, who.id) || who.email.is_some_and(|email| matches(patterns, email))
            }
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::Patterns(patterns) => patterns,
        }
    }
}

impl AllowedKey {
    /// Reads `[options] type base64 [comment]`.
    ///
    /// # Errors
    /// A phrase that says what is wrong.
    pub fn read(line: &str) -> Result<Self, String> {
        let line = line.trim();
        if let Some(key) = public_key(line) {
            return Ok(Self { key, after: None, before: None, namespaces: None });
        }
        let (options, rest) = word(line);
        let key = public_key(rest.trim_start()).ok_or(
            "no OpenSSH public key: `ssh-ed25519 AAAA…`, as in a file that ends with `.pub`",
        )?;
        let mut allowed = Self { key, after: None, before: None, namespaces: None };
        split_options(options).into_iter().try_for_each(|option| allowed.set(option))?;
        Ok(allowed)
    }

    fn set(&mut self, option: &str) -> Result<(), String> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let quoted = || value.ok_or_else(|| format!("write `{name}=\"…\"`, with quotes"));
        let moment = || {
            let text = quoted()?;
            time(text).ok_or_else(|| format!("`{name}` cannot be `{text}`: write `20261231Z`"))
        };
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => self.namespaces = Some(quoted()?.to_owned()),
            "valid-after" => self.after = Some(moment()?),
            "valid-before" => self.before = Some(moment()?),
            "cert-authority" => {
                return Err("`cert-authority` is not supported: list the keys themselves".into());
            }
            _ => return Err(format!("unknown option `{}`", name.escape_debug())),
        }
        Ok(())
    }
}

impl Revoked {
    /// Reads a public key, or a fingerprint as `ssh-keygen -l` prints it.
    ///
    /// # Errors
    /// A phrase that says what is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(digest) = text.strip_prefix("SHA256:") {
            let digest = digest.trim_end_matches('=');
            let is_base64 =
                digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
            if digest.len() == 43 && is_base64 {
                return Ok(Self(format!("SHA256:{digest}")));
            }
        }
        let key = public_key(text).ok_or(
            "neither an OpenSSH public key, `ssh-ed25519 AAAA…`, nor a fingerprint, `SHA256:…`",
        )?;
        Ok(Self(fingerprint(&key)))
    }
}

/// What the lines of a list say, or the number of the first line that is not understood and what is wrong with it.
pub type Listed<T> = Result<Vec<T>, (usize, String)>;

/// Reads a file of allowed signers.
///
/// # Errors
/// The number of the first line that is not understood, and a phrase that says what is wrong with it.
pub fn allowed_signers(text: &str) -> Listed<Signer> {
    each_line(text, |line| {
        let (principals, rest) = quotable(line);
        if principals.is_empty() {
            return Err("no principal".into());
        }
        let key = AllowedKey::read(rest)?;
        Ok(Signer { who: Who::Patterns(principals.to_owned()), key })
    })
}

/// Reads a list of revoked keys, one a line.
///
/// # Errors
/// The number of the first line that is not understood, and a phrase that says what is wrong with it.
pub fn revoked(text: &str) -> Listed<Revoked> {
    if text.starts_with("SSHKRL\n") {
        let why = "a binary revocation list is not supported: write the public keys, one a line";
        return Err((1, why.into()));
    }
    each_line(text, Revoked::read)
}

fn each_line<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Listed<T> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| read(line).map_err(|why| (number, why))).collect()
}

/// Reads the type and the base64 of a key; what follows is a comment.
fn public_key(text: &str) -> Option<KeyData> {
    let mut words = text.split_ascii_whitespace();
    let (algorithm, base64) = (words.next()?, words.next()?);
    let key = PublicKey::from_openssh(&format!("{algorithm} {base64}")).ok()?;
    Some(key.key_data().clone())
}

/// Splits a text after its first word; blanks within quotes are part of it.
fn word(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = text.find(|character: char| {
        quoted ^= character == '"';
        !quoted && character.is_ascii_whitespace()
    });
    text.split_at(end.unwrap_or(text.len()))
}

/// Like [`word`], and takes the quotes off that stand around it.
fn quotable(text: &str) -> (&str, &str) {
    match text.strip_prefix('"').and_then(|text| text.split_once('"')) {
        Some(parts) => parts,
        None => word(text),
    }
}

/// Splits at commas outside of quotes.
fn split_options(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|character: char| {
        quoted ^= character == '"';
        !quoted && character == ','
    })
    .collect()
}

/// Reads `20261231`, `202612311800` or `20261231180000`, with or without a `Z`. OpenSSH takes the time of the machine where
/// there is none; the same files say the same everywhere here, so it is UTC in any case.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let year = digits.get(0..4)?.parse().ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(4..6)?, number(6..8)?)?;
    let time = match digits.len() {
        8 => NaiveTime::MIN,
        12 => NaiveTime::from_hms_opt(number(8..10)?, number(10..12)?, 0)?,
        14 => NaiveTime::from_hms_opt(number(8..10)?, number(10..12)?, number(12..14)?)?,
        _ => return None,
    };
    Some(NaiveDateTime::new(date, time).and_utc())
}

/// Tells whether a list of OpenSSH's patterns holds for a text: one does, and none with a `!` does.
fn matches(patterns: &str, text: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if is_like(pattern.as_bytes(), text.as_bytes()) => return false,
            Some(_) => {}
            None => found |= is_like(pattern.as_bytes(), text.as_bytes()),
        }
    }
    found
}

/// Tells whether a text is like a pattern with `*` and `?`. In the time of pattern times text, whatever the stars.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    // Where the last star stood, and up to where it took the text.
    let (mut at, mut star) = ((0, 0), None);
    while at.1 < text.len() {
        match pattern.get(at.0) {
            Some(b'*') => {
                star = Some(at);
                at.0 += 1;
            }
            Some(sign) if *sign == b'?' || *sign == text[at.1] => at = (at.0 + 1, at.1 + 1),
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = (place + 1, taken + 1);
            }
        }
    }
    pattern[at.0..].iter().all(|sign| *sign == b'*')
}
