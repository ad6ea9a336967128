//! Two streams as one device: the output's callback is the clock, the input waits for it in a stamped ring.
//!
//! How far apart the two are is measured at every opening, from the moment at which a frame was captured to the moment at
//! which what is rendered with it will be heard: the round trip of this opening. From then on it is kept, also when the
//! two clocks drift (see `follow`). Start at [`Joint`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use rtrb::{Producer, RingBuffer};

use super::super::priority::Priority;
use super::super::{DriverLatency, Voice};
use super::follow::{Follower, PIECE};
use crate::processor::Io;
use crate::vitals::Vitals;

/// Seconds of input that the ring holds.
const RING_SECONDS: usize = 2;

/// What was measured between the two streams.
#[derive(Debug, Default)]
pub(super) struct Offset {
    input: AtomicI64,
    output: AtomicI64,
    measured: AtomicBool,
    pub(super) slips: AtomicU64,
}

impl Offset {
    pub(super) fn latency(&self) -> DriverLatency {
        let frames = |value: &AtomicI64| u32::try_from(value.load(Ordering::Relaxed)).unwrap_or(0);
        DriverLatency { input: frames(&self.input), output: frames(&self.output) }
    }

    /// The round trip and the output's part of it, in frames; `kept` once it will not change any more.
    pub(super) fn set(&self, round_trip: f64, output: f64, kept: bool) {
        let round_trip = round_trip.round().max(0.0) as i64;
        let output = (output.round() as i64).clamp(0, round_trip);
        self.input.store(round_trip - output, Ordering::Relaxed);
        self.output.store(output, Ordering::Relaxed);
        if kept {
            self.measured.store(true, Ordering::Release);
        }
    }

    pub(super) fn measured(&self) -> bool {
        self.measured.load(Ordering::Acquire)
    }

    pub(super) fn trouble(&self) -> Option<String> {
        let slips = self.slips.load(Ordering::Relaxed);
        (slips > 0).then(|| {
            format!(
                "input and output of this device were not in step {slips} time(s): what was recorded at \
                 those moments has gaps. Use one device for both, a larger --buffer, or JACK"
            )
        })
    }
}

/// Both sides before they go to their callbacks.
pub(super) struct Joint {
    input: InputSide,
    output: OutputSide,
}

/// The input callback's side.
pub(super) struct InputSide {
    channels: usize,
    samples: Producer<f32>,
    stamps: Producer<Stamp>,
    frames: u64,
    vitals: Arc<Vitals>,
    priority: Priority,
}

/// Frame `frame` of the input was captured at `captured` nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) frame: u64,
    pub(super) captured: u64,
}

/// The output callback's side.
pub(super) struct OutputSide {
    voice: Voice,
    priority: Priority,
    inputs: usize,
    outputs: usize,
    time: u64,
    follower: Follower,
    out_planes: Vec<Vec<f32>>,
}

impl Joint {
    pub(super) fn new(voice: Voice, inputs: usize, outputs: usize, rate: u32, offset: &Arc<Offset>) -> Self {
        let (samples, samples_out) = RingBuffer::new(rate as usize * RING_SECONDS * inputs.max(1));
        let (stamps, stamps_out) = RingBuffer::new(4_096);
        let vitals = Arc::clone(voice.vitals());
        Self {
            input: InputSide::new(inputs, samples, stamps, &vitals),
            output: OutputSide {
                priority: Priority::new(&vitals),
                voice,
                inputs,
                outputs,
                time: 0,
                follower: Follower::new(inputs, rate, samples_out, stamps_out, (offset, &vitals)),
                out_planes: vec![vec![0.0; PIECE]; outputs],
            },
        }
    }

    pub(super) fn split(self) -> (InputSide, OutputSide) {
        (self.input, self.output)
    }
}

impl InputSide {
    pub(super) fn new(
        channels: usize,
        samples: Producer<f32>,
        stamps: Producer<Stamp>,
        vitals: &Arc<Vitals>,
    ) -> Self {
        let (priority, vitals) = (Priority::new(vitals), Arc::clone(vitals));
        Self { channels, samples, stamps, frames: 0, vitals, priority }
    }

    /// Takes one callback's interleaved samples. Real-time safe.
    pub(super) fn take<T>(&mut self, samples: &[T], convert: impl Fn(&T) -> f32, captured: u64) {
        self.priority.ask_once();
        let frames = samples.len() / self.channels.max(1);
        let Ok(mut chunk) = self.samples.write_chunk(frames * self.channels) else {
            self.vitals.xrun(); // nobody took anything for two seconds
            return;
        };
        let (first, second) = chunk.as_mut_slices();
        for (place, sample) in first.iter_mut().chain(second).zip(samples) {
            *place = convert(sample);
        }
        chunk.commit_all();
        // A full stamp ring means that the output stands still; the next stamp will do.
        let _ = self.stamps.push(Stamp { frame: self.frames, captured });
        self.frames += frames as u64;
    }
}

impl OutputSide {
    /// Fills one callback's interleaved samples. Real-time safe.
    pub(super) fn give<T>(&mut self, samples: &mut [T], convert: impl Fn(f32) -> T, played: u64, now: u64) {
        self.priority.ask_once();
        let outputs = self.outputs.max(1);
        self.follower.note(self.time, samples.len() / outputs, played, now);
        for piece in samples.chunks_mut(PIECE * outputs) {
            let frames = piece.len() / outputs;
            self.render(frames);
            for (frame, place) in piece.chunks_mut(outputs).enumerate() {
                for (sample, plane) in place.iter_mut().zip(&self.out_planes) {
                    *sample = convert(plane[frame]);
                }
            }
            self.time += frames as u64;
        }
    }

    fn render(&mut self, frames: usize) {
        let mut inputs: [&[f32]; 64] = [&[]; 64];
        if self.inputs > 0 {
            for (slot, plane) in inputs.iter_mut().zip(self.follower.fetch(self.time, frames)) {
                *slot = &plane[..frames];
            }
        }
        let mut outputs: [&mut [f32]; 64] = std::array::from_fn(|_| &mut [] as &mut [f32]);
        for (slot, plane) in outputs.iter_mut().zip(&mut self.out_planes) {
            *slot = &mut plane[..frames];
        }
        self.voice.call(&mut Io {
            input: &inputs[..self.inputs.min(64)],
            output: &mut outputs[..self.outputs.min(64)],
            frames,
            frame_time: self.time,
        });
    }
}
