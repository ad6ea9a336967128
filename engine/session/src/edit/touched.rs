//! What an Edit touched, so that whoever follows the song rebuilds only that.

use std::collections::BTreeSet;

use crate::id::{MediaId, TrackId};

/// What changed between two Sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Tracks that changed in any way, were added or removed.
    pub tracks: BTreeSet<TrackId>,
    /// Those of them whose lanes, clips, comps, `plays`, layout, input or output changed: what must be compiled.
    /// The others have only another fader, pan, mute, solo, arm, monitor, name or colour, or lanes that look otherwise.
    pub contents: BTreeSet<TrackId>,
    /// Files that were added, removed, or are found elsewhere.
    pub media: BTreeSet<MediaId>,
    /// Tempo or meter: whatever is fixed in bars has moved.
    pub tempo: bool,
    /// The master strip.
    pub master: bool,
    /// The order of the tracks, and with it the order of sums.
    pub order: bool,
    /// Which tracks there are, or the song's rate.
    pub structure: bool,
    /// Loop, click or count-in: the transport's business.
    pub transport: bool,
    /// The song's name, key or reference pitch: nothing that is heard.
    pub about: bool,
}

impl Touched {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another Edit touched.
    pub fn merge(&mut self, other: &Self) {
        self.tracks.extend(&other.tracks);
        self.contents.extend(&other.contents);
        self.media.extend(&other.media);
        self.tempo |= other.tempo;
        self.master |= other.master;
        self.order |= other.order;
        self.structure |= other.structure;
        self.transport |= other.transport;
        self.about |= other.about;
    }
}
