//! The theme: templates, styles and scripts, built in, and replaced file by file from `themes/NAME/`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::render::{icon, words};
use crate::source::{Source, SourcePath, Tree};

/// A template of the project's theme that cannot be read, or that asks for what a page does not have.
pub static BROKEN_TEMPLATE: Code = Code {
    id: "broken-template",
    severity: Severity::Error,
    summary: "A template of the theme does not render.",
    docs: include_str!("broken_template.md"),
    fatal: true,
};

/// The templates, by name. A page asks for one; the others are included or extended.
const TEMPLATES: &[(&str, &str)] = &[
    ("404.html", include_str!("../../themes/handover/404.html")),
    ("alerts.html", include_str!("../../themes/handover/alerts.html")),
    ("base.html", include_str!("../../themes/handover/base.html")),
    ("changes.html", include_str!("../../themes/handover/changes.html")),
    ("components.html", include_str!("../../themes/handover/components.html")),
    ("document.html", include_str!("../../themes/handover/document.html")),
    ("documents.html", include_str!("../../themes/handover/documents.html")),
    ("escalation.html", include_str!("../../themes/handover/escalation.html")),
    ("home.html", include_str!("../../themes/handover/home.html")),
    ("plan.html", include_str!("../../themes/handover/plan.html")),
    ("print.html", include_str!("../../themes/handover/print.html")),
    ("readiness.html", include_str!("../../themes/handover/readiness.html")),
    ("releases.html", include_str!("../../themes/handover/releases.html")),
    ("search.html", include_str!("../../themes/handover/search.html")),
    ("sign-off.html", include_str!("../../themes/handover/sign-off.html")),
];

/// The files that go to the output as they are, by their path there.
const FILES: &[(&str, &str)] = &[
    ("app.css", include_str!("../../themes/handover/app.css")),
    ("app.js", include_str!("../../themes/handover/app.js")),
    ("icon.svg", include_str!("../../themes/handover/icon.svg")),
    ("search.css", include_str!("../../themes/handover/search.css")),
    ("search.js", include_str!("../../themes/handover/search.js")),
    ("sign-off.css", include_str!("../../themes/handover/sign-off.css")),
    ("theme.js", include_str!("../../themes/handover/theme.js")),
];

/// A theme, ready to render.
pub struct Theme {
    tera: Tera,
    /// The files of the output, by their path.
    pub files: BTreeMap<&'static str, Arc<[u8]>>,
    /// The templates that the project brings, by name.
    overrides: BTreeMap<&'static str, Arc<Source>>,
}

/// The theme as it was last, and the files of the project that stand in it.
#[derive(Default)]
pub struct Memory(Option<(Own, Arc<Theme>)>);

/// For each file of the theme, the one that the project brings in its place.
type Own = Vec<Option<Arc<Source>>>;

/// Returns the file that the project brings in place of one of the theme.
fn own(tree: &Tree, name: Option<&str>, file: &str) -> Option<Arc<Source>> {
    let path = SourcePath::new(&format!("themes/{}/{file}", name?))?;
    tree.source(&path).ok()?
}

impl Theme {
    /// The same as `load`, with what is remembered of the last time.
    pub fn load_again(
        tree: &Tree,
        name: Option<&str>,
        memory: &mut Memory,
    ) -> (Arc<Self>, Vec<Diagnostic>) {
        let files = TEMPLATES.iter().chain(FILES);
        let own: Own = files.map(|(file, _)| own(tree, name, file)).collect();
        let is_same = |known: &[Option<Arc<Source>>]| {
            let ids = |files: &[Option<Arc<Source>>]| -> Vec<Option<*const Source>> {
                files.iter().map(|file| file.as_ref().map(Arc::as_ptr)).collect()
            };
            ids(known) == ids(&own)
        };
        if let Some((_, theme)) = memory.0.as_ref().filter(|(known, _)| is_same(known)) {
            return (Arc::clone(theme), Vec::new());
        }
        let (theme, problems) = Self::load(tree, name);
        let theme = Arc::new(theme);
        memory.0 = problems.is_empty().then(|| (own, Arc::clone(&theme)));
        (theme, problems)
    }

