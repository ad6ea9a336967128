//! A track's source: its clips read from the cache, or its input while that is monitored.
//!
//! Start at [`SourceState::process`]. Real-time safe.

use dawg_dsp::fade::{self, Shape};
use dawg_dsp::mix;
use dawg_dsp::ramp::Ramp;
use dawg_media::cache::BLOCK_FRAMES;
use dawg_session::Monitor;

use crate::plan::MAX_CHANNELS;
use crate::timeline::{Piece, Routing, Timeline};

/// State of a track's source.
#[derive(Debug)]
pub struct SourceState {
    /// Hardware channels of the track's input, from 0.
    input: [u16; MAX_CHANNELS],
    input_channels: u16,
    monitor: Monitor,
    armed: bool,
    // 0 is playback, 1 is input.
    through: Ramp,
    // As it was through the last block, if the input was heard there.
    heard: Option<Ramp>,
}

/// What a source hears about the block.
#[derive(Debug, Clone, Copy)]
pub struct SourceBlock<'a> {
    /// Song position of the first frame.
    pub position: i64,
    /// Frames of this block.
    pub frames: usize,
    /// Whether the song moves.
    pub rolling: bool,
    /// Whether captures are running and punched in.
    pub recording: bool,
    /// Fade of playback at a stop or locate.
    pub edge: Edge,
    /// The device's input: one slice a hardware channel, each `frames` long.
    pub input: &'a [&'a [f32]],
    /// Gain of what comes in (see [`CueMix`](super::cue::CueMix)).
    pub me: Ramp,
    /// Gain of what is played.
    pub beat: Ramp,
}

/// A fade of all playback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// None.
    None,
    /// Silent this many frames after the block's first; of so many in all.
    Out(i64, i64),
    /// The block's first frame is this far into a fade in of so many.
    In(i64, i64),
}

/// What it did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missed {
    /// Frames that were not in memory in time and came out silent.
    pub frames: u64,
}

impl SourceState {
    /// A source with this input (hardware channels from 1) and monitoring.
    #[must_use]
    pub fn new(input: &[u16], monitor: Monitor, armed: bool) -> Self {
        let through = Ramp::at(0.0);
        let mut state =
            Self { input: [0; MAX_CHANNELS], input_channels: 0, monitor, armed, through, heard: None };
        state.set_input(input);
        state
    }

    /// Changes the input; hardware channels from 1.
    pub fn set_input(&mut self, input: &[u16]) {
        self.input_channels = input.len().min(MAX_CHANNELS) as u16;
        for (slot, channel) in self.input.iter_mut().zip(input) {
            *slot = channel.saturating_sub(1);
        }
    }

    /// Changes when the input is heard.
    pub fn set_monitor(&mut self, monitor: Monitor, armed: bool) {
        self.monitor = monitor;
        self.armed = armed;
    }

    /// How far the input was let through in the block that was last processed; none if not at all.
    #[must_use]
    pub fn heard(&self) -> Option<Ramp> {
        self.heard
    }

    /// Fills `out` (planar, one slice a channel of the track) for one block.
    ///
    /// `before` is what the track played in the Plan before, with the frame of the 5 ms crossfade from it at
    /// which this block starts and the fade's length.
    pub fn process(
        &mut self,
        block: &SourceBlock<'_>,
        timeline: &Timeline,
        before: Option<(Option<&Timeline>, i64, i64)>,
        spare: &mut [f32],
        out: &mut [&mut [f32]],
    ) -> Missed {
        let mut missed = Missed::default();
        for (channel, out) in out.iter_mut().enumerate() {
            if !block.rolling {
                out.fill(0.0);
                continue;
            }
            missed.frames += read(timeline, channel, block.position, out);
            if let Some((before, at, length)) = before {
                fade::fade_in(out, Shape::Linear, at, length);
                if let Some(before) = before {
                    let spare = &mut spare[..block.frames];
                    missed.frames += read(before, channel, block.position, spare);
                    fade::fade_out(spare, Shape::Linear, length - at, length);
                    mix::add(out, spare);
                }
            }
            match block.edge {
                Edge::None => {}
                Edge::Out(to_end, length) => fade::fade_out(out, Shape::Linear, to_end, length),
                Edge::In(at, length) => fade::fade_in(out, Shape::Linear, at, length),
            }
            scale(out, block.beat);
        }
        self.monitor_into(block, out);
        missed
    }

    /// As tape machines do it: what comes in replaces what is on tape, with a short crossfade.
    fn monitor_into(&mut self, block: &SourceBlock<'_>, out: &mut [&mut [f32]]) {
        let on = match self.monitor {
            Monitor::Off => false,
            Monitor::On => true,
            Monitor::Auto => self.armed && (!block.rolling || block.recording),
        };
        let target = if on && self.input_channels > 0 { 1.0 } else { 0.0 };
        if self.through.target() != target {
            self.through.glide(target);
        }
        self.heard = None;
        if !self.through.moving() && target == 0.0 {
            return;
        }
        self.heard = Some(self.through);
        for (channel, out) in out.iter_mut().enumerate() {
            let Some(input) = self.input_for(channel, block.input) else { continue };
            for (frame, (out, input)) in out.iter_mut().zip(input).enumerate() {
                let through = self.through.value_after(frame as u32);
                let me = block.me.value_after(frame as u32);
                *out = *out * (1.0 - through) + input * (through * me);
            }
        }
        self.through.advance(block.frames as u32);
    }

