//! Console sessions: what is typed, behind its prompt, and what the machine answers.

use crate::render::markdown::escape::push;
use crate::render::markdown::highlight::highlight;

/// Tells whether a block shows a session: by its language, or a shell's language and a prompt at its start.
pub(super) fn is_session(language: &str, text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    match language {
        "console" | "shell-session" | "sh-session" | "shellsession" | "terminal" => {
            text.lines().any(|line| prompt(line).is_some())
        }
        "bash" | "sh" | "shell" | "zsh" => first.starts_with("$ "),
        "powershell" | "pwsh" | "ps1" => first.starts_with("PS ") && prompt(first).is_some(),
        _ => false,
    }
}

/// Appends a session: `span.prompt`, commands highlighted, `span.out`.
pub(super) fn push_session(out: &mut String, text: &str) {
    // All prompts of a session end alike: with `$`, a line that begins with `#` is output.
    let sign = text.lines().find_map(prompt).map(|(_, sign)| sign);
    let mut lines = text.split_inclusive('\n');
    let mut answer = String::new();
    while let Some(line) = lines.next() {
        let Some((length, _)) = prompt(line).filter(|(_, found)| Some(*found) == sign) else {
            answer.push_str(line);
            continue;
        };
        push_span(out, "out", &std::mem::take(&mut answer));
        push_span(out, "prompt", &line[..length]);
        let language = if line.starts_with("PS ") { "powershell" } else { "bash" };
        let mut command = line[length..].to_owned();
        let heredoc = heredoc(&command).map(str::to_owned);
        if let Some(end) = heredoc {
            for next in lines.by_ref() {
                command.push_str(next);
                if next.trim() == end {
                    break;
                }
            }
        } else {
            while command.trim_end_matches(['\r', '\n']).ends_with('\\')
                && let Some(next) = lines.next()
            {
                // The shell's second prompt is not part of the command.
                match next.strip_prefix("> ") {
                    Some(rest) => {
                        push_command(
                            out,
                            language,
                            &std::mem::replace(&mut command, rest.to_owned()),
                        );
                        push_span(out, "prompt", "> ");
                    }
                    None => command.push_str(next),
                }
            }
        }
        push_command(out, language, &command);
    }
    push_span(out, "out", &answer);
}

fn push_command(out: &mut String, language: &str, command: &str) {
    highlight(out, language, command);
}

fn push_span(out: &mut String, class: &str, text: &str) {
    if !text.is_empty() {
        out.push_str(&format!("<span class=\"{class}\">"));
        push(out, text);
        out.push_str("</span>");
    }
}

/// Returns the length of the prompt that a line begins with, and its sign: `$ `, `# `, `root@db-1:~# `, `PS C:\> `.
fn prompt(line: &str) -> Option<(usize, char)> {
    let line = line.trim_end_matches(['\r', '\n']);
    let is_sign = |c: char| matches!(c, '$' | '#' | '%' | '>');
    if let Some(sign) = line.chars().next().filter(|c| is_sign(*c)) {
        let rest = &line[1..];
        return (rest.is_empty() || rest.starts_with(' ')).then(|| (line.len().min(2), sign));
    }
    if line.starts_with("PS ") {
        return line.find("> ").map(|at| (at + 2, '>'));
    }
    // In front of the sign stand a user, a host and a folder, and no word of a sentence.
    let (at, sign) = line
        .char_indices()
        .zip(line.chars().skip(1).chain(Some(' ')))
        .find(|((_, c), next)| is_sign(*c) && *next == ' ')
        .map(|(found, _)| found)?;
    let who = &line[..at];
    let is_who = who.contains('@') && !who.contains(' ')
        || who.starts_with('[') && who.ends_with(']')
        || who.starts_with('(') && who.ends_with(") ")
        || who == "~"
        || sign == '>' && who.ends_with('=')
        || sign == '#' && who.ends_with('=');
    is_who.then(|| (line.len().min(at + 2), sign))
}

/// Returns the word that ends the here-document which a command begins.
fn heredoc(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start().trim_start_matches(['\'', '"']);
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0 && !rest.starts_with('<')).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(text: &str) -> String {
        let mut out = String::new();
        push_session(&mut out, text);
        out
    }

    #[test]
    fn a_session_is_prompts_commands_and_output() {
        insta::assert_snapshot!(session("$ cd a \\\n    b\n# not a prompt\nx > y\n$ ls\n"), @r#"
        <span class="prompt">$ </span><span class="f">cd</span> a \
            b
        <span class="out"># not a prompt
        x &gt; y
        </span><span class="prompt">$ </span><span class="f">ls</span>
        "#);
        insta::assert_snapshot!(session("root@db-1:~# id\n$ echo\n"), @r#"
        <span class="prompt">root@db-1:~# </span><span class="f">id</span>
        <span class="out">$ echo
        </span>
        "#);
        insta::assert_snapshot!(session("$ cat <<EOF\n$ a\nEOF\nok\n$"), @r#"
        <span class="prompt">$ </span><span class="f">cat</span> &lt;&lt;<span class="s">EOF
        $ a
        EOF</span>
        <span class="out">ok
        </span><span class="prompt">$</span>
        "#);
        insta::assert_snapshot!(session("PS C:\\Users> Get-Date\n1 < 2"), @r#"
        <span class="prompt">PS C:\Users&gt; </span><span class="f">Get-Date</span>
        <span class="out">1 &lt; 2</span>
        "#);
    }

    #[test]
    fn only_a_prompt_makes_a_session() {
        assert!(is_session("console", "a\n$ b"));
        assert!(!is_session("console", "kubectl get pods"));
        assert!(is_session("bash", "\n$ b"));
        assert!(!is_session("bash", "# a comment\nls"));
        assert!(!is_session("yaml", "$ b"));
    }
}
