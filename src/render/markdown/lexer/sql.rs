//! SQL of any database: words that all of them know, strings, comments, and names where tables stand.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{
    Scan, comment_length, is_word, line_length, run_length, string_length,
};

/// In ascending order.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "add", "all", "alter", "analyze", "and", "any", "as", "asc", "begin", "between", "by", "cascade", "case",
    "check", "cluster", "collate", "column", "commit", "concurrently", "conflict", "constraint", "copy", "create",
    "cross", "cube", "current", "database", "deallocate", "declare", "default", "delete", "desc", "describe",
    "distinct", "do", "drop", "else", "elsif", "end", "escape", "except", "exec", "execute", "exists", "explain",
    "extension", "fetch", "filter", "first", "following", "for", "foreign", "from", "full", "function", "go",
    "grant", "group", "having", "if", "ilike", "in", "index", "inner", "insert", "intersect", "interval", "into",
    "is", "isnull", "join", "key", "kill", "last", "lateral", "left", "like", "limit", "listen", "lock", "loop",
    "materialized", "merge", "natural", "next", "not", "nothing", "notify", "notnull", "nulls", "offset", "on",
    "only", "or", "order", "outer", "over", "owner", "partition", "preceding", "primary", "privileges", "procedure",
    "raise", "range", "recursive", "references", "refresh", "reindex", "release", "rename", "replace", "reset",
    "restart", "restrict", "return", "returning", "returns", "revoke", "right", "role", "rollback", "row", "rows",
    "savepoint", "schema", "select", "sequence", "session", "set", "show", "similar", "some", "start", "table",
    "tables", "tablespace", "temp", "temporary", "then", "to", "transaction", "trigger", "truncate", "type",
    "unbounded", "union", "unique", "update", "use", "user", "using", "vacuum", "values", "variables", "verbose",
    "view", "when", "where", "while", "with", "work",
];

/// In ascending order.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "array", "bigint", "bigserial", "binary", "bit", "blob", "bool", "boolean", "bytea", "char", "character",
    "cidr", "clob", "date", "datetime", "decimal", "double", "enum", "float", "inet", "int", "int4", "int8",
    "integer", "json", "jsonb", "money", "nchar", "number", "numeric", "nvarchar", "oid", "precision", "real",
    "regclass", "serial", "smallint", "smallserial", "text", "time", "timestamp", "timestamptz", "tinyint", "uuid",
    "varbinary", "varchar", "varchar2", "varying", "xml",
];

/// What follows these is the name of a table. In ascending order.
const BEFORE_TABLES: &[&str] =
    &["from", "into", "join", "table", "truncate", "update", "vacuum", "view"];

/// These may stand between.
const BETWEEN: &[&str] = &["concurrently", "exists", "if", "lateral", "not", "only", "table"];

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    let mut before = Before::default();
    while let Some(first) = scan.next() {
        let rest = scan.rest();
        let (length, class) = match first {
            c if c.is_whitespace() => (c.len_utf8(), None),
            '-' if rest.starts_with("--") => (line_length(rest), Some("c")),
            '/' if rest.starts_with("/*") => (comment_length(rest), Some("c")),
            '#' if begins_comment(&scan) => (line_length(rest), Some("c")),
            '\'' => (text_length(rest, scan.before()), Some("s")),
            '"' | '`' => {
                before.opener = "";
                (string_length(rest, first, false), Some("t"))
            }
            '$' if let Some(length) = dollar_quoted(rest) => (length, Some("s")),
            '$' | '@' if rest[1..].starts_with(is_word) => {
                (1 + run_length(&rest[1..], is_word), Some("v"))
            }
            ':' if rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                (1 + run_length(&rest[1..], is_word), Some("v"))
            }
            // `::` says the type of what stands before.
            ':' if rest.starts_with("::") => (2, None),
            '\\' if is_at_line_start(&scan) => {
                (1 + run_length(&rest[1..], |c| !c.is_whitespace()), Some("k"))
            }
            '0'..='9' => (run_length(rest, |c| c.is_alphanumeric() || c == '.'), Some("n")),
            c if is_word(c) => {
                let length = run_length(rest, |c| is_word(c) || c == '$');
                let word = &rest[..length];
                let class = class(word, &rest[length..], before);
                before = before.followed_by(word, class);
                (length, class)
            }
            // A name may have several parts.
            '.' => (1, None),
            c => {
                before.opener = "";
                (c.len_utf8(), None)
            }
        };
        scan.take(length, class);
    }
    scan.pieces
}

/// What stands before a word.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    /// The last word.
    word: &'a str,
    /// The word that says that a table is named next; empty where none does.
    opener: &'a str,
}

impl<'a> Before<'a> {
    fn followed_by(self, word: &'a str, class: Option<&str>) -> Self {
        let is_keyword = class == Some("k");
        // `DO UPDATE SET`, `FOR UPDATE`, `DISTINCT FROM`
        let is_other = is_in(&["distinct", "do", "for", "key"], self.word);
        let opener = if is_keyword && !is_other && is_in(BEFORE_TABLES, word) {
            word
        } else if is_keyword && is_in(BETWEEN, word) {
            self.opener
        } else {
            ""
        };
        Self { word, opener }
    }
}

