//! Dither: noise of one step before rounding to 16 bits, so that the rounding error no longer follows the
//! music.
//!
//! Triangular (TPDF), two steps wide from peak to peak: the least that makes mean and power of the error
//! independent of the signal (Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither", JAES 40(5), 1992).
//! The noise is a hash of position, channel and seed, not a generator with state: the same song gives the same
//! bytes at every block size and on every number of threads. Real-time safe: arithmetic only.

use crate::pcm::round_i16;

/// TPDF dither for one channel of one export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dither {
    key: u64,
}

impl Dither {
    /// The noise of `channel` (from 0) in the export with this `seed`.
    pub const fn new(seed: u64, channel: u32) -> Self {
        Self { key: mix(seed ^ mix(channel as u64 ^ 0x6461_7767_6469_7468)) }
    }

    /// The noise at `position` (frames since the start of the export), in steps of the target: −1 to 1,
    /// triangular around 0.
    #[inline(always)]
    pub fn noise(self, position: u64) -> f32 {
        let bits = mix(self.key.wrapping_add(position.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        // The difference of two uniform values is triangular; 24 bits each are exact in f32.
        let first = (bits >> 40) as i32;
        let second = ((bits >> 8) & 0xff_ffff) as i32;
        (first - second) as f32 / 16_777_216.0
    }

    /// Rounds `samples`, the first of which lies at `position`, to 16 bits with dither, and returns how many
    /// clipped. The shorter of the two slices counts.
    pub fn quantise(self, position: u64, samples: &[f32], out: &mut [i16]) -> u64 {
        let mut clipped = 0;
        for ((sample, out), position) in samples.iter().zip(out).zip(position..) {
            let (value, clip) = round_i16(sample + self.noise(position) / 32_768.0);
            *out = value;
            clipped += clip;
        }
        clipped
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
#[inline(always)]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen red: the noise taken from one uniform value (its variance is then 1/12).
    #[test]
    fn noise_is_triangular_white_and_centred() {
        let dither = Dither::new(7, 0);
        let noise: Vec<f64> = (0..200_000).map(|n| f64::from(dither.noise(n))).collect();
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / noise.len() as f64;
        assert!(mean(&mut noise.iter().copied()).abs() < 0.005);
        assert!((mean(&mut noise.iter().map(|n| n * n)) - 1.0 / 6.0).abs() < 0.005);
        assert!(mean(&mut noise.windows(2).map(|w| w[0] * w[1])).abs() < 0.005);
        assert!(noise.iter().all(|n| n.abs() < 1.0));
        // A quarter of a triangle lies beyond half of its width… on both sides together.
        assert!((mean(&mut noise.iter().map(|n| f64::from(n.abs() > 0.5))) - 0.25).abs() < 0.01);
    }

    /// Seen red: the channel left out of the key.
    #[test]
    fn channels_and_seeds_differ() {
        let same = |a: Dither, b: Dither| (0..1000).filter(|n| a.noise(*n) == b.noise(*n)).count();
        assert_eq!(same(Dither::new(1, 0), Dither::new(1, 0)), 1000);
        assert!(same(Dither::new(1, 0), Dither::new(1, 1)) < 3);
        assert!(same(Dither::new(1, 0), Dither::new(2, 0)) < 3);
    }

    /// Seen red: `quantise` counting positions from 0 in every block.
    #[test]
    fn block_size_does_not_matter() {
        let dither = Dither::new(3, 1);
        let samples: Vec<f32> = (0..1000).map(|n| (n as f32 * 0.01).sin() * 0.5).collect();
        let mut whole = vec![0; 1000];
        dither.quantise(5_000_000_000, &samples, &mut whole);
        for block in [1, 32, 441, 999] {
            let mut parts = vec![0; 1000];
            for (index, (samples, out)) in samples.chunks(block).zip(parts.chunks_mut(block)).enumerate() {
                dither.quantise(5_000_000_000 + (index * block) as u64, samples, out);
            }
            assert_eq!(parts, whole);
        }
    }

    /// A sine of half a step vanishes without dither; with it, it is there on average. Seen red: no noise added.
    #[test]
    fn what_is_smaller_than_a_step_survives() {
        let dither = Dither::new(0, 0);
        let level = 0.3 / 32_768.0;
        let samples = vec![level; 100_000];
        let mut out = vec![0; samples.len()];
        dither.quantise(0, &samples, &mut out);
        let mean = out.iter().map(|v| f64::from(*v)).sum::<f64>() / out.len() as f64;
        assert!((mean - 0.3).abs() < 0.01, "{mean}");
    }
}
