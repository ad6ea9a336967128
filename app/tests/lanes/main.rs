//! Takes in the arrange view of a window without a display: swiped, tried, heard alone, rated, deleted.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

mod desk;
mod pictures;

use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use dawg_session::{Edit, LaneId, Plays};
use desk::Desk;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

/// The comp of the verse in eighths of a bar from bar 1 on: take, start, end.
const VERSE: [(&str, i64, i64); 4] =
    [("Take 4", 40, 57), ("Take 2", 57, 73), ("Take 1", 73, 89), ("Take 2", 89, 104)];

fn parts(of: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    of.iter().map(|(take, from, to)| ((*take).to_owned(), *from, *to)).collect()
}

/// Seen red: an Edit at each move of the pointer.
#[test]
fn a_swipe_shows_itself_and_is_one_step() {
    let mut desk = Desk::verse();
    assert_eq!(desk.comp(), parts(&VERSE));
    let steps = desk.steps();
    // Take 3 is lane 1.
    let (from, to) = (desk.at(desk.bar(6), Some(1), 0.6), desk.at(desk.bar(8), Some(1), 0.6));
    desk.drag(from, to);
    let shown = desk.song();
    assert_eq!(shown.tracks[0].playing_comp().unwrap().picks.len(), 5, "it is shown");
    assert_eq!((desk.comp(), desk.steps()), (parts(&VERSE), steps), "and not done yet");
    desk.drop(to);
    desk.until("the swipe is done", |shell| {
        shell.studio().work().unwrap().document().entries().len() > steps
    });
    let after = [("Take 4", 40, 48), ("Take 3", 48, 64), ("Take 2", 64, 73), VERSE[2], VERSE[3]];
    assert_eq!(desk.comp(), parts(&after));
    assert_eq!((desk.steps(), desk.label().as_str()), (steps + 1, "Comp A: Take 3 at 6.1–8.1"));
    desk.command(Command::Undo);
    assert_eq!(desk.comp(), parts(&VERSE));
}

/// The hand lets go where it has just arrived: the last way and the release come in one frame.
///
/// Seen red: with what the frame before the release had shown.
#[test]
fn a_flick_reaches_as_far_as_the_hand_went() {
    let mut desk = Desk::verse();
    let steps = desk.steps();
    let place = |desk: &Desk, bar| desk.at(desk.bar(bar), Some(1), 0.6);
    let (from, way, to) = (place(&desk, 6), place(&desk, 7), place(&desk, 8));
    desk.drag(from, way);
    desk.drop(to);
    desk.until("the swipe is done", |shell| {
        shell.studio().work().unwrap().document().entries().len() > steps
    });
    assert_eq!(desk.comp()[1], parts(&[("Take 3", 48, 64)])[0]);
}

/// Seen red: an Edit at each move of the pointer.
#[test]
fn escape_takes_a_swipe_back() {
    let mut desk = Desk::verse();
    let steps = desk.steps();
    let (from, to) = (desk.at(desk.bar(6), Some(1), 0.6), desk.at(desk.bar(8), Some(1), 0.6));
    desk.drag(from, to);
    desk.key(Key::Escape, Modifiers::NONE);
    desk.drop(to);
    assert_eq!((desk.comp(), desk.steps()), (parts(&VERSE), steps));
    assert_eq!(desk.song().tracks, desk.committed().tracks);
}

#[test]
fn the_first_swipe_makes_a_comp_of_what_played() {
    let mut desk = Desk::verse();
    let song = desk.song();
    let track = &song.tracks[0];
    let (lane, old) = (track.lanes[3].id, track.comps[0].id);
    let edits =
        vec![Edit::SetPlays { track: track.id, plays: Plays::Lane(lane) }, Edit::RemoveComp { comp: old }];
    desk.window.state_mut().perform(Action::Edit { label: "Take 1 plays".to_owned(), edits });
    desk.window.run_steps(3);
    let (from, to) = (desk.at(desk.bar(6), Some(1), 0.6), desk.at(desk.bar(8), Some(1), 0.6));
    desk.drag(from, to);
    desk.drop(to);
    desk.until("a comp plays", |shell| {
        shell.studio().work().unwrap().committed().tracks[0].playing_comp().is_some()
    });
    let takes: Vec<String> = desk.comp().into_iter().map(|(take, ..)| take).collect();
    assert_eq!(takes, ["Take 1", "Take 3", "Take 1"]);
}

