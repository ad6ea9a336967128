//! Pitch on clips and takes, in a window without a display: found once and kept, read under the pointer, named in the
//! song's tuning.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

#[path = "lanes/desk.rs"]
#[allow(dead_code, reason = "made for the tests of lanes")]
mod desk;
#[path = "pitch_curves/pictures.rs"]
mod pictures;
#[path = "pitch_curves/stage.rs"]
mod stage;

use std::time::SystemTime;

use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{Access, Edit, Samples};
use desk::Desk;
use stage::{Curves as _, RATE, melody, scale};

/// A window on a song with one take: A3, B3, C♯4, D4, a second each, a rest of half a second before each.
fn desk() -> Desk {
    Desk::open([1_280.0, 720.0], Theme::Dark, |folder| melody(folder, &scale()))
}

/// Seen red: with the curve found anew at each look.
#[test]
fn a_curve_is_found_once_and_kept_whatever_becomes_of_its_clip() {
    let mut desk = desk();
    desk.show_curves();
    let file = desk.pitch_file();
    let made = written(&file);
    let clip = desk.song().tracks[0].lanes[0].clips[0].clone();
    let (id, second) = (clip.id, i64::from(RATE));
    desk.edit(Edit::TrimClip {
        clip: id,
        start: clip.start,
        offset: Samples(second),
        length: Samples(2 * second),
    });
    desk.edit(Edit::MoveClip {
        clip: id,
        to: desk.song().tracks[0].lanes[0].id,
        start: dawg_session::Position::Samples(3 * second),
        at: None,
    });
    desk.window.run_steps(5);
    let folder = desk.window.state().studio().work().unwrap().folder().to_owned();
    desk.window.state_mut().perform(Action::Command(Command::CloseSong));
    desk.until("it is closed", |shell| shell.studio().work().is_none() && !shell.studio().jobs().at_work());
    desk.window.state_mut().perform(Action::Open { folder, access: Access::Write });
    desk.until("it is open again", |shell| shell.studio().work().is_some());
    desk.until_known();
    assert_eq!(written(&file), made);
    assert!(desk.window.state().studio().jobs().list().iter().all(|job| !job.title.starts_with("Pitch of")));
}

fn written(file: &std::path::Path) -> SystemTime {
    file.metadata().unwrap().modified().unwrap()
}
