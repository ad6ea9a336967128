//! Noise that is the same on every run.

/// Marsaglia's xorshift32 ("Xorshift RNGs", 2003). Seeded per sound, so that editing one leaves the others.
#[derive(Clone, Debug)]
pub(crate) struct Noise(u32);

impl Noise {
    /// The seed is spread, because xorshift starts poorly from small numbers and never leaves zero.
    pub(crate) fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9) ^ 0x6C07_8965 | 1)
    }

    /// White, uniform in −1…1.
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / (1u32 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when `next` forgot the `− 1.0`, and when the seed of 0 was taken as it is.
    #[test]
    fn noise_is_centred_and_bounded() {
        for seed in [0, 1, 77, u32::MAX] {
            let mut noise = Noise::new(seed);
            let draws: Vec<f32> = (0..100_000).map(|_| noise.next()).collect();
            let power = draws.iter().map(|draw| draw * draw).sum::<f32>() / draws.len() as f32;
            assert!((power - 1.0 / 3.0).abs() < 0.01, "seed {seed}: power {power}");
            let mean = draws.iter().sum::<f32>() / draws.len() as f32;
            assert!(mean.abs() < 0.02, "seed {seed}: mean {mean}");
            assert!(draws.iter().all(|draw| (-1.0..=1.0).contains(draw)));
        }
    }
}
