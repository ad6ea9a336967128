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
