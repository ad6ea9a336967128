//! Two streams as one device: the output's callback is the clock, the input waits for it in a ring.
//!
//! The ring is filled to a target before the first frame is taken, and every call notes how far apart the two
//! clocks are: from the moment at which a frame was captured to the moment at which what is rendered with it will
//! be heard. That is the round trip of this opening. Two sound cards drift; when the ring runs dry or full, the
//! loss is counted as an xrun and the target is sought anew. Start at [`Joint`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use rtrb::{Consumer, Producer, RingBuffer};

use super::super::priority::Priority;
use super::super::{DriverLatency, Voice};
use crate::processor::Io;
use crate::vitals::Vitals;

/// Longest piece rendered at once.
const PIECE: usize = 4_096;
/// Seconds of input that the ring holds.
const RING_SECONDS: usize = 2;

/// What was measured between the two streams.
#[derive(Debug, Default)]
pub(super) struct Offset {
    input: AtomicI64,
    output: AtomicI64,
    measured: AtomicBool,
    slips: AtomicU64,
}

impl Offset {
    pub(super) fn latency(&self) -> DriverLatency {
        let frames = |value: &AtomicI64| u32::try_from(value.load(Ordering::Relaxed)).unwrap_or(0);
        DriverLatency { input: frames(&self.input), output: frames(&self.output) }
    }

    pub(super) fn measured(&self) -> bool {
        self.measured.load(Ordering::Acquire)
    }

    pub(super) fn trouble(&self) -> Option<String> {
        let slips = self.slips.load(Ordering::Relaxed);
        (slips > 0).then(|| {
            format!(
                "input and output of this device ran apart {slips} time(s): what was recorded at those moments has \
                 gaps. Use one device for both, a larger --buffer, or JACK"
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
struct Stamp {
    frame: u64,
    captured: u64,
}

/// The output callback's side.
pub(super) struct OutputSide {
    voice: Voice,
    priority: Priority,
    inputs: usize,
    outputs: usize,
    rate: u32,
    samples: Consumer<f32>,
    stamps: Consumer<Stamp>,
    stamp: Option<Stamp>,
    // Frames to have waiting before any is taken; none yet until the first call.
    target: usize,
    flowing: bool,
    taken: u64,
    time: u64,
    in_planes: Vec<Vec<f32>>,
    out_planes: Vec<Vec<f32>>,
    offset: Arc<Offset>,
    smooth: [f64; 2],
}

impl Joint {
    pub(super) fn new(voice: Voice, inputs: usize, outputs: usize, rate: u32, offset: &Arc<Offset>) -> Self {
        let (samples, samples_out) = RingBuffer::new(rate as usize * RING_SECONDS * inputs.max(1));
        let (stamps, stamps_out) = RingBuffer::new(4_096);
        let vitals = Arc::clone(voice.vitals());
        Self {
            input: InputSide {
                channels: inputs,
                samples,
                stamps,
                frames: 0,
                priority: Priority::new(&vitals),
                vitals: Arc::clone(&vitals),
            },
            output: OutputSide {
                priority: Priority::new(&vitals),
                voice,
                inputs,
                outputs,
                rate,
                samples: samples_out,
                stamps: stamps_out,
                stamp: None,
                target: 0,
                flowing: false,
                taken: 0,
                time: 0,
                in_planes: vec![vec![0.0; PIECE]; inputs],
                out_planes: vec![vec![0.0; PIECE]; outputs],
                offset: Arc::clone(offset),
                smooth: [0.0; 2],
            },
        }
    }

    pub(super) fn split(self) -> (InputSide, OutputSide) {
        (self.input, self.output)
    }
}

impl InputSide {
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
        while let Ok(stamp) = self.stamps.pop() {
            self.stamp = Some(stamp);
        }
        let outputs = self.outputs.max(1);
        self.measure(played, now, samples.len() / outputs);
        for piece in samples.chunks_mut(PIECE * outputs) {
            let frames = piece.len() / outputs;
            self.fetch(frames);
            self.render(frames);
            for (frame, place) in piece.chunks_mut(outputs).enumerate() {
                for (sample, plane) in place.iter_mut().zip(&self.out_planes) {
                    *sample = convert(plane[frame]);
                }
            }
            self.time += frames as u64;
        }
    }

    /// Brings `frames` frames of input into the planes; silence until it flows.
    fn fetch(&mut self, frames: usize) {
        if self.inputs == 0 {
            return;
        }
        let waiting = self.samples.slots() / self.inputs;
        let starting = !self.flowing;
        if starting {
            // One call's worth in reserve over what is taken now: the input's calls come when they like.
            self.target = self.target.max(2 * frames);
            self.flowing = waiting >= self.target;
        }
        // What came in while the output stood still is old: it would be late for ever.
        let slack = if starting { 0 } else { self.rate as usize / 5 };
        if self.flowing && waiting > self.target + slack {
            self.skip(waiting - self.target, !starting);
        }
        let enough = self.samples.slots() / self.inputs >= frames;
        if self.flowing && !enough {
            self.flowing = false;
            self.offset.slips.fetch_add(1, Ordering::Relaxed);
            self.voice.vitals().xrun();
        }
        match (self.flowing, self.samples.read_chunk(frames * self.inputs)) {
            (true, Ok(chunk)) => {
                let (first, second) = chunk.as_slices();
                for (index, sample) in first.iter().chain(second).enumerate() {
                    self.in_planes[index % self.inputs][index / self.inputs] = *sample;
                }
                chunk.commit_all();
                self.taken += frames as u64;
            }
            _ => self.in_planes.iter_mut().for_each(|plane| plane[..frames].fill(0.0)),
        }
    }

    /// Lets go of the oldest `frames` frames.
    fn skip(&mut self, frames: usize, was_flowing: bool) {
        if let Ok(chunk) = self.samples.read_chunk(frames * self.inputs) {
            chunk.commit_all();
            self.taken += frames as u64;
            if was_flowing {
                self.offset.slips.fetch_add(1, Ordering::Relaxed);
                self.voice.vitals().xrun();
            }
        }
    }

    fn render(&mut self, frames: usize) {
        let mut inputs: [&[f32]; 64] = [&[]; 64];
        for (slot, plane) in inputs.iter_mut().zip(&self.in_planes) {
            *slot = &plane[..frames];
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

    /// How long ago the next input frame was captured, and how long until the next output frame is heard;
    /// smoothed, since time stamps jitter.
    fn measure(&mut self, played: u64, now: u64, frames: usize) {
        let Some(stamp) = self.stamp.filter(|_| self.flowing) else { return };
        let per_frame = 1e9 / f64::from(self.rate);
        let captured = stamp.captured as f64 + (self.taken as f64 - stamp.frame as f64) * per_frame;
        let input = (now as f64 - captured) / per_frame;
        let output = (played as f64 - now as f64) / per_frame;
        let first = self.smooth == [0.0; 2];
        let weight = if first { 1.0 } else { (frames as f64 / f64::from(self.rate)).min(0.1) };
        for (value, (smooth, cell)) in [input, output]
            .into_iter()
            .zip(self.smooth.iter_mut().zip([&self.offset.input, &self.offset.output]))
        {
            *smooth += (value - *smooth) * weight;
            cell.store(smooth.round() as i64, Ordering::Relaxed);
        }
        self.offset.measured.store(true, Ordering::Release);
    }
}
