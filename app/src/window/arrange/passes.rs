//! What is being recorded, pass by pass: a loop's turns that are over stand as takes already while the next one grows.
//!
//! Start at [`Passes::follow`]. The takes themselves are made when the recording ends, of the transport log, to the
//! frame; this is what is shown until then.

use dawg_session::{MediaId, Session};

use crate::sound::Readout;

/// One turn of the song while it records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Its first song frame.
    pub from: i64,
    /// The song frame after its last; of the one that runs, none.
    pub to: Option<i64>,
    /// The captured file's frame that was sung at its start.
    pub offset: i64,
}

/// The passes of the recording under way, oldest first; the last one grows.
#[derive(Debug, Default)]
pub struct Passes {
    media: Option<MediaId>,
    list: Vec<Pass>,
    seen: i64,
}

impl Passes {
    /// Follows the playhead.
    pub fn follow(&mut self, session: &Session, readout: &Readout) {
        let Some(recording) = &readout.recording else {
            *self = Self::default();
            return;
        };
        let media = recording.takes.first().map(|take| take.media);
        if media != self.media {
            let first = Pass { from: recording.from, to: None, offset: recording.offset };
            *self = Self { media, list: vec![first], seen: recording.from };
        }
        let position = readout.playhead.position;
        let seen = std::mem::replace(&mut self.seen, position);
        let at = |place| session.tempo_map.to_samples(place, session.sample_rate).0;
        let (start, end) = (at(session.loop_range.start), at(session.loop_range.end));
        // Back within the loop: it has turned.
        if session.loop_range.on
            && position < seen
            && (start..end).contains(&position)
            && let Some(last) = self.list.last_mut()
            && last.from < end
        {
            last.to = Some(end);
            let offset = last.offset + end - last.from;
            self.list.push(Pass { from: start, to: None, offset });
        }
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Pass] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use dawg_session::{LoopRange, Name, Position, SongId, Tempo, TrackId};

    use super::*;
    use crate::sound::{Recording, Take};

    // Seen red: with the offset of a pass counted from the loop's start where recording began within it.
    #[test]
    fn each_turn_of_the_loop_is_a_pass_that_begins_where_the_file_was() {
        let mut song = Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::DEFAULT);
        let at = Position::Samples;
        song.loop_range = LoopRange { on: true, start: at(1_000), end: at(5_000) };
        let take = Take { track: TrackId::fresh(), media: MediaId::fresh(), channels: 1 };
        let mut readout = Readout {
            recording: Some(Recording { takes: vec![take], from: 3_000, offset: 70 }),
            ..Readout::default()
        };
        let mut passes = Passes::default();
        for position in [3_000, 4_900, 1_100, 3_000, 4_990, 1_000, 1_200] {
            readout.playhead.position = position;
            passes.follow(&song, &readout);
        }
        let pass = |from, to, offset| Pass { from, to, offset };
        assert_eq!(
            passes.list(),
            [pass(3_000, Some(5_000), 70), pass(1_000, Some(5_000), 2_070), pass(1_000, None, 6_070)]
        );
        readout.recording = None;
        passes.follow(&song, &readout);
        assert!(passes.list().is_empty());
    }
}
