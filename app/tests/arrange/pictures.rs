//! Pictures for the eye.

use std::path::Path;

use crate::desk::{Desk, RATE, name, stacked, verse};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{Session, SongId, Tempo};
use egui::Event;

/// Pictures for the eye, beside the sketch; the assertions are those of the other tests.
#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    let mut desk = Desk::on([1_600.0, 1_000.0], 1.0, Theme::Dark, verse);
    let lead = desk.clip(0, 0).id;
    desk.window.state_mut().view_mut().selection.clips.insert(lead);
    desk.window.state_mut().perform(Action::Locate(1_100_000));
    desk.settle();
    desk.picture("1600");
    let hover = desk.at(desk.start(3, 0) + 200_000, 3, 0.6);
    desk.window.event(Event::PointerMoved(hover));
    desk.window.state_mut().view_mut().timeline.frames_per_point = 150.0;
    let left = desk.start(0, 0) as f64 - 9_000.0;
    desk.window.state_mut().view_mut().timeline.left = left;
    desk.picture("1600-near");
    desk.window.state_mut().view_mut().timeline.frames_per_point = 0.1;
    desk.window.state_mut().view_mut().timeline.left = left + 9_000.0 + 60_000.0;
    desk.picture("1600-samples");
    drop(desk);
    Desk::verse().picture("1280");
    Desk::on([1_706.0, 960.0], 1.5, Theme::Dark, verse).picture("2560");
    Desk::on([1_280.0, 720.0], 1.0, Theme::Dark, stacked).picture("1280-stacked");
    Desk::on([1_280.0, 720.0], 1.0, Theme::Light, verse).picture("1280-light");
    let empty = |_: &Path| Session::new(SongId::fresh(), name("New"), RATE, Tempo::DEFAULT);
    Desk::on([1_280.0, 720.0], 1.0, Theme::Dark, empty).picture("1280-empty");
}
