//! Shell: commands, options, variables, strings, keywords and comments, in the spelling of `sh`, `bash` and `zsh`.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{Scan, is_number, line_length, run_length, string_length};

/// What follows these is a command.
const BEFORE_COMMANDS: &[&str] =
    &["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{"];

/// What follows these is none.
const OTHER_KEYWORDS: &[&str] = &["case", "done", "esac", "fi", "for", "function", "select", "}"];

/// Commands that are part of the language.
const STATEMENTS: &[&str] = &["break", "continue", "exit", "return", "shift", "source", "trap"];

/// Commands that give values to names.
const DECLARATIONS: &[&str] = &["declare", "export", "local", "readonly", "typeset", "unset"];

/// Commands that run the one behind them.
const WRAPPERS: &[&str] = &["command", "doas", "env", "exec", "nohup", "sudo", "xargs"];

/// What the code is within, and what was expected where that began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// `$(…)`, `<(…)`
    Substitution(Expected),
    Backticks(Expected),
    /// `(…)` of commands.
    Group,
    /// `=(…)`, `((…))`, `[[ … ]]`, and parentheses in them: no commands.
    Values(Expected),
    /// `"…"`
    String,
}

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Command,
    Argument,
    /// A name that is given a value, as behind `export`.
    Declaration,
    /// What follows `=`, up to the next blank; then, whether it is a command again.
    Value {
        is_declared: bool,
    },
    /// `a|b)` of `case`.
    Pattern,
}

struct Shell<'a> {
    scan: Scan<'a>,
    expected: Expected,
    within: Vec<Within>,
    /// The words that end the here-documents which begin behind this line, and whether variables count there.
    heredocs: Vec<(&'a str, bool)>,
    /// The word before that says what this one is: `in` is one of the language behind `for` and `case` alone.
    opened: Option<&'a str>,
}

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut shell = Shell {
        scan: Scan::new(code),
        expected: Expected::Command,
        within: Vec::new(),
        heredocs: Vec::new(),
        opened: None,
    };
    while let Some(next) = shell.scan.next() {
        if shell.within.last() == Some(&Within::String) {
            shell.in_string(next);
        } else {
            shell.token(next);
        }
    }
    shell.scan.pieces
}

impl<'a> Shell<'a> {
    fn token(&mut self, next: char) {
        let rest = self.scan.rest();
        match next {
            '\n' => {
                self.scan.take(1, None);
                self.end_command();
                self.heredocs();
            }
            '\\' => self.scan.take(1 + rest[1..].chars().next().map_or(0, char::len_utf8), None),
            c if c.is_whitespace() => {
                self.scan.take(c.len_utf8(), None);
                if let Expected::Value { is_declared } = self.expected {
                    self.expected =
                        if is_declared { Expected::Declaration } else { Expected::Command };
                }
            }
            '#' if self.scan.before().is_none_or(|byte| b" \t\n;|&(".contains(&byte)) => {
                self.scan.take_line(Some("c"));
            }
            '\'' => self.string(string_length(rest, '\'', false)),
            '$' if rest.starts_with("$'") => self.string(1 + string_length(&rest[1..], '\'', true)),
            '"' => {
                self.scan.take(1, Some("s"));
                self.within.push(Within::String);
            }
            '$' => self.dollar(None),
            '`' => self.backtick(None),
            '(' => self.open(rest),
            ')' => self.close(),
            ';' | '&' | '|' => self.operator(rest),
            '<' if rest.starts_with("<<") && !rest.starts_with("<<<") && !self.is_in_values() => {
                self.heredoc(rest);
            }
            '<' | '>' => {
                let signs = run_length(rest, |c| matches!(c, '<' | '>' | '&'));
                let number = run_length(&rest[signs..], |c| c.is_ascii_digit());
                self.scan.take(signs + number, None);
                if self.expected == Expected::Command {
                    self.expected = Expected::Argument;
                }
            }
            _ => self.word(rest),
        }
    }

    fn string(&mut self, length: usize) {
        self.scan.take(length, Some("s"));
        self.end_word();
    }

    /// After a word that is no assignment, what comes next is an argument.
    fn end_word(&mut self) {
        if self.expected == Expected::Command {
            self.expected = Expected::Argument;
        }
    }