    /// Returns the built-in theme with the files of `themes/NAME/` in place of its own, and what is wrong with those.
    pub fn load(tree: &Tree, name: Option<&str>) -> (Self, Vec<Diagnostic>) {
        let own = |file: &str| own(tree, name, file);
        let mut overrides = BTreeMap::new();
        let mut texts: BTreeMap<&str, Cow<'static, str>> = BTreeMap::new();
        for &(file, text) in TEMPLATES {
            match own(file) {
                Some(source) => {
                    texts.insert(file, source.text.clone().into());
                    overrides.insert(file, source);
                }
                None => {
                    texts.insert(file, text.into());
                }
            }
        }
        let files = FILES
            .iter()
            .map(|&(file, text)| match own(file) {
                Some(source) => (file, source.text.as_bytes().into()),
                None if file.ends_with(".css") && file != "sign-off.css" => {
                    (file, packed(text).into_bytes().into())
                }
                None => (file, text.as_bytes().into()),
            })
            .collect();
        match compile(&texts) {
            Ok(tera) => (Self { tera, files, overrides }, Vec::new()),
            Err(error) => {
                let tera =
                    compile(&TEMPLATES.iter().map(|&(name, text)| (name, text.into())).collect())
                        .expect("invariant: the built-in theme compiles");
                let theme = Self { tera, files, overrides };
                let problem = theme.problem(None, &error);
                (theme, vec![problem])
            }
        }
    }

    /// Renders a template with what a page may say.
    ///
    /// # Errors
    /// A template of the project asks for what the context does not have.
    ///
    /// # Panics
    /// A template of the built-in theme does.
    pub fn render(
        &self,
        template: &str,
        context: &impl Serialize,
    ) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(context).expect("invariant: a context is a struct");
        self.tera
            .render(template, &context)
            .map_err(|error| Box::new(self.problem(Some(template), &error)))
    }

    /// Returns the report of a template error, at the file of the project that most likely causes it.
    fn problem(&self, template: Option<&str>, error: &tera::Error) -> Diagnostic {
        let message = whole(error);
        let source = self
            .overrides
            .iter()
            .find(|(name, _)| message.contains(**name))
            .or_else(|| template.and_then(|name| self.overrides.get_key_value(name)))
            .or_else(|| self.overrides.first_key_value())
            .map(|(_, source)| source);
        let Some(source) = source else {
            panic!("invariant: the built-in theme renders: {message}")
        };
        Diagnostic::new(
            &BROKEN_TEMPLATE,
            source,
            0..0,
            format!("the template does not render: {message}"),
        )
    }
}

/// Returns an error and its causes on one line.
fn whole(error: &tera::Error) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns styles without what only their authors need: comments, line ends and most blanks.
fn packed(css: &str) -> String {
    let lines = css.lines().map(str::trim).filter(|line| !line.starts_with("/*"));
    let mut packed: String = lines.collect();
    for (loose, tight) in
        [(" {", "{"), ("{ ", "{"), (" }", "}"), ("; ", ";"), (";}", "}"), (": ", ":"), (", ", ",")]
    {
        packed = packed.replace(loose, tight);
    }
    packed
}

fn compile(texts: &BTreeMap<&str, Cow<'static, str>>) -> tera::TeraResult<Tera> {
    let mut tera = Tera::new();
    tera.set_escape_fn(escape);
    tera.register_function("icon", IconFunction);
    tera.add_raw_templates(texts.iter().map(|(name, text)| (*name, text.as_ref())))?;
    Ok(tera)
}

/// Writes a text as the engine does of itself, but not byte by byte.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = words::entity(byte) {
            out.write_all(&text.as_bytes()[from..at])?;
            out.write_all(entity.as_bytes())?;
            from = at + 1;
        }
    }
    out.write_all(&text.as_bytes()[from..])
}

/// `{{ icon(name="tick") }}`
struct IconFunction;

