//! Pictures for the eye, to be held beside the sketch.

use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::Edit;
use egui::{Event, vec2};

use super::desk::{Desk, verse};

/// As the sketch is cut: from bar 1 to a little after bar 13.
fn frame(desk: &mut Desk) {
    let end = desk.bar(15);
    let timeline = &mut desk.window.state_mut().view_mut().timeline;
    (timeline.left, timeline.frames_per_point) = (0.0, end as f64 / f64::from(timeline.width));
    desk.window.run_steps(2);
}

#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    let mut desk = Desk::open([1_600.0, 1_000.0], Theme::Dark, verse);
    frame(&mut desk);
    let at = desk.bar(9) + 60_000;
    desk.window.state_mut().perform(Action::Locate(at));
    desk.picture("1600");
    // A swipe under way.
    let (from, to) = (desk.at(desk.bar(8), Some(1), 0.6), desk.at(desk.bar(10), Some(1), 0.6));
    desk.drag(from, to);
    desk.picture("1600-swipe");
    desk.drop(to);
    desk.window.run_steps(3);
    // Near a joint.
    let boundary = desk.committed().tracks[0].playing_comp().unwrap().picks[1].clone();
    let comp = desk.committed().tracks[0].playing_comp().unwrap().id;
    let view = desk.window.state_mut().view_mut();
    view.selection.joint = Some((comp, boundary.start.0));
    view.selection.stretch = None;
    view.timeline.frames_per_point = 3.0;
    view.timeline.left = boundary.start.0 as f64 - 3.0 * 400.0;
    desk.picture("1600-joint");
    frame(&mut desk);
    // A take that is gone, one heard alone, one that is selected.
    let song = desk.committed();
    let (gone, alone) = (song.tracks[0].lanes[2].id, song.tracks[0].lanes[1].id);
    desk.window.state_mut().view_mut().selection.joint = None;
    desk.window.state_mut().view_mut().selection.lane = Some(gone);
    desk.command(Command::DeleteTake);
    desk.picture("1600-gap");
    desk.window.state_mut().perform(Action::Hear { track: song.tracks[0].id, lane: Some(alone) });
    desk.picture("1600-alone");
    drop(desk);
    let mut desk = Desk::verse();
    frame(&mut desk);
    let at = desk.at(desk.bar(9), None, 0.7);
    desk.window.event(Event::PointerMoved(at + vec2(15.0, 0.0)));
    desk.picture("1280");
    let mut desk = Desk::open([1_280.0, 720.0], Theme::Light, verse);
    frame(&mut desk);
    desk.picture("1280-light");
    let track = desk.song().tracks[0].id;
    let edits = vec![Edit::SetTrackShowsLanes { track, shows: false }];
    desk.window.state_mut().perform(Action::Edit { label: "Hide".to_owned(), edits });
    desk.picture("1280-shut");
}
