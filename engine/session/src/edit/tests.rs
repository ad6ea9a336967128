//! Laws that hold for every Edit, on random songs; single kinds are in the files below.

mod clips;
mod comps;
mod cost;
mod json;
mod lanes;
mod tracks;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::testing::random::{self, Dice, KINDS};
use crate::testing::{bytes, empty_song};
use crate::*;

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same cases each time, so that the counts below are the same each time.
    TestRunner::new_with_rng(config, proptest::test_runner::TestRng::deterministic_rng(Default::default()))
}

/// Seen red: `remove_clip`'s inverse put on top instead of `at` its place (undo), `trim_clip` without its
/// `RestoreClip` (undo), `set_track_input` that left an armed track armed (invariants), `strip_mut` that did not
/// note its track (touched), a kind left out of `random::edit` (counts).
#[test]
fn random_edits_keep_the_invariants_and_undo_to_the_last_bit() {
    let counts = RefCell::new(BTreeMap::<&'static str, u32>::new());
    let (tried, accepted) = (RefCell::new(0_u32), RefCell::new(0_u32));
    let law = |seeds: Vec<u64>| {
        let first = empty_song();
        let (mut session, mut inverses) = (first.clone(), Vec::new());
        for seed in seeds {
            let edit = random::edit(&mut Dice::new(seed), &session);
            *tried.borrow_mut() += 1;
            let Ok(applied) = apply(&session, &edit) else { continue };
            *accepted.borrow_mut() += 1;
            *counts.borrow_mut().entry(edit.kind()).or_default() += 1;
            prop_assert_eq!(applied.session.check(), Ok(()), "after {:?}", edit);
            touched_says_all(&session, &applied)?;
            let back = apply(&applied.session, &applied.inverse);
            prop_assert_eq!(back.map(|back| back.session), Ok(session), "undoing {:?}", edit);
            inverses.push(applied.inverse);
            session = applied.session;
        }
        inverses.reverse();
        let back = apply_all(&session, &inverses).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(bytes(&back.session), bytes(&first));
        // And what undid is undone by its own inverses.
        let again = apply_all(&back.session, &back.inverses);
        prop_assert_eq!(again.map(|again| bytes(&again.session)), Ok(bytes(&session)));
        Ok(())
    };
    runner(220).run(&prop::collection::vec(any::<u64>(), 150..300), law).unwrap();

    let counts = counts.into_inner();
    assert_eq!(counts.len() as u64, KINDS, "each kind at least once: {counts:?}");
    let rare: Vec<_> = counts.iter().filter(|(_, count)| **count < 100).collect();
    assert!(rare.is_empty(), "each kind at least 100 times, but: {rare:?}");
    let (tried, accepted) = (tried.into_inner(), accepted.into_inner());
    assert!(accepted * 10 >= tried * 7, "{accepted} of {tried} accepted");
}

/// What is not in `touched` did not change.
fn touched_says_all(before: &Session, applied: &Applied) -> Result<(), TestCaseError> {
    let (after, touched) = (&applied.session, &applied.touched);
    for track in &after.tracks {
        let Some(old) = before.track(track.id) else {
            prop_assert!(touched.structure && touched.contents.contains(&track.id));
            continue;
        };
        prop_assert!(touched.tracks.contains(&track.id) || Arc::ptr_eq(old, track));
        let heard = |t: &Track| (t.layout, t.plays, t.input.clone(), t.output);
        // What a lane or comp is called and where it is shown is not heard.
        let clips =
            |t: &Track| t.lanes.iter().map(|lane| (lane.id, lane.clips.clone())).collect::<BTreeMap<_, _>>();
        let picks =
            |t: &Track| t.comps.iter().map(|comp| (comp.id, comp.picks.clone())).collect::<BTreeMap<_, _>>();
        let same = heard(old) == heard(track) && clips(old) == clips(track) && picks(old) == picks(track);
        prop_assert!(touched.contents.contains(&track.id) || same);
    }
    let order = |session: &Session| session.tracks.iter().map(|track| track.id).collect::<Vec<_>>();
    prop_assert!(touched.order || touched.structure || order(before) == order(after));
    prop_assert!(touched.structure || before.sample_rate == after.sample_rate);
    prop_assert!(touched.tempo || before.tempo_map == after.tempo_map);
    prop_assert!(touched.master || before.master == after.master);
    let files =
        |session: &Session| session.media.values().map(|m| (m.id, m.file.clone())).collect::<Vec<_>>();
    prop_assert!(!touched.media.is_empty() || files(before) == files(after));
    Ok(())
}

/// Seen red: with refused Edits passed over.
#[test]
fn a_transaction_is_applied_whole_or_not_at_all() {
    let song = crate::testing::song(1, 2);
    let edits = [
        Edit::SetMasterMute { mute: true },
        Edit::RemoveTrack { track: TrackId::from_u128(404) },
        Edit::SetMasterMute { mute: false },
    ];
    let rejected = apply_all(&song, &edits).unwrap_err();
    assert_eq!(rejected.index, 1);
    assert_eq!(rejected.error, EditError::NoTrack(TrackId::from_u128(404)));
    assert!(rejected.to_string().starts_with("edit 2 was refused"), "{rejected}");
}
