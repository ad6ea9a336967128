//! What the followed tracks have sung lately, for the windows to draw, and which tracks those are.
//!
//! Start at [`LivePitch::of`]. A window that shows the drawer has its tracks followed ([`Studio::follow_pitch`]); the sound
//! thread sends estimates, [`Studio::poll`] takes them in; each track keeps a minute.

use std::collections::{BTreeMap, VecDeque};

use dawg_engine::pitch::Heard;
use dawg_session::{Session, Track, TrackId};

use super::Studio;
use super::view::View;
use crate::coaching::{Coaching, Find};
use crate::sound::SoundCommand;

/// All followed tracks.
#[derive(Debug, Default)]
pub struct LivePitch {
    sung: BTreeMap<TrackId, Sung>,
    followed: Vec<TrackId>,
    // Tests sing: what the device hears is left out.
    by_hand: bool,
}

/// What one track has sung lately.
#[derive(Debug, Default)]
pub struct Sung {
    /// Oldest first; at most [`LivePitch::SECONDS`]. Consecutive, but where estimates were missed: there the numbers jump
    /// forwards.
    pub heard: VecDeque<Heard>,
}

impl LivePitch {
    /// How long it is kept.
    pub const SECONDS: usize = 60;

    /// What a track has sung lately; none while it is not followed, or nothing has come in yet.
    #[must_use]
    pub fn of(&self, track: TrackId) -> Option<&Sung> {
        self.sung.get(&track)
    }

    /// The tracks that are followed.
    #[must_use]
    pub fn followed(&self) -> &[TrackId] {
        &self.followed
    }

    /// Takes in what was heard. What counts anew was heard by another device, or from another input: what was before is
    /// forgotten then.
    pub fn take(&mut self, track: TrackId, heard: Heard) {
        let most = Self::SECONDS * dawg_dsp::pitch::ESTIMATES_A_SECOND as usize;
        let sung = &mut self.sung.entry(track).or_default().heard;
        if sung.back().is_some_and(|last| heard.estimate.number <= last.estimate.number) {
            sung.clear();
        }
        while sung.len() >= most {
            sung.pop_front();
        }
        sung.push_back(heard);
    }

    /// Forgets all but these tracks.
    pub fn keep(&mut self, tracks: &[TrackId]) {
        self.sung.retain(|track, _| tracks.contains(track));
        self.followed.retain(|track| tracks.contains(track));
    }
}

impl Studio {
    /// The track whose pitch a window shows: the selected one if it is armed or has an input, else the first that is
    /// armed and has one.
    #[must_use]
    pub fn pitch_track(&self, view: &View) -> Option<TrackId> {
        let session = self.session()?;
        chosen(session, view).or_else(|| armed(session).next())
    }

    /// Follows what these windows show: while one of them has its drawer open, all armed tracks, and those that are
    /// chosen in such windows. Once a frame.
    pub fn follow_pitch<'a>(&mut self, views: impl Iterator<Item = &'a View>) {
        let mut tracks = Vec::new();
        if let Some(session) = self.session() {
            for (number, view) in views.filter(|view| view.panels.drawer_open).enumerate() {
                if number == 0 {
                    tracks.extend(armed(session));
                }
                tracks.extend(chosen(session, view).filter(|track| has_input(session, *track)));
            }
        }
        tracks.sort_unstable();
        tracks.dedup();
        if tracks != self.live_pitch.followed {
            self.live_pitch.keep(&tracks);
            self.live_pitch.followed.clone_from(&tracks);
            self.sound.send(SoundCommand::FollowPitch(tracks));
        }
        self.be_coached();
    }

    /// Lets the coach listen to the first armed track that is followed, while there is a supervisor who knows where it is.
    fn be_coached(&mut self) {
        let followed = |track: &TrackId| self.live_pitch.followed.contains(track);
        let track = self.session().and_then(|session| armed(session).find(followed));
        let track = track.filter(|_| self.supervision.client().is_some());
        let supervision = &self.supervision;
        let line = || -> Find {
            let whom = supervision.line();
            Box::new(move || whom()?.address(vocal_coach::NAME).ok().flatten())
        };
        if let Some(listener) = self.coaching.attend(track, line) {
            self.sound.send(SoundCommand::Overhear(listener));
        }
    }

    /// What the coach says of what is sung.
    #[must_use]
    pub fn coaching(&self) -> &Coaching {
        &self.coaching
    }

    /// Sings by hand, for tests and benches: from now on nothing else is heard.
    #[doc(hidden)]
    pub fn sing(&mut self, track: TrackId, heard: Heard) {
        if !std::mem::replace(&mut self.live_pitch.by_hand, true) {
            self.live_pitch.keep(&[]);
        }
        self.live_pitch.take(track, heard);
    }

    /// Takes in what was heard of the followed tracks.
    pub(super) fn take_pitch(&mut self) {
        let by_hand = self.live_pitch.by_hand;
        for (track, heard) in self.sound.pitch().into_iter().filter(|_| !by_hand) {
            // What was on its way when the track was let go.
            if self.live_pitch.followed.contains(&track) {
                self.live_pitch.take(track, heard);
            }
        }
    }
}

fn records(track: &Track) -> bool {
    !track.input.channels().is_empty()
}

fn has_input(session: &Session, track: TrackId) -> bool {
    session.track(track).is_some_and(|track| records(track))
}

fn armed(session: &Session) -> impl Iterator<Item = TrackId> {
    session.tracks.iter().filter(|track| track.arm && records(track)).map(|track| track.id)
}

/// The selected track, if there is anything to follow of it, or will be.
fn chosen(session: &Session, view: &View) -> Option<TrackId> {
    let track = session.track(view.selection.track?)?;
    (track.arm || records(track)).then_some(track.id)
}