    fn is_in_values(&self) -> bool {
        matches!(self.within.last(), Some(Within::Values(_)))
    }

    fn open(&mut self, rest: &str) {
        let is_value = matches!(self.expected, Expected::Value { .. });
        if rest.starts_with("()") && self.expected == Expected::Argument && !self.is_in_values() {
            // Behind the name of a function stands its body.
            self.scan.take(2, None);
            self.expected = Expected::Command;
        } else if self.expected == Expected::Pattern {
            self.scan.take(1, None);
        } else if self.scan.before().is_some_and(|byte| b"<>".contains(&byte)) {
            self.substitution(1);
        } else if rest.starts_with("((") {
            self.values(1);
            self.values(1);
        } else if is_value || self.is_in_values() || self.expected == Expected::Argument {
            self.values(1);
        } else {
            self.scan.take(1, None);
            self.within.push(Within::Group);
        }
    }

    /// Reads what opens a command within the one that is read.
    fn substitution(&mut self, length: usize) {
        self.scan.take(length, None);
        self.within.push(Within::Substitution(self.expected));
        self.expected = Expected::Command;
    }

    /// Reads what opens values.
    fn values(&mut self, length: usize) {
        self.scan.take(length, None);
        self.within.push(Within::Values(self.expected));
        self.expected = Expected::Argument;
    }

    fn end_command(&mut self) {
        self.opened = self.opened.filter(|opened| *opened == "case");
        if !self.is_in_values() && self.expected != Expected::Pattern {
            self.expected = Expected::Command;
        }
    }

    fn operator(&mut self, rest: &str) {
        let is_end_of_case = rest.starts_with(";;");
        self.scan.take(run_length(rest, |c| matches!(c, ';' | '&' | '|')), None);
        if is_end_of_case {
            self.expected = Expected::Pattern;
        } else {
            self.end_command();
        }
    }

    /// What stands between the quotes of a string: up to what has another color.
    fn in_string(&mut self, next: char) {
        let rest = self.scan.rest();
        match next {
            '"' => {
                self.within.pop();
                self.string(1);
            }
            '$' => self.dollar(Some("s")),
            '`' => self.backtick(Some("s")),
            _ => {
                let mut is_escaped = false;
                let end = rest.find(|c: char| {
                    let ends = !is_escaped && matches!(c, '"' | '$' | '`');
                    is_escaped = !is_escaped && c == '\\';
                    ends
                });
                self.scan.take(end.unwrap_or(rest.len()), Some("s"));
            }
        }
    }

    /// `$name`, `${…}`, `$(…)`, or a dollar.
    fn dollar(&mut self, class: Option<&'static str>) {
        let rest = self.scan.rest();
        let after = &rest[1..];
        if after.starts_with("((") {
            self.values(2);
            return self.values(1);
        } else if after.starts_with('(') {
            return self.substitution(2);
        } else if let Some(length) = variable_length(after) {
            self.scan.take(1 + length, Some("p"));
        } else {
            self.scan.take(1, class);
        }
        if class.is_none() {
            self.end_word();
        }
    }

    fn backtick(&mut self, class: Option<&'static str>) {
        self.scan.take(1, class);
        if let Some(Within::Backticks(expected)) = self.within.last().copied() {
            self.within.pop();
            self.expected = expected;
            self.end_word();
        } else {
            self.within.push(Within::Backticks(self.expected));
            self.expected = Expected::Command;
        }
    }

    fn close(&mut self) {
        self.scan.take(1, None);
        if self.expected == Expected::Pattern {
            self.expected = Expected::Command;
            return;
        }
        match self.within.pop() {
            Some(Within::Substitution(expected) | Within::Values(expected)) => {
                self.expected = expected;
                self.end_word();
            }
            Some(Within::Group) => self.expected = Expected::Argument,
            Some(other) => self.within.push(other),
            None => self.expected = Expected::Command,
        }
    }

