//! Crashes after a new version.
//!
//! If the version made no difference, the episodes before and after it would share out as the time did in which the service was
//! up: how likely so many fall into the first hour (or day) after it is a binomial tail (the exact comparison of two Poisson
//! rates), corrected for both spans and all versions looked at.

use super::{DOUBT, History, Pattern, episodes, newest, up};
use crate::intelligence::statistics::binomial_tail;

const HOUR_MS: i64 = 3_600_000;
const SPANS: [(i64, &str); 2] = [(HOUR_MS, "hour"), (24 * HOUR_MS, "day")];
/// One fall may be an accident, whatever the test says.
const LEAST: usize = 2;

pub(super) fn find(history: &History<'_>) -> Vec<Pattern> {
    // What came before the first version that was ever told, nobody knows.
    let changes: Vec<&[(i64, String)]> =
        history.versions.windows(2).filter(|pair| pair[1].0 >= history.from).collect();
    let tests = (SPANS.len() * changes.len()) as f64;
    let end = |at: i64| history.versions.iter().map(|(next, _)| *next).find(|next| *next > at);
    let test = |pair: &&[(i64, String)]| {
        let (at, version) = &pair[1];
        let until = end(*at).unwrap_or(history.until).min(history.until);
        let best = SPANS.iter().filter_map(|(span, name)| {
            let after = within(history.failures, *at, until.min(at + span));
            let before = within(history.failures, history.from, *at);
            let (seen, all) = (episodes(after).len(), episodes(after).len() + episodes(before).len());
            let up_after = up(history.lived, *at, until.min(at + span)).max(1000);
            let up_before = up(history.lived, history.from, *at);
            if after.len() < LEAST || up_before < HOUR_MS {
                return None;
            }
            let share = up_after as f64 / (up_after + up_before) as f64;
            let doubt = binomial_tail(all as u64, share, seen as u64) * tests;
            Some((doubt, name, after, all - seen))
        });
        let (doubt, name, after, before) = best.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (doubt < DOUBT).then(|| Pattern {
            service: history.service.to_owned(),
            kind: "crash_after_version".to_owned(),
            says: format!(
                "{} fell {} times within a{} {name} after version {} became {version}; in the weeks before, {before} times",
                history.service,
                after.len(),
                if *name == "hour" { "n" } else { "" },
                pair[0].1,
            ),
            evidence: newest(after.iter().copied()),
            confidence: 1.0 - doubt,
        })
    };
    changes.iter().filter_map(test).collect()
}

fn within(times: &[i64], from: i64, until: i64) -> &[i64] {
    let first = times.partition_point(|at| *at < from);
    let last = times.partition_point(|at| *at < until);
    times.get(first..last).unwrap_or_default()
}
