//! The Processor: renders Plans, block by block, on the audio thread or in its offline twin.
//!
//! Lives here: everything reachable from [`Processor::process`]. None of it allocates, frees, locks, waits, logs,
//! panics or makes a system call. Start at [`Processor`]; the transport's turns are in `transport`, a track's
//! playback in `source`.

pub mod beside;
pub mod command;
pub mod compensation;
pub mod cue;
mod dip;
mod measuring;
mod metronome;
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

    fn clear_garbage(&mut self) {
        if let Some(garbage) = self.waiting.take() {
            self.discard(garbage);
        }
    }

    /// Gives something back to be freed elsewhere; never frees it here.
    fn discard(&mut self, garbage: Garbage) {
        debug_assert!(self.waiting.is_none(), "garbage made while other garbage waited");
        if let Err(rtrb::PushError::Full(garbage)) = self.garbage.push(garbage) {
            self.waiting = Some(garbage);
        }
    }

    fn take_commands(&mut self, frame_time: u64) {
        while self.waiting.is_none() && self.ready_for_next() {
            let Ok(command) = self.commands.pop() else { break };
            self.obey(command, frame_time);
        }
        self.dip_for_next();
        // One roll at a time: the next ends this one, which takes its last round trip.
        if let Ok(Command::Play { taps: Some(_), .. }) = self.commands.peek() {
            self.log_stop();
        }
    }

    /// A new Plan waits until the fade from the last one is over, and with it all that was sent after it.
    fn ready_for_next(&self) -> bool {
        match self.commands.peek() {
            Ok(Command::Install(installation)) => {
                self.retiring.is_none() && self.may_install(&installation.plan)
            }
            // Play starts without a fade.
            Ok(Command::Play { taps, .. }) => {
                self.dip == Dip::Open && (taps.is_none() || self.taps.is_none())
            }
            Ok(Command::Beside(_)) => self.beside.ready(),
            Ok(Command::Measure(_)) => self.measuring.is_none(),
            Ok(_) => true,
            Err(_) => false,
        }
    }

    fn obey(&mut self, command: Command, frame_time: u64) {
        match command {
            Command::Install(installation) => self.install(installation),
            Command::Glide { slot, param, value } => {
                if let Some(Slot::Node { events, .. }) = self.slot_mut(slot.0) {
                    events.glide(param, value);
                }
            }
            Command::Monitor { slot, input, monitor, armed } => {
                if let Some(Slot::Source(source)) = self.slot_mut(slot.0) {
                    let count = input.iter().position(|channel| *channel == 0).unwrap_or(input.len());
                    source.set_input(&input[..count]);
                    source.set_monitor(monitor, armed);
                }
            }
            Command::Metronome(click) => self.click = click,
            Command::Loop(range) => {
                self.transport.set_loop(range);
                if let Some(taps) = &mut self.taps {
                    taps.looped(self.transport.loop_range());
                }
            }
            Command::Measure(run) => self.measuring = Some(run),
            Command::Play { from, count_in, taps } => {
                if let Some(mut taps) = taps {
                    taps.started(frame_time);
                    if let Some(range) = self.transport.loop_range() {
                        taps.looped(Some(range));
                    }
                    self.taps = Some(taps);
                }
                let was_rolling = self.transport.rolling();
                let moves = self.transport.play(from, count_in);
                // A play that becomes a locate has its segment when it arrives.
                if moves && (!was_rolling || from.is_none()) {
                    self.log_segment();
                }
            }
            Command::Stop => {
                self.transport.stop();
                if !self.transport.rolling() {
                    self.log_stop();
                }
            }
            Command::Punch(on) => {
                if let Some(taps) = &mut self.taps {
                    taps.punch(on);
                }
            }
            Command::Locate(to) => self.transport.locate(to),
            Command::Cue(mix) => self.cue.set(mix),
            Command::Listen(bank) => {
                let former = self.listener.listen(bank);
                self.discard(Garbage::Bank(former));
            }
            Command::Beside(feed) => self.beside.put(feed, self.transport.fade_frames()),
        }
    }

    fn slot_mut(&mut self, index: u32) -> Option<&mut Slot> {
        self.table.get_mut(index as usize)?.as_deref_mut()
    }

    /// Puts the new Plan and its slots in place, and what they replace into the same box.
    fn install(&mut self, mut installation: Box<Installation>) {
        if let Some(table) = &mut installation.table {
            for (new, old) in table.iter_mut().zip(&mut self.table) {
                std::mem::swap(new, old);
            }
            std::mem::swap(table, &mut self.table);
        }
        if let Some(scratch) = &mut installation.scratch {
            std::mem::swap(scratch, &mut self.scratch);
        }
        for (index, slot) in &mut installation.dead {
            if let Some(place) = self.table.get_mut(index.0 as usize) {
                std::mem::swap(slot, place);
            }
        }
        for (index, slot) in &mut installation.fresh {
            if let Some(place) = self.table.get_mut(index.0 as usize) {
                std::mem::swap(slot, place);
            }
        }
        // After this, `installation` holds the former Plan beside the dead slots.
        std::mem::swap(&mut installation.plan, &mut self.current.plan);
        self.dip.open(self.current.plan.latency, self.transport.fade_frames());
        if self.transport.rolling() {
            self.retiring = Some((installation, 0));
        } else {
            self.discard(Garbage::Installation(installation));
        }
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

    fn click_into(&self, output: &mut [&mut [f32]], from: usize, frames: usize) {
        let position = match self.transport.phase {
            Phase::CountIn { left } => self.transport.position - left,
            _ if self.click.on && self.transport.rolling() => self.transport.position,
            _ => return,
        };
        // The click is heard with the song, which the Plan makes late.
        let position = position - i64::from(self.current.plan.latency);
        let mut sides = output.iter_mut().take(2).map(|side| &mut side[from..from + frames]);
        let tempo = &self.current.plan.tempo;
        match (sides.next(), sides.next()) {
            (Some(left), Some(right)) => {
                metronome::add_clicks(tempo, self.rate, self.click, position, &mut [left, right], frames);
            }
            (Some(only), None) => {
                metronome::add_clicks(tempo, self.rate, self.click, position, &mut [only], frames);
            }
            _ => {}
        }
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
