//! What a project is the portal of: the working tree, or where its version is released, the release.

use std::sync::Arc;

use crate::cli::build;
use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::cli::released::{self, Refusal, Remade};
use crate::cli::site::SiteArguments;
use crate::diagnostic::emit::{self, Format};
use crate::diagnostic::{Diagnostic, Severity};
use crate::parse::config::Config;
use crate::render::Facts;
use crate::render::theme::{self, Theme};
use crate::render::version::Version;
use crate::serve::snapshot::Shown;
use crate::source::Tree;
use crate::write::front::Name;
use crate::{Judged, Memory, Observer, Options};

/// So many errors are shown over a page.
const MOST: usize = 20;

/// The columns of what is shown there.
const WIDTH: usize = 100;

/// A version that nothing stops, ready to be rendered.
pub(super) struct Current {
    pub(super) judged: Judged,
    pub(super) theme: Arc<Theme>,
    pub(super) released: bool,
}

/// What a look at the project came to.
pub(super) struct Look {
    pub(super) config: Config,
    /// Of the working tree, sorted.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Why the release that the working tree says it is cannot be made again.
    pub(super) refusal: Option<Failure>,
    /// `None` where something stops it.
    pub(super) current: Option<Current>,
}

/// Judges a project.
pub(super) fn look(
    project: &Project,
    site: &SiteArguments,
    options: &Options,
    observer: Observer<'_>,
    memory: &mut Memory,
) -> Look {
    let judged = crate::judge_again(&project.tree, project.past(), options, observer, memory);
    observer("theme");
    let config = judged.portal.config.clone();
    let mut diagnostics = judged.diagnostics.clone();
    let stopped = diagnostics.iter().any(|problem| problem.code.fatal || options.strict);
    if stopped {
        return Look { config, diagnostics, refusal: None, current: None };
    }
    let mut refusal = None;
    let (released, judged, (theme, problems)) = match judged.portal.released() {
        None => {
            let theme = theme(&judged, &project.tree, &mut memory.theme);
            (false, judged, theme)
        }
        Some(release) => {
            let damage = released::damage(release);
            if damage.is_some() {
                return Look { config, diagnostics, refusal: damage, current: None };
            }
            let signed = released::signed(&judged, &site.destination(project, &config), release);
            let (mut again, theme) = match released::remake(project, &config, release) {
                Ok(Remade { tree, judged, .. }) => {
                    let theme = theme(&judged, &tree, &mut memory.theme);
                    (judged, theme)
                }
                // The working tree is what was released: `judge` saw to it.
                Err(Refusal::Absent(why)) => {
                    refusal = Some(why);
                    let again = crate::judge_release(&project.tree, project.past(), release);
                    let theme = theme(&again, &project.tree, &mut memory.theme);
                    (again, theme)
                }
                Err(Refusal::Differs(why)) => {
                    return Look { config, diagnostics, refusal: Some(why), current: None };
                }
            };
            again.release = signed;
            (true, again, theme)
        }
    };
    let is_whole = problems.is_empty();
    diagnostics.extend(problems);
    let mut current = is_whole.then_some(Current { judged, theme, released });
    if let Some(shown) = &current
        && config.handover.theme.is_some()
        && memory.tried.as_ref().is_none_or(|tried| !Arc::ptr_eq(tried, &shown.theme))
    {
        match Version::new(shown.facts(), &shown.theme).try_templates() {
            Ok(()) => memory.tried = Some(Arc::clone(&shown.theme)),
            Err(problem) => {
                diagnostics.push(*problem);
                current = None;
            }
        }
    }
    Look { config, diagnostics, refusal, current }
}

impl Look {
    /// Returns the errors, with their places and texts, and why there is no release. What stops a build comes first.
    pub(super) fn problems(&self) -> Vec<String> {
        let errors = self.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let mut errors: Vec<&Diagnostic> = errors.collect();
        errors.sort_by_key(|error| !error.code.fatal);
        let errors = errors.into_iter().take(MOST).map(|error| {
            let text = emit::emit(Format::Human, std::slice::from_ref(error), false, WIDTH);
            text.trim_end().to_owned()
        });
        errors.chain(self.refusal.iter().map(Failure::to_string)).collect()
    }
}

fn theme(
    judged: &Judged,
    tree: &Tree,
    memory: &mut theme::Memory,
) -> (Arc<Theme>, Vec<Diagnostic>) {
    let name = judged.portal.config.handover.theme.as_ref();
    Theme::load_again(tree, name.map(|name| name.as_str()), memory)
}

impl Shown for Current {
    fn facts(&self) -> Facts<'_> {
        self.judged.facts()
    }

    fn theme(&self) -> &Theme {
        &self.theme
    }

    fn name(&self) -> Name<'_> {
        build::name(&self.judged, self.released)
    }
}
