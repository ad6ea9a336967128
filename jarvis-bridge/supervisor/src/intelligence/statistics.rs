//! The tests behind the patterns: how likely chance alone brings what was seen, or more of it.

use std::f64::consts::PI;

/// ln(n!), by Lanczos' approximation of the gamma function (g = 7, nine terms; Numerical Recipes, 6.1); better than 1e-10.
fn ln_factorial(n: u64) -> f64 {
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = n as f64;
    let sum = TERMS.iter().enumerate().skip(1).fold(TERMS[0], |sum, (at, term)| sum + term / (x + at as f64));
    let t = x + 7.5;
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// Of `all` cells `hits` were hit: how likely at least `seen` of these are among a group of `group`, if any cell is as likely as
/// any other (Fisher's exact test, one-sided: the hypergeometric tail). All four are counts, `group` and `hits` at most `all`.
pub(super) fn hypergeometric_tail(all: u64, group: u64, hits: u64, seen: u64) -> f64 {
    let least = (hits + group).saturating_sub(all).max(seen);
    let total = ln_choose(all, hits);
    let terms = (least..=hits.min(group))
        .map(|k| (ln_choose(group, k) + ln_choose(all - group, hits - k) - total).exp());
    terms.sum::<f64>().min(1.0)
}

/// Of `all`, each `share` likely: how likely at least `seen`.
pub(super) fn binomial_tail(all: u64, share: f64, seen: u64) -> f64 {
    let share = share.clamp(1e-12, 1.0 - 1e-12);
    let terms = (seen..=all)
        .map(|k| (ln_choose(all, k) + k as f64 * share.ln() + (all - k) as f64 * (1.0 - share).ln()).exp());
    terms.sum::<f64>().min(1.0)
}

/// Whether `values`, in order of time, rise: how likely chance brings such a rise or more (Mann and Kendall's test, one-sided,
/// normal approximation with ties; for ten values and more). 1 for fewer than three.
pub(super) fn rise(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 3 {
        return 1.0;
    }
    let mut score = 0.0;
    for (at, later) in values.iter().enumerate() {
        for earlier in values.iter().take(at) {
            score += (later - earlier).total_cmp(&0.0) as i32 as f64 * f64::from(u8::from(later != earlier));
        }
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties: f64 = sorted
        .chunk_by(|a, b| a == b)
        .map(|tie| tie.len() as f64)
        .map(|t| t * (t - 1.0) * (2.0 * t + 5.0))
        .sum();
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0;
    if score <= 0.0 || variance <= 0.0 {
        return 1.0;
    }
    normal_tail((score - 1.0) / variance.sqrt())
}

/// How likely a normal value is beyond `z` ≥ 0 (Numerical Recipes, `erfcc`: 1.2e-7 of the result).
fn normal_tail(z: f64) -> f64 {
    const TERMS: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let x = z.max(0.0) / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    let sum = TERMS.iter().rev().fold(0.0, |sum, term| sum * t + term);
    0.5 * t * (sum - x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 1e-6, "{value}, not {expected}");
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        // Seen red: with “more than” in place of “at least”.
        // By hand: 4 of 4 Mondays among 4 failing days of 28 is one of C(28, 4) = 20,475 ways.
        near(hypergeometric_tail(28, 4, 4, 4), 1.0 / 20_475.0);
        near(hypergeometric_tail(28, 4, 4, 0), 1.0);
        // C(10, 8) + C(10, 9) + C(10, 10) of 2^10.
        near(binomial_tail(10, 0.5, 8), 56.0 / 1024.0);
        near(normal_tail(0.0), 0.5);
        near(normal_tail(3.0), 0.001_349_898_03);
        near(ln_factorial(20), 2_432_902_008_176_640_000f64.ln());
    }

    #[test]
    fn what_rises_is_seen_and_what_falls_or_stays_is_not() {
        // Seen red: with the score's sign turned.
        let rising: Vec<f64> = (0..30).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        assert!(rise(&rising) < 1e-9);
        assert!(rise(&falling) > 0.5 && rise(&[1.0; 30]) > 0.5 && rise(&[1.0, 2.0]) > 0.5);
        // Kendall's tables: n = 10, S = 27, one-sided p = 0.008.
        let ten = [1.0, 3.0, 2.0, 4.0, 5.0, 8.0, 6.0, 7.0, 10.0, 0.5];
        assert!(rise(&ten) > 0.001);
    }
}
