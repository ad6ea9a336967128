//! The input as the output's clock needs it: from a stamped ring, kept in step however the two clocks differ.
//!
//! From a moment after the start on, the round trip is a promise: the input frame that belongs to an output frame
//! is the one that was captured a round trip before that is heard. Where the clocks run alike (one sound card), frames
//! pass through to the bit. Where they drift apart by more than a frame, the input is read between its samples, at the
//! pace of the line that [`Clock`](super::clock::Clock) draws through the time stamps: no click, no step, no shift. What
//! cannot be kept (a ring that runs dry, a stream that stood still) is silence of the right length, and counted. Start
//! at [`Follower::fetch`]. Real-time safe but for [`Follower::new`].

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dawg_dsp::between::{AFTER, Between, TAPS, weigh};
use rtrb::Consumer;

use super::clock::{Clock, Noted};
use super::join::{Offset, Stamp};
use crate::vitals::Vitals;

/// Longest piece fetched at once.
pub(super) const PIECE: usize = 4_096;
/// Seconds until the line through the time stamps is trusted.
const SETTLING: f64 = 1.5;
/// Frames by which the clocks may seem apart before the input is read between its samples: with stamps that jitter by a
/// tenth of a millisecond the round trip itself is known to half a frame.
const APART: f64 = 1.6;
/// Of what is left to catch up, so much is made good in a call.
const CATCHING_UP: f64 = 0.1;
/// At most this much faster or slower than the line says: a third of a cent.
const HASTE: f64 = 2e-4;
/// Calls in a row without input, after which it is sought anew.
const DRY: u32 = 32;

/// The reading end of the ring.
pub(super) struct Follower {
    inputs: usize,
    rate: u32,
    samples: Consumer<f32>,
    stamps: Consumer<Stamp>,
    stamp: Option<Stamp>,
    // Input frames that were taken out of the ring, one plane a channel, `held` of them from frame `first` on.
    planes: Vec<Vec<f32>>,
    first: i64,
    held: usize,
    // What the last fetch made.
    out: Vec<Vec<f32>>,
    // Where in the input the next output frame lies; nowhere until enough has come in.
    place: Option<f64>,
    clock: Clock,
    // Output frame at which the input began to flow, and the round trip that is kept, once it is known.
    began: u64,
    round_trip: Option<f64>,
    // Whether the clocks were found to differ.
    drifts: bool,
    dry: u32,
    between: Between,
    output: f64,
    offset: Arc<Offset>,
    vitals: Arc<Vitals>,
}

impl Follower {
    pub(super) fn new(
        inputs: usize,
        rate: u32,
        samples: Consumer<f32>,
        stamps: Consumer<Stamp>,
        (offset, vitals): (&Arc<Offset>, &Arc<Vitals>),
    ) -> Self {
        Self {
            inputs,
            rate,
            samples,
            stamps,
            stamp: None,
            planes: vec![vec![0.0; 2 * PIECE + TAPS]; inputs],
            first: 0,
            held: 0,
            out: vec![vec![0.0; PIECE]; inputs],
            place: None,
            clock: Clock::new(rate),
            began: 0,
            round_trip: None,
            drifts: false,
            dry: 0,
            between: Between::new(),
            output: 0.0,
            offset: Arc::clone(offset),
            vitals: Arc::clone(vitals),
        }
    }

    /// Notes that output frame `frame`, the first of a call of `frames`, is heard at `played`; it is `now` (nanoseconds).
    pub(super) fn note(&mut self, frame: u64, frames: usize, played: u64, now: u64) {
        while let Ok(stamp) = self.stamps.pop() {
            self.stamp = Some(stamp);
        }
        let (Some(stamp), Some(place)) = (self.stamp, self.place) else { return };
        let in_frames = |nanoseconds: f64| nanoseconds * 1e-9 * f64::from(self.rate);
        let captured = stamp.frame as f64 + in_frames(played as f64 - stamp.captured as f64);
        let jumped = self.clock.note(frame, captured) == Noted::Jumped;
        match self.round_trip {
            None if jumped => self.began = frame,
            None if (frame - self.began) as f64 > SETTLING * f64::from(self.rate) => {
                self.round_trip = Some(self.clock.input_at(frame) - place);
            }
            Some(round_trip) if jumped => {
                self.place = Some((captured - round_trip).round());
                self.slip();
            }
            _ => {}
        }
        let to_ear = in_frames(played as f64 - now as f64);
        let weight = if self.output == 0.0 { 1.0 } else { (frames as f64 / f64::from(self.rate)).min(0.1) };
        self.output += (to_ear - self.output) * weight;
        let round_trip = self.round_trip.unwrap_or_else(|| self.clock.input_at(frame) - place);
        self.offset.set(round_trip, self.output, self.round_trip.is_some());
    }

