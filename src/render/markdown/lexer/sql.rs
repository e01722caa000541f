//! SQL of any database: words that all of them know, strings, comments, and names where tables stand.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{Scan, is_word, line_length, run_length, string_length};

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

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    // The word before names what comes next.
    let mut names_table = false;
    while let Some(first) = scan.next() {
        let rest = scan.rest();
        let (length, class) = match first {
            c if c.is_whitespace() => (c.len_utf8(), None),
            '-' if rest.starts_with("--") => (line_length(rest), Some("c")),
            '/' if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |at| at + 2), Some("c"))
            }
            '\'' => (string_length(rest, first, false), Some("s")),
            '"' | '`' => {
                names_table = false;
                (string_length(rest, first, false), Some("t"))
            }
            '$' if let Some(length) = dollar_quoted(rest) => (length, Some("s")),
            '$' | '@' | ':' if rest[1..].starts_with(is_word) => {
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
                let class = class(word, &rest[length..], names_table);
                let opens_name = class == Some("k") && is_in(BEFORE_TABLES, word);
                // `IF EXISTS` and their like may stand before the name.
                names_table = opens_name || names_table && class == Some("k");
                (length, class)
            }
            // A name may have several parts.
            '.' => (1, None),
            c => {
                names_table = false;
                (c.len_utf8(), None)
            }
        };
        scan.take(length, class);
    }
    scan.pieces
}

fn class(word: &str, after: &str, names_table: bool) -> Option<&'static str> {
    if is_in(KEYWORDS, word) {
        Some("k")
    } else if is_in(&["false", "null", "true"], word) {
        Some("n")
    } else if names_table || is_in(TYPES, word) {
        Some("t")
    } else if after.starts_with('(') {
        Some("f")
    } else {
        None
    }
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
    }

    #[test]
    fn statements() {
        insta::assert_snapshot!(shown("sql", "\
SELECT t.id, count(*) AS n FROM a_b AS t JOIN \"X\" s ON s.id = t.a_id -- c
WHERE state IN ('it''s', $1, :p) AND at < now() - interval '3 minutes' /* block */ ORDER BY 2 DESC;
CREATE TABLE IF NOT EXISTS db.x (id bigint PRIMARY KEY, n varchar(20) NOT NULL, t int DEFAULT x::int);
DO $body$ BEGIN; $body$;
\\d x
"), @r#"
        k⟨SELECT⟩ t.id, f⟨count⟩(*) k⟨AS⟩ n k⟨FROM⟩ t⟨a_b⟩ k⟨AS⟩ t k⟨JOIN⟩ t⟨"X"⟩ s k⟨ON⟩ s.id = t.a_id c⟨-- c⟩
        k⟨WHERE⟩ state k⟨IN⟩ (s⟨'it''s'⟩, v⟨$1⟩, v⟨:p⟩) k⟨AND⟩ at < f⟨now⟩() - k⟨interval⟩ s⟨'3 minutes'⟩ c⟨/* block */⟩ k⟨ORDER BY⟩ n⟨2⟩ k⟨DESC⟩;
        k⟨CREATE TABLE IF NOT EXISTS⟩ t⟨db⟩.x (id t⟨bigint⟩ k⟨PRIMARY KEY⟩, n t⟨varchar⟩(n⟨20⟩) k⟨NOT⟩ n⟨NULL⟩, t t⟨int⟩ k⟨DEFAULT⟩ x::t⟨int⟩);
        k⟨DO⟩ s⟨$body$ BEGIN; $body$⟩;
        k⟨\d⟩ x
        "#);
    }
}
