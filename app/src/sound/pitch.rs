//! What the followed tracks sing, on its way from the engine to the window.
//!
//! Start at [`SoundThread::follow_pitch`]. A window that sleeps, or is minimised, holds nobody up: of what it does not
//! fetch, the newest is kept. It is woken while somebody sings and once when that ends; silence draws nothing.

use std::collections::BTreeSet;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use dawg_engine::pitch::{Heard, Overheard};
use dawg_session::TrackId;

use super::thread::SoundThread;

/// Estimates that can wait for the window: as many as it keeps of one track, a minute.
const WAITING: usize = 12_000;

/// The sound thread's part.
#[derive(Debug)]
pub(super) struct Following {
    tracks: Vec<TrackId>,
    listener: Option<(TrackId, Sender<Overheard>)>,
    out: Newest,
    // Who sang when last heard.
    singing: BTreeSet<TrackId>,
    // Whether somebody has sung, or ended, since the window was woken.
    news: bool,
}

impl Following {
    /// Following nobody; what will be heard comes out of the other end.
    pub(super) fn new() -> (Self, Receiver<(TrackId, Heard)>) {
        let (sender, waiting) = bounded(WAITING);
        let out = Newest { sender, waiting: waiting.clone() };
        (Self { tracks: Vec::new(), listener: None, out, singing: BTreeSet::new(), news: false }, waiting)
    }

    /// The tracks to be followed.
    pub(super) fn tracks(&self) -> &[TrackId] {
        &self.tracks
    }

    /// Whether anybody is to be followed.
    pub(super) fn any(&self) -> bool {
        !self.tracks.is_empty()
    }

    /// Whether there is something to draw.
    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    /// The window was woken.
    pub(super) fn told(&mut self) {
        self.news = false;
    }

    fn take(&mut self, track: TrackId, heard: Heard) {
        let ended = if heard.estimate.voiced {
            self.singing.insert(track);
            false
        } else {
            self.singing.remove(&track)
        };
        self.news |= heard.estimate.voiced || ended;
        self.out.send((track, heard));
    }
}

impl SoundThread {
    /// Follows these tracks, on this device and those after it, and no others.
    pub(super) fn follow(&mut self, tracks: Vec<TrackId>) {
        self.following.singing.retain(|track| tracks.contains(track));
        self.following.tracks = tracks;
        self.follow_on();
    }

    /// The same with the device that is open now.
    pub(super) fn follow_on(&mut self) {
        if let Some(engine) = &mut self.engine {
            engine.set_pitch_round_trip(self.figures.round_trip(engine).frames);
            engine.follow_pitch(self.following.tracks());
            engine.overhear_pitch(self.following.listener.clone());
        }
    }

    /// Lets somebody listen to one of them besides, on this device and those after it; none: nobody.
    pub(super) fn overhear(&mut self, listener: Option<(TrackId, Sender<Overheard>)>) {
        self.following.listener.clone_from(&listener);
        if let Some(engine) = &mut self.engine {
            engine.overhear_pitch(listener);
        }
    }

    /// Sends on what was heard.
    pub(super) fn follow_pitch(&mut self) {
        let following = &mut self.following;
        if let Some(engine) = self.engine.as_mut().filter(|_| following.any()) {
            engine.heard_pitch(&mut |track, heard| following.take(track, heard));
        }
    }
}

/// A ring that drops the oldest when it is full.
#[derive(Debug)]
struct Newest {
    sender: Sender<(TrackId, Heard)>,
    waiting: Receiver<(TrackId, Heard)>,
}

impl Newest {
    fn send(&self, heard: (TrackId, Heard)) {
        if let Err(TrySendError::Full(heard)) = self.sender.try_send(heard) {
            _ = self.waiting.try_recv();
            // Nobody else sends: there is room now.
            _ = self.sender.try_send(heard);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Instant;

    use dawg_engine::pitch::Heard;
    use dawg_session::TrackId;

    use super::*;

    fn heard(number: u64, voiced: bool) -> Heard {
        let estimate = dawg_dsp::pitch::Estimate { number, voiced, ..Default::default() };
        Heard { estimate, level: 0.0, position: 0, rolling: false, at: Instant::now() }
    }

    // Seen red: with what is new dropped in place of what is old.
    #[test]
    fn of_what_a_sleeping_window_does_not_fetch_the_newest_is_kept() {
        let (mut following, waiting) = Following::new();
        let track = TrackId::fresh();
        (0..WAITING as u64 + 500).for_each(|number| following.take(track, heard(number, true)));
        let numbers: Vec<u64> = waiting.try_iter().map(|(_, heard)| heard.estimate.number).collect();
        assert_eq!((numbers.len(), numbers[0]), (WAITING, 500));
    }

    // Seen red: with every estimate being news, silence draws sixty frames a second.
    #[test]
    fn silence_is_no_news_but_its_beginning() {
        let (mut following, _waiting) = Following::new();
        let (singer, other) = (TrackId::fresh(), TrackId::fresh());
        let mut news = |track, number, voiced| {
            following.take(track, heard(number, voiced));
            let news = following.has_news();
            following.told();
            news
        };
        assert!(!news(singer, 0, false));
        assert!(news(singer, 1, true) && news(singer, 2, true));
        assert!(!news(other, 0, false));
        assert!(news(singer, 3, false));
        assert!(!news(singer, 4, false));
    }
}
