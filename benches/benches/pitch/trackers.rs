//! Those who are compared, and what each makes of a piece.

use std::time::Duration;

use dawg_dsp::pitch::{PitchRange, Tracker};
use dawg_tests::sung::Piece;
use dawg_tests::sung::score::Guess;
use pitch_detection::detector::PitchDetector;
use pitch_detection::detector::mcleod::McLeodDetector;
use pitch_detection::detector::yin::YINDetector;
use rustix::time::{ClockId, clock_gettime};

/// Samples of a window of the crate's detectors: 43 ms at 48 kHz, two periods of E2 and a little.
const WINDOW: usize = 2_048;
/// Samples that come in at once.
const BLOCK: usize = 256;

/// A tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// Ours, live.
    Live,
    /// Ours, over a whole take.
    Whole,
    /// The crate's, after P. McLeod.
    McLeod,
    /// The crate's, after A. de Cheveigné.
    Yin,
}

impl Contender {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Live, Self::Whole, Self::McLeod, Self::Yin];

    /// For tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Live => "ours, live",
            Self::Whole => "ours, whole",
            Self::McLeod => "`pitch-detection`, McLeod",
            Self::Yin => "`pitch-detection`, YIN",
        }
    }

    /// How much later than a moment everything has come in that it needs, for tables.
    pub(crate) fn latency(self) -> String {
        match self {
            Self::Live => format!("{:.0} ms", super::live(48_000).latency() * 1e3),
            Self::Whole => "looks ahead".to_owned(),
            Self::McLeod | Self::Yin => format!("{:.0} ms", WINDOW as f64 / 2.0 / 48.0),
        }
    }

    /// What it makes of a piece, and the processor time that it took.
    pub(crate) fn follow(self, piece: &Piece) -> (Vec<Guess>, Duration) {
        let samples = &piece.samples;
        match self {
            Self::Live => timed(|| ours(super::live(piece.rate), samples)),
            Self::Whole => {
                timed(|| ours(Tracker::whole(piece.rate, PitchRange::default()).unwrap(), samples))
            }
            // Clarity as in the crate's example.
            Self::McLeod => timed(|| windows(piece, &mut McLeodDetector::new(WINDOW, WINDOW / 2), 0.7)),
            Self::Yin => timed(|| windows(piece, &mut YINDetector::new(WINDOW, WINDOW / 2), 0.7)),
        }
    }
}

/// Processor time of this thread.
pub(crate) fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn timed(work: impl FnOnce() -> Vec<Guess>) -> (Vec<Guess>, Duration) {
    let start = processor_time();
    let guesses = work();
    (guesses, processor_time() - start)
}

fn ours(mut tracker: Tracker, samples: &[f32]) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for block in samples.chunks(BLOCK) {
        tracker.push(block, &mut |estimate| guesses.push(estimate.into()));
    }
    tracker.finish(&mut |estimate| guesses.push(estimate.into()));
    guesses
}

/// Each 10 ms one window around the moment.
fn windows(piece: &Piece, detector: &mut dyn PitchDetector<f32>, clarity: f32) -> Vec<Guess> {
    let mut window = [0.0; WINDOW];
    let mut guess = |row: usize| {
        let centre = row * piece.rate as usize / 100;
        for (n, sample) in window.iter_mut().enumerate() {
            let at = (centre + n).checked_sub(WINDOW / 2);
            *sample = at.and_then(|at| piece.samples.get(at)).copied().unwrap_or(0.0);
        }
        let pitch = detector.get_pitch(&window, piece.rate as usize, 1e-6, clarity);
        let frequency = pitch.map_or(0.0, |pitch| f64::from(pitch.frequency));
        let voiced = frequency.is_finite() && frequency > 0.0;
        Guess { time: row as f64 / 100.0, frequency, voiced }
    };
    (0..piece.truth.len()).map(&mut guess).collect()
}
