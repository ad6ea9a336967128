//! What was sung: the curve, the notes, and what is to be said of them as a whole.
//!
//! Start at [`Recording::of`]. Three things are told apart of each note: its centre (the median, in cents beside the key),
//! its drift, and its vibrato. In tune is within 15 cents, vibrato averaged out.

use std::path::Path;

use dawg_dsp::pitch::notes::{self, IN_TUNE, SungNote};
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use dawg_media::pitch::follow;
use dawg_media::{MediaError, Progress, Source};
use serde::Serialize;

use crate::ear;

/// Moments of the curve a second.
const MOMENTS_A_SECOND: u32 = 100;

/// `POST /api/analyze-pitch`.
#[derive(Debug, Serialize)]
pub(crate) struct Pitch {
    seconds: f64,
    rate: u32,
    channels: u16,
    a4: f32,
    tracker: String,
    curve: Vec<Moment>,
    notes: Vec<Note>,
}

/// `POST /api/analyze-recording`.
#[derive(Debug, Serialize)]
pub(crate) struct Recording {
    summary: Summary,
    #[serde(flatten)]
    pitch: Pitch,
}

/// What is known of one moment; nothing of its pitch where nobody sings.
#[derive(Debug, Serialize)]
struct Moment {
    time: f64,
    frequency: Option<f64>,
    note: Option<String>,
    cents: Option<f64>,
    confidence: f64,
}

#[derive(Debug, Serialize)]
struct Note {
    start: f64,
    end: f64,
    /// As `C#4`.
    note: String,
    /// The median, in Hz.
    frequency: f64,
    /// How far that lies above the key.
    cents: f64,
    /// How far its end lies above its beginning, in cents.
    drift: f64,
    vibrato: Option<Vibrato>,
    /// How much of it is in tune, 0 to 1.
    share_in_tune: f64,
}

/// Waves of 4 to 8 Hz, at least five crossings of their middle.
#[derive(Debug, Serialize)]
struct Vibrato {
    /// Waves a second.
    rate: f64,
    /// From lowest to highest, in cents.
    extent: f64,
}

#[derive(Debug, Serialize)]
struct Summary {
    /// Seconds that were sung.
    sung: f64,
    notes: usize,
    /// In tune is within so many cents of the nearest note.
    in_tune_within_cents: f32,
    /// How much of the time in notes is in tune, 0 to 1; none without notes.
    share_in_tune: Option<f64>,
    /// How many notes are, by their median.
    notes_in_tune: usize,
    lowest: Option<String>,
    highest: Option<String>,
    vibrato: VibratoSummary,
    tuning: TuningSummary,
}

#[derive(Debug, Serialize)]
struct VibratoSummary {
    /// Notes that have some.
    notes: usize,
    /// The medians; none without.
    rate: Option<f64>,
    extent: Option<f64>,
}

/// How the singer's own tuning lies beside the one that was asked for.
#[derive(Debug, Serialize)]
struct TuningSummary {
    a4: f32,
    /// The median of all notes' cents; none without notes.
    offset_cents: Option<f64>,
    /// Where the singer's A4 lies by that, in Hz.
    sung_a4: Option<f64>,
}

impl Pitch {
    pub(super) fn of(
        source: &mut dyn Source,
        path: &Path,
        progress: &Progress,
        tuning: Tuning,
    ) -> Result<Self, MediaError> {
        Ok(Recording::of(source, path, progress, tuning)?.pitch)
    }
}

impl Recording {
    pub(super) fn of(
        source: &mut dyn Source,
        path: &Path,
        progress: &Progress,
        tuning: Tuning,
    ) -> Result<Self, MediaError> {
        let (rate, channels) = (source.sample_rate(), source.channels());
        let curve = follow(source, path, progress)?;
        let curve = &curve.estimates;
        let sung = notes::find(curve, tuning);
        progress.check()?;
        let notes: Vec<Note> = sung.iter().map(|note| Note::of(note, curve, tuning)).collect();
        let summary = Summary::of(curve, &sung, &notes, tuning);
        let every = u64::from(ESTIMATES_A_SECOND / MOMENTS_A_SECOND);
        let moments = curve.iter().filter(|estimate| estimate.number.is_multiple_of(every));
        let pitch = Pitch {
            seconds: source.frames() as f64 / f64::from(rate),
            rate,
            channels,
            a4: tuning.a4.0,
            tracker: ear::name(),
            curve: moments.map(|estimate| Moment::of(estimate, tuning)).collect(),
            notes,
        };
        Ok(Self { summary, pitch })
    }
}

