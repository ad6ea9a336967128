//! Uptime: how a service was in each part of a time, and what is left of the objective.

use crate::clock::Wall;

use super::Bar;

/// The objective: healthy in this share of the measured time.
const OBJECTIVE: f64 = 0.999;

/// How a service was, in four words; the fourth, unknown, is what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Healthy,
    Unwell,
    Down,
}

impl How {
    /// By the name of a state.
    pub(crate) fn of(state: &str) -> Self {
        match state {
            "healthy" => Self::Healthy,
            "down" | "blocked" => Self::Down,
            _ => Self::Unwell,
        }
    }
}

/// It was so from then to then; milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lived {
    pub(crate) since: i64,
    pub(crate) until: i64,
    pub(crate) how: How,
}

/// Makes spans, in the order in which they were told, one after another in time: what was told later counts.
pub(crate) fn part(spans: &mut Vec<Lived>) {
    let mut begin = i64::MAX;
    for span in spans.iter_mut().rev() {
        span.until = span.until.min(begin);
        begin = begin.min(span.since);
    }
    spans.retain(|span| span.since < span.until);
}

/// `parts` equal parts of the time; the spans are in order and do not overlap.
pub(crate) fn bars(spans: &[Lived], from: i64, until: i64, parts: usize) -> Vec<Bar> {
    let edge = |part: usize| from + (until - from) * part as i64 / parts.max(1) as i64;
    let mut spans = spans.iter().copied().skip_while(|span| span.until <= from).peekable();
    (0..parts)
        .map(|part| {
            let (begin, end) = (edge(part), edge(part + 1));
            let mut bar = Bar { from: Wall(begin), ..Bar::default() };
            let mut known = 0;
            while let Some(span) = spans.peek().copied().filter(|span| span.since < end) {
                let share = (span.until.min(end) - span.since.max(begin)).max(0).unsigned_abs();
                known += share;
                match span.how {
                    How::Healthy => bar.healthy_ms += share,
                    How::Unwell => bar.unwell_ms += share,
                    How::Down => bar.down_ms += share,
                }
                if span.until > end {
                    break;
                }
                spans.next();
            }
            bar.unknown_ms = (end - begin).unsigned_abs().saturating_sub(known);
            bar
        })
        .collect()
}

/// The share of the measured time in which it was healthy.
pub(crate) fn uptime(bars: &[Bar]) -> Option<f64> {
    let healthy: u64 = bars.iter().map(|bar| bar.healthy_ms).sum();
    let measured: u64 = bars.iter().map(|bar| bar.healthy_ms + bar.unwell_ms + bar.down_ms).sum();
    (measured > 0).then(|| healthy as f64 / measured as f64)
}

/// The share of what may be missed that is left.
pub(crate) fn budget_left(bars: &[Bar]) -> Option<f64> {
    uptime(bars).map(|uptime| 1.0 - (1.0 - uptime) / (1.0 - OBJECTIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(since: i64, until: i64, how: How) -> Lived {
        Lived { since, until, how }
    }

    #[test]
    fn bars_count_every_millisecond_once() {
        // Seen red: with a span that reaches over an edge counted in its first part only.
        let spans = [span(50, 150, How::Healthy), span(150, 230, How::Down), span(260, 290, How::Unwell)];
        let bars = bars(&spans, 100, 300, 2);
        let told: Vec<_> =
            bars.iter().map(|bar| (bar.healthy_ms, bar.unwell_ms, bar.down_ms, bar.unknown_ms)).collect();
        assert_eq!(told, [(50, 0, 50, 0), (0, 30, 30, 40)]);
        assert_eq!(uptime(&bars), Some(50.0 / 160.0));
        assert_eq!(uptime(&[]), None);
    }

    #[test]
    fn what_was_told_later_counts_where_the_calendar_was_set_back() {
        // Seen red: with the first word counting.
        let mut spans = vec![span(0, 100, How::Healthy), span(40, 60, How::Down), span(60, 70, How::Healthy)];
        part(&mut spans);
        assert_eq!(spans, [span(0, 40, How::Healthy), span(40, 60, How::Down), span(60, 70, How::Healthy)]);
    }

    #[test]
    fn a_minute_a_day_is_within_the_objective_and_two_are_not() {
        // Seen red: with an objective of 99 %.
        let day = |down_ms| Bar { healthy_ms: 86_400_000 - down_ms, down_ms, ..Bar::default() };
        assert!(budget_left(&[day(60_000)]).unwrap() > 0.3);
        assert!(budget_left(&[day(120_000)]).unwrap() < 0.0);
        assert_eq!(budget_left(&[day(0)]), Some(1.0));
    }
}
