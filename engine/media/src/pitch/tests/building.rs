//! Curves of whole files, of every shape.

use std::fs;

use super::super::*;
use super::{Held, voice};

fn tracked(source: &mut dyn Source) -> PitchCurve {
    let folder = tempfile::tempdir().unwrap();
    let path = file_for(folder.path(), "a");
    let progress = Progress::new();
    let curve = build(source, &path, &progress).unwrap();
    assert_eq!(progress.done(), source.frames());
    assert_eq!(progress.total(), source.frames());
    assert_eq!(read_for(&path, source.sample_rate(), source.frames()).unwrap(), curve, "read as built");
    assert!(curve.estimates.iter().zip(0..).all(|(estimate, number)| estimate.number == number));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    curve
}

#[test]
fn a_cancelled_curve_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_for(folder.path(), "a");
    let progress = Arc::new(Progress::new());
    let mut source = Held::new(48_000, vec![voice(48_000, 480_000, 220.0)]);
    source.cancels = Some((200_000, progress.clone()));
    assert!(matches!(build(&mut source, &path, &progress), Err(MediaError::Cancelled)));
    assert!(progress.done() < 480_000, "it stopped on the way");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Seen red: the folder looked for after the work only.
#[test]
fn what_cannot_be_is_told_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut source = Held::new(48_000, vec![voice(48_000, 48_000, 220.0)]);
    let progress = Arc::new(Progress::new());
    let nowhere = file_for(&folder.path().join("gone"), "a");
    assert!(matches!(build(&mut source, &nowhere, &progress), Err(MediaError::NoFolder { .. })));
    assert_eq!(progress.done(), 0);
    for rate in [1_000, 7_999, 384_000] {
        let mut source = Held::new(rate, vec![vec![0.0; 4_000]]);
        let told = build(&mut source, &file_for(folder.path(), "a"), &progress).unwrap_err();
        assert!(matches!(told, MediaError::UnsupportedRate { rate: r, .. } if r == rate), "{told}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// How many of the estimates, but for a tenth of a second at either end, are voiced and within 15 cents of `hertz`.
fn share(curve: &PitchCurve, hertz: f32) -> f32 {
    let inner = curve.estimates.get(20..curve.estimates.len().saturating_sub(20)).unwrap_or_default();
    let right = |e: &&Estimate| e.voiced && ((e.frequency / hertz).log2() * 1_200.0).abs() < 15.0;
    inner.iter().filter(right).count() as f32 / inner.len().max(1) as f32
}

#[test]
fn a_voice_is_followed_at_every_rate() {
    for rate in [8_000, 22_050, 44_100, 48_000, 96_000, 192_000] {
        let frames = rate as usize * 3 / 2;
        let curve = tracked(&mut Held::new(rate, vec![voice(rate, frames, 220.0)]));
        assert_eq!(curve.sample_rate, rate);
        assert!((299..=301).contains(&curve.estimates.len()), "{rate}: {}", curve.estimates.len());
        assert!(share(&curve, 220.0) > 0.97, "{rate}: {}", share(&curve, 220.0));
    }
}

/// Seen red: the sides added up (the opposed ones are silent); the power of rumble and offset counted.
#[test]
fn a_side_that_is_dead_or_opposed_costs_nothing() {
    let sung = voice(44_100, 88_200, 330.0);
    let mono = tracked(&mut Held::new(44_100, vec![sung.clone()]));
    let other = |change: &dyn Fn(f32) -> f32| sung.iter().map(|sample| change(*sample)).collect::<Vec<f32>>();
    for (what, other) in [
        ("dead", other(&|_| 0.0)),
        ("alike", other(&|sample| sample)),
        ("opposed", other(&|sample| -sample)),
        ("not a number", other(&|_| f32::NAN)),
        ("an offset", other(&|_| 0.5)),
    ] {
        for planes in [vec![sung.clone(), other.clone()], vec![other, sung.clone()]] {
            let curve = tracked(&mut Held::new(44_100, planes.clone()));
            assert_eq!(curve.estimates.len(), mono.estimates.len());
            assert!(share(&curve, 330.0) >= share(&mono, 330.0) - 0.01, "{what}: {}", share(&curve, 330.0));
            assert_eq!(
                tracked(&mut Held::new(44_100, planes)),
                curve,
                "{what}: the same file, the same curve"
            );
        }
    }
}

#[test]
fn what_is_no_voice_has_a_curve_too() {
    for channels in [1, 2, 6] {
        for frames in [0, 1, 2, 239, 240, 241] {
            let curve = tracked(&mut Held::new(48_000, vec![vec![0.3; frames]; channels]));
            assert!(curve.estimates.len() <= frames / 240 + 2, "{frames}: {}", curve.estimates.len());
        }
    }
    for sample in [0.0, 1.0, f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE / 4.0] {
        for channels in [1, 2] {
            let curve = tracked(&mut Held::new(48_000, vec![vec![sample; 48_000]; channels]));
            let voiced = curve.estimates.iter().filter(|estimate| estimate.voiced).count();
            assert_eq!(voiced, 0, "{channels} channels of {sample}");
        }
    }
    let mut torn = voice(48_000, 96_000, 220.0);
    torn[30_000..30_400].fill(f32::NAN);
    assert!(share(&tracked(&mut Held::new(48_000, vec![torn])), 220.0) > 0.9);
}

/// Seen red: a curve of another length taken as it is.
#[test]
fn a_curve_is_built_once_and_again_when_its_file_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_for(folder.path(), "a");
    let mut source = Held::new(48_000, vec![voice(48_000, 48_000, 220.0)]);
    let first = open_or_build(&path, &mut source, &Progress::new()).unwrap();
    let again = Progress::new();
    assert_eq!(open_or_build(&path, &mut source, &again).unwrap(), first);
    assert_eq!(again.done(), 0, "it was read");
    source.planes[0].truncate(40_000);
    let shorter = open_or_build(&path, &mut source, &again).unwrap();
    assert_eq!(again.done(), 40_000, "it was built");
    assert!(shorter.estimates.len() < first.estimates.len());
    fs::write(&path, b"no curve").unwrap();
    assert_eq!(open_or_build(&path, &mut source, &again).unwrap(), shorter);
}
