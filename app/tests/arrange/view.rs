//! Zoom, playhead, ruler, and what is drawn.

use crate::desk::{Desk, verse};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use ai_dawg::studio::view::Gesture;
use dawg_session::Position;
use egui::{Event, Pos2, pos2, vec2};
use egui_kittest::kittest::Queryable as _;

/// Seen red: a zoom about the view's left edge.
#[test]
fn a_zoom_keeps_the_frame_under_the_pointer() {
    let mut desk = Desk::verse();
    let at = desk.at(1_000_000, 3, 0.5);
    desk.window.event(Event::PointerMoved(at));
    desk.window.step();
    let before = desk.window.state().view().timeline.frames_per_point;
    desk.window.event(Event::Zoom(3.0));
    desk.window.run_steps(2);
    let timeline = &desk.window.state().view().timeline;
    assert!(timeline.frames_per_point < before * 0.5);
    let x = timeline.lanes.left() + timeline.x(1_000_000);
    assert!((x - at.x).abs() < 0.5, "{x} instead of {}", at.x);
}

/// Seen red: the playhead rounded up to the next pixel.
#[test]
fn the_playhead_stands_in_the_pixel_of_its_frame() {
    for scale in [1.0, 1.5] {
        let mut desk = Desk::on([1_280.0, 720.0], scale, Theme::Dark, verse);
        for frame in [300_001, 777_777] {
            desk.window.state_mut().perform(Action::Locate(frame));
            desk.until("the playhead is there", |shell| shell.studio().readout().playhead.position == frame);
            desk.window.run_steps(2);
            let place = desk.at(frame, 6, 0.5);
            let picture = desk.window.render().unwrap();
            let (y, width) = ((place.y * scale) as u32, picture.width());
            let white = |x: &u32| picture.get_pixel(*x, y).0[..3].iter().all(|part| *part > 240);
            let lanes = desk.window.state().view().timeline.lanes;
            let right = (lanes.right() * scale) as u32;
            let lit: Vec<u32> = ((lanes.left() * scale) as u32..right.min(width)).filter(white).collect();
            let pixel = (place.x * scale).floor() as u32;
            assert!(lit.contains(&pixel) && lit.len() <= 3, "{pixel} is not among {lit:?} at {scale}");
        }
    }
}

/// Seen red: the loop's ends stored as samples.
#[test]
fn the_ruler_sets_the_loop_and_a_rectangle_selects() {
    let mut desk = Desk::verse();
    let rows = desk.steps();
    let lanes = desk.window.state().view().timeline.lanes;
    let up = |at: Pos2| pos2(at.x, lanes.top() - 46.0);
    let bar = |n: i64| n * 125_217 + 3_000;
    let (from, to) = (up(desk.at(bar(13), 0, 0.0)), up(desk.at(bar(15), 0, 0.0)));
    desk.drag(from, to);
    assert!(matches!(desk.window.state().view().gesture, Some(Gesture::Loop { .. })));
    desk.drop(to);
    let range = desk.song().loop_range;
    assert_eq!(
        (range.on, range.start, range.end),
        (true, Position::Ticks(13 * 7_680), Position::Ticks(15 * 7_680))
    );
    assert_eq!(desk.steps(), rows + 1);

    let (from, to) = (desk.at(bar(8), 6, 0.5), desk.at(bar(3), 0, 0.5));
    desk.drag(from, to);
    desk.drop(to);
    let names: Vec<String> = desk
        .song()
        .clips()
        .filter(|(.., clip)| desk.window.state().view().selection.clips.contains(&clip.id))
        .map(|(.., clip)| clip.name.to_string())
        .collect();
    let touched =
        ["Comp A", "Double L", "Trap 92 · variation 1", "Trap 92 · variation 2", "808", "Keys · F♯ minor"];
    assert_eq!(names[..6], touched);
    assert_eq!(names.len(), 7, "and the ad lib: {names:?}");
}

/// Seen red: the lanes drawn anew in each frame.
#[test]
fn what_stands_still_is_drawn_once() {
    let mut desk = Desk::verse();
    // Numbers that were not shown before may make the glyphs' texture grow.
    desk.window.state_mut().perform(Action::Locate(399_000));
    desk.settle();
    let built = |desk: &Desk| desk.window.state().view().arrange.built();
    let before = built(&desk);
    desk.window.run_steps(5);
    desk.window.state_mut().perform(Action::Locate(400_000));
    desk.window.run_steps(5);
    assert_eq!(built(&desk), before);
    desk.command(Command::ZoomIn);
    assert!(built(&desk) > before);
}

/// Seen red: the width that a small window forces written over the one that was chosen.
#[test]
fn a_small_window_forgets_no_width_and_the_tools_never_overlap() {
    let mut desk = Desk::verse();
    for (chosen, zoom) in [(168.0, false), (200.0, false), (232.0, false), (280.0, true)] {
        desk.window.state_mut().view_mut().panels.headers = chosen;
        desk.window.run_steps(3);
        let shown = desk.window.query_by_label("Zoom out").is_some();
        assert!(shown || !zoom, "{chosen}");
        let follow = desk.window.get_by_label("Follow playhead").rect();
        let snap = desk.window.get_by_label("Snap: Snap: grid").rect();
        assert!(snap.right() <= follow.left(), "{chosen}: {snap} {follow}");
        if shown {
            let out = desk.window.get_by_label("Zoom out").rect();
            assert!(follow.right() <= out.left(), "{chosen}: {follow} {out}");
        }
    }
    desk.window.set_size(vec2(420.0, 500.0));
    desk.window.run_steps(3);
    desk.window.set_size(vec2(1_280.0, 720.0));
    desk.window.run_steps(3);
    assert_eq!(desk.window.state().view().panels.headers, 280.0);
}
