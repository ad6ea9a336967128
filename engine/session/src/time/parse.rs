//! Times as people type them: `1:02.5`, `12.25s`, `48000smp`, `5|1|0`.
//!
//! Integer arithmetic throughout: a decimal is read digit by digit and rounded once, to the nearest sample,
//! halves up. So what is typed is what is meant, at any rate.

use super::{BarBeatTick, Position, TempoMap, divide_round};

#[cfg(test)]
mod tests;

/// What to type instead, for every error here.
const FORMS: &str =
    "give minutes:seconds (1:02.5), seconds (12.25s), samples (48000smp), or bar|beat|tick (5|1|0)";

/// Why a time or a range cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseTimeError {
    /// None of the forms.
    #[error("“{0}” is no time: {FORMS}")]
    Unreadable(String),
    /// Minutes or seconds of 60 and more.
    #[error("“{0}” has 60 or more seconds or minutes after a colon: {FORMS}")]
    Sixty(String),
    /// A beat or tick that the bar does not have.
    #[error(
        "“{text}” names a beat or tick that is not there: beats are 1 to {beats} and ticks 0 to {last_tick} here; {FORMS}"
    )]
    NoSuchBeat {
        /// What was typed.
        text: String,
        /// Beats of that bar.
        beats: u8,
        /// Last tick of a beat.
        last_tick: i64,
    },
    /// Further than a song can be long.
    #[error("“{0}” is further than a song can be long: give an earlier time; {FORMS}")]
    OutOfReach(String),
    /// Not `A..B`.
    #[error("“{0}” is no range: give two times with two dots between, as 0:10..0:20; {FORMS}")]
    NoRange(String),
    /// A range that ends where it starts, or earlier.
    #[error("“{0}” ends before it has begun: give the earlier time first, as 0:10..0:20; {FORMS}")]
    EmptyRange(String),
}

/// Reads a time. `5|1|0` (bar, beat, tick; the first bar and beat are 1, the first tick 0) becomes
/// [`Position::Ticks`] and follows the tempo; all other forms, a bare number of seconds among them, become
/// [`Position::Samples`], rounded to the nearest sample, halves up. A leading minus is understood.
///
/// # Errors
/// [`ParseTimeError`], which names the text and the forms.
pub fn parse_time(text: &str, tempo: &TempoMap, rate: u32) -> Result<Position, ParseTimeError> {
    let trimmed = text.trim();
    let position = if trimmed.contains('|') {
        bars(trimmed, tempo)?
    } else {
        let (negative, rest) = trimmed.strip_prefix('-').map_or((false, trimmed), |rest| (true, rest));
        let samples = unsigned(rest, rate).map_err(|why| match why {
            Unsigned::Unreadable => ParseTimeError::Unreadable(text.to_owned()),
            Unsigned::Sixty => ParseTimeError::Sixty(text.to_owned()),
            Unsigned::OutOfReach => ParseTimeError::OutOfReach(text.to_owned()),
        })?;
        // −x rounds as the mirror image of x, so that a sign changes the side and nothing else.
        Position::Samples(if negative { -samples } else { samples })
    };
    if position.in_reach() { Ok(position) } else { Err(ParseTimeError::OutOfReach(text.to_owned())) }
}

/// Reads `A..B`, A before B.
///
/// # Errors
/// [`ParseTimeError`], which names the text and the forms.
pub fn parse_range(text: &str, tempo: &TempoMap, rate: u32) -> Result<(Position, Position), ParseTimeError> {
    let (from, to) = text.split_once("..").ok_or_else(|| ParseTimeError::NoRange(text.to_owned()))?;
    if from.trim().is_empty() || to.trim().is_empty() {
        return Err(ParseTimeError::NoRange(text.to_owned()));
    }
    let from = parse_time(from, tempo, rate)?;
    let to = parse_time(to, tempo, rate)?;
    if tempo.to_samples(from, rate) < tempo.to_samples(to, rate) {
        Ok((from, to))
    } else {
        Err(ParseTimeError::EmptyRange(text.to_owned()))
    }
}

enum Unsigned {
    Unreadable,
    Sixty,
    OutOfReach,
}

fn unsigned(text: &str, rate: u32) -> Result<i64, Unsigned> {
    if let Some(count) = text.strip_suffix("smp") {
        return digits(count).and_then(|count| i64::try_from(count).map_err(|_| Unsigned::OutOfReach));
    }
    if text.contains(':') {
        return clock(text, rate);
    }
    seconds(text.strip_suffix('s').unwrap_or(text), 0, rate)
}

/// `m:ss.fff` or `h:mm:ss.fff`.
fn clock(text: &str, rate: u32) -> Result<i64, Unsigned> {
    let parts: Vec<&str> = text.split(':').collect();
    let (minutes, last) = match parts.as_slice() {
        [minutes, last] => (digits(minutes)?, last),
        [hours, minutes, last] => {
            let minutes = digits(minutes)?;
            if minutes >= 60 {
                return Err(Unsigned::Sixty);
            }
            (digits(hours)? * 60 + minutes, last)
        }
        _ => return Err(Unsigned::Unreadable),
    };
    if digits(last.split('.').next().unwrap_or(last))? >= 60 {
        return Err(Unsigned::Sixty);
    }
    seconds(last, minutes * 60, rate)
}

/// Samples of a decimal number of seconds, and `more` whole ones.
fn seconds(text: &str, more: i128, rate: u32) -> Result<i64, Unsigned> {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = (more + digits(integer)?) * i128::from(rate);
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unsigned::Unreadable);
    }
    let (mut numerator, mut denominator) = (0_i128, 1_i128);
    for digit in fraction.bytes().take(MOST_DECIMALS) {
        numerator = numerator * 10 + i128::from(digit - b'0');
        denominator *= 10;
    }
    let part = divide_round(numerator * i128::from(rate), denominator);
    i64::try_from(whole + i128::from(part)).map_err(|_| Unsigned::OutOfReach)
}

/// Decimals that count. Programs print up to 17 (0.30000000000000004); what comes after the 27th is nothing.
const MOST_DECIMALS: usize = 27;

/// A number of more digits than this is out of reach, whatever it counts.
const MOST_DIGITS: usize = 17;

fn digits(text: &str) -> Result<i128, Unsigned> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unsigned::Unreadable);
    }
    if text.len() > MOST_DIGITS {
        return Err(Unsigned::OutOfReach);
    }
    text.parse().map_err(|_| Unsigned::Unreadable)
}

fn bars(text: &str, tempo: &TempoMap) -> Result<Position, ParseTimeError> {
    let unreadable = || ParseTimeError::Unreadable(text.to_owned());
    let numbers: Result<Vec<i64>, _> = text.split('|').map(|part| part.trim().parse::<i64>()).collect();
    let Ok([bar, beat, tick]) = numbers.as_deref() else { return Err(unreadable()) };
    let meter = tempo.meter_at(*bar);
    if !(1..=i64::from(meter.beats)).contains(beat) || !(0..meter.beat_ticks()).contains(tick) {
        let last_tick = meter.beat_ticks() - 1;
        return Err(ParseTimeError::NoSuchBeat { text: text.to_owned(), beats: meter.beats, last_tick });
    }
    Ok(Position::Ticks(tempo.ticks_at(BarBeatTick { bar: *bar, beat: *beat, tick: *tick })))
}
