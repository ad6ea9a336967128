//! Numbers, times and names as the panel says them.

use jarvis::clock::Wall;
use jarvis::gauge::Gauge;

pub(super) use crate::studio::operator::happening::{span, title};

/// What stands where nothing has been measured.
pub(super) const NO_DATA: &str = "no data yet";
/// The same, where there is room for a sign only.
pub(super) const DASH: &str = "—";

/// The local time of day, `14:02:19`.
#[must_use]
pub(super) fn clock(at: Wall, local: i64) -> String {
    part(at, local, 11, 19)
}

/// Local day and time: the time alone if that was on the day of `now`, else `11-20 14:02`.
#[must_use]
pub(super) fn moment(at: Wall, now: Wall, local: i64) -> String {
    let day = |wall| part(wall, local, 0, 10);
    if day(at) == day(now) { clock(at, local) } else { part(at, local, 5, 16) }
}

/// Day and time in full, for files.
#[must_use]
pub(super) fn universal(at: Wall) -> String {
    at.to_string()
}

fn part(at: Wall, local: i64, from: usize, to: usize) -> String {
    let text = Wall(at.0.saturating_add(local.saturating_mul(1_000))).to_string();
    text.get(from..to).unwrap_or(DASH).to_owned()
}

/// How long ago: `12 s ago`.
#[must_use]
pub(super) fn ago(at: Wall, now: Wall) -> String {
    let since = now.since(at).as_millis() as u64;
    if since < 1_000 { "just now".to_owned() } else { format!("{} ago", span(since / 1_000 * 1_000)) }
}

/// A share in per cent, with as many digits as say something: `99.94 %`, `100 %`. Never rounded up to all of it.
#[must_use]
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 100.0 || percent == 0.0 {
        return format!("{percent:.0} %");
    }
    // 99.999 % is not all: it is cut, not rounded.
    let hundredths = (percent * 100.0).floor() / 100.0;
    if hundredths == 0.0 { "< 0.01 %".to_owned() } else { format!("{hundredths:.2} %") }
}

/// Milliseconds: `5.3 ms`, `41 ms`, `1.2 s`.
#[must_use]
pub(super) fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1_000.0),
    }
}

/// A count with its thousands apart: `20,160`.
#[must_use]
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// A value in its unit.
#[must_use]
pub(super) fn measured(value: f64, unit: &str) -> String {
    match unit {
        "share" => format!("{:.1} %", value * 100.0),
        "ms" => milliseconds(value),
        "us" | "µs" => milliseconds(value / 1_000.0),
        "s" | "seconds" => span((value.max(0.0) * 1_000.0) as u64),
        "bytes" => bytes(value),
        "count" => count(value.max(0.0).round() as u64),
        "" => format!("{value}"),
        unit if value.fract() == 0.0 => format!("{value:.0} {unit}"),
        unit => format!("{value:.2} {unit}"),
    }
}

/// A gauge as people name it; one that nobody here knows, by its own name.
#[must_use]
pub(super) fn gauge_name(name: &str) -> String {
    let known = match name {
        "audio_device_missing" => "Sound device missing",
        "audio_xruns" => "Drop-outs since the device was opened",
        "audio_xruns_minute" => "Drop-outs in the last minute",
        "audio_late_blocks" => "Late blocks since the device was opened",
        "audio_missed_frames" => "Frames the disk was late for",
        "audio_round_trip" => "Round trip",
        "disk_stalls_minute" => "Late disk reads in the last minute",
        "song_disk_free" => "Free on the disk of the song",
        "bridge_dropped" => "Reports dropped on the way to JARVIS",
        "bridge_usage_waiting" => "Reports waiting for JARVIS",
        other => return title(other),
    };
    known.to_owned()
}

fn bytes(value: f64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut value = value.max(0.0);
    let mut unit = 0;
    while value >= 1_000.0 && unit + 1 < units.len() {
        value /= 1_000.0;
        unit += 1;
    }
    if unit == 0 { format!("{value:.0} B") } else { format!("{value:.1} {}", units[unit]) }
}

/// What of a gauge is worth a warning, in words.
#[must_use]
pub(super) fn limits(gauge: &Gauge) -> String {
    let say = |word: &str, limit: Option<f64>| {
        limit.map(|limit| format!("{word} {}", measured(limit, &gauge.unit)))
    };
    let said: Vec<String> =
        [say("warns at", gauge.warn), say("fails at", gauge.fail)].into_iter().flatten().collect();
    if said.is_empty() { DASH.to_owned() } else { said.join(", ") }
}

/// Text from outside, as it may be drawn: what would break the line or turn it round is left out, the rest stays as it is.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|letter| !turns(*letter))
        .map(
            |letter| {
                if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') { ' ' } else { letter }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_up_to_all() {
        // Seen red: with `{:.2}` alone, which makes 100.00 % of an outage of 26 s in 30 days.
        let said = [1.0, 0.999_99, 0.9994, 0.0004, 0.000_001, 0.0].map(percent);
        assert_eq!(said, ["100 %", "99.99 %", "99.94 %", "0.04 %", "< 0.01 %", "0 %"]);
    }

    #[test]
    fn numbers_and_times_read_as_people_write_them() {
        assert_eq!([7, 1_841, 20_160, 1_000_000].map(count), ["7", "1,841", "20,160", "1,000,000"]);
        assert_eq!([0.4, 5.31, 41.0, 1_250.0].map(milliseconds), ["0.4 ms", "5.3 ms", "41 ms", "1.2 s"]);
        let noon = Wall(1_795_268_707_250);
        assert_eq!(clock(noon, 3_600), "14:45:07");
        assert_eq!(moment(noon.before(std::time::Duration::from_secs(86_400)), noon, 3_600), "11-20 14:45");
        assert_eq!(ago(noon.before(std::time::Duration::from_millis(12_900)), noon), "12 s ago");
        assert_eq!(measured(0.113, "share"), "11.3 %");
        assert_eq!(measured(1.5e9, "bytes"), "1.5 GB");
    }

    #[test]
    fn text_from_outside_stays_in_its_line_and_runs_forwards() {
        assert_eq!(plain("<script>alert(1)</script>"), "<script>alert(1)</script>");
        // Seen red: with the text as it came.
        assert_eq!(plain("a\u{202e}b\nc\u{7}d"), "ab c d");
        assert_eq!(plain("项目 🎵"), "项目 🎵");
    }
}
