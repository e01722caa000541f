//! Which key signs: the one that was named, else one of the person's that is at hand.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::NamedTempFile;

use crate::cli::failure::Failure;
use crate::error::IoError;
use crate::signature::Principal;
use crate::signature::keys::{AllowedKey, Signers};

/// The files that `ssh-keygen` gives keys by itself.
const USUAL: [&str; 5] = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];

/// What `ssh-keygen -f` is given: a private key, or a public one for which the agent has the private one.
pub(in crate::cli) enum Key {
    Named(PathBuf),
    InAgent(NamedTempFile),
}

impl Key {
    pub(in crate::cli) fn path(&self) -> &Path {
        match self {
            Self::Named(path) => path,
            Self::InAgent(file) => file.path(),
        }
    }
}

/// Returns the key that was named; without one a key of the person's in the agent, else in `~/.ssh`.
///
/// # Errors
/// The person has no key that counts, or none of them is at hand.
pub(in crate::cli) fn find(
    named: Option<&Path>,
    signers: &Signers,
    person: Principal<'_>,
    name: &str,
) -> Result<Key, Failure> {
    let known: Vec<&AllowedKey> = signers.keys_of(person).collect();
    if known.is_empty() {
        return Err(Failure::new(format!("no key of {name} is known, so nobody could check it"))
            .help("add `ssh-key = \"ssh-ed25519 …\"` to their `[[person]]` in the plan, or name a list by `--allowed-signers`"));
    }
    let is_theirs = |line: &str| {
        AllowedKey::read(line).is_ok_and(|read| known.iter().any(|known| known.key == read.key))
    };
    if let Some(named) = named {
        return Ok(Key::Named(named.to_owned()));
    }
    if let Some(line) = in_agent().into_iter().find(|line| is_theirs(line)) {
        let written = |error| IoError::new("write", &env::temp_dir(), error);
        let file = NamedTempFile::new().map_err(written)?;
        fs::write(file.path(), line).map_err(written)?;
        return Ok(Key::InAgent(file));
    }
    let usual = env::home_dir().map(|home| home.join(".ssh"));
    let mut files = usual.iter().flat_map(|folder| USUAL.iter().map(|name| folder.join(name)));
    let found = files.find(|file| {
        let public = fs::read_to_string(file.with_added_extension("pub"));
        public.is_ok_and(|public| is_theirs(&public))
    });
    found.map(Key::Named).ok_or_else(|| {
        Failure::new(format!("no key of {name} is in the agent or in ~/.ssh"))
            .help("`--key FILE` names it; `ssh-add FILE` puts it into the agent")
    })
}

/// Returns the public keys that the agent has; none where there is no agent.
fn in_agent() -> Vec<String> {
    if env::var_os("SSH_AUTH_SOCK").is_none_or(|socket| socket.is_empty()) {
        return Vec::new();
    }
    let listed = Command::new("ssh-add").arg("-L").output();
    let listed = listed.ok().filter(|listed| listed.status.success());
    let text = listed.map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}
