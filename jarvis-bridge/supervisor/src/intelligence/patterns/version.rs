//! Crashes after a new version.
//!
//! If the version made no difference, the episodes before and after it would share out as the time did in which the service was
//! up: how likely so many fall into the first hour (or day) after it is a binomial tail (the exact comparison of two Poisson
//! rates). Asked twice: of all episodes, and of those with at least as many falls as the worst after it, for a crash loop is
//! no single fall. Corrected for both questions, both spans and all versions looked at. Versions change seldom, and one crash
//! loop must be enough: here chance may bring a pattern once in two hundred services ([`RARE`]).

use super::{History, Pattern, episodes, newest, up};
use crate::intelligence::statistics::binomial_tail;

const RARE: f64 = 0.005;
const HOUR_MS: i64 = 3_600_000;
const SPANS: [(i64, &str); 2] = [(HOUR_MS, "an hour"), (24 * HOUR_MS, "a day")];
/// One fall may be an accident, whatever the test says.
const LEAST: usize = 2;

pub(super) fn find(history: &History<'_>) -> Vec<Pattern> {
    // What came before the first version that was ever told, nobody knows.
    let pairs = history.versions.windows(2).filter_map(|pair| match pair {
        [old, new] if new.0 >= history.from => Some((old.1.as_str(), new.0, new.1.as_str())),
        _ => None,
    });
    let changes: Vec<(&str, i64, &str)> = pairs.collect();
    let tests = (2 * SPANS.len() * changes.len()) as f64;
    changes.iter().filter_map(|(old, at, new)| test(history, old, *at, new, tests)).collect()
}

fn test(history: &History<'_>, old: &str, at: i64, new: &str, tests: f64) -> Option<Pattern> {
    let next = history.versions.iter().map(|(next, _)| *next).find(|next| *next > at);
    let until = next.unwrap_or(history.until).min(history.until);
    let before = within(history.failures, history.from, at);
    let up_before = up(history.lived, history.from, at);
    if up_before < HOUR_MS {
        return None;
    }
    let spans = SPANS.iter().filter_map(|(span, name)| {
        let end = until.min(at + span);
        let after = within(history.failures, at, end);
        let up_after = up(history.lived, at, end).max(1000);
        let share = up_after as f64 / (up_after + up_before) as f64;
        (after.len() >= LEAST).then(|| (doubt(before, after, share) * tests, *name, after))
    });
    let (doubt, span, after) = spans.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (doubt < RARE).then(|| Pattern {
        service: history.service.to_owned(),
        kind: "crash_after_version".to_owned(),
        says: format!(
            "{} fell {} times within {span} after version {old} became {new}; {} times in the weeks before",
            history.service,
            after.len(),
            before.len()
        ),
        evidence: newest(after.iter().copied()),
        confidence: 1.0 - doubt,
    })
}

/// How likely chance puts so many episodes, or so bad ones, into this share of the time.
fn doubt(before: &[i64], after: &[i64], share: f64) -> f64 {
    let (before, after) = (episodes(before), episodes(after));
    let worst = after.iter().map(|(_, falls)| *falls).max().unwrap_or(0);
    let of = |falls: usize| {
        let count = |all: &[(i64, usize)]| all.iter().filter(|(_, of)| *of >= falls).count() as u64;
        binomial_tail(count(&before) + count(&after), share, count(&after))
    };
    of(1).min(of(worst))
}

fn within(times: &[i64], from: i64, until: i64) -> &[i64] {
    let first = times.partition_point(|at| *at < from);
    let last = times.partition_point(|at| *at < until);
    times.get(first..last).unwrap_or_default()
}
