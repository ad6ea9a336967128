//! From what is remembered to a [`Kept`]: which frames, and where they belong in the song.
//!
//! A frame that comes in was sung to what was played one latency earlier. So a segment says what was *played* while its
//! frames came in, and whoever places it takes the latency off: that is what a capture's log means. Three things differ
//! from a capture and are made good in `capture_frame`, which may then lie before frame 0:
//! - what was kept begins within a pass: the pass is known, so its segment begins one latency before the first frame;
//! - the Plan's latency changed on the way: an older segment is moved by the difference to the newest, which is the one
//!   that is taken off;
//! - something was sung while the transport stood still, to nothing: the latency that will be taken off is added.
//!
//! Start at [`History::keep`].

use dawg_session::Segment;

use super::history::History;
use super::turns::{Motion, Stretch};
use super::{KeepError, Kept, Still};

/// Level above which somebody sings rather than sits: −50 dBFS, RMS.
const SUNG: f64 = 0.003_162;
/// How much of that, in tenths of a second. A click of the mouse is one.
const SUNG_TENTHS: usize = 5;

/// What is to be kept, all in frames since the engine's start.
struct Range {
    from: u64,
    to: u64,
    // Where the stretch in which the transport still stands begins, if that is to be placed.
    still: Option<u64>,
}

impl History {
    pub(crate) fn keep(
        &mut self,
        input: &[u16],
        seconds: Option<f64>,
        round_trip: i64,
    ) -> Result<Kept, KeepError> {
        self.check(input, seconds)?;
        // In this order: see `Turns::stretches`.
        let now = self.clock.written();
        self.tick();
        let stretches = self.turns.stretches(now);
        let range = self.range(input, seconds, round_trip, &stretches, now);
        let (from, channels) = self.copy(input, range.from, range.to);
        let range = Range { from, ..range };
        if range.from >= range.to {
            return Err(KeepError::Nothing);
        }
        let plan = stretches.last().map_or(0, |stretch| stretch.place.latency);
        let latency = i64::from(plan) + round_trip;
        let mut segments = passes(&stretches, &range, i64::from(plan), round_trip);
        let playhead = stretches.last().map_or(0, |stretch| stretch.place.position);
        let still = range.still.map(|since| {
            let (segment, still) = at_playhead(since.max(from) - from, range.to - from, playhead, latency);
            segments.push(segment);
            still
        });
        Ok(Kept { rate: self.rate, channels, segments, latency, still })
    }

    fn check(&self, input: &[u16], seconds: Option<f64>) -> Result<(), KeepError> {
        if let Some(seconds) = seconds.filter(|seconds| !(seconds.is_finite() && *seconds > 0.0)) {
            return Err(KeepError::Seconds(seconds));
        }
        if input.is_empty() {
            return Err(KeepError::NoInput);
        }
        if self.is_off() {
            return Err(KeepError::Off { bytes: self.budget });
        }
        if self.is_empty() {
            return Err(KeepError::NotArmed);
        }
        match input.iter().find(|channel| !self.hears(**channel)) {
            Some(channel) => Err(KeepError::NotListened { channel: *channel }),
            None => Ok(()),
        }
    }

    fn range(
        &self,
        input: &[u16],
        seconds: Option<f64>,
        round_trip: i64,
        stretches: &[Stretch],
        now: u64,
    ) -> Range {
        let first = self.first(input, now);
        let last = seconds.map(|seconds| now.saturating_sub((seconds * f64::from(self.rate)).round() as u64));
        let rolled = stretches.iter().rposition(|stretch| stretch.place.motion == Motion::Rolling);
        let stopped = rolled.map_or(0, |rolled| stretches[rolled].to);
        if stopped == now && rolled.is_some() {
            let from = last.unwrap_or_else(|| roll_start(stretches, now));
            return Range { from: from.max(first), to: now, still: None };
        }
        let still = stopped.max(last.unwrap_or(0)).max(first);
        let before = rolled.map(|_| last.unwrap_or_else(|| roll_start(stretches, stopped)).max(first));
        let before = before.filter(|from| *from < stopped);
        match before {
            // Sung to the song, and nothing since: what came in after the last of that is left out, and no silence lies
            // over it.
            Some(from) if !self.sung(input, still, now) => {
                let plan = rolled.map_or(0, |rolled| i64::from(stretches[rolled].place.latency));
                let trail = u64::try_from(plan + round_trip).unwrap_or(0);
                Range { from, to: (stopped + trail).min(now), still: None }
            }
            Some(from) if last.is_some() => Range { from, to: now, still: Some(still) },
            _ => Range { from: still, to: now, still: Some(still) },
        }
    }

    /// Whether somebody sang on these channels, rather than sat there.
    fn sung(&self, input: &[u16], from: u64, to: u64) -> bool {
        let tenth = (self.rate / 10).max(1) as usize;
        let loud = |part: &[f32]| {
            let power: f64 = part.iter().map(|sample| f64::from(*sample).powi(2)).sum();
            power >= SUNG * SUNG * tenth as f64
        };
        let (_, planes) = self.copy(input, from, to);
        planes.iter().any(|plane| plane.chunks(tenth).filter(|part| loud(part)).count() >= SUNG_TENTHS)
    }
}

/// Where the roll began that ends at `end`, with its count-in.
fn roll_start(stretches: &[Stretch], end: u64) -> u64 {
    let mut start = end;
    let mut counted_in = false;
    for stretch in stretches.iter().rev().skip_while(|stretch| stretch.to > end) {
        let belongs = match stretch.place.motion {
            Motion::Rolling => !counted_in,
            Motion::CountingIn => true,
            Motion::Still => false,
        };
        // Not joined to what follows: what was between is not known.
        if !belongs || stretch.to != start {
            break;
        }
        counted_in = stretch.place.motion == Motion::CountingIn;
        start = stretch.from;
    }
    start
}

/// One segment for each stretch in which the song rolled, within what is kept.
fn passes(stretches: &[Stretch], range: &Range, plan: i64, round_trip: i64) -> Vec<Segment> {
    let rolled = stretches.iter().filter(|stretch| stretch.place.motion == Motion::Rolling);
    let within = rolled.filter(|stretch| stretch.to > range.from && stretch.from < range.to);
    within
        .map(|stretch| {
            let own = i64::from(stretch.place.latency);
            let from = (stretch.from as i64).max(range.from as i64 - (own + round_trip).max(0));
            Segment {
                capture_frame: from - range.from as i64 + own - plan,
                song_position: stretch.place.position + (from - stretch.from as i64),
                length: stretch.to as i64 - from,
            }
        })
        .collect()
}

/// Frames `from..to` of what is kept, placed so that they end at the playhead after `latency` is taken off.
fn at_playhead(from: u64, to: u64, playhead: i64, latency: i64) -> (Segment, Still) {
    let (from, to) = (from as i64, to as i64);
    let (length, start, still) = match to - from {
        length if length <= playhead => (length, playhead - length, Still::AtPlayhead),
        // To cut away all of it would be to lose it.
        length if playhead <= 0 => (length, 0, Still::AtStart),
        _ => (playhead, 0, Still::Cut),
    };
    let first = if still == Still::AtStart { from } else { to - length };
    (Segment { capture_frame: first - latency, song_position: start, length }, still)
}
