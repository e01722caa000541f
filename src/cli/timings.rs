//! How long each stage of a build takes.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A clock that is told which stage begins.
pub(super) struct Clock {
    start: Instant,
    /// Each stage with its beginning. One may come again.
    stages: RefCell<Vec<(&'static str, Instant)>>,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { start: Instant::now(), stages: RefCell::default() }
    }

    /// Notes that a stage begins, and that the one before it is over.
    pub(super) fn stage(&self, name: &'static str) {
        self.stages.borrow_mut().push((name, Instant::now()));
    }

    /// Returns the time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Returns a line for each stage, in the order in which they first began, and one for all.
    pub(super) fn report(&self) -> String {
        let end = Instant::now();
        let stages = self.stages.borrow();
        let ends = stages.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let first = stages.first().map_or(end, |(_, at)| *at);
        let mut sums = vec![("starting", first - self.start)];
        for (&(name, at), end) in stages.iter().zip(ends) {
            match sums.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += end - at,
                None => sums.push((name, end - at)),
            }
        }
        table(&sums, end - self.start)
    }
}

fn table(stages: &[(&str, Duration)], all: Duration) -> String {
    let mut text = String::new();
    for (name, took) in stages.iter().copied().chain([("all", all)]) {
        let share = 100.0 * took.as_secs_f64() / all.as_secs_f64().max(f64::MIN_POSITIVE);
        let took = took.as_secs_f64() * 1000.0;
        writeln!(text, "{name:<12}{took:>10.1} ms{share:>7.1} %")
            .expect("invariant: writing to a string");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_has_its_time_and_its_share() {
        let stages =
            [("reading", Duration::from_millis(150)), ("writing", Duration::from_millis(50))];
        insta::assert_snapshot!(table(&stages, Duration::from_millis(200)), @r"
        reading          150.0 ms   75.0 %
        writing           50.0 ms   25.0 %
        all              200.0 ms  100.0 %
        ");
    }

    #[test]
    fn a_stage_that_comes_again_has_one_line() {
        let clock = Clock::start();
        ["reading", "writing", "reading"].into_iter().for_each(|name| clock.stage(name));
        let report = clock.report();
        let names: Vec<&str> = report.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["starting", "reading", "writing", "all"]);
    }
}
