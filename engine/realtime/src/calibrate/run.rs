//! The audio side of a measurement: plays the signal in place of everything else, and keeps what comes in.
//!
//! Start at [`Run::call`]. Real-time safe but for [`Run::new`]. Everything else is silent meanwhile: a monitored
//! track would howl through the cable that is being measured.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Watch;
use super::signal::TestSignal;
use crate::processor::Io;

/// A measurement under way.
#[derive(Debug)]
pub struct Run {
    signal: TestSignal,
    // Hardware channel, from 0.
    input: u16,
    // As long as the signal, from the start; the first `done` frames are in.
    heard: Vec<f32>,
    done: usize,
    watch: Arc<Watch>,
}

impl Run {
    pub(super) fn new(input: u16, signal: TestSignal, watch: Arc<Watch>) -> Self {
        let heard = vec![0.0; signal.length()];
        Self { signal, input: input.saturating_sub(1), heard, done: 0, watch }
    }

    pub(super) fn length(&self) -> usize {
        self.heard.len()
    }

    pub(super) fn signal(&self) -> &TestSignal {
        &self.signal
    }

    /// The hardware input, from 1.
    pub(super) fn input(&self) -> u16 {
        self.input + 1
    }

    pub(super) fn heard(&self) -> &[f32] {
        &self.heard[..self.done]
    }

    /// One device call, after everything else has written its output.
    pub(crate) fn call(&mut self, io: &mut Io<'_, '_>) {
        let frames = io.frames.min(self.heard.len() - self.done);
        let room = &mut self.heard[self.done..self.done + frames];
        match io.input.get(usize::from(self.input)) {
            Some(input) => room.copy_from_slice(&input[..frames]),
            None => room.fill(0.0),
        }
        let lead = self.signal.lead().max(1) as f32;
        for (channel, output) in io.output.iter_mut().enumerate() {
            for (frame, sample) in output[..io.frames].iter_mut().enumerate() {
                let at = self.done + frame;
                // What sounded fades within the lead.
                *sample *= (1.0 - at as f32 / lead).max(0.0);
                if channel < 2 {
                    *sample += self.signal.at(at);
                }
            }
        }
        self.done += frames;
        self.watch.done.store(self.done as u64, Ordering::Relaxed);
    }

    /// Whether everything is in, or nobody waits for it any more.
    pub(crate) fn ended(&self) -> bool {
        self.done == self.heard.len() || self.watch.cancelled.load(Ordering::Relaxed)
    }
}
