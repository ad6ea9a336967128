//! Rhythm: where onsets lie beside the grid of a tempo.
//!
//! Start at [`Rhythm::of`]. The grid begins at `offset`, the second of the recording at which a beat falls. Where nobody
//! says it, the onsets themselves do: then the mean lies on the grid by definition, and is not told.

use std::f64::consts::TAU;

use dawg_dsp::onset::{Onset, OnsetFinder};
use dawg_media::pitch::Fold;
use dawg_media::{MediaError, Progress, Source};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Beats a minute.
    bpm: f64,
    /// Seconds at which a beat falls.
    offset: Option<f64>,
    /// Lines of the grid in a beat.
    #[serde(default = "sixteenths")]
    division: u32,
}

fn sixteenths() -> u32 {
    4
}

/// `POST /api/analyze-rhythm`.
#[derive(Debug, Serialize)]
pub(crate) struct Rhythm {
    seconds: f64,
    bpm: f64,
    division: u32,
    /// Seconds at which a beat, or a line of the grid, falls; none without onsets where nobody said it.
    offset: Option<f64>,
    /// `query` or `onsets`.
    offset_from: &'static str,
    onsets: Vec<Placed>,
    /// How much later than the grid the onsets are in the mean. None without onsets, or where they made the grid.
    mean_ms: Option<f64>,
    /// The standard deviation around that mean; none below two onsets.
    spread_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Placed {
    time: f64,
    /// By how many dB the spectrum rises.
    strength: f64,
    /// The nearest line of the grid, in beats from the offset.
    beat: f64,
    /// How much later than that line it is; earlier is negative.
    deviation_ms: f64,
}

impl Asked {
    pub(super) fn checked(self) -> Result<Self, String> {
        if !(20.0..=400.0).contains(&self.bpm) {
            return Err(format!("bpm is {}: give 20 to 400 beats a minute", self.bpm));
        }
        if !(1..=12).contains(&self.division) {
            return Err(format!("division is {}: give 1 to 12 lines in a beat", self.division));
        }
        match self.offset {
            Some(offset) if !(-3_600.0..=3_600.0).contains(&offset) => {
                Err(format!("offset is {offset}: give the second of the recording at which a beat falls"))
            }
            _ => Ok(self),
        }
    }

    /// Seconds between two lines of the grid.
    fn line(self) -> f64 {
        60.0 / self.bpm / f64::from(self.division)
    }
}

impl Rhythm {
    pub(super) fn of(source: &mut dyn Source, progress: &Progress, asked: Asked) -> Result<Self, MediaError> {
        let seconds = source.frames() as f64 / f64::from(source.sample_rate().max(1));
        Ok(Self::placed(&onsets(source, progress)?, seconds, asked))
    }

