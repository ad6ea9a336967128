//! Fades: gain over the frames of a clip's edge.
//!
//! Start at [`gain_at`]. Real-time safe. A gain depends only on the frame's place in the fade, never on the
//! block in which it is computed, so that every block size gives the same bits.

/// How a fade rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// In a straight line.
    Linear,
    /// Along a quarter sine.
    EqualPower,
}

/// Gain of frame `at` of a fade in over `length` frames; 1 from the end on.
///
/// The first frame has gain 0.5/length (frames stand in the middle of their slot), so that a fade out, which
/// is the same read backwards, meets its fade in at equal gain.
#[must_use]
pub fn gain_at(shape: Shape, at: i64, length: i64) -> f32 {
    if at >= length {
        return 1.0;
    }
    if at < 0 {
        return 0.0;
    }
    let x = (at as f64 + 0.5) / length as f64;
    match shape {
        Shape::Linear => x as f32,
        Shape::EqualPower => (x * std::f64::consts::FRAC_PI_2).sin() as f32,
    }
}

/// Multiplies `samples` by a fade in, of which `samples[0]` is frame `at`.
pub fn fade_in(samples: &mut [f32], shape: Shape, at: i64, length: i64) {
    for (sample, frame) in samples.iter_mut().zip(at..length) {
        *sample *= gain_at(shape, frame, length);
    }
}

/// Multiplies `samples` by a fade out that ends `to_end` frames after `samples[0]`.
pub fn fade_out(samples: &mut [f32], shape: Shape, to_end: i64, length: i64) {
    for (index, sample) in samples.iter_mut().enumerate() {
        let left = to_end - 1 - index as i64;
        if left < length {
            *sample *= gain_at(shape, left, length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: `at / length` in place of `(at + 0.5) / length` makes the sum 1 − 1/length.
    #[test]
    fn two_fades_meet() {
        for at in 0..100 {
            let (a, b) = (gain_at(Shape::Linear, at, 100), gain_at(Shape::Linear, 99 - at, 100));
            assert!((a + b - 1.0).abs() < 1e-6);
            let (a, b) = (gain_at(Shape::EqualPower, at, 100), gain_at(Shape::EqualPower, 99 - at, 100));
            assert!((a * a + b * b - 1.0).abs() < 1e-6);
        }
    }

    // Seen red: fade_out counting from `to_end` (not `to_end − 1`) is one frame late and fails at every cut.
    #[test]
    fn cutting_a_block_changes_nothing() {
        let mut whole = vec![1.0; 64];
        fade_in(&mut whole, Shape::EqualPower, 0, 40);
        fade_out(&mut whole, Shape::Linear, 64, 30);
        for cut in 0..64 {
            let mut parts = vec![1.0; 64];
            let (a, b) = parts.split_at_mut(cut);
            for (part, at) in [(a, 0), (b, cut as i64)] {
                fade_in(part, Shape::EqualPower, at, 40);
                fade_out(part, Shape::Linear, 64 - at, 30);
            }
            assert_eq!(whole, parts);
        }
        let reversed: Vec<f32> = (0..10).map(|at| gain_at(Shape::Linear, 9 - at, 10)).collect();
        let mut out = vec![1.0; 10];
        fade_out(&mut out, Shape::Linear, 10, 10);
        assert_eq!(out, reversed);
    }
}