impl tera::Function<tera::TeraResult<String>> for IconFunction {
    fn call(&self, kwargs: Kwargs, _: &State<'_>) -> tera::TeraResult<String> {
        Ok(icon::svg(kwargs.must_get::<&str>("name")?))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    const CSS: &str = include_str!("../../themes/handover/app.css");

    /// The custom properties of every block that sets `--bg`, in the order of the file: light, dark, dark.
    fn palettes() -> Vec<BTreeMap<&'static str, &'static str>> {
        CSS.split('}')
            .filter(|block| block.contains("--bg:"))
            .map(|block| {
                block
                    .split(['{', ';'])
                    .filter_map(|declaration| declaration.trim().split_once(": "))
                    .filter(|(name, value)| name.starts_with("--") && value.starts_with('#'))
                    .collect()
            })
            .collect()
    }

    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_color_can_be_read_on_what_it_stands_on() {
        let grounds = ["--bg", "--bg-2", "--bg-3"];
        let tones = ["pass", "warn", "fail", "info", "none"];
        let palettes = palettes();
        assert_eq!(palettes.len(), 3);
        assert_eq!(palettes[1], palettes[2], "the dark values are the same twice");
        for palette in &palettes {
            let least = |color: &str, ground: &str, ratio: f64| {
                let found = contrast(palette[color], palette[ground]);
                assert!(found >= ratio, "{color} on {ground}: {found:.2}, not {ratio}");
            };
            for ground in grounds {
                least("--ink", ground, 7.0);
                least("--ink-2", ground, 4.5);
                least("--link", ground, 4.5);
                least("--visited", ground, 4.5);
                least("--focus", ground, 3.0);
            }
            least("--control", "--bg", 3.0);
            least("--on-accent", "--accent", 7.0);
            least("--ink", "--accent-soft", 7.0);
            for tone in tones {
                let (color, ground) = (format!("--{tone}"), format!("--{tone}-bg"));
                least(&color, "--bg", 4.5);
                least(&color, &ground, 4.5);
                least("--ink", &ground, 7.0);
            }
            for code in ["--keyword", "--string", "--comment", "--number", "--function"] {
                least(code, "--bg-2", 4.5);
            }
        }
    }

    #[test]
    fn styles_and_scripts_stay_small() {
        let shipped = packed(CSS).len();
        assert!(shipped <= 20 * 1024, "{shipped}");
        assert!(include_str!("../../themes/handover/app.js").len() <= 15 * 1024);
        assert!(include_str!("../../themes/handover/theme.js").len() <= 300);
    }

    #[test]
    fn styles_are_packed_without_a_change_of_what_they_say() {
        assert_eq!(
            packed("/* One */\na, b > c {\n  margin: 0 .5rem;\n  color: red;\n}\n"),
            "a,b > c{margin:0 .5rem;color:red}"
        );
        let strings = |css: &str| -> Vec<String> {
            css.split('"').skip(1).step_by(2).map(str::to_owned).collect()
        };
        assert_eq!(strings(CSS), strings(&packed(CSS)));
        assert!(!packed(CSS).contains("/*"), "a comment stands on a line of its own");
    }

    #[test]
    fn scripts_use_nothing_that_a_page_from_disk_cannot_do() {
        for script in [
            include_str!("../../themes/handover/app.js"),
            include_str!("../../themes/handover/theme.js"),
        ] {
            for forbidden in ["fetch(", "import ", "import(", "innerHTML", "Worker(", "eval("] {
                assert!(!script.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn a_file_of_the_project_replaces_the_built_in_one() {
        let tree = fixture::tree(
            "-- themes/own/404.html --\nGone from {{ frame.site }}\n-- themes/own/app.css --\nbody {}\n",
        );
        let (theme, problems) = Theme::load(&tree, Some("own"));
        assert!(problems.is_empty());
        assert_eq!(&*theme.files["app.css"], b"body {}\n");
        assert_ne!(theme.files["app.js"].len(), 0);
        let html = theme.render("404.html", &serde_json::json!({ "frame": { "site": "<A&B>" } }));
        assert_eq!(html.unwrap(), "Gone from &lt;A&amp;B&gt;\n", "what is shown is escaped");
    }

    #[test]
    fn a_broken_template_is_reported_at_its_file() {
        let tree = fixture::tree("-- themes/own/home.html --\n{% if %}\n");
        let (_, problems) = Theme::load(&tree, Some("own"));
        assert_eq!(problems[0].source.path.as_str(), "themes/own/home.html");
        let tree = fixture::tree("-- themes/own/home.html --\n{{ no_such_thing }}\n");
        let (theme, problems) = Theme::load(&tree, Some("own"));
        assert!(problems.is_empty());
        let problem = theme.render("home.html", &serde_json::json!({ "frame": 1 })).unwrap_err();
        assert!(problem.message.contains("no_such_thing"), "{}", problem.message);
    }

    #[test]
    fn the_page_about_broken_templates_is_true() {
        let fixture = |title: &str| {
            let (_, rest) = BROKEN_TEMPLATE.docs.split_once(title).unwrap();
            rest.split("```").nth(1).unwrap().strip_prefix("text\n").unwrap()
        };
        let problems = |fixture: &str| {
            let build = crate::build(&fixture::tree(fixture), &fixture::options());
            (build.judged.diagnostics.len(), build.output.is_some())
        };
        assert_eq!(problems(fixture("## Wrong")), (1, false));
        assert_eq!(problems(fixture("## Right")), (0, true));
    }
}