    fn word(&mut self, rest: &'a str) {
        let is_end = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ';' | '&' | '|' | '<' | '>' | '(' | ')' | '"' | '\'' | '$' | '`' | '\\'
                )
        };
        let length = rest.find(is_end).unwrap_or(rest.len());
        let word = &rest[..length];
        let begins = self.scan.before().is_none_or(|byte| b" \t\n;|&()`\"".contains(&byte));
        match self.expected {
            _ if word == "]]" && self.is_in_values() => {
                self.scan.take(length, None);
                self.within.pop();
                self.expected = Expected::Argument;
            }
            // The number of a stream stands before the command, or behind it.
            _ if rest[length..].starts_with(['<', '>'])
                && word.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                self.scan.take(length, None);
            }
            Expected::Command | Expected::Declaration if let Some(name) = assigned(word) => {
                self.scan.take(name, Some("p"));
                let sign = run_length(&rest[name..], |c| matches!(c, '+' | '='));
                self.scan.take(sign, None);
                let is_declared = self.expected == Expected::Declaration;
                self.expected = Expected::Value { is_declared };
            }
            Expected::Command if begins => self.command(word),
            Expected::Pattern if word == "esac" => self.command(word),
            Expected::Argument if matches!(self.opened, Some("for" | "select")) && word != "in" => {
                self.scan.take(length, is_name(word).then_some("p"));
            }
            Expected::Argument if self.opened == Some("function") => {
                self.scan.take(length, Some("f"));
                self.opened = None;
                self.expected = Expected::Command;
            }
            Expected::Declaration if is_name(word) => self.scan.take(length, Some("p")),
            _ if word == "in" && self.opened.is_some() => {
                self.scan.take(length, Some("k"));
                if self.opened.take() == Some("case") {
                    self.expected = Expected::Pattern;
                }
            }
            _ => {
                let is_option =
                    begins && word.len() > 1 && word.starts_with('-') && !is_number(word);
                let is_number = begins && is_number(word);
                let class = is_option.then_some("v").or(is_number.then_some("n"));
                self.scan.take(length, class);
                self.end_word();
            }
        }
    }

    fn command(&mut self, word: &'a str) {
        let length = word.len();
        if BEFORE_COMMANDS.contains(&word) {
            let is_sign = word == "!" || word == "{";
            self.scan.take(length, (!is_sign).then_some("k"));
        } else if OTHER_KEYWORDS.contains(&word) {
            self.scan.take(length, (word != "}").then_some("k"));
            self.expected = Expected::Argument;
            if matches!(word, "case" | "for" | "function" | "select") {
                self.opened = Some(word);
            }
        } else if DECLARATIONS.contains(&word) {
            self.scan.take(length, Some("k"));
            self.expected = Expected::Declaration;
        } else if STATEMENTS.contains(&word) {
            self.scan.take(length, Some("k"));
            self.expected = Expected::Argument;
        } else if word.starts_with('-') {
            self.scan.take(length, Some("v"));
            self.expected = Expected::Argument;
        } else if word == "[[" {
            self.values(length);
        } else {
            // A test of `[ … ]` has no name.
            let is_name = word.contains(|c: char| c.is_alphanumeric());
            self.scan.take(length, is_name.then_some("f"));
            if !WRAPPERS.contains(&word) {
                self.expected = Expected::Argument;
            }
        }
    }

    /// `<<WORD`, `<<-'WORD'`: the text begins on the next line.
    fn heredoc(&mut self, rest: &'a str) {
        let signs = if rest.starts_with("<<-") { 3 } else { 2 };
        let blanks = run_length(&rest[signs..], |c| matches!(c, ' ' | '\t'));
        let word = &rest[signs + blanks..];
        let quoted = word.starts_with(['\'', '"', '\\']);
        let start = usize::from(quoted);
        let quote = word.chars().next().filter(|_| !word.starts_with('\\'));
        let name = &word[start..];
        let name = &name[..run_length(name, |c| match quote.filter(|_| quoted) {
            Some(quote) => c != quote && c != '\n',
            None => !c.is_whitespace() && !";|&<>()'\"".contains(c),
        })];
        self.scan.take(signs + blanks, None);
        if !name.is_empty() {
            let is_closed = quoted && word[start + name.len()..].starts_with(['\'', '"']);
            self.scan.take(start + name.len() + usize::from(is_closed), Some("s"));
            self.heredocs.push((name, !quoted));
        }
        self.end_word();
    }

    /// Reads the here-documents that begin on this line.
    fn heredocs(&mut self) {
        for (end, has_variables) in std::mem::take(&mut self.heredocs) {
            while self.scan.next().is_some() {
                let line = &self.scan.rest()[..line_length(self.scan.rest())];
                let is_end = line.trim() == end;
                if is_end || !has_variables {
                    self.scan.take_line(Some("s"));
                } else {
                    self.heredoc_line(line);
                }
                self.scan.take(usize::from(self.scan.next().is_some()), None);
                if is_end {
                    break;
                }
            }
        }
    }

    fn heredoc_line(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find('$') {
            self.scan.take(at, Some("s"));
            rest = &rest[at..];
            let is_escaped = self.scan.before() == Some(b'\\');
            let length = variable_length(&rest[1..]).filter(|_| !is_escaped);
            self.scan.take(1 + length.unwrap_or(0), Some(if length.is_some() { "p" } else { "s" }));
            rest = &rest[1 + length.unwrap_or(0)..];
        }
        self.scan.take(rest.len(), Some("s"));
    }
}

