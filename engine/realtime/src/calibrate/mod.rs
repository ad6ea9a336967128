//! Loopback calibration: how late what is played comes back, measured through cable or air.
//!
//! For the command line and the window's assistant: `Engine::calibrate` starts it, `Engine::tick` looks after it,
//! `Engine::calibrated` hands over what came of it; nothing waits. [`Run`] is the audio side, [`measure`](fn@measure)
//! finds the lag in what was heard. Start at [`Measured`].

mod measure;
mod run;
mod signal;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::Serialize;

pub use measure::measure;
pub use run::Run;
pub use signal::TestSignal;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measured {
    /// Frames at the song's rate between a sample's being written to the output in a call and its being read from
    /// the input in a call: what a take is moved by, for the device's part.
    pub round_trip: i64,
    /// 0 to 1: how far the weakest of the bursts stood out of the noise. 0 is just enough; 0.9 is ten times that.
    pub confidence: f64,
    /// How loud it came back against what was played, in dB.
    pub level_db: f64,
    /// The hardware input, from 1.
    pub input: u16,
    /// Whether it came back upside down.
    pub inverted: bool,
}

/// Why nothing was measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// The input is not there.
    #[error(
        "the device has {has} input(s), and input {wanted} is wanted: choose another input, or another device"
    )]
    NoInput {
        /// From 1.
        wanted: u16,
        /// Inputs of the device.
        has: u16,
    },
    /// Something else is going on.
    #[error("the song rolls: stop it, then measure")]
    Rolling,
    /// One is running already.
    #[error("a measurement is running: wait for it, or cancel it first")]
    Running,
    /// It was taken back.
    #[error("the measurement was cancelled; nothing was changed")]
    Cancelled,
    /// The signal is not in what was heard.
    #[error(
        "nothing of the test signal came back on input {input} ({heard}); nothing was changed. Connect output 1 to \
         input {input} by a cable, or hold the headphones close to the microphone and turn both up, then try again"
    )]
    Nothing {
        /// From 1.
        input: u16,
        /// The loudest that was heard, in words.
        heard: String,
    },
    /// It came back clipped.
    #[error(
        "the test signal came back too loud on input {input}: it clipped. Turn the input or the headphones down and \
         try again; nothing was changed"
    )]
    TooLoud {
        /// From 1.
        input: u16,
    },
    /// The bursts disagree.
    #[error(
        "the test signal did not come back steadily: its bursts were up to {spread:.0} frames apart. Hold the \
         headphones still, keep quiet, close other programs (or choose a larger buffer), and try again; nothing was \
         changed"
    )]
    Unsteady {
        /// Frames between the earliest and the latest burst.
        spread: f64,
    },
}

/// The controls' side of a measurement.
#[derive(Debug)]
pub(crate) struct Calibration {
    watch: Arc<Watch>,
    total: u64,
    outcome: Option<Result<Measured, CalibrationError>>,
}

/// What both sides see.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    done: AtomicU64,
    cancelled: AtomicBool,
}

impl Calibration {
    /// A measurement on `input` (from 1) at `rate` frames a second, with what goes to the audio thread.
    pub(crate) fn begin(input: u16, rate: u32) -> (Self, Box<Run>) {
        let watch = Arc::<Watch>::default();
        let run = Run::new(input, TestSignal::new(rate), Arc::clone(&watch));
        let total = run.length() as u64;
        (Self { watch, total, outcome: None }, Box::new(run))
    }

    /// Takes in what came back.
    pub(crate) fn end(&mut self, run: &Run) {
        self.outcome = Some(match self.watch.cancelled.load(Ordering::Relaxed) {
            true => Err(CalibrationError::Cancelled),
            false => measure(run.signal(), run.heard(), run.input()),
        });
    }

    pub(crate) fn cancel(&self) {
        self.watch.cancelled.store(true, Ordering::Relaxed);
    }

    /// Share of it that is done, 0 to 1.
    pub(crate) fn progress(&self) -> f32 {
        self.watch.done.load(Ordering::Relaxed) as f32 / self.total.max(1) as f32
    }

    pub(crate) fn outcome(&self) -> Option<Result<Measured, CalibrationError>> {
        self.outcome.clone()
    }
}

#[cfg(test)]
mod tests;
