//! Fixed buckets of time: eight to the octave, so that what is read off is at most 4.5 % from what was measured.

/// The shortest time that is told apart, in microseconds.
const FIRST: f64 = 16.0;
const OCTAVE: f64 = 8.0;
/// Bucket 0 and 23 octaves: up to 134 s, longer than anybody waits.
const LAST: f64 = 184.0;

/// Where there was no good answer, and so no time.
pub(crate) const NO_ANSWER: i64 = -1;

/// The bucket of a time in microseconds.
#[must_use]
pub(crate) fn bucket(micros: i64) -> i64 {
    let octaves = (micros.max(1) as f64 / FIRST).log2();
    (octaves * OCTAVE).floor().clamp(0.0, LAST) as i64
}

/// The middle of a bucket, in milliseconds.
#[must_use]
pub(crate) fn millis(bucket: i64) -> f64 {
    FIRST * ((bucket as f64 + 0.5) / OCTAVE).exp2() / 1000.0
}

/// The time in milliseconds that this share (0 to 1) of all did not exceed; `buckets` with how many, rising.
pub(crate) fn quantile(buckets: impl IntoIterator<Item = (i64, u64)> + Clone, share: f64) -> Option<f64> {
    let all: u64 = buckets.clone().into_iter().map(|(_, count)| count).sum();
    let rank = super::rank(all, share)?;
    let mut seen = 0;
    let found = buckets.into_iter().find(|(_, count)| {
        seen += count;
        seen > rank
    });
    found.map(|(bucket, _)| millis(bucket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_off_is_within_a_twentieth() {
        // Seen red: with four buckets to the octave.
        for step in 0..4000 {
            let micros = 20.0 * 1.004f64.powi(step);
            if micros > 1e8 {
                break;
            }
            let read = millis(bucket(micros as i64)) * 1000.0;
            assert!((read / micros - 1.0).abs() < 0.05 + 1.0 / micros, "{micros} µs is read as {read}");
        }
        assert_eq!((bucket(0), bucket(i64::MAX)), (0, 184));
    }

    #[test]
    fn quantiles_count() {
        // Seen red: with one fewer counted.
        let buckets = [(10, 90), (20, 9), (30, 1)];
        assert_eq!(quantile(buckets, 0.5), Some(millis(10)));
        assert_eq!(quantile(buckets, 0.95), Some(millis(20)));
        assert_eq!(quantile(buckets, 1.0), Some(millis(30)));
        assert_eq!(quantile([], 0.5), None);
    }
}
