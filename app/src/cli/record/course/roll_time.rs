//! Pre-roll and post-roll as people type them: `2s`, `1.5`, `500ms`, `1bar`, `2 bars`.

use std::str::FromStr;

use dawg_session::{RollTime, Samples, Session};

/// How long is rolled before or after a punch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::record) struct RollTimeArgument(RollTime);

impl RollTimeArgument {
    /// Where the song begins to roll for what starts at `at`.
    pub(super) fn before(this: Option<Self>, at: i64, session: &Session) -> i64 {
        this.map_or(at, |Self(time)| time.before(Samples(at), &session.tempo_map, session.sample_rate).0)
    }

    /// Where the song stops for what ends at `at`.
    pub(super) fn after(this: Option<Self>, at: i64, session: &Session) -> i64 {
        this.map_or(at, |Self(time)| time.after(Samples(at), &session.tempo_map, session.sample_rate).0)
    }
}

impl FromStr for RollTimeArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let bars = text.strip_suffix("bars").or_else(|| text.strip_suffix("bar"));
        let time = match bars {
            Some(bars) => bars.trim().parse().ok().map(RollTime::Bars),
            None => milliseconds(text).map(RollTime::Milliseconds),
        };
        time.filter(|time| time.in_range()).map(Self).ok_or_else(|| {
            format!(
                "give seconds (2s, 500ms; at most {}) or whole bars (1bar, '2 bars'; at most {})",
                RollTime::MOST_MILLISECONDS / 1_000,
                RollTime::MOST_BARS
            )
        })
    }
}

fn milliseconds(text: &str) -> Option<u32> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000.0),
    };
    let number: f64 = number.trim().parse().ok()?;
    let milliseconds = (number * unit).round();
    (0.0..=f64::from(u32::MAX)).contains(&milliseconds).then_some(milliseconds as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_bars_are_understood() {
        let read = |text: &str| text.parse::<RollTimeArgument>().map(|read| read.0).ok();
        for (text, time) in [
            ("2s", RollTime::Milliseconds(2_000)),
            ("1.5", RollTime::Milliseconds(1_500)),
            ("500ms", RollTime::Milliseconds(500)),
            ("0", RollTime::Milliseconds(0)),
            ("1bar", RollTime::Bars(1)),
            ("1 bar", RollTime::Bars(1)),
            ("2bars", RollTime::Bars(2)),
            (" 16 bars ", RollTime::Bars(16)),
        ] {
            assert_eq!(read(text), Some(time), "{text}");
        }
        for text in ["", "bar", "-1s", "17bars", "61s", "1.5bars", "NaN", "inf", "two"] {
            // Seen red: without the range asked, 17 bars and a minute and more are taken.
            assert_eq!(read(text), None, "{text}");
        }
    }
}
