//! The programs that mdBook would run over the text of a book: run over its protocol, where the tree has a door to programs.
//!
//! A program sees the book as mdBook gives it, every chapter with its includes in place and without its front matter, and
//! returns another one. What it made of a chapter is what the reader reads; what its author wrote stays known beside it, since
//! digests, reviews and the texts of the past are of that alone.

mod apply;
mod book;
mod known;
pub mod lines;
mod order;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::codes::FAILED_PREPROCESSOR;
use crate::parse::dialect::unused::Unused;
use crate::parse::node::{Node, Value};
use crate::parse::preprocess::book::{Book, Item};
use crate::parse::preprocess::known::{Done, done};
use crate::parse::project::Parsed;
use crate::source::{NoOutput, Programs, Source, SourcePath, Span, Tree, sha256};

/// The renderer that programs are told of: most know no other.
const RENDERER: &str = "html";

/// `[preprocessor.NAME]`.
#[derive(Clone, Debug)]
pub struct Preprocessor {
    pub name: String,
    /// The name, in `book.toml`.
    pub span: Span,
    /// `mdbook-NAME` where it is not set.
    pub command: Option<String>,
    /// The renderers that it is for; where it is not set, the program is asked.
    pub renderers: Option<Vec<String>>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// Nothing is missed where it is not installed.
    pub is_optional: bool,
}

impl Preprocessor {
    fn command(&self) -> String {
        self.command.clone().unwrap_or_else(|| format!("mdbook-{}", self.name))
    }

    /// Tells whether mdBook would run it for its own pages.
    fn is_for_pages(&self) -> bool {
        let renderers = self.renderers.as_ref();
        renderers.is_none_or(|names| names.iter().any(|name| name == RENDERER))
    }
}

/// Returns the programs that `book.toml` names, in the order of the text.
pub fn of_book(root: &Node) -> Vec<Preprocessor> {
    let tables = root.entry("preprocessor").map(|node| &node.value);
    let Some(Value::Map(tables)) = tables else { return Vec::new() };
    let named = tables.iter().filter(|(_, node)| matches!(node.value, Value::Map(_)));
    let named = named.map(|(name, node)| {
        let texts = |key| node.entry(key).map(Node::texts);
        let is_optional = node.entry("optional").and_then(Node::text);
        Preprocessor {
            name: name.value.clone(),
            // A table that only its keys make has no name of its own.
            span: if name.span.start < name.span.end { name.span } else { node.span },
            command: node.entry("command").and_then(Node::text),
            renderers: texts("renderers"),
            before: texts("before").unwrap_or_default(),
            after: texts("after").unwrap_or_default(),
            is_optional: is_optional.as_deref() == Some("true"),
        }
    });
    named.collect()
}

/// What programs said last, and what was made of it.
#[derive(Default)]
pub struct Memory {
    /// By the digest of all that the program was given.
    said: BTreeMap<String, Said>,
    made: apply::Memory,
}

/// What a program said of a book.
#[derive(Clone)]
enum Said {
    Book(Arc<[Item]>),
    /// It is not for our pages.
    Unsupported,
    /// A phrase.
    Failed(String),
}

/// Runs the programs that the book names, and puts what they make of it into the place of what was read. Without `programs`,
/// for a reason, it says what is lost.
pub fn preprocess(
    parsed: &mut Parsed,
    tree: &Tree,
    programs: Result<&dyn Programs, &str>,
    memory: &mut Memory,
) {
    let config = &parsed.config;
    let Some(source) = config.source.clone().filter(|_| !config.preprocessors.is_empty()) else {
        return;
    };
    let queue = match order::order(&config.preprocessors) {
        Ok(queue) => queue.into_iter().cloned().collect::<Vec<_>>(),
        Err(waiting) => return parsed.problems.push(order::circle(&source, &waiting)),
    };
    let programs = programs
        .and_then(|it| if config.handover.preprocessors == Some(false) { Err("") } else { Ok(it) });
    let mut run = Run { source, tree, programs, book: None, fresh: BTreeMap::new(), memory };
    for preprocessor in queue.iter().filter(|it| it.is_for_pages()) {
        run.one(preprocessor, parsed);
    }
    let Run { book, fresh, .. } = run;
    // What failed may have failed by chance.
    memory.said = fresh;
    memory.said.retain(|_, said| !matches!(said, Said::Failed(_)));
    if let Some(Given { sent, now, added_by, .. }) = book
        && now != sent.items
    {
        apply::apply(parsed, tree, &sent, &now, &added_by, &mut memory.made);
    }
}

/// The programs, one after the other.
struct Run<'a> {
    source: Arc<Source>,
    tree: &'a Tree,
    programs: Result<&'a dyn Programs, &'a str>,
    /// Made when the first program is there to see it.
    book: Option<Given>,
    /// What is to be remembered.
    fresh: BTreeMap<String, Said>,
    memory: &'a Memory,
}