/// Seen red: boundaries found in the rows of lanes that do not meet there.
#[test]
fn a_boundary_is_dragged_in_the_comp_and_at_the_edge_of_a_take() {
    let mut desk = Desk::verse();
    let boundary = |desk: &Desk, n: usize| desk.song().tracks[0].playing_comp().unwrap().picks[n].start.0;
    let (from, to) = (desk.at(boundary(&desk, 1), None, 0.7), desk.at(desk.bar(8), None, 0.7));
    desk.drag(from + vec2(2.0, 0.0), to);
    desk.drop(to);
    assert_eq!(desk.comp()[..2], parts(&[("Take 4", 40, 64), ("Take 2", 64, 73)]));
    // Where Take 2 gives way to Take 1, in the row of Take 1.
    let (from, to) = (desk.at(boundary(&desk, 2), Some(3), 0.6), desk.at(desk.bar(10), Some(3), 0.6));
    desk.drag(from - vec2(2.0, 0.0), to);
    desk.drop(to);
    assert_eq!(desk.comp()[1..3], parts(&[("Take 2", 64, 80), ("Take 1", 80, 89)]));
    // Take 3 has no part in it: there the same place is swiped.
    let (from, to) = (desk.at(boundary(&desk, 2), Some(1), 0.6), desk.at(desk.bar(12), Some(1), 0.6));
    desk.drag(from, to);
    desk.drop(to);
    desk.until("it is swiped", |shell| {
        let song = shell.studio().work().unwrap().committed();
        song.tracks[0].playing_comp().unwrap().picks.iter().any(|pick| pick.name.as_str() == "Take 3")
    });
}

/// Seen red: with the strip left to swiping.
#[test]
fn the_strip_of_a_take_moves_its_clip_and_the_wave_does_not() {
    let mut desk = Desk::verse();
    let start = |desk: &Desk| desk.committed().tracks[0].lanes[1].clips[0].start;
    let before = start(&desk);
    let (from, to) = (desk.at(desk.bar(8), Some(1), 0.16), desk.at(desk.bar(9), Some(1), 0.16));
    desk.drag(from, to);
    desk.drop(to);
    assert_ne!(start(&desk), before);
    assert_eq!(desk.comp(), parts(&VERSE));
}

/// Seen red: Escape that let it sound on.
#[test]
fn a_take_is_heard_alone_until_the_same_button_or_escape() {
    let mut desk = Desk::verse();
    let (steps, lane) = (desk.steps(), desk.song().tracks[0].lanes[1].id);
    let alone =
        |desk: &Desk| desk.window.state().studio().auditions().values().copied().collect::<Vec<LaneId>>();
    desk.window.get_by_label("Hear Take 3 of Lead vocal alone").click();
    desk.window.run_steps(3);
    assert_eq!(alone(&desk), [lane]);
    desk.window.get_by_label("Hear Take 3 of Lead vocal alone").click();
    desk.window.run_steps(3);
    assert!(alone(&desk).is_empty());
    desk.window.get_by_label("Hear Take 3 of Lead vocal alone").click();
    desk.window.run_steps(3);
    desk.key(Key::Escape, Modifiers::NONE);
    if !alone(&desk).is_empty() {
        // The first Escape let go of the button.
        desk.key(Key::Escape, Modifiers::NONE);
    }
    assert!(alone(&desk).is_empty());
    assert_eq!((desk.steps(), desk.comp()), (steps, parts(&VERSE)), "nothing of it is kept");
}

/// Seen red: with the whole take for its part.
#[test]
fn a_click_on_another_take_lets_that_part_be_heard() {
    let mut desk = Desk::verse();
    let steps = desk.steps();
    let at = desk.at(desk.bar(10), Some(1), 0.6);
    desk.click(at);
    let lane = desk.song().tracks[0].lanes[1].id;
    assert_eq!(desk.window.state().studio().auditions().values().copied().collect::<Vec<_>>(), [lane]);
    let stretch = desk.window.state().view().selection.stretch.unwrap();
    let pick = desk.committed().tracks[0].playing_comp().unwrap().picks[2].clone();
    assert_eq!((stretch.from, stretch.to), (pick.start.0, pick.end.0));
    let from = pick.start.0;
    desk.until("it plays from the part's start", move |shell| {
        let playhead = shell.studio().readout().playhead;
        playhead.rolling && playhead.position >= from
    });
    assert_eq!(desk.steps(), steps);
    desk.command(Command::Stop);
    desk.until("it ends with the stop", |shell| shell.studio().auditions().is_empty());
}

