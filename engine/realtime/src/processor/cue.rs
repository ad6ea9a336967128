//! The cue mix: what the singer hears in the headphones and nobody else ever will. A balance between her own voice and
//! the beat, and a room around the voice.
//!
//! Start at [`CueMix`]. Captures tap the input before any of this, and an offline render is never told of it: neither
//! is recorded or exported. The signal of each track that lets its input through is followed behind its strip (so
//! fader, pan and mute hold for the room too) up to the bus that it joins, and from there goes into the reverb, which
//! joins after the master, as loud as the master is. Real-time safe but for `Cue::new`.

use dawg_dsp::mix;
use dawg_dsp::ramp::Ramp;
use dawg_dsp::reverb::{Reverb, Settings};
use serde::{Deserialize, Serialize};

use super::Processor;
use super::strip::{AUDIBLE, GAIN};
use crate::installation::Slot;
use crate::plan::{Span, Step};

/// Tracks whose input can be heard with reverb at once.
const FOLLOWED: usize = 32;
/// A room of middle size.
const SIZE: f32 = 0.45;
/// A voice with a bright tail hisses at every S.
const DAMPING: f32 = 0.75;

/// What the headphones hear. The person's own, not the song's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CueMix {
    /// −1 only the beat, 0 both as they are, +1 only me: what comes in.
    pub balance: f32,
    /// Reverb on what comes in: 0 none, 1 as loud as the voice itself. In between the gain goes with the square.
    pub reverb: f32,
    /// Seconds until the reverb is 60 dB down.
    pub decay: f32,
}

impl Default for CueMix {
    fn default() -> Self {
        Self { balance: 0.0, reverb: 0.0, decay: 1.4 }
    }
}

impl CueMix {
    /// Gain of what comes in, linear; exactly 1 from the centre on upwards.
    #[must_use]
    pub fn me(self) -> f32 {
        if self.balance < 0.0 { (1.0 + self.balance).max(0.0) } else { 1.0 }
    }

    /// Gain of what is played, linear; exactly 1 from the centre on downwards.
    #[must_use]
    pub fn beat(self) -> f32 {
        if self.balance > 0.0 { (1.0 - self.balance).max(0.0) } else { 1.0 }
    }

    fn wet(self) -> f32 {
        if self.reverb.is_finite() { self.reverb.clamp(0.0, 1.0).powi(2) } else { 0.0 }
    }
}

/// Its state on the audio thread.
#[derive(Debug)]
pub(super) struct Cue {
    mix: CueMix,
    me: Ramp,
    beat: Ramp,
    reverb: Reverb,
    // What goes into the reverb, left and right, and whether there is anything in it.
    send: [Box<[f32]>; 2],
    sent: bool,
    // For a device with one output only.
    wet: [Box<[f32]>; 2],
    // Where the signals that are let through stand in this block, and how far they are let through.
    followed: [Option<(Span, Ramp)>; FOLLOWED],
    count: usize,
}

impl Cue {
    /// Both as they are, no reverb; for blocks of up to `max_block` frames.
    pub(super) fn new(rate: u32, max_block: usize) -> Self {
        let mix = CueMix::default();
        let planes = || [(); 2].map(|()| vec![0.0; max_block].into_boxed_slice());
        let settings = Settings { decay: mix.decay, damping: DAMPING, mix: 0.0 };
        Self {
            mix,
            me: Ramp::at(1.0),
            beat: Ramp::at(1.0),
            reverb: Reverb::new(rate, SIZE, settings),
            send: planes(),
            sent: false,
            wet: planes(),
            followed: [None; FOLLOWED],
            count: 0,
        }
    }

    /// Goes over to another mix, within 256 frames.
    pub(super) fn set(&mut self, mix: CueMix) {
        self.mix = mix;
        for (ramp, gain) in [(&mut self.me, mix.me()), (&mut self.beat, mix.beat())] {
            if ramp.target() != gain {
                ramp.glide(gain);
            }
        }
    }

