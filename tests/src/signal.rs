//! Test signals that can be recognised to the sample, and finding them again.
//!
//! All are mono `f32`; a channel of a planar `Vec<Vec<f32>>`.

use std::path::Path;

/// 2²³: a 24-bit sample `i` is the `f32` value `i / 8388608`, exactly.
pub const FULL_SCALE_24: f32 = 8_388_608.0;
const BITS_24: u32 = (1 << 24) - 1;

/// `n` samples of noise, no two alike and none of them zero, each an exact 24-bit value.
///
/// Any stretch of it therefore tells where it comes from, and whether a single sample is missing, doubled
/// or changed. Different seeds give different orders of the same values; the first values differ as well.
///
/// # Panics
///
/// From 2²⁴ − 1 samples on (350 s at 48 kHz), where the values run out.
#[track_caller]
pub fn distinct(n: usize, seed: u32) -> Vec<f32> {
    assert!(n < BITS_24 as usize, "there are only 2^24 - 1 different samples");
    // Far apart, so that two seeds' sequences do not overlap soon; odd, so that every value is passed.
    let first = seed.wrapping_mul(0x9E_3779) & BITS_24;
    (0..=BITS_24)
        .map(|index| scramble(first.wrapping_add(index) & BITS_24, seed))
        .filter(|value| *value != 0)
        .take(n)
        .map(|value| ((value << 8) as i32 >> 8) as f32 / FULL_SCALE_24)
        .collect()
}

/// A permutation of the 24-bit numbers: every step (xor with a shift, odd factor) can be undone.
fn scramble(value: u32, seed: u32) -> u32 {
    let mut mixed = value ^ (seed & BITS_24);
    for factor in [0x00D3_5A2D, 0x0068_B4B5, 0x00A5_39C7] {
        mixed ^= mixed >> 11;
        mixed = mixed.wrapping_mul(factor) & BITS_24;
    }
    mixed ^ (mixed >> 13)
}

/// Silence of `n` samples with one sample of 0.5 at `position`.
pub fn click_at(n: usize, position: usize) -> Vec<f32> {
    let mut samples = vec![0.0; n];
    samples[position] = 0.5;
    samples
}

/// A sine of `n` samples from phase 0, with the peak `amplitude`.
pub fn sine(n: usize, hertz: f64, rate: u32, amplitude: f64) -> Vec<f32> {
    let step = std::f64::consts::TAU * hertz / f64::from(rate);
    (0..n).map(|index| ((step * index as f64).sin() * amplitude) as f32).collect()
}

/// Where `needle` begins in `haystack`, bit for bit.
pub fn find(needle: &[f32], haystack: &[f32]) -> Option<usize> {
    let same = |(a, b): (&f32, &f32)| a.to_bits() == b.to_bits();
    if needle.is_empty() {
        return Some(0);
    }
    haystack.windows(needle.len()).position(|window| window.iter().zip(needle).all(same))
}

/// The index of the first sample that is not zero.
pub fn first_nonzero(samples: &[f32]) -> Option<usize> {
    samples.iter().position(|sample| *sample != 0.0)
}

/// Where a copy first differs from the original, bit for bit, lengths included. For messages of failures.
pub fn first_difference(original: &[f32], copy: &[f32]) -> Option<usize> {
    let differing = original.iter().zip(copy).position(|(a, b)| a.to_bits() != b.to_bits());
    differing.or((original.len() != copy.len()).then_some(original.len().min(copy.len())))
}

/// Writes planar samples as a 24-bit WAV file.
///
/// # Panics
///
/// If a sample is not exactly a 24-bit value, since the file would then not be what it is compared with.
#[track_caller]
pub fn write_wav_24(path: impl AsRef<Path>, rate: u32, planar: &[Vec<f32>]) {
    let channels = u16::try_from(planar.len()).unwrap();
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for frame in 0..planar[0].len() {
        for channel in planar {
            let value = channel[frame] * FULL_SCALE_24;
            assert!(value.fract() == 0.0, "sample {frame} ({}) is no 24-bit value", channel[frame]);
            writer.write_sample(value as i32).unwrap();
        }
    }
    writer.finalize().unwrap();
}

/// A WAV file as read back by another implementation than ours (hound).
#[derive(Debug, Clone)]
pub struct Wav {
    /// Frames a second.
    pub rate: u32,
    /// Bits a sample in the file.
    pub bits: u16,
    /// The samples, planar; integers divided by their full scale, exactly for up to 24 bits.
    pub planar: Vec<Vec<f32>>,
}

/// Reads a WAV file of 16 or 24 bits, or 32-bit float.
#[track_caller]
pub fn read_wav(path: impl AsRef<Path>) -> Wav {
    let path = path.as_ref();
    let mut reader = hound::WavReader::open(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let spec = reader.spec();
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().map(Result::unwrap).collect(),
        hound::SampleFormat::Int => {
            let full_scale = (1_i64 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|sample| sample.unwrap() as f32 / full_scale).collect()
        }
    };
    let channels = usize::from(spec.channels);
    let planar = (0..channels).map(|side| samples.iter().skip(side).step_by(channels).copied().collect());
    Wav { rate: spec.sample_rate, bits: spec.bits_per_sample, planar: planar.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_samples_are_distinct_and_exact() {
        let samples = distinct(200_000, 7);
        let mut values: Vec<i32> = samples.iter().map(|sample| (sample * FULL_SCALE_24) as i32).collect();
        assert!(samples.iter().zip(&values).all(|(sample, value)| *value as f32 / FULL_SCALE_24 == *sample));
        assert!(!values.contains(&0));
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), samples.len());
        assert!(values[0] < -8_000_000 && values[values.len() - 1] > 8_000_000, "uses the whole range");
    }

    #[test]
    fn seeds_differ() {
        let (one, other) = (distinct(48_000, 1), distinct(48_000, 2));
        assert_eq!(find(&one[..4], &other), None);
    }

    #[test]
    fn find_tells_the_offset_of_an_exact_match_only() {
        let samples = distinct(1_000, 3);
        assert_eq!(find(&samples[123..200], &samples), Some(123));
        let mut changed = samples[123..200].to_vec();
        changed[50] += 1.0 / FULL_SCALE_24;
        assert_eq!(find(&changed, &samples), None);
        assert_eq!(first_nonzero(&click_at(100, 42)), Some(42));
        assert_eq!(first_difference(&samples, &samples[..999]), Some(999));
        assert_eq!(first_difference(&samples, &samples), None);
    }

    #[test]
    fn a_wav_file_returns_its_samples_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.wav");
        let planar = vec![distinct(5_000, 1), distinct(5_000, 2)];
        write_wav_24(&path, 44_100, &planar);
        let wav = read_wav(&path);
        assert_eq!((wav.rate, wav.bits), (44_100, 24));
        assert_eq!(wav.planar, planar);
    }
}
