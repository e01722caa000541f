//! Patterns of paths as in a `.gitignore`, which settings of other tools use.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns, of which the last one that matches counts.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    globs: GlobSet,
    /// For each glob, whether it takes a path in; `!pattern` takes it out again.
    takes: Vec<bool>,
}

impl Patterns {
    /// Reads a pattern a line. What is none counts for nothing.
    pub fn new(written: &str) -> Self {
        let mut globs = GlobSetBuilder::new();
        let mut takes = Vec::new();
        for line in written.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (line, takes_in) = match line.strip_prefix('!') {
                Some(line) => (line, false),
                None => (line, true),
            };
            let line = line.strip_prefix('\\').unwrap_or(line);
            let path = line.trim_end_matches('/');
            let pattern = match path.strip_prefix('/') {
                Some(anchored) => anchored.to_owned(),
                None if path.contains('/') => path.to_owned(),
                None => format!("**/{path}"),
            };
            let is_folder = path.len() < line.len();
            let own = (!is_folder).then(|| pattern.clone());
            for glob in [Some(format!("{pattern}/**")), own].into_iter().flatten() {
                if let Ok(glob) = GlobBuilder::new(&glob).literal_separator(true).build() {
                    globs.add(glob);
                    takes.push(takes_in);
                }
            }
        }
        let globs = globs.build().unwrap_or_default();
        Self { globs, takes }
    }

    /// Tells whether a path, relative to the folder that the patterns are of, is among them.
    pub fn hold(&self, path: &str) -> bool {
        let last = self.globs.matches(path).into_iter().max();
        last.and_then(|last| self.takes.get(last)).is_some_and(|takes| *takes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_match_as_in_a_gitignore() {
        let patterns = Patterns::new(
            "# a comment\n*.tmp.md\n/drafts/\nnotes/*.md\n_*\n!/drafts/kept.md\nold\n[\n\\#x.md\n",
        );
        for path in [
            "a.tmp.md",
            "x/b.tmp.md",
            "drafts/a.md",
            "drafts/x/a.md",
            "notes/a.md",
            "x/_a/b.md",
            "old/a.md",
            "x/old",
            "#x.md",
        ] {
            assert!(patterns.hold(path), "{path}");
        }
        for path in
            ["a.md", "x/drafts/a.md", "notes/x/a.md", "x/notes/a.md", "drafts/kept.md", "older"]
        {
            assert!(!patterns.hold(path), "{path}");
        }
        assert!(!Patterns::default().hold("a.md"));
    }
}
