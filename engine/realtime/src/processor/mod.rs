//! The Processor: renders Plans, block by block, on the audio thread or in its offline twin.
//!
//! Lives here: everything reachable from [`Processor::process`]. None of it allocates, frees, locks, waits, logs,
//! panics or makes a system call. Start at [`Processor`]; what it is told is in `obey`, the transport's turns in
//! `transport`, a track's playback in `source`.

pub mod beside;
pub mod command;
pub mod compensation;
pub mod cue;
mod dip;
mod measuring;
mod metronome;
mod obey;
mod schedule;
pub mod source;
pub mod strip;
mod transport;

use std::sync::Arc;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::calibrate::Run;
use crate::capture::tap::Taps;
use crate::installation::{Installation, Scratch, Slot};
use crate::meter::InputMeters;
use crate::pitch::feed::Follower;
use crate::plan::{Plan, Span};
use crate::retrospect::history::History;
use crate::retrospect::listener::{Listener, listener};
use crate::roles::AudioThread;
use crate::vitals::Vitals;
use beside::Beside;
use command::{Click, Command, Garbage, Playhead};
use cue::Cue;
use dip::Dip;
pub use transport::shortest_loop;
use transport::{Phase, Transport, Turn, fade_frames};

/// Messages that can wait for the audio thread.
const COMMANDS: usize = 4_096;
/// Garbage that can wait to be fetched.
const GARBAGE: usize = 256;

/// Audio of one device call, planar: `input[channel][frame]`, `output[channel][frame]`, all equally long.
#[derive(Debug)]
pub struct Io<'a, 'b> {
    /// One slice a hardware input.
    pub input: &'a [&'b [f32]],
    /// One slice a hardware output; written whole.
    pub output: &'a mut [&'b mut [f32]],
    /// Frames of this call.
    pub frames: usize,
    /// Device frame of the first one.
    pub frame_time: u64,
}

/// Everything that sounds.
#[derive(Debug)]
pub struct Processor {
    rate: u32,
    max_block: usize,
    commands: Consumer<Command>,
    garbage: Producer<Garbage>,
    // What did not fit into the garbage ring; nothing that makes more garbage is begun while it waits.
    waiting: Option<Garbage>,
    playhead: triple_buffer::Input<Playhead>,
    vitals: Arc<Vitals>,
    table: Vec<Option<Box<Slot>>>,
    scratch: Scratch,
    current: Box<Installation>,
    // The Plan before, while its changed sources are faded over, and the frames of that fade already done.
    retiring: Option<(Box<Installation>, i64)>,
    transport: Transport,
    click: Click,
    taps: Option<Box<Taps>>,
    beside: Beside,
    cue: Cue,
    listener: Listener,
    follower: Follower,
    measuring: Option<Box<Run>>,
    dip: Dip,
    meters: bool,
    inputs: Arc<InputMeters>,
}

/// The other ends of a Processor's rings.
#[derive(Debug)]
pub struct Controls {
    /// Messages to it.
    pub commands: Producer<Command>,
    /// What it gives back.
    pub garbage: Consumer<Garbage>,
    /// Where it is.
    pub playhead: triple_buffer::Output<Playhead>,
    /// How it is.
    pub vitals: Arc<Vitals>,
    /// Levels of the hardware inputs.
    pub inputs: Arc<InputMeters>,
    /// What came in lately.
    pub(crate) history: History,
}

impl Processor {
    /// A silent Processor at `rate` frames a second, for calls of any length, rendered in blocks of at most
    /// `max_block` frames. Not real-time safe.
    #[must_use]
    pub fn new(rate: u32, max_block: usize, meters: bool) -> (Self, Controls) {
        let (command_in, commands) = RingBuffer::new(COMMANDS);
        let (garbage, garbage_out) = RingBuffer::new(GARBAGE);
        let (playhead, playhead_out) = triple_buffer::triple_buffer(&Playhead::default());
        let vitals = Arc::new(Vitals::default());
        let inputs = Arc::new(InputMeters::default());
        let (listener, heard) = listener(if meters { COMMANDS } else { 1 });
        let history = History::new(rate, heard);
        let processor = Self {
            rate,
            max_block: max_block.max(1),
            commands,
            garbage,
            waiting: None,
            playhead,
            vitals: Arc::clone(&vitals),
            table: Vec::new(),
            scratch: Scratch::new(2, 0, max_block.max(1)),
            current: Box::new(Installation::silence(rate)),
            retiring: None,
            transport: Transport::new(fade_frames(rate)),
            click: Click::default(),
            taps: None,
            beside: Beside::default(),
            cue: Cue::new(rate, max_block.max(1)),
            listener,
            follower: Follower::new(),
            measuring: None,
            dip: Dip::default(),
            meters,
            inputs: Arc::clone(&inputs),
        };
        let controls = Controls {
            commands: command_in,
            garbage: garbage_out,
            playhead: playhead_out,
            vitals,
            inputs,
            history,
        };
        (processor, controls)
    }