    fn input_for<'a>(&self, channel: usize, input: &[&'a [f32]]) -> Option<&'a [f32]> {
        let last = usize::from(self.input_channels).checked_sub(1)?;
        input.get(usize::from(self.input[channel.min(last)])).copied()
    }
}

/// A gain that may be on its way; at exactly 1 the samples pass unchanged.
fn scale(out: &mut [f32], gain: Ramp) {
    if gain.moving() {
        for (frame, out) in out.iter_mut().enumerate() {
            *out *= gain.value_after(frame as u32);
        }
    } else {
        mix::scale(out, gain.target());
    }
}

/// Frames of a further voice that are read at a time, on the stack.
const CHUNK: usize = 256;

/// Reads one channel of a timeline from song frame `position` on into all of `out`; silence where nothing plays.
/// Returns the frames that should have sounded and were not in memory.
fn read(timeline: &Timeline, channel: usize, position: i64, out: &mut [f32]) -> u64 {
    let Some((first, more)) = timeline.voices().split_first() else {
        out.fill(0.0);
        return 0;
    };
    let end = position + out.len() as i64;
    let mut missed = 0;
    let mut filled = position;
    for piece in first.between(position, end) {
        let (from, to) = (piece.from.max(position), piece.to.min(end));
        out[(filled - position) as usize..(from - position) as usize].fill(0.0);
        let part = &mut out[(from - position) as usize..(to - position) as usize];
        missed += read_piece(piece, channel, from, part);
        filled = to;
    }
    out[(filled - position) as usize..].fill(0.0);
    for piece in more.iter().flat_map(|voice| voice.between(position, end)) {
        let (mut from, to) = (piece.from.max(position), piece.to.min(end));
        let part = &mut out[(from - position) as usize..(to - position) as usize];
        for part in part.chunks_mut(CHUNK) {
            let mut one = [0.0; CHUNK];
            let one = &mut one[..part.len()];
            missed += read_piece(piece, channel, from, one);
            mix::add(part, one);
            from += part.len() as i64;
        }
    }
    missed
}

fn read_piece(piece: &Piece, channel: usize, from: i64, out: &mut [f32]) -> u64 {
    let missed = match &piece.routing {
        Routing::Pick(channels) => {
            let channel = channels.get(channel).copied().unwrap_or(u16::MAX);
            copy_frames(piece, channel, from, out, |out, samples| mix::scale_into(out, samples, piece.gain))
        }
        Routing::Mean => {
            out.fill(0.0);
            let gain = piece.gain / f32::from(piece.stream.channels());
            let add = |out: &mut [f32], samples: &[f32]| {
                for (out, sample) in out.iter_mut().zip(samples) {
                    *out += sample * gain;
                }
            };
            let channels = 0..piece.stream.channels();
            channels.map(|channel| copy_frames(piece, channel, from, out, add)).max().unwrap_or(0)
        }
    };
    fade_piece(piece, from, out);
    missed
}

/// The fades of the clip at its edges (beyond an edge without a fade, joints let the file go on), and its joints'.
fn fade_piece(piece: &Piece, from: i64, out: &mut [f32]) {
    let frames = out.len() as i64;
    let at = from - piece.clip_start;
    let (shape, length) = piece.fade_in;
    if at < length && length > 0 {
        fade::fade_in(out, shape, at, length);
    }
    let (shape, length) = piece.fade_out;
    let to_end = piece.clip_length - at;
    if to_end - frames < length && length > 0 {
        fade::fade_out(out, shape, to_end, length);
    }
    if let Some(joint) = piece.joint_in.filter(|joint| from - joint.from < joint.length) {
        fade::fade_in(out, joint.shape, from - joint.from, joint.length);
    }
    if let Some(joint) = piece.joint_out.filter(|joint| from + frames > joint.from) {
        fade::fade_out(out, joint.shape, joint.from + joint.length - from, joint.length);
    }
}

/// Takes `out.len()` frames of a file channel, from song frame `from` on, block by block; silence and a count
/// for a block that is not there (a channel that the file does not have is silence, not a miss).
fn copy_frames(
    piece: &Piece,
    channel: u16,
    from: i64,
    out: &mut [f32],
    mut put: impl FnMut(&mut [f32], &[f32]),
) -> u64 {
    let mut missed = 0;
    let mut frame = piece.media_frame(from) as u64;
    let mut rest = out;
    while !rest.is_empty() {
        let within = (frame % BLOCK_FRAMES as u64) as usize;
        let n = rest.len().min(BLOCK_FRAMES - within);
        let (part, tail) = rest.split_at_mut(n);
        match piece.stream.pin(frame / BLOCK_FRAMES as u64, channel) {
            Some(pinned) => put(part, &pinned.samples()[within..within + n]),
            None => {
                if matches!(piece.routing, Routing::Pick(_)) {
                    part.fill(0.0);
                }
                if channel < piece.stream.channels() && frame < piece.stream.frames() {
                    missed += n as u64;
                }
            }
        }
        frame += n as u64;
        rest = tail;
    }
    missed
}
