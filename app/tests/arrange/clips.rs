//! What the pointer does to clips.

use std::sync::Arc;

use crate::desk::{Desk, RATE, stacked};
use ai_dawg::look;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use ai_dawg::studio::view::Snap;
use dawg_session::Position;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;

/// Seen red: an Edit wished at each move of the pointer instead of a preview.
#[test]
fn a_drag_shows_itself_and_commits_one_step() {
    let mut desk = Desk::verse();
    let (rows, before) = (desk.steps(), desk.start(1, 0));
    let bar = 125_217;
    let (from, to) = (desk.at(before + bar, 1, 0.5), desk.at(before + 2 * bar, 2, 0.5));
    desk.drag(from, to);
    let shown = desk.song();
    let committed = Arc::clone(desk.window.state().studio().work().unwrap().committed());
    assert_eq!(shown.tracks[2].playing().unwrap().clips.len(), 3, "it is shown on the row below");
    assert_eq!(committed.tracks[2].playing().unwrap().clips.len(), 2, "and not done yet");
    assert_eq!(desk.steps(), rows);
    desk.drop(to);
    assert_eq!(desk.steps(), rows + 1);
    let moved = desk.clip(2, 2);
    assert_eq!((moved.name.as_str(), moved.start), ("Double L", Position::Ticks(5 * 7_680)));
    desk.command(Command::Undo);
    assert_eq!((desk.start(1, 0), desk.song().tracks[2].playing().unwrap().clips.len()), (before, 2));
}

/// Seen red: Escape that lets go of the gesture and leaves its preview standing.
#[test]
fn escape_takes_a_drag_back() {
    let mut desk = Desk::verse();
    let (rows, before) = (desk.steps(), desk.start(1, 0));
    let (from, to) = (desk.at(before + 100_000, 1, 0.5), desk.at(before + 400_000, 1, 0.5));
    desk.drag(from, to);
    assert_ne!(desk.start(1, 0), before);
    desk.window.key_press(Key::Escape);
    desk.window.run_steps(2);
    assert_eq!((desk.start(1, 0), desk.steps()), (before, rows));
    desk.drop(to);
    assert_eq!((desk.start(1, 0), desk.steps()), (before, rows));
    assert!(desk.window.state().view().gesture.is_none());
}

/// Seen red: a start that may lie before the file's first frame, which the song refuses.
#[test]
fn edges_trim_within_the_file_and_corners_fade() {
    let mut desk = Desk::verse();
    desk.window.state_mut().view_mut().timeline.snap = Snap::Off;
    let (clip, start) = (desk.clip(1, 0), desk.start(1, 0));
    let (edge, out) = (desk.at(start, 1, 0.8) + vec2(2.0, 0.0), desk.at(start + 60_000, 1, 0.8));
    desk.drag(edge, out);
    desk.drop(out);
    let trimmed = desk.clip(1, 0);
    let by = trimmed.offset.0;
    assert!((58_000..62_000 + 2_000).contains(&by), "{by}");
    assert_eq!((trimmed.length.0, desk.start(1, 0)), (clip.length.0 - by, start + by));
    let (edge, far) = (desk.at(start + by, 1, 0.8) + vec2(2.0, 0.0), desk.at(start - 300_000, 1, 0.8));
    desk.drag(edge, far);
    desk.drop(far);
    assert_eq!((desk.clip(1, 0).offset.0, desk.start(1, 0)), (0, start), "no further than the file goes");

    let height = desk.window.state().view().panels.track_height;
    let corner = desk.at(start, 1, 20.0 / height) + vec2(4.0, 0.0);
    let to = corner + vec2(40.0, 0.0);
    desk.drag(corner, to);
    desk.drop(to);
    let faded = desk.clip(1, 0);
    assert!(faded.fade_in.length.0 > 50_000 && faded.fade_out.length.0 == 0, "{:?}", faded.fade_in);
}

/// Seen red: a click on nothing that kept the selection.
#[test]
fn clips_are_chosen_by_name_and_a_click_on_nothing_locates() {
    let mut desk = Desk::verse();
    desk.window.get_by_label("Clip Double L on Doubles, bar 5 to 8").click();
    desk.window.run_steps(2);
    let chosen = desk.clip(1, 0).id;
    assert!(desk.window.state().view().selection.clips.contains(&chosen));
    assert_eq!(desk.window.state().view().selection.track, Some(desk.song().tracks[1].id));
    desk.command(Command::NextClip);
    assert!(desk.window.state().view().selection.clips.contains(&desk.clip(1, 1).id));
    let empty = desk.at(3 * 125_217 + 9_000, 3, 0.5);
    desk.press(empty);
    desk.button(empty, false);
    assert!(desk.window.state().view().selection.clips.is_empty());
    let bar_4 = desk.song().tempo_map.ticks_to_samples(3 * 7_680, RATE).0;
    desk.until("it went to bar 4", |shell| shell.studio().readout().playhead.position == bar_4);
    assert_eq!(desk.window.state().view().selection.track, Some(desk.song().tracks[3].id));
}

/// Seen red: the seam left out.
#[test]
fn a_clip_upon_another_has_a_seam() {
    let mut desk = Desk::on([1_280.0, 720.0], 1.0, Theme::Dark, stacked);
    desk.window.run_steps(3);
    let room = look::tokens(&desk.window.ctx).room;
    let edge = desk.at(desk.start(1, 1), 1, 0.9);
    let picture = desk.window.render().unwrap();
    let is_room = |x: &u32| picture.get_pixel(*x, edge.y as u32).0 == room.to_array();
    let near = edge.x as u32;
    assert_eq!((near - 12..near + 12).filter(is_room).count(), 1);
}
