//! Patterns in what failed: found, explained, and told with how surely they are none of chance's.
//!
//! Start at [`find`]. Each kind states its test in its own file. One tells a pattern when chance alone would bring it less often
//! than once in a thousand services ([`DOUBT`]; of versions, once in two hundred), after correction for all that was looked at:
//! a service without patterns is given one at most once in 125 times. Most tests, being of counts, stay far below that; a test
//! counts it in 2,000 services of chance.

mod calendar;
mod drift;
mod version;

pub(crate) use super::Pattern;
use super::bars::{How, Lived};
use crate::clock::Wall;

/// The most that chance may bring a pattern of one kind in one service.
const DOUBT: f64 = 0.001;
/// Falls this soon after one another are one: a crash loop is not many accidents.
const EPISODE_MS: i64 = 3_600_000;
/// The most times that are told as evidence.
const EVIDENCE: usize = 20;

/// What is known of one service. Times in milliseconds since 1970, all in order.
#[derive(Debug)]
pub(crate) struct History<'a> {
    pub(crate) service: &'a str,
    /// When it fell.
    pub(crate) failures: &'a [i64],
    /// How it was, without overlap.
    pub(crate) lived: &'a [Lived],
    /// From when on it said it was that version.
    pub(crate) versions: &'a [(i64, String)],
    /// Of hours that were measured: begin, and median in milliseconds.
    pub(crate) medians: &'a [(i64, f64)],
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// How far the clocks on the wall are ahead of UTC, in milliseconds.
    pub(crate) offset: i64,
}

/// All patterns, surest first.
pub(crate) fn find(history: &History<'_>) -> Vec<Pattern> {
    let mut all = calendar::find(history);
    all.extend(drift::find(history));
    all.extend(version::find(history));
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    all
}

/// Episodes: when each began, and how many falls it had.
fn episodes(failures: &[i64]) -> Vec<(i64, usize)> {
    let mut all: Vec<(i64, usize)> = Vec::new();
    for at in failures {
        match all.last_mut() {
            Some((begin, falls)) if at - *begin < EPISODE_MS => *falls += 1,
            _ => all.push((*at, 1)),
        }
    }
    all
}

/// How long it was up between two times: while it is down it cannot fall.
fn up(lived: &[Lived], from: i64, until: i64) -> i64 {
    let first = lived.partition_point(|span| span.until <= from);
    let spans = lived.iter().skip(first).take_while(|span| span.since < until);
    spans.filter(|span| span.how != How::Down).map(|span| span.until.min(until) - span.since.max(from)).sum()
}

fn newest(times: impl IntoIterator<Item = i64>) -> Vec<Wall> {
    let mut all: Vec<i64> = times.into_iter().collect();
    all.drain(..all.len().saturating_sub(EVIDENCE));
    all.into_iter().map(Wall).collect()
}

#[cfg(test)]
mod tests;