/// The book that programs are given.
struct Given {
    context: String,
    sent: Book,
    /// What became of it so far.
    now: Arc<[Item]>,
    /// The table of the program that each chapter comes from which was not sent, by its path.
    added_by: BTreeMap<String, Span>,
}

impl Given {
    /// Notes which program chapters come from that were not sent.
    fn note(&mut self, items: &[Item], span: Span) {
        for item in items {
            if let Item::Chapter(chapter) = item {
                if let Some(path) =
                    chapter.path.as_ref().filter(|_| self.sent.document(chapter).is_none())
                {
                    self.added_by.entry(path.clone()).or_insert(span);
                }
                self.note(&chapter.sub_items, span);
            }
        }
    }
}

impl Run<'_> {
    fn one(&mut self, preprocessor: &Preprocessor, parsed: &mut Parsed) {
        let name = &preprocessor.name;
        let lost = match done(name) {
            Done::Here => return,
            Done::Else => None,
            Done::Not(lost) => Some(lost),
        };
        let unused = |parsed: &mut Parsed, why: &str| {
            if let Some(lost) = lost.filter(|_| !preprocessor.is_optional) {
                let message = format!("preprocessor `{name}` is not run{why}: {lost}");
                let source = Arc::clone(&self.source);
                parsed.config.unused.push(Unused { source, span: preprocessor.span, message });
            }
        };
        let programs = match self.programs {
            Ok(programs) => programs,
            Err(why) => return unused(parsed, why),
        };
        let command = preprocessor.command();
        let Some(words) = shlex::split(&command).filter(|words| !words.is_empty()) else {
            return self.failed(preprocessor, &format!("`{command}` is no command"), parsed);
        };
        if self.book.is_none() {
            let sent = Book::of(parsed);
            let Some(context) = book::context(parsed, &self.source, programs.root()) else {
                // What is wrong with `book.toml` is said already.
                return;
            };
            let now = Arc::clone(&sent.items);
            self.book = Some(Given { context, sent, now, added_by: BTreeMap::new() });
        }
        let Some(given) = &mut self.book else { return };
        let input = book::input(&given.context, &given.now);
        let key = key(self.tree, &words, &input);
        let said = match self.fresh.get(&key).or_else(|| self.memory.said.get(&key)) {
            Some(said) => said.clone(),
            None => {
                let asks = preprocessor.renderers.is_none();
                let Some(said) = ask(programs, &words, asks, &input, given) else {
                    return unused(parsed, &format!(", as `{}` is not installed", words[0]));
                };
                self.tree.look_again();
                said
            }
        };
        self.fresh.insert(key, said.clone());
        match said {
            Said::Book(items) => {
                given.note(&items, preprocessor.span);
                given.now = items;
            }
            Said::Unsupported => unused(parsed, &format!(", as it does not support `{RENDERER}`")),
            Said::Failed(why) => self.failed(preprocessor, &why, parsed),
        }
    }

    fn failed(&self, preprocessor: &Preprocessor, why: &str, parsed: &mut Parsed) {
        let message = format!("preprocessor `{}` failed: {why}", preprocessor.name);
        let problem =
            Diagnostic::new(&FAILED_PREPROCESSOR, &self.source, preprocessor.span, message);
        parsed.problems.push(problem.help(
            "the chapters are as they were before it; mend it, or turn all of them off with `preprocessors = false` in `[output.handover]`",
        ));
    }
}

/// Runs a program; `None` where there is none.
fn ask(
    programs: &dyn Programs,
    words: &[String],
    asks: bool,
    input: &str,
    given: &Given,
) -> Option<Said> {
    if asks {
        let words = [words, &["supports".to_owned(), RENDERER.to_owned()]].concat();
        match programs.run(&words, "") {
            Ok(_) => {}
            Err(NoOutput::Absent) => return None,
            Err(NoOutput::Refused(_)) => return Some(Said::Unsupported),
            Err(NoOutput::Broken(why)) => return Some(Said::Failed(why)),
        }
    }
    Some(match programs.run(words, input) {
        Ok(output) => match book::read(&output, &given.now) {
            Ok(items) => match given.sent.unsound(&items) {
                None => Said::Book(items.into()),
                Some(why) => Said::Failed(why),
            },
            Err(why) => Said::Failed(format!("what it wrote is no book: {why}")),
        },
        Err(NoOutput::Absent) => return None,
        Err(NoOutput::Refused(why) | NoOutput::Broken(why)) => Said::Failed(why),
    })
}

/// Returns a digest of all that a program sees as far as that is known: its command, the files of the project that the command
/// names, and the book.
fn key(tree: &Tree, words: &[String], input: &str) -> String {
    let mut all = String::new();
    for word in words {
        let asset = SourcePath::new(word).and_then(|path| tree.asset(&path).ok()?);
        let digest = asset.as_ref().map_or("", |asset| &asset.digest);
        all.push_str(&format!("{word:?} {digest}\n"));
    }
    all.push_str(input);
    sha256(all.as_bytes())
}

#[cfg(test)]
mod tests;