impl Moment {
    fn of(estimate: &Estimate, tuning: Tuning) -> Self {
        let nearest = tuning.nearest(Hertz(estimate.frequency)).filter(|_| estimate.voiced);
        Self {
            time: estimate.seconds(),
            frequency: nearest.map(|_| rounded(estimate.frequency, 3)),
            note: nearest.map(|(note, _)| note.ascii()),
            cents: nearest.map(|(_, cents)| rounded(cents.0, 1)),
            confidence: rounded(estimate.confidence.clamp(0.0, 1.0), 3),
        }
    }
}

impl Note {
    fn of(sung: &SungNote, curve: &[Estimate], tuning: Tuning) -> Self {
        let seconds = |time: f64| (time * 1_000.0).round() / 1_000.0;
        Self {
            start: seconds(sung.start),
            end: seconds(sung.end),
            note: sung.note.ascii(),
            frequency: rounded(sung.pitch.0, 3),
            cents: rounded(sung.cents.0, 1),
            drift: rounded(sung.drift.0, 1),
            vibrato: sung.vibrato.map(|vibrato| Vibrato {
                rate: rounded(vibrato.rate.0, 2),
                extent: rounded(vibrato.extent.0, 1),
            }),
            share_in_tune: rounded(notes::share_in_tune(curve, sung, tuning), 3),
        }
    }
}

impl Summary {
    fn of(curve: &[Estimate], sung: &[SungNote], notes: &[Note], tuning: Tuning) -> Self {
        let voiced = curve.iter().filter(|estimate| estimate.voiced).count();
        let lengths: f64 = sung.iter().map(|note| note.end - note.start).sum();
        let inside: f64 =
            sung.iter().zip(notes).map(|(sung, note)| (sung.end - sung.start) * note.share_in_tune).sum();
        let by_pitch = |a: &&SungNote, b: &&SungNote| a.pitch.0.total_cmp(&b.pitch.0);
        let offset = median(sung.iter().map(|note| note.cents.0));
        let vibrato = || sung.iter().filter_map(|note| note.vibrato);
        Self {
            sung: voiced as f64 / f64::from(ESTIMATES_A_SECOND),
            notes: sung.len(),
            in_tune_within_cents: IN_TUNE.0,
            share_in_tune: (lengths > 0.0).then(|| (inside / lengths * 1_000.0).round() / 1_000.0),
            notes_in_tune: sung.iter().filter(|note| note.in_tune()).count(),
            lowest: sung.iter().min_by(by_pitch).map(|note| note.note.ascii()),
            highest: sung.iter().max_by(by_pitch).map(|note| note.note.ascii()),
            vibrato: VibratoSummary {
                notes: vibrato().count(),
                rate: median(vibrato().map(|vibrato| vibrato.rate.0)).map(|rate| rounded(rate, 2)),
                extent: median(vibrato().map(|vibrato| vibrato.extent.0)).map(|extent| rounded(extent, 1)),
            },
            tuning: TuningSummary {
                a4: tuning.a4.0,
                offset_cents: offset.map(|cents| rounded(cents, 1)),
                sung_a4: offset.map(|cents| rounded(tuning.pitch(69.0 + cents / 100.0).0, 2)),
            },
        }
    }
}

/// The middle value; none of nothing.
fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

/// With so many digits; never −0, and what is no number is 0.
pub(crate) fn rounded(value: f32, digits: i32) -> f64 {
    let scale = 10.0_f64.powi(digits);
    let value = if value.is_finite() { f64::from(value) } else { 0.0 };
    (value * scale).round() / scale + 0.0
}
