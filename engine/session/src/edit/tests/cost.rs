//! What Edits may cost. Generous bounds: they catch a loop in a loop, not a slow machine.

use std::time::{Duration, Instant};

use crate::testing::{clip, clip_id, lane_id, song};
use crate::*;

/// Seen red: with `INDEXED_FROM` above 10,000, so that each add searches all clips: 2.5 s instead of 0.08.
#[test]
fn ten_thousand_clips_in_one_transaction_are_not_ten_thousand_searches() {
    let base = song(1, 0);
    let add =
        |n: u128| Edit::AddClip { lane: lane_id(1), clip: clip(50_000_000 + n, 100, n as i64), at: None };
    let edits: Vec<Edit> = (0..10_000).map(add).collect();
    let start = Instant::now();
    let added = apply_all(&base, &edits).unwrap();
    let there = start.elapsed();
    let back = apply_all(&added.session, &added.inverses).unwrap();
    assert_eq!(back.session, base);
    println!("10,000 adds: {there:?}, and back: {:?}", start.elapsed() - there);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

/// Seen red: with a copy of each track in `Draft::new`.
#[test]
fn moving_one_clip_of_ten_thousand_copies_one_lane() {
    let base = song(100, 100);
    let moves = (0..50).map(|n| Edit::MoveClip {
        clip: clip_id(100 - n, n),
        to: lane_id(100 - n),
        start: Position::Samples(7),
        at: None,
    });
    let start = Instant::now();
    for edit in moves {
        let applied = apply(&base, &edit).unwrap();
        let shared =
            base.tracks.iter().zip(&applied.session.tracks).filter(|(a, b)| std::sync::Arc::ptr_eq(a, b));
        assert_eq!(shared.count(), 99);
    }
    let each = start.elapsed() / 50;
    println!("one move among 100 x 100 clips: {each:?} (unoptimised)");
    assert!(each < Duration::from_millis(4), "{each:?}");
}
