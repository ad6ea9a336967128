//! Finds the lag of the test signal in what was heard.
//!
//! Each burst is looked for by itself, by cross-correlation (a matched filter: with 8,000 frames of burst it gains 39 dB
//! over noise); its peak is refined between frames by a parabola, and all bursts must agree. Start at [`measure`].

use dawg_dsp::correlate::correlate;

use super::signal::TestSignal;
use super::{CalibrationError, Measured};

/// How far a peak must stand out of the noise. The highest of 40,000 lags of pure noise stands 4.5 times its deviation.
const THRESHOLD: f64 = 8.0;
/// Frames by which bursts may disagree.
const STEADY: f64 = 1.0;
/// So many samples at full scale in a row are clipping.
const CLIPPED: usize = 3;
/// Full scale, less the last step of 16 bits.
const FULL_SCALE: f32 = 0.999_96;

/// A burst that was found.
#[derive(Debug, Clone, Copy)]
struct Found {
    // Frames, between frames.
    lag: f64,
    // Peak over the noise's standard deviation.
    clarity: f64,
    // Against what was played; negative if it came back upside down.
    gain: f64,
}

/// The round trip of `signal` in `heard`, which begins with its first frame, on input `input` (from 1).
///
/// # Errors
/// When it is not there, clipped, or not steady.
pub fn measure(signal: &TestSignal, heard: &[f32], input: u16) -> Result<Measured, CalibrationError> {
    if clips(heard) {
        return Err(CalibrationError::TooLoud { input });
    }
    let found: Vec<Found> =
        signal.starts().map(|start| find(signal, heard.get(start..).unwrap_or(&[]))).collect();
    let clear = found.iter().filter(|found| found.clarity >= THRESHOLD).count();
    if clear == 0 {
        return Err(CalibrationError::Nothing { input, heard: loudness(heard) });
    }
    let lags = || found.iter().map(|found| found.lag);
    let spread = lags().fold(f64::MIN, f64::max) - lags().fold(f64::MAX, f64::min);
    if clear < found.len() || spread > STEADY {
        return Err(CalibrationError::Unsteady { spread });
    }
    let count = found.len() as f64;
    let gain = found.iter().map(|found| found.gain).sum::<f64>() / count;
    let weakest = found.iter().map(|found| found.clarity).fold(f64::MAX, f64::min);
    Ok(Measured {
        round_trip: (lags().sum::<f64>() / count).round() as i64,
        confidence: 1.0 - THRESHOLD / weakest,
        level_db: 20.0 * gain.abs().max(1e-9).log10(),
        input,
        inverted: gain < 0.0,
    })
}

fn find(signal: &TestSignal, heard: &[f32]) -> Found {
    let burst = signal.burst();
    // What does not move (a microphone's bias) is no sound.
    let heard = &heard[..heard.len().min(burst.len() + signal.window())];
    let mean = heard.iter().sum::<f32>() / heard.len().max(1) as f32;
    let heard: Vec<f32> =
        heard.iter().map(|sample| if sample.is_finite() { sample - mean } else { 0.0 }).collect();
    let correlation = correlate(burst, &heard, signal.window());
    let peak = (0..correlation.len()).max_by(|a, b| correlation[*a].abs().total_cmp(&correlation[*b].abs()));
    let Some(peak) = peak else { return Found { lag: 0.0, clarity: 0.0, gain: 0.0 } };
    let height = f64::from(correlation[peak]);
    let energy: f64 = burst.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    let noise = deviation(&correlation);
    Found {
        lag: peak as f64 + between_frames(&correlation, peak),
        clarity: if noise > 0.0 { height.abs() / noise } else { 0.0 },
        gain: height / energy,
    }
}

/// Deviation of the noise by the median, which a peak with all its echoes does not move.
fn deviation(correlation: &[f32]) -> f64 {
    let mut sizes: Vec<f32> = correlation.iter().map(|value| value.abs()).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() {
        return 0.0;
    }
    let (_, median, _) = sizes.select_nth_unstable_by(middle, f32::total_cmp);
    // Of a normal distribution, half lies within 0.6745 deviations.
    f64::from(*median) / 0.674_49
}

/// Where, within half a frame, the parabola through a peak and its neighbours is highest.
fn between_frames(correlation: &[f32], peak: usize) -> f64 {
    let size =
        |at: Option<usize>| at.and_then(|at| correlation.get(at)).map_or(0.0, |value| f64::from(value.abs()));
    let (before, at, after) = (size(peak.checked_sub(1)), size(Some(peak)), size(Some(peak + 1)));
    let curve = before - 2.0 * at + after;
    if curve >= 0.0 { 0.0 } else { (0.5 * (before - after) / curve).clamp(-0.5, 0.5) }
}

fn clips(heard: &[f32]) -> bool {
    heard.windows(CLIPPED).any(|run| run.iter().all(|sample| sample.abs() >= FULL_SCALE))
}

fn loudness(heard: &[f32]) -> String {
    let peak = heard.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    match peak {
        0.0 => "it is silent".to_owned(),
        peak => format!("the loudest there was {:.0} dBFS", 20.0 * peak.log10()),
    }
}
