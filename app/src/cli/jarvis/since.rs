//! A time as people type it: `10m` ago, or a date.

use std::time::Duration;

use jarvis::clock::{Clock, SystemClock, Wall};

/// Since when. For `clap`: what is wrong says what would be right.
pub(super) fn since(text: &str) -> Result<Wall, String> {
    let now = SystemClock::new().wall();
    ago(text).map(|span| now.before(span)).or_else(|| date(text)).ok_or_else(|| {
        "give 90s, 10m, 2h or 3d, or a time such as 2026-11-21, “2026-11-21 14:00” (UTC, as times are shown) or \
         2026-11-21T14:00:00+01:00"
            .to_owned()
    })
}

fn ago(text: &str) -> Option<Duration> {
    let number: u64 = text.get(..text.len().checked_sub(1)?)?.parse().ok()?;
    let unit = match text.chars().next_back()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    number.checked_mul(unit).map(Duration::from_secs)
}

/// RFC 3339, or less: without seconds, without a time, with a blank for the T, without an offset (UTC).
fn date(text: &str) -> Option<Wall> {
    let (day, rest) = text.split_at_checked(10)?;
    let mut fields = day.split('-').map(digits);
    let (year, month, day) = (fields.next()??, fields.next()??, fields.next()??);
    let long = matches!(month, 1 | 3 | 5 | 7 | 8 | 10 | 12);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = if month == 2 { 28 + i64::from(leap) } else { 30 + i64::from(long) };
    if !(1..=12).contains(&month) || !(1..=last).contains(&day) {
        return None;
    }
    let midnight = days(year, month, day) * 86_400_000;
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty().then_some(Wall(midnight));
    };
    let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    Some(Wall(midnight + clock(time)? - ahead(offset)?))
}

/// Milliseconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fields: Vec<i64> = text.split(':').map(two).collect::<Option<_>>()?;
    let (hour, minute, second) = match fields[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    digits(fraction)?;
    let millis = digits(format!("{fraction:0<3}").get(..3)?)?;
    (hour < 24 && minute < 60 && second <= 60).then_some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

/// How far a place is ahead of UTC, in milliseconds.
fn ahead(text: &str) -> Option<i64> {
    let (sign, text) = match text.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(0),
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) => return None,
    };
    let (hours, minutes) = text.split_once(':')?;
    Some(sign * (two(hours)? * 60 + two(minutes)?) * 60_000)
}

fn two(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() == 2)
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Days from 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_dates_are_understood() {
        // Not seen red yet; meant for: the offset added where it is to be taken away.
        let spans = ["90s", "10m", "2h", "3d"].map(|text| ago(text).map(|span| span.as_secs()));
        assert_eq!(spans, [Some(90), Some(600), Some(7200), Some(259_200)]);
        let times = [
            ("1970-01-01", 0),
            ("2000-02-29 00:00", 951_782_400_000),
            ("2026-11-21 13:45", 1_795_268_700_000),
            ("2026-11-21T13:45:07.25Z", 1_795_268_707_250),
            ("2026-11-21T14:45:07+01:00", 1_795_268_707_000),
            ("2026-11-21 09:15:07-04:30", 1_795_268_707_000),
        ];
        for (text, millis) in times {
            assert_eq!(date(text), Some(Wall(millis)), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_what_would_be_right() {
        let all = [
            "",
            "m",
            "yesterday",
            "-5m",
            "5 m",
            "2026-02-29",
            "2026-13-01",
            "2026-11-21 25:00",
            "2026-11-21x",
        ];
        for text in all.into_iter().chain([
            "99999999999999999999d",
            "2026-11-21T1:2",
            "２026-11-21",
            "2026-11-21T10:00+1",
        ]) {
            assert!(since(text).is_err_and(|why| why.contains("10m")), "{text}");
        }
    }
}