    fn placed(onsets: &[Onset], seconds: f64, asked: Asked) -> Self {
        let offset = asked.offset.or_else(|| phase(onsets, asked.line()));
        let place = |onset: &Onset| {
            let lines = (onset.seconds - offset.unwrap_or(0.0)) / asked.line();
            Placed {
                time: thousandths(onset.seconds),
                strength: thousandths(onset.strength.into()),
                beat: thousandths(lines.round() / f64::from(asked.division)),
                deviation_ms: tenths((lines - lines.round()) * asked.line() * 1_000.0),
            }
        };
        let placed: Vec<Placed> = onsets.iter().map(place).collect();
        let count = placed.len() as f64;
        let mean = placed.iter().map(|onset| onset.deviation_ms).sum::<f64>() / count.max(1.0);
        let squares: f64 = placed.iter().map(|onset| (onset.deviation_ms - mean).powi(2)).sum();
        Self {
            seconds: thousandths(seconds),
            bpm: asked.bpm,
            division: asked.division,
            offset: offset.map(thousandths),
            offset_from: if asked.offset.is_some() { "query" } else { "onsets" },
            mean_ms: (asked.offset.is_some() && !placed.is_empty()).then(|| tenths(mean)),
            spread_ms: (placed.len() > 1).then(|| tenths((squares / count).sqrt())),
            onsets: placed,
        }
    }
}

/// Where the onsets lie between two lines of the grid, in the mean round the circle; none without onsets.
fn phase(onsets: &[Onset], line: f64) -> Option<f64> {
    let turns = onsets.iter().map(|onset| (onset.seconds / line * TAU).sin_cos());
    let (sine, cosine) = turns.fold((0.0, 0.0), |(a, b), (sine, cosine)| (a + sine, b + cosine));
    (!onsets.is_empty()).then(|| (sine.atan2(cosine) / TAU).rem_euclid(1.0) * line)
}

fn onsets(source: &mut dyn Source, progress: &Progress) -> Result<Vec<Onset>, MediaError> {
    let mut fold = Fold::new(source.channels(), source.sample_rate());
    let mut finder = OnsetFinder::new(source.sample_rate());
    let mut planes = vec![vec![0.0_f32; fold.block()]; usize::from(source.channels())];
    let mut at = 0;
    while at < source.frames() {
        progress.check()?;
        let wanted = usize::try_from(source.frames() - at).unwrap_or(usize::MAX).min(fold.block());
        let mut slices: Vec<&mut [f32]> =
            planes.iter_mut().filter_map(|plane| plane.get_mut(..wanted)).collect();
        let read = source.read(at, &mut slices)?;
        if read == 0 {
            break;
        }
        let slices: Vec<&[f32]> = planes.iter().filter_map(|plane| plane.get(..read)).collect();
        fold.push(&slices, &mut |mono| finder.push(mono));
        at += read as u64;
    }
    fold.finish(&mut |mono| finder.push(mono));
    Ok(finder.finish())
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0 + 0.0
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn onsets(seconds: &[f64]) -> Vec<Onset> {
        seconds.iter().map(|seconds| Onset { seconds: *seconds, strength: 5.0 }).collect()
    }

    #[test]
    fn deviations_are_signed_and_of_the_nearest_line() {
        // Seen red: with deviations from the line before.
        let asked = Asked { bpm: 120.0, offset: Some(0.1), division: 2 };
        let rhythm = Rhythm::placed(&onsets(&[0.12, 0.34, 1.11]), 2.0, asked);
        let told: Vec<_> = rhythm.onsets.iter().map(|onset| (onset.beat, onset.deviation_ms)).collect();
        assert_eq!(told, [(0.0, 20.0), (0.5, -10.0), (2.0, 10.0)]);
        assert_eq!((rhythm.mean_ms, rhythm.offset_from), (Some(6.7), "query"));
        assert_eq!(rhythm.spread_ms, Some(12.5));
    }

    #[test]
    fn without_an_offset_the_onsets_make_the_grid_and_no_mean_is_told() {
        // Seen red: with a mean told though the onsets made the grid, and deviations from the line before.
        let asked = Asked { bpm: 60.0, offset: None, division: 1 };
        let rhythm = Rhythm::placed(&onsets(&[0.99, 2.01, 2.99, 4.01]), 5.0, asked);
        assert_eq!((rhythm.mean_ms, rhythm.spread_ms, rhythm.offset_from), (None, Some(10.0), "onsets"));
        let offset = rhythm.offset.unwrap();
        assert!(!(0.001..=0.999).contains(&offset), "{offset}");
        let nothing = Rhythm::placed(&[], 5.0, asked);
        assert_eq!((nothing.offset, nothing.mean_ms, nothing.spread_ms), (None, None, None));
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        // Seen red: with `bpm < 20.0 || bpm > 400.0`, which is false of NaN.
        let usual = Asked { bpm: 120.0, offset: None, division: 4 };
        assert!(usual.checked().is_ok());
        let wrong = [
            Asked { bpm: f64::NAN, ..usual },
            Asked { bpm: 0.0, ..usual },
            Asked { division: 0, ..usual },
            Asked { offset: Some(f64::INFINITY), ..usual },
        ];
        wrong.into_iter().for_each(|asked| assert!(asked.checked().is_err(), "{asked:?}"));
    }
}
