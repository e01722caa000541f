//! The git commands that commit the file of a release and tag the commit: printed, or run.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::diagnostic::shell;
use crate::parse::format;

/// Returns the arguments of git, one command each.
pub(super) fn commands(
    project: &Project,
    file: &Path,
    tag: &str,
    message: &str,
) -> Vec<Vec<OsString>> {
    let file = file.as_os_str();
    let rest: [&[&OsStr]; 3] = [
        &["add".as_ref(), "--".as_ref(), file],
        &["commit".as_ref(), "-m".as_ref(), message.as_ref(), "--".as_ref(), file],
        &["tag".as_ref(), "-a".as_ref(), tag.as_ref(), "-m".as_ref(), message.as_ref()],
    ];
    let command = |rest: &[&OsStr]| {
        let mut command = Vec::new();
        if project.root != Path::new(".") {
            command.extend(["-C".into(), project.root.clone().into_os_string()]);
        }
        command.extend(rest.iter().map(|&argument| argument.to_owned()));
        command
    };
    rest.iter().map(|rest| command(rest)).collect()
}

/// Returns a command as it can be pasted into a shell.
pub(super) fn shown(arguments: &[OsString]) -> String {
    let quoted = arguments.iter().map(|argument| shell::quoted(&argument.to_string_lossy()));
    std::iter::once("git".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

/// Makes sure that the tag can be made, before anything is written.
///
/// # Errors
/// The tag is there, or is no name for one.
pub(super) fn possible(project: &Project, tag: &str) -> Result<(), Failure> {
    if !format::is_tag(tag) {
        return Err(Failure::new(format!("git takes no tag `{tag}`"))
            .help("choose another version, such as `1.0`"));
    }
    let Some(repository) = project.repository() else { return Ok(()) };
    if repository.commit(&format!("refs/tags/{tag}")).is_ok() {
        return Err(Failure::new(format!("the tag `{tag}` exists already"))
            .help("choose another version, or set `release-tag` in `[output.handover]`"));
    }
    Ok(())
}

/// What sends git to another repository than that of the folder.
const ELSEWHERE: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// Runs the commands.
///
/// # Errors
/// Git refuses one: the file of the release stays, and the error says what is left to do.
pub(super) fn tag(project: &Project, file: &Path, tag: &str, message: &str) -> Result<(), Failure> {
    let commands = commands(project, file, tag, message);
    for (done, arguments) in commands.iter().enumerate() {
        let mut git = Command::new("git");
        // A hook that calls us has these set, for another repository perhaps.
        for name in ELSEWHERE {
            git.env_remove(name);
        }
        let output = git.args(arguments).output();
        let refusal = match output {
            Ok(output) if output.status.success() => continue,
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => crate::error::phrase(&error),
        };
        let left: Vec<String> = commands[done..].iter().map(|command| shown(command)).collect();
        let failure = Failure::new(format!("`{}` failed: {refusal}", shown(arguments)));
        return Err(
            failure.help(format!("the release is written; what is left: {}", left.join("; ")))
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted() {
        let arguments = ["commit", "-m", "Freeze it's 1.0", ""].map(OsString::from);
        assert_eq!(shown(&arguments), r"git commit -m 'Freeze it'\''s 1.0' ''");
    }
}
