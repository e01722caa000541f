//! `ssh-keygen -Y sign`: it knows agents, passphrases and hardware keys, and asks on the terminal for what it needs.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::failure::Failure;
use crate::error::{IoError, phrase};
use crate::signature::NAMESPACE;

/// Returns the signature of a key over a text.
///
/// # Errors
/// `ssh-keygen` is not there, or refuses.
pub(in crate::cli) fn sign(key: &Path, text: &str) -> Result<String, Failure> {
    let folder =
        tempfile::tempdir().map_err(|error| IoError::new("write", Path::new("."), error))?;
    let file = folder.path().join("statement");
    fs::write(&file, text).map_err(|error| IoError::new("write", &file, error))?;
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).arg(&file);
    // Results of ours are on the standard output; what it asks and says is on the terminal and on the standard error.
    let status = keygen.stdout(Stdio::null()).status().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new("there is no `ssh-keygen`")
            .help("install OpenSSH 8.2 or later: it makes the signature"),
        _ => Failure::new(format!("cannot run `ssh-keygen`: {}", phrase(&error))),
    })?;
    if !status.success() {
        return Err(Failure::new(format!("`ssh-keygen` did not sign with `{}`", key.display()))
            .help("`--key FILE` names another key; `ssh-add FILE` puts one into the agent"));
    }
    let signature = file.with_added_extension("sig");
    Ok(fs::read_to_string(&signature).map_err(|error| IoError::new("read", &signature, error))?)
}