    /// Gains of what comes in and of what is played, from the next block's first frame on.
    pub(super) fn gains(&self) -> (Ramp, Ramp) {
        (self.me, self.beat)
    }

    /// A block begins: nothing is followed yet.
    pub(super) fn begin(&mut self) {
        self.count = 0;
        if self.sent {
            self.send.iter_mut().for_each(|side| side.fill(0.0));
            self.sent = false;
        }
    }

    /// A source has let its input through into `out`.
    pub(super) fn follow(&mut self, out: Span, through: Ramp) {
        if let (true, Some(place)) = (self.mix.wet() > 0.0, self.followed.get_mut(self.count)) {
            *place = Some((out, through));
            self.count += 1;
        }
    }

    /// A node has made `output` of `input`.
    pub(super) fn passed(&mut self, input: Span, output: Span) {
        for (span, _) in self.followed[..self.count].iter_mut().flatten().filter(|(span, _)| *span == input) {
            *span = output;
        }
    }

    /// `span`, whose samples these are, joins a bus.
    pub(super) fn join(&mut self, span: Span, planes: &[Box<[f32]>], frames: usize) {
        for place in &mut self.followed[..self.count] {
            let Some((_, through)) = place.take_if(|(followed, _)| *followed == span) else { continue };
            for (side, send) in self.send.iter_mut().enumerate() {
                let Some(plane) = planes.get(side).or(planes.first()) else { continue };
                let send = &mut send[..frames];
                if through.moving() {
                    for (frame, (send, sample)) in send.iter_mut().zip(&plane[..frames]).enumerate() {
                        *send += sample * through.value_after(frame as u32);
                    }
                } else if through.target() == 1.0 {
                    mix::add(send, &plane[..frames]);
                }
            }
            self.sent = true;
        }
    }

    /// Adds the room to the first two outputs (both halves to an only one); `master` is the master's gain.
    fn add_to(&mut self, output: &mut [&mut [f32]], from: usize, frames: usize, master: f32) {
        let settings = Settings { decay: self.mix.decay, damping: DAMPING, mix: self.mix.wet() * master };
        self.reverb.set(settings);
        let send = self.send.each_ref().map(|side| &side[..frames]);
        match output {
            [] => {}
            [only] => {
                let mut wet = self.wet.each_mut().map(|side| &mut side[..frames]);
                wet.iter_mut().for_each(|side| side.fill(0.0));
                self.reverb.add(send, wet);
                let [left, right] = &self.wet;
                for (out, (left, right)) in only[from..from + frames].iter_mut().zip(left.iter().zip(right)) {
                    *out += (left + right) * 0.5;
                }
            }
            [left, right, ..] => {
                self.reverb.add(send, [&mut left[from..from + frames], &mut right[from..from + frames]]);
            }
        }
    }
}

impl Processor {
    /// The block's end: the room joins what goes out, and the gains move on.
    pub(super) fn cue_into(&mut self, output: &mut [&mut [f32]], from: usize, frames: usize) {
        if self.cue.sent || !self.cue.reverb.asleep() {
            let master = self.master_gain();
            self.cue.add_to(output, from, frames, master);
        }
        self.cue.me.advance(frames as u32);
        self.cue.beat.advance(frames as u32);
    }

    /// Linear gain of the master's strip: the node that fills the Plan's output.
    fn master_gain(&self) -> f32 {
        let plan = &self.current.plan;
        let strip = plan.steps.iter().rev().find_map(|step| match step {
            Step::Node { slot, output, .. } if *output == plan.output => Some(slot.0),
            _ => None,
        });
        let slot = strip.and_then(|slot| self.table.get(slot as usize)?.as_deref());
        let Some(Slot::Node { node, .. }) = slot else { return 1.0 };
        let param = |id| node.param(id).unwrap_or(1.0) as f32;
        param(GAIN) * param(AUDIBLE)
    }
}
