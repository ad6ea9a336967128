//! What is heard for a moment without being chosen: a lane alone, or a stretch of it.
//!
//! Start at `Studio::hear`. Never stored: the sound thread is sent a song in which the lane plays.

use std::collections::BTreeMap;
use std::sync::Arc;

use dawg_session::{LaneId, Plays, Session, TrackId};

use super::super::view::Stretch;
use super::super::{Stage, Studio};
use crate::sound::SoundCommand;

/// Lanes that are heard alone in place of what plays, for as long as somebody listens. Never stored.
#[derive(Debug, Default)]
pub(in crate::studio) struct Hearing {
    lanes: BTreeMap<TrackId, LaneId>,
    until: Option<Until>,
}

/// When the hearing of a stretch ends.
#[derive(Debug, Clone, Copy)]
struct Until {
    track: TrackId,
    from: i64,
    to: i64,
    // The playhead was seen in it: before, it is still where it was.
    begun: bool,
}

impl Hearing {
    /// The lanes heard alone.
    pub(in crate::studio) fn lanes(&self) -> &BTreeMap<TrackId, LaneId> {
        &self.lanes
    }

    /// The song with these lanes in place of what plays.
    pub(in crate::studio) fn of(&self, session: &Arc<Session>) -> Arc<Session> {
        if self.lanes.is_empty() {
            return Arc::clone(session);
        }
        let plays = self.lanes.iter().map(|(track, lane)| (*track, Plays::Lane(*lane)));
        Arc::new(session.hearing(&plays.collect()))
    }
}

impl Studio {
    /// The lanes that are heard alone, by their tracks.
    #[must_use]
    pub fn auditions(&self) -> &BTreeMap<TrackId, LaneId> {
        self.hearing.lanes()
    }

    /// Lets a lane be heard alone in place of what its track plays, or ends that.
    pub(super) fn hear(&mut self, track: TrackId, lane: Option<LaneId>) {
        self.hearing.until = None;
        let changed = match lane {
            Some(lane) => self.hearing.lanes.insert(track, lane) != Some(lane),
            None => self.hearing.lanes.remove(&track).is_some(),
        };
        if changed {
            self.sound_follows();
        }
    }

    /// Ends all that is heard for a moment. Returns whether there was any.
    pub(super) fn hear_no_more(&mut self) -> bool {
        let any = !self.hearing.lanes.is_empty();
        self.hearing = Hearing::default();
        if any {
            self.sound_follows();
        }
        any
    }

    /// Lets a stretch of a lane be heard: from its start to its end if the song stands; while it rolls from here on, until
    /// it is ended.
    pub(super) fn hear_stretch(&mut self, lane: LaneId, stretch: Stretch) {
        self.hear(stretch.track, Some(lane));
        if self.readout.playhead.rolling || self.readout.recording.is_some() {
            return;
        }
        let (track, from, to) = (stretch.track, stretch.from.max(0), stretch.to);
        self.sound.send(SoundCommand::Locate(from));
        self.play();
        self.hearing.until = Some(Until { track, from, to, begun: false });
    }

    /// Ends the hearing of a stretch where the stretch ends, or where a person stopped it. Once a frame.
    pub(in crate::studio) fn follow_hearing(&mut self) {
        let Some(until) = &mut self.hearing.until else { return };
        let playhead = self.readout.playhead;
        let inside = (until.from..until.to).contains(&playhead.position);
        until.begun |= playhead.rolling && inside;
        let Until { track, from, begun, .. } = *until;
        if begun && (!inside || !playhead.rolling) {
            self.hear(track, None);
            if playhead.rolling {
                self.sound.send(SoundCommand::Stop);
                self.sound.send(SoundCommand::Locate(from));
            }
        }
    }

    /// Whether something is heard that a step of history took away: then it ends.
    pub(in crate::studio) fn hearing_follows(&mut self) {
        let Self { hearing, stage: Stage::Open(work), .. } = self else { return };
        let session = work.session();
        hearing.lanes.retain(|track, lane| session.track(*track).is_some_and(|t| t.lane(*lane).is_some()));
    }
}