fn class(word: &str, after: &str, before: Before<'_>) -> Option<&'static str> {
    let is_call = after.starts_with('(');
    let is_table = match before.opener {
        "" => false,
        // A function may give rows, too.
        opener => !is_call || !is_in(&["from", "join"], opener),
    };
    if is_in(KEYWORDS, word) {
        Some("k")
    } else if is_in(&["false", "null", "true"], word) {
        Some("n")
    } else if is_table || is_in(TYPES, word) {
        Some("t")
    } else if is_call {
        Some("f")
    } else {
        None
    }
}

/// Returns the length of a text in quotes, by what stands before it. Where a backslash means nothing, as in most databases, one
/// stands at the end of a text, and no word behind that.
fn text_length(text: &str, before: Option<u8>) -> usize {
    if matches!(before, Some(b'E' | b'e')) {
        return string_length(text, '\'', true);
    }
    let mut from = 1;
    while let Some(end) = text[from..].find('\'').map(|at| from + at) {
        from = end + 1;
        if !(text[..end].ends_with('\\') && text[from..].starts_with(is_word)) {
            return from;
        }
    }
    text.len()
}

/// Tells whether a `#` begins a comment, as in MySQL: elsewhere it is an operator.
fn begins_comment(scan: &Scan<'_>) -> bool {
    let is_blank = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace());
    is_at_line_start(scan)
        || is_blank(scan.before()) && is_blank(scan.rest().as_bytes().get(1).copied())
}

/// Tells whether a word is one of these, in whichever case it is written.
fn is_in(words: &[&str], word: &str) -> bool {
    let lower = || word.bytes().map(|byte| byte.to_ascii_lowercase());
    words.binary_search_by(|known| known.bytes().cmp(lower())).is_ok()
}

/// Returns the length of `$$…$$` or `$name$…$name$`, which a text begins with.
fn dollar_quoted(text: &str) -> Option<usize> {
    let name = run_length(&text[1..], is_word);
    let quote = text.get(..name + 2).filter(|quote| quote.ends_with('$'))?;
    let length = text[quote.len()..].find(quote)?;
    Some(2 * quote.len() + length)
}

/// Tells whether nothing but blanks stands before on the line: there a backslash begins a command of `psql`.
fn is_at_line_start(scan: &Scan<'_>) -> bool {
    let before = scan.code[..scan.at].trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::markdown::lexer::tests::shown;

    #[test]
    fn words_are_in_order() {
        assert!(KEYWORDS.is_sorted() && TYPES.is_sorted() && BEFORE_TABLES.is_sorted());
        assert!(BETWEEN.is_sorted());
    }

    #[test]
    fn statements() {
        insta::assert_snapshot!(shown("sql", "\
SELECT t.id, count(*) AS n FROM a_b AS t JOIN \"X\" s ON s.id = t.a_id -- c
WHERE state IN ('it''s', $1, :p) AND at < now() - interval '3 minutes' /* block */ ORDER BY 2 DESC;
CREATE TABLE IF NOT EXISTS db.x (id bigint PRIMARY KEY, n varchar(20) NOT NULL, t int DEFAULT x::int);
DO $body$ BEGIN; $body$;
\\d x
# don't
INSERT INTO t VALUES ('it\\'s', E'\\'', '\\') ON CONFLICT (a) DO UPDATE SET a = b[1:2]; /*/ c */
SELECT 1 FROM generate_series(1, 10) WHERE a IS DISTINCT FROM b AND c LIKE 'x' ESCAPE '\\' FOR UPDATE;
"), @r#"
        k⟨SELECT⟩ t.id, f⟨count⟩(*) k⟨AS⟩ n k⟨FROM⟩ t⟨a_b⟩ k⟨AS⟩ t k⟨JOIN⟩ t⟨"X"⟩ s k⟨ON⟩ s.id = t.a_id c⟨-- c⟩
        k⟨WHERE⟩ state k⟨IN⟩ (s⟨'it''s'⟩, v⟨$1⟩, v⟨:p⟩) k⟨AND⟩ at < f⟨now⟩() - k⟨interval⟩ s⟨'3 minutes'⟩ c⟨/* block */⟩ k⟨ORDER BY⟩ n⟨2⟩ k⟨DESC⟩;
        k⟨CREATE TABLE IF NOT EXISTS⟩ t⟨db⟩.x (id t⟨bigint⟩ k⟨PRIMARY KEY⟩, n t⟨varchar⟩(n⟨20⟩) k⟨NOT⟩ n⟨NULL⟩, t t⟨int⟩ k⟨DEFAULT⟩ x::t⟨int⟩);
        k⟨DO⟩ s⟨$body$ BEGIN; $body$⟩;
        k⟨\d⟩ x
        c⟨# don't⟩
        k⟨INSERT INTO⟩ t⟨t⟩ k⟨VALUES⟩ (s⟨'it\'s'⟩, Es⟨'\''⟩, s⟨'\'⟩) k⟨ON CONFLICT⟩ (a) k⟨DO UPDATE SET⟩ a = b[n⟨1⟩:n⟨2⟩]; c⟨/*/ c */⟩
        k⟨SELECT⟩ n⟨1⟩ k⟨FROM⟩ f⟨generate_series⟩(n⟨1⟩, n⟨10⟩) k⟨WHERE⟩ a k⟨IS DISTINCT FROM⟩ b k⟨AND⟩ c k⟨LIKE⟩ s⟨'x'⟩ k⟨ESCAPE⟩ s⟨'\'⟩ k⟨FOR UPDATE⟩;
        "#);
    }
}
