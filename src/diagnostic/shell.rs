//! Arguments → words of a command that people paste into a shell.

/// Returns an argument as a shell takes it for one.
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_stays_one() {
        let quoted = ["runbooks/db", "sub/né w", "it's", ""].map(quoted);
        assert_eq!(quoted, ["runbooks/db", "'sub/né w'", r"'it'\''s'", "''"]);
    }
}
