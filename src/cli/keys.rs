//! Whose keys count: the arguments that commands about signatures share.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Judged;
use crate::assess::signatures;
use crate::cli::failure::Failure;
use crate::error::IoError;
use crate::signature::keys::{self, Listed, Signers};

#[derive(Debug, Default, clap::Args)]
pub(super) struct KeyArguments {
    /// Take the keys that count from a file of OpenSSH's allowed signers, not from the plan
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// Keys that no longer count, beside those of the plan: public keys, one a line
    #[arg(long, value_name = "FILE")]
    revoked: Option<PathBuf>,
}

impl KeyArguments {
    /// Returns the keys that count.
    pub(super) fn signers(&self, judged: &Judged) -> Result<Signers, Failure> {
        let mut signers = signatures::signers(judged.portal.plan.as_ref());
        if let Some(path) = &self.allowed_signers {
            signers.signers = list(path, keys::allowed_signers)?;
        }
        if let Some(path) = &self.revoked {
            signers.revoked.extend(list(path, keys::revoked)?);
        }
        Ok(signers)
    }
}

fn list<T>(path: &Path, read: fn(&str) -> Listed<T>) -> Result<Vec<T>, Failure> {
    let bytes = fs::read(path).map_err(|error| IoError::new("read", path, error))?;
    read(&String::from_utf8_lossy(&bytes)).map_err(|(line, why)| {
        Failure::new(format!("cannot understand `{}`, line {line}: {why}", path.display()))
    })
}
