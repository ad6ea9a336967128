//! How a recording runs: from where the song rolls, what of it becomes takes, where it stops by itself.
//!
//! Start at [`Run::of`].

use dawg_engine::capture::Punch;
use dawg_session::{RollTime, Samples, Session};

/// How a recording runs; all are song frames.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) from: i64,
    pub(super) punch: Punch,
    pub(super) until: Option<i64>,
    /// Whether it is counted in: a pre-roll is count-in enough.
    pub(super) counts: bool,
}

impl Run {
    /// A recording of this song, begun while the playhead stands here.
    pub(super) fn of(session: &Session, playhead: i64) -> Self {
        let round = loop_of(session);
        if session.punch.on {
            return Self::punched(session, round);
        }
        // Into a loop one goes from its start, wherever the playhead stands: each pass is to be as whole as the others.
        let from = round.map_or(playhead, |(first, _)| first);
        Self { from, punch: Punch::All(None), until: None, counts: true }
    }

    /// The red range alone, wherever the playhead stands.
    fn punched(session: &Session, round: Option<(i64, i64)>) -> Self {
        let (map, rate, range) = (&session.tempo_map, session.sample_rate, session.punch);
        let (start, end) = (map.to_samples(range.start, rate), map.to_samples(range.end, rate));
        let punch = Punch::Range(start.0, end.0);
        let from = range.pre_roll.before(start, map, rate).0;
        let until = range.post_roll.after(end, map, rate).0;
        let (start, end) = (start.0, end.0);
        let (from, until) = match round {
            // Each pass of the loop is a pre-roll for the next, until somebody stops.
            Some((first, last)) if start < last && first < end => {
                return Self { from: first, punch, until: None, counts: true };
            }
            // A loop before the range would never let go of a pre-roll that begins in it; one after it, of the post-roll.
            Some((_, last)) if last <= start => (from.max(last), until),
            Some((first, _)) => (from, until.min(first)),
            None => (from, until),
        };
        Self { from, punch, until: Some(until), counts: from >= start }
    }
}

/// Whether a song that plays here has the red range behind it, and no loop leads back.
pub(super) fn is_past(session: &Session, playhead: i64) -> bool {
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    let leads_back = |(first, last): (i64, i64)| playhead < last && first < at(session.punch.end);
    session.punch.on && playhead >= at(session.punch.end) && !loop_of(session).is_some_and(leads_back)
}

fn loop_of(session: &Session) -> Option<(i64, i64)> {
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    let range = session.loop_range;
    Some((at(range.start), at(range.end))).filter(|(first, last)| range.on && first < last)
}

/// Frames of count-in before a song frame.
pub(super) fn count_in(session: &Session, from: i64) -> i64 {
    let bars = RollTime::Bars(session.metronome.count_in_bars);
    bars.length_before(Samples(from), &session.tempo_map, session.sample_rate).0
}

#[cfg(test)]
mod tests;
