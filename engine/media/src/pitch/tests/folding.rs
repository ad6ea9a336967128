//! Channels folded to one: no side silences another.

use super::super::fold::Fold;
use super::voice;

fn fold(planes: &[Vec<f32>], rate: u32) -> Vec<f32> {
    let mut fold = Fold::new(planes.len() as u16, rate);
    let (mut mono, block) = (Vec::new(), fold.block());
    let mut at = 0;
    while at < planes[0].len() {
        let end = (at + block).min(planes[0].len());
        let part: Vec<&[f32]> = planes.iter().map(|plane| &plane[at..end]).collect();
        fold.push(&part, &mut |folded| mono.extend_from_slice(folded));
        at = end;
    }
    fold.finish(&mut |folded| mono.extend_from_slice(folded));
    mono
}

/// The level of `a`, and of what is left when `b`, however loud and turned, is taken from it.
fn like(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b).abs() / (dot(a, a) * dot(b, b)).sqrt().max(1e-30)
}

fn noise(frames: usize, level: f32) -> Vec<f32> {
    crate::testing::noise24(frames, 3).iter().map(|sample| sample * level).collect()
}

/// Seen red: a plain sum (opposed sides cancel); the power of rumble and offset counted (an offset on the dead side wins).
#[test]
fn a_voice_survives_whatever_the_other_side_does() {
    let sung = voice(48_000, 110_000, 220.0);
    let turned: Vec<f32> = sung.iter().map(|sample| -sample).collect();
    let silent = vec![0.0; sung.len()];
    let nan = vec![f32::NAN; sung.len()];
    let offset = vec![0.9; sung.len()];
    for (what, other) in [
        ("alike", &sung),
        ("opposed", &turned),
        ("dead", &silent),
        ("not a number", &nan),
        ("an offset", &offset),
    ] {
        for planes in [[sung.clone(), other.clone()], [other.clone(), sung.clone()]] {
            let mono = fold(&planes, 48_000);
            assert_eq!(mono.len(), sung.len());
            let most = mono.iter().zip(&sung).map(|(a, b)| (a.abs() - b.abs()).abs()).fold(0.0, f32::max);
            // The offset itself stays in a little way; a tracker does not mind it.
            let enough = if what == "an offset" { 0.1 } else { 1e-5 };
            assert!(most < enough, "{what}: {most}");
        }
    }
    let hissing = noise(sung.len(), 0.02);
    assert!(like(&fold(&[sung.clone(), hissing], 48_000), &sung) > 0.999);
    let eight: Vec<Vec<f32>> = (0..8).map(|n| if n == 5 { sung.clone() } else { silent.clone() }).collect();
    assert!(like(&fold(&eight, 48_000), &sung) > 0.999_9);
}

/// Seen red: the weights of the whole file's beginning kept to its end.
#[test]
fn who_changes_sides_is_heard_on_both() {
    let sung = voice(48_000, 480_000, 330.0);
    let half = sung.len() / 2;
    let left: Vec<f32> = sung.iter().enumerate().map(|(n, s)| if n < half { *s } else { 0.0 }).collect();
    let right: Vec<f32> = sung.iter().enumerate().map(|(n, s)| if n < half { 0.0 } else { *s }).collect();
    let mono = fold(&[left, right], 48_000);
    for (from, sung) in sung.chunks(4_800).enumerate() {
        let mono = &mono[from * 4_800..from * 4_800 + sung.len()];
        assert!(like(mono, sung) > 0.95, "block {from}: {}", like(mono, sung));
        let level = |block: &[f32]| block.iter().map(|s| s * s).sum::<f32>().sqrt();
        assert!(level(mono) > 0.2 * level(sung), "block {from}");
    }
}

#[test]
fn nothing_is_folded_to_nothing() {
    for channels in [1, 2, 64] {
        assert!(fold(&vec![Vec::new(); channels], 48_000).is_empty());
        assert_eq!(fold(&vec![vec![0.5]; channels], 8_000).len(), 1);
        assert_eq!(fold(&vec![vec![f32::INFINITY; 9]; channels], 8_000), [0.0; 9]);
        assert!(fold(&vec![vec![f32::MAX; 5_000]; channels], 8_000).iter().all(|sample| sample.is_finite()));
    }
}