/// Seen red: hidden takes tried too.
#[test]
fn keys_try_one_take_after_the_other_in_the_selected_part() {
    let mut desk = Desk::verse();
    let steps = desk.steps();
    // The part that is Take 1's.
    let at = desk.at(desk.bar(10), None, 0.7);
    desk.click(at);
    desk.key(Key::ArrowUp, Modifiers::SHIFT);
    assert_eq!(desk.comp()[1..], parts(&[("Take 2", 57, 104)]), "it joins its like on both sides");
    desk.key(Key::ArrowUp, Modifiers::SHIFT);
    assert_eq!(desk.comp()[2], ("Take 3".to_owned(), 73, 89));
    let hidden = desk.song().tracks[0].lanes[0].id;
    let edits = vec![Edit::SetLaneHidden { lane: hidden, hidden: true }];
    desk.window.state_mut().perform(Action::Edit { label: "Hide “Take 4”".to_owned(), edits });
    desk.key(Key::ArrowUp, Modifiers::SHIFT);
    assert_eq!(desk.comp()[2], ("Take 3".to_owned(), 73, 89), "the one above is hidden");
    desk.key(Key::ArrowDown, Modifiers::SHIFT);
    desk.key(Key::ArrowDown, Modifiers::SHIFT);
    assert_eq!(desk.comp(), parts(&VERSE));
    assert_eq!(desk.steps(), steps + 5, "each is a step");
    desk.key(Key::Num5, Modifiers::NONE);
    assert_eq!(desk.committed().tracks[0].lanes[3].rating, 5);
}

/// Seen red: rows kept although the track had changed.
#[test]
fn a_take_that_is_deleted_leaves_a_gap_and_comes_back() {
    let mut desk = Desk::verse();
    let lane = desk.song().tracks[0].lanes[2].id;
    desk.window.state_mut().view_mut().selection.lane = Some(lane);
    desk.command(Command::DeleteTake);
    assert_eq!(desk.committed().tracks[0].lanes.len(), 3);
    assert_eq!(desk.comp(), parts(&VERSE), "the comp keeps its parts, two of them gaps");
    assert_eq!(desk.window.state().view().arrange.rows().len(), 4 + 1 + 3);
    desk.command(Command::Undo);
    assert_eq!(desk.committed().tracks[0].lanes.len(), 4);
}

/// Seen red: a comp without nodes.
#[test]
fn rows_segments_and_boundaries_have_names() {
    let mut desk = Desk::verse();
    desk.window.run_steps(2);
    for words in [
        "Take 3 of Lead vocal, 1 clip in sight",
        "Comp A segment 2: Take 2, 7.1.960–9.1.960",
        "Boundary 1 of Comp A at 7.1.960",
        "Hide the takes of Lead vocal",
        "What plays on Lead vocal",
        "Rating of Take 2: 4 of 5",
    ] {
        assert!(desk.window.query_by_label(words).is_some(), "{words}");
    }
    desk.window.get_by_label("Hide the takes of Lead vocal").click();
    desk.window.run_steps(3);
    assert!(!desk.committed().tracks[0].shows_lanes);
    assert_eq!(desk.window.state().view().arrange.rows().len(), 5);
    desk.key(Key::L, Modifiers::ALT);
    assert!(desk.committed().tracks[0].shows_lanes);
}

/// Seen red: flattened, while the comp went on playing.
#[test]
fn comps_are_copied_cleared_and_flattened_by_command() {
    let mut desk = Desk::verse();
    desk.command(Command::DuplicateComp);
    assert_eq!(desk.committed().tracks[0].playing_comp().unwrap().name.as_str(), "Comp B");
    assert_eq!(desk.comp(), parts(&VERSE));
    desk.command(Command::ClearComp);
    assert!(desk.comp().is_empty());
    desk.command(Command::Undo);
    desk.command(Command::FlattenComp);
    let song = desk.committed();
    let track = &song.tracks[0];
    let flat = track.playing().unwrap();
    assert_eq!((track.lanes.len(), flat.name.as_str()), (5, "Comp B flat"));
    assert!(flat.clips.len() >= 4);
    desk.command(Command::Undo);
    desk.command(Command::DeleteComp);
    assert_eq!(desk.committed().tracks[0].comps.len(), 1);
}