/// Returns the length of the name of a variable behind its dollar, with its braces and what stands in them.
fn variable_length(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '{' => expansion_length(text),
        '0'..='9' | '@' | '*' | '#' | '?' | '$' | '!' | '-' => Some(1),
        c if c.is_ascii_alphabetic() || c == '_' => {
            Some(run_length(text, |c| c.is_ascii_alphanumeric() || c == '_'))
        }
        _ => None,
    }
}

/// Longer ones are read as what stands in them.
const LONGEST_EXPANSION: usize = 256;

/// Returns the length of `{…}`, which stands on one line; braces in it come in pairs but for those that are quoted.
fn expansion_length(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut is_escaped) = (0, None, false);
    let characters =
        text.char_indices().take_while(|(at, c)| *at < LONGEST_EXPANSION && *c != '\n');
    for (at, c) in characters {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != Some('\'') => is_escaped = true,
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(c),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Returns the length of the name that a word gives a value: `A=1`, `a[1]+=x`.
fn assigned(word: &str) -> Option<usize> {
    let end = word.find('=')?;
    let name = word[..end].strip_suffix('+').unwrap_or(&word[..end]);
    let bare = name.split('[').next().unwrap_or_default();
    (is_name(bare) && (bare.len() == name.len() || name.ends_with(']'))).then_some(name.len())
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use crate::render::markdown::lexer::tests::shown;

    #[test]
    fn commands_options_and_variables() {
        insta::assert_snapshot!(shown("bash", "\
# stop
kubectl -n \"$NS\" get pods | grep 'x' && exit 1
export FOO=\"a ${BAR:-x}/$HOME\" n=3
PATH=$PATH:/x; sudo systemctl restart x; sudo -u postgres psql -c \"select 1\"
docker run -e A=b <image> --cpus 2 # comment
echo a#b >/dev/null 2>&1 &
a=(1 2 x); b=$(cat \"$f\" | wc -l); c=`date +%F`
"), @r#"
        c⟨# stop⟩
        f⟨kubectl⟩ v⟨-n⟩ s⟨"⟩p⟨$NS⟩s⟨"⟩ get pods | f⟨grep⟩ s⟨'x'⟩ && k⟨exit⟩ n⟨1⟩
        k⟨export⟩ p⟨FOO⟩=s⟨"a⟩ p⟨${BAR:-x}⟩s⟨/⟩p⟨$HOME⟩s⟨"⟩ p⟨n⟩=3
        p⟨PATH⟩=p⟨$PATH⟩:/x; f⟨sudo systemctl⟩ restart x; f⟨sudo⟩ v⟨-u⟩ postgres psql v⟨-c⟩ s⟨"select 1"⟩
        f⟨docker⟩ run v⟨-e⟩ A=b <image> v⟨--cpus⟩ n⟨2⟩ c⟨# comment⟩
        f⟨echo⟩ a#b >/dev/null 2>&1 &
        p⟨a⟩=(n⟨1 2⟩ x); p⟨b⟩=$(f⟨cat⟩ s⟨"⟩p⟨$f⟩s⟨"⟩ | f⟨wc⟩ v⟨-l⟩); p⟨c⟩=`f⟨date⟩ +%F`
        "#);
    }

    #[test]
    fn statements() {
        insta::assert_snapshot!(shown("bash", "\
for node in $(list --all | awk '{ print $1 }'); do
  if ! is-active \"db@${node}\"; then return 1; fi
done
case \"$1\" in start|stop) run \"$@\" ;; *) exit 1 ;; esac
for ((i=0; i<3; i++)); do echo \"$(hostname -f):$i\"; done
function f { local x=$((1 + 2)); [[ -f $x && $y == z* ]] && shift; }
if [[ $x =~ (a|b) && $((y + 1)) -gt 2 ]]; then ls; fi
x=$(( (1 << 3) + 1 )); head -n $((n+1)) in.log; 2>/dev/null diff <(sort a) <(sort b) out
f() { (cd /x && ls) >y; }
case $1 in (b|c) ls ;; esac
echo \"${x:-\"}\"}\" ${y:-'}'} tail; ls
"), @r#"
        k⟨for⟩ p⟨node⟩ k⟨in⟩ $(f⟨list⟩ v⟨--all⟩ | f⟨awk⟩ s⟨'{ print $1 }'⟩); k⟨do
          if⟩ ! f⟨is-active⟩ s⟨"db@⟩p⟨${node}⟩s⟨"⟩; k⟨then return⟩ n⟨1⟩; k⟨fi
        done
        case⟩ s⟨"⟩p⟨$1⟩s⟨"⟩ k⟨in⟩ start|stop) f⟨run⟩ s⟨"⟩p⟨$@⟩s⟨"⟩ ;; *) k⟨exit⟩ n⟨1⟩ ;; k⟨esac
        for⟩ ((i=0; i<3; i++)); k⟨do⟩ f⟨echo⟩ s⟨"⟩$(f⟨hostname⟩ v⟨-f⟩)s⟨:⟩p⟨$i⟩s⟨"⟩; k⟨done
        function⟩ f⟨f⟩ { k⟨local⟩ p⟨x⟩=$((n⟨1⟩ + n⟨2⟩)); [[ v⟨-f⟩ p⟨$x⟩ && p⟨$y⟩ == z* ]] && k⟨shift⟩; }
        k⟨if⟩ [[ p⟨$x⟩ =~ (a|b) && $((y + n⟨1⟩)) v⟨-gt⟩ n⟨2⟩ ]]; k⟨then⟩ f⟨ls⟩; k⟨fi⟩
        p⟨x⟩=$(( (n⟨1⟩ << n⟨3⟩) + n⟨1⟩ )); f⟨head⟩ v⟨-n⟩ $((n+1)) in.log; 2>/dev/null diff <(f⟨sort⟩ a) <(f⟨sort⟩ b) out
        f⟨f⟩() { (f⟨cd⟩ /x && f⟨ls⟩) >y; }
        k⟨case⟩ p⟨$1⟩ k⟨in⟩ (b|c) f⟨ls⟩ ;; k⟨esac⟩
        f⟨echo⟩ s⟨"⟩p⟨${x:-"}"}⟩s⟨"⟩ p⟨${y:-'}'}⟩ tail; f⟨ls
        ⟩
        "#);
    }

    #[test]
    fn here_documents() {
        insta::assert_snapshot!(shown("bash", "\
cat <<EOF | sudo tee /etc/x
hello $NAME
EOF
cat <<-'E'
\tno $vars
\tE
echo $((1 << 2)) <<<x
cat <<'END-OF FILE' > x
\\$a
END-OF FILE
cat <<'→' <<'E→
→
"), @r#"
        f⟨cat⟩ <<s⟨EOF⟩ | f⟨sudo tee⟩ /etc/x
        s⟨hello⟩ p⟨$NAME⟩
        s⟨EOF⟩
        f⟨cat⟩ <<-s⟨'E'
        	no $vars
        	E⟩
        f⟨echo⟩ $((n⟨1⟩ << n⟨2⟩)) <<<x
        f⟨cat⟩ <<s⟨'END-OF FILE'⟩ > x
        s⟨\$a
        END-OF FILE⟩
        f⟨cat⟩ <<s⟨'→'⟩ <<s⟨'E→
        →
        ⟩
        "#);
    }
}
