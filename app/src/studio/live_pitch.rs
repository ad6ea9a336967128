//! What the followed tracks have sung lately, for the windows to draw.
//!
//! Start at [`LivePitch::of`]. The sound thread sends estimates, [`Studio::poll`](super::Studio::poll) takes them in; each
//! track keeps a minute.

use std::collections::{BTreeMap, VecDeque};

use dawg_engine::pitch::Heard;
use dawg_session::TrackId;

/// All followed tracks.
#[derive(Debug, Default)]
pub struct LivePitch {
    sung: BTreeMap<TrackId, Sung>,
}

/// What one track has sung lately.
#[derive(Debug, Default)]
pub struct Sung {
    /// Oldest first, consecutive; at most [`LivePitch::SECONDS`].
    pub heard: VecDeque<Heard>,
}

impl LivePitch {
    /// How long it is kept.
    pub const SECONDS: usize = 60;

    /// What a track has sung lately; none while it is not followed.
    #[must_use]
    pub fn of(&self, track: TrackId) -> Option<&Sung> {
        self.sung.get(&track)
    }

    /// Takes in what was heard.
    pub fn take(&mut self, track: TrackId, heard: Heard) {
        let most = Self::SECONDS * dawg_dsp::pitch::ESTIMATES_A_SECOND as usize;
        let sung = &mut self.sung.entry(track).or_default().heard;
        while sung.len() >= most {
            sung.pop_front();
        }
        sung.push_back(heard);
    }

    /// Forgets all but these tracks.
    pub fn keep(&mut self, tracks: &[TrackId]) {
        self.sung.retain(|track, _| tracks.contains(track));
    }
}