    /// The input that belongs to output frames `frame` to `frame + frames`, at most [`PIECE`] of them: one plane a
    /// channel. Silence until it flows.
    pub(super) fn fetch(&mut self, frame: u64, frames: usize) -> &[Vec<f32>] {
        let Some(place) = self.place.or_else(|| self.begin(frame, frames)) else {
            self.silence(frames);
            return &self.out;
        };
        let step = self.step(place, frame, frames);
        let end = place + step * frames as f64;
        self.place = Some(end);
        let enough = self
            .bring(place.floor() as i64 + 1 + AFTER as i64 - TAPS as i64, end.ceil() as i64 + AFTER as i64);
        if enough {
            self.dry = 0;
            self.read(place, step, frames);
        } else {
            self.run_dry(frames);
        }
        &self.out
    }

    /// Sought is a place with one call's worth in reserve: the input's calls come when they like.
    fn begin(&mut self, frame: u64, frames: usize) -> Option<f64> {
        let reserve = 2 * frames + AFTER + 1;
        let waiting = self.samples.slots() / self.inputs.max(1);
        if waiting < reserve {
            return None;
        }
        let place = self.first + (self.held + waiting - reserve) as i64;
        self.place = Some(place as f64);
        (self.began, self.round_trip, self.drifts) = (frame, None, false);
        self.clock = Clock::new(self.rate);
        self.place
    }

    /// Input frames per output frame in this call.
    fn step(&mut self, place: f64, frame: u64, frames: usize) -> f64 {
        let Some(round_trip) = self.round_trip else { return 1.0 };
        let behind = self.clock.input_at(frame) - round_trip - place;
        self.drifts |= behind.abs() > APART;
        if !self.drifts {
            return 1.0;
        }
        let haste = (behind * CATCHING_UP / frames.max(1) as f64).clamp(-HASTE, HASTE);
        1.0 + self.clock.slope().clamp(-0.01, 0.01) + haste
    }

    /// Takes what is needed from input frame `from` to before `to` out of the ring; whether it is all there. What lies
    /// before the input's first frame is silence.
    fn bring(&mut self, from: i64, to: i64) -> bool {
        // What nobody needs any more goes, here and in the ring.
        let old = usize::try_from(from - self.first).unwrap_or(0);
        let here = old.min(self.held);
        for plane in &mut self.planes {
            plane.copy_within(here..self.held, 0);
        }
        self.held -= here;
        self.first += here as i64;
        let waiting = self.samples.slots() / self.inputs.max(1);
        let in_ring = (old - here).min(waiting);
        if in_ring > 0
            && let Ok(chunk) = self.samples.read_chunk(in_ring * self.inputs)
        {
            chunk.commit_all();
            self.first += in_ring as i64;
        }
        let missing = usize::try_from(to - self.first - self.held as i64).unwrap_or(0);
        let room = self.planes.first().map_or(0, Vec::len) - self.held;
        if missing > room {
            return false;
        }
        let Ok(chunk) = self.samples.read_chunk(missing * self.inputs) else { return false };
        let (one, two) = chunk.as_slices();
        for (index, sample) in one.iter().chain(two).enumerate() {
            self.planes[index % self.inputs][self.held + index / self.inputs] = *sample;
        }
        chunk.commit_all();
        self.held += missing;
        true
    }

    fn read(&mut self, place: f64, step: f64, frames: usize) {
        let whole = step == 1.0 && place.fract() == 0.0;
        for frame in 0..frames {
            let at = place + step * frame as f64;
            // Of the samples that make it: the first one's place among those held.
            let first = at.floor() as i64 + 1 + AFTER as i64 - TAPS as i64 - self.first;
            let weights = if whole { [0.0; TAPS] } else { self.between.weights(at - at.floor()) };
            for (plane, out) in self.planes.iter().zip(&mut self.out) {
                let held = &plane[..self.held];
                out[frame] = match usize::try_from(first) {
                    _ if whole => {
                        let at = usize::try_from(at as i64 - self.first).ok();
                        at.and_then(|at| held.get(at)).copied().unwrap_or(0.0)
                    }
                    Ok(first) => held.get(first..first + TAPS).map_or(0.0, |held| weigh(&weights, held)),
                    Err(_) => 0.0,
                };
            }
        }
    }

    /// Nothing is there in time: silence takes its place, so that what comes next is where it belongs.
    fn run_dry(&mut self, frames: usize) {
        self.silence(frames);
        self.slip();
        self.dry += 1;
        if self.dry >= DRY {
            // It stands still, or comes so late that the round trip cannot be kept.
            self.place = None;
            self.dry = 0;
        }
    }

    fn slip(&self) {
        self.offset.slips.fetch_add(1, Ordering::Relaxed);
        self.vitals.xrun();
    }

    fn silence(&mut self, frames: usize) {
        self.out.iter_mut().for_each(|plane| plane[..frames].fill(0.0));
    }

    /// Whether frames pass through as they are.
    #[cfg(test)]
    pub(super) fn passes(&self) -> bool {
        !self.drifts
    }
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
