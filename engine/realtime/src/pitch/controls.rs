//! What the engine's owner can ask of it, and who is followed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use dawg_dsp::pitch::{PitchRange, Tracker};
use dawg_session::{Session, TrackId};

use super::feed::{Feed, feed};
use super::voice::Wanted;
use super::worker::{Order, Shared, Worker, run};
use super::{Heard, Overheard};
use crate::engine::Engine;
use crate::processor::command::Command;

/// Estimates that can wait to be asked for: forty seconds of one input, one second of forty.
const WAITING: usize = 8_192;

/// Who is followed.
#[derive(Debug, Default)]
pub(crate) struct Following {
    tracks: Vec<TrackId>,
    // By input: the voice and the tracks that have it.
    voices: BTreeMap<Vec<u16>, (u32, Vec<TrackId>)>,
    used: u32,
    worker: Option<Ends>,
    shared: Arc<Shared>,
    trouble: Option<String>,
    listener: Option<(TrackId, Sender<Overheard>)>,
}

/// The worker, as long as this is held.
#[derive(Debug)]
struct Ends {
    orders: Sender<Order>,
    heard: Receiver<(u32, Heard)>,
}

impl Engine {
    /// Follows the inputs of these tracks, whatever becomes of the song, and of no others. Tracks that are not there,
    /// without an input, or with one that the device does not have, are passed over. Tracks with the same input share a
    /// tracker. Allocates and may start a thread: for the control thread.
    pub fn follow_pitch(&mut self, tracks: &[TrackId]) {
        self.following.tracks = tracks.to_vec();
        self.follow();
    }

    /// Takes off so many frames from where the song is when something comes in, beside the Plan's latency, to tell what it
    /// was sung to: the device's round trip, measured or the driver's. None is taken off before this is called.
    pub fn set_pitch_round_trip(&mut self, frames: i64) {
        self.following.shared.round_trip.store(frames, Ordering::Relaxed);
    }

    /// Gives what was heard since this was last asked, each track's in order. Ask often: of what is not fetched for
    /// seconds, the newest is missed.
    pub fn heard_pitch(&mut self, give: &mut dyn FnMut(TrackId, Heard)) {
        let Following { worker: Some(worker), voices, .. } = &self.following else { return };
        for (id, heard) in worker.heard.try_iter() {
            let tracks = voices.values().filter(|(voice, _)| *voice == id).flat_map(|(_, tracks)| tracks);
            tracks.for_each(|track| give(*track, heard));
        }
    }

    /// Passes what comes in on this track's input on to somebody who listens, while the track is followed, whatever becomes
    /// of the song; none: to nobody. What finds no room in the channel is left out. For the control thread.
    pub fn overhear_pitch(&mut self, listener: Option<(TrackId, Sender<Overheard>)>) {
        self.following.listener = listener;
        self.following.pass_on();
    }

    /// How many estimates were missed since the engine started: the worker fell behind, or nobody asked for them.
    #[must_use]
    pub fn missed_pitch(&self) -> u64 {
        self.following.shared.missed.load(Ordering::Relaxed)
    }

    /// Follows what the song has now of the tracks that are to be followed.
    pub(crate) fn follow(&mut self) {
        let inputs = self.format().inputs;
        let session = Arc::clone(self.session());
        if let Some(feed) = self.following.follow(&session, inputs) {
            self.send(Command::Follow(feed));
        }
        self.following.pass_on();
    }
}

impl Following {
    /// What is wrong, in words.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    /// Tells the worker which voice is overheard now.
    fn pass_on(&self) {
        let listener = self.listener.as_ref().and_then(|(track, out)| {
            let (id, _) = self.voices.values().find(|(_, tracks)| tracks.contains(track))?;
            Some((*id, out.clone()))
        });
        self.shared.tap.set(listener);
    }

    /// Returns what the audio thread is to write from now on, if that changes.
    fn follow(&mut self, session: &Session, inputs: u16) -> Option<Box<Feed>> {
        let before: Vec<Vec<u16>> = self.voices.keys().cloned().collect();
        let mut former = std::mem::take(&mut self.voices);
        for track in self.tracks.iter().filter_map(|id| session.track(*id)) {
            let has = |channel: &u16| (1..=inputs).contains(channel);
            let channels: Vec<u16> = track.input.channels().iter().copied().filter(has).collect();
            if channels.is_empty() {
                continue;
            }
            let (_, tracks) = self.voices.entry(channels).or_insert_with_key(|channels| {
                let id = former.remove(channels).map_or_else(|| fresh(&mut self.used), |(id, _)| id);
                (id, Vec::new())
            });
            if !tracks.contains(&track.id) {
                tracks.push(track.id);
            }
        }
        if before.iter().eq(self.voices.keys()) {
            return None;
        }
        self.feed(session.sample_rate)
    }

    fn feed(&mut self, rate: u32) -> Option<Box<Feed>> {
        let mut channels: Vec<u16> = self.voices.keys().flatten().copied().collect();
        channels.sort_unstable();
        channels.dedup();
        self.trouble = None;
        if !channels.is_empty()
            && self.worker.is_none()
            && let Err(trouble) = self.start(rate)
        {
            self.trouble = Some(trouble);
            self.voices.clear();
            return None;
        }
        // It holds a second.
        let (feed, inlet) = feed(&channels, rate as usize);
        let wanted =
            self.voices.iter().map(|(channels, (id, _))| Wanted { id: *id, channels: channels.clone() });
        let order = Order { inlet, voices: wanted.collect() };
        match &self.worker {
            // It ends by itself.
            _ if channels.is_empty() => self.worker = None,
            // It goes on for as long as this is held.
            Some(worker) => _ = worker.orders.send(order),
            None => {}
        }
        Some(feed)
    }

    fn start(&mut self, rate: u32) -> Result<(), String> {
        Tracker::live(rate, PitchRange::default()).map_err(|error| format!("no pitch is shown: {error}"))?;
        let (orders, inbox) = unbounded();
        let (out, heard) = bounded(WAITING);
        let worker = Worker::new(rate, out, Arc::clone(&self.shared));
        let thread = std::thread::Builder::new().name("pitch".to_owned()).spawn(move || run(worker, &inbox));
        thread.map_err(|error| {
            format!(
                "no pitch is shown: the system gives no thread ({error}). Close other programs and arm again"
            )
        })?;
        self.worker = Some(Ends { orders, heard });
        Ok(())
    }
}

fn fresh(used: &mut u32) -> u32 {
    *used += 1;
    *used
}
