//! Failures by hour of the day, and by weekday.
//!
//! The time watched is cut into hours (or days). If the hour of the day had nothing to do with it, each of them would be as
//! likely to see a fall as any other: how likely then so many of those with a fall lie at three o'clock is Fisher's exact test,
//! one-sided, corrected for 24 hours (7 weekdays) by Bonferroni. Episodes count, not single falls.

use std::collections::{BTreeMap, BTreeSet};

use super::{DOUBT, History, Pattern, episodes, newest, up};
use crate::intelligence::statistics::hypergeometric_tail;

const HOUR_MS: i64 = 3_600_000;
/// An hour counts as watched if the service was up for so much of it.
const WATCHED_MS: i64 = 600_000;
/// Fewer than three prove no habit.
const LEAST: u64 = 3;
const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

pub(super) fn find(history: &History<'_>) -> Vec<Pattern> {
    let episodes: Vec<i64> = episodes(history.failures).into_iter().map(|(begin, _)| begin).collect();
    if (episodes.len() as u64) < LEAST {
        return Vec::new();
    }
    let hour_of = |at: i64| (at + history.offset).div_euclid(HOUR_MS);
    let failing: BTreeSet<i64> = episodes.iter().map(|at| hour_of(*at)).collect();
    let watched = |hour: &i64| {
        let begin = hour * HOUR_MS - history.offset;
        failing.contains(hour) || up(history.lived, begin, begin + HOUR_MS) >= WATCHED_MS
    };
    let hours: BTreeSet<i64> = (hour_of(history.from)..=hour_of(history.until)).filter(watched).collect();
    let mut found = by(
        &hours,
        &failing,
        24,
        |hour| hour.rem_euclid(24),
        |hour, seen, of| {
            let times = episodes.iter().copied().filter(|at| hour_of(*at).rem_euclid(24) == hour);
            let next = (hour + 1) % 24;
            let says =
                format!("{} fails between {hour}:00 and {next}:00: on {seen} of {of} days", history.service);
            ("failures_by_hour", says, newest(times))
        },
        history.service,
    );
    let day = |hours: &BTreeSet<i64>| hours.iter().map(|hour| hour.div_euclid(24)).collect::<BTreeSet<_>>();
    // 1970 began on a Thursday.
    let weekday = |day: i64| (day + 3).rem_euclid(7);
    found.extend(by(
        &day(&hours),
        &day(&failing),
        7,
        weekday,
        |weekday_, seen, of| {
            let times =
                episodes.iter().copied().filter(|at| weekday(hour_of(*at).div_euclid(24)) == weekday_);
            let name = usize::try_from(weekday_).ok().and_then(|at| DAYS.get(at)).unwrap_or(&"days");
            let says = format!("{} fails on {name}: on {seen} of {of}", history.service);
            ("failures_by_weekday", says, newest(times))
        },
        history.service,
    ));
    found
}

/// The groups of `cells` in which more are `hit` than chance allows.
fn by(
    cells: &BTreeSet<i64>,
    hit: &BTreeSet<i64>,
    groups: i64,
    group_of: impl Fn(i64) -> i64,
    tell: impl Fn(i64, u64, u64) -> (&'static str, String, Vec<crate::clock::Wall>),
    service: &str,
) -> Vec<Pattern> {
    let mut counts: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for cell in cells {
        let count = counts.entry(group_of(*cell)).or_default();
        count.0 += 1;
        count.1 += u64::from(hit.contains(cell));
    }
    let (all, hits) = (cells.len() as u64, hit.len() as u64);
    let test = |(group, (of, seen)): (i64, (u64, u64))| {
        let doubt = hypergeometric_tail(all, of, hits, seen) * groups as f64;
        (seen >= LEAST && doubt < DOUBT).then(|| {
            let (kind, says, evidence) = tell(group, seen, of);
            let elsewhere = format!("{says}, and in {} of {} at other times", hits - seen, all - of);
            Pattern {
                service: service.to_owned(),
                kind: kind.to_owned(),
                says: elsewhere,
                evidence,
                confidence: 1.0 - doubt,
            }
        })
    };
    counts.into_iter().filter_map(test).collect()
}