    /// The Plan that sounds.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.current.plan
    }

    /// Renders one device call. Real-time safe.
    pub fn process(&mut self, _: &AudioThread, io: &mut Io<'_, '_>) {
        self.clear_garbage();
        self.take_commands(io.frame_time);
        let mut done = 0;
        while done < io.frames {
            let block = self.reach(io.frames - done);
            self.render(io, done, block);
            done += block;
            self.advance(block);
            if done < io.frames {
                self.take_commands(io.frame_time + done as u64);
            }
        }
        self.measure(io);
        self.report(io.frame_time + io.frames as u64, io.frames);
    }

    /// How many of `frames` frames form the next block.
    fn reach(&self, frames: usize) -> usize {
        let mut reach = self.transport.reach(frames.min(self.max_block));
        if let Some((_, done)) = &self.retiring {
            reach = reach.min((self.transport.fade_frames() - done).max(1) as usize);
        }
        reach = self.dip.reach(reach, self.transport.fade_frames());
        if let Some(taps) = &self.taps {
            reach = taps.reach(reach);
            if let (true, Some(turn)) = (self.transport.rolling(), taps.until_turn(self.transport.position)) {
                reach = reach.min(usize::try_from(turn).unwrap_or(usize::MAX));
            }
        }
        reach.max(1)
    }

    /// Whether what is played now becomes part of a take.
    fn punched(&self) -> bool {
        let wants = |taps: &Taps| taps.wants(self.transport.position);
        self.transport.rolling() && self.taps.as_deref().is_some_and(wants)
    }

    fn render(&mut self, io: &mut Io<'_, '_>, from: usize, frames: usize) {
        if self.meters {
            self.inputs.add(io.input, from, frames, self.rate);
        }
        if let Some(taps) = &mut self.taps {
            taps.take(io.input, from, from + frames);
        }
        let place = self.transport.place(self.current.plan.latency);
        self.listener.hear(place, io.input, from, frames);
        self.follower.hear(place, io.input, from, frames);
        self.run_schedule(io.input, from, frames);
        let Span { first, channels } = self.current.plan.output;
        let mix = &mut self.scratch.planes[first as usize..][..usize::from(channels)];
        for side in mix.iter_mut() {
            self.dip.fade(&mut side[..frames], self.transport.fade_frames());
        }
        write_output(mix, io.output, from, frames);
        self.click_into(io.output, from, frames);
        self.beside.add_to(io.output, from, frames);
        self.cue_into(io.output, from, frames);
    }

    fn advance(&mut self, frames: usize) {
        match self.transport.advance(frames) {
            Turn::None => {}
            Turn::Segment => self.log_segment(),
            Turn::Stopped => self.log_stop(),
        }
        self.dip.advance(frames, self.transport.fade_frames());
        if let Some((_, done)) = &mut self.retiring {
            *done += frames as i64;
        }
        let faded = self.retiring.as_ref().is_some_and(|(_, done)| *done >= self.transport.fade_frames());
        if faded
            && self.waiting.is_none()
            && let Some((installation, _)) = self.retiring.take()
        {
            self.discard(Garbage::Installation(installation));
        }
        if self.waiting.is_none()
            && self.taps.as_mut().is_some_and(|taps| taps.ended())
            && let Some(taps) = self.taps.take()
        {
            self.discard(Garbage::Taps(taps));
        }
        if self.waiting.is_none()
            && let Some(feed) = self.beside.take_ended()
        {
            self.discard(Garbage::Beside(feed));
        }
    }

    fn log_segment(&mut self) {
        if let Some(taps) = &mut self.taps {
            taps.segment(self.transport.position);
        }
    }

    fn log_stop(&mut self) {
        if let Some(taps) = &mut self.taps {
            taps.stopped();
        }
    }

    fn report(&mut self, frame_time: u64, frames: usize) {
        self.playhead.write(Playhead {
            position: self.transport.position,
            rolling: self.transport.rolling(),
            counting_in: matches!(self.transport.phase, Phase::CountIn { .. }),
            count_in_left: match self.transport.phase {
                Phase::CountIn { left } => left,
                _ => 0,
            },
            recording: self.taps.is_some(),
            punched: self.punched(),
            device_frame: frame_time,
        });
        self.vitals.processed(frames, self.transport.position, self.current.plan.generation);
    }
}

/// Copies the mix (left, right) to the device: to its first two channels, or both halves to its only one.
fn write_output(mix: &[Box<[f32]>], output: &mut [&mut [f32]], from: usize, frames: usize) {
    if let ([only], [left, right]) = (&mut *output, mix) {
        for ((out, left), right) in only[from..from + frames].iter_mut().zip(&left[..]).zip(&right[..]) {
            *out = (left + right) * 0.5;
        }
        return;
    }
    for (channel, out) in output.iter_mut().enumerate() {
        let out = &mut out[from..from + frames];
        match mix.get(channel) {
            Some(side) => out.copy_from_slice(&side[..frames]),
            None => out.fill(0.0),
        }
    }
}
