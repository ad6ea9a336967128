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

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use ai_dawg::studio::Closing;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use ai_dawg::window::Shell;
use dawg_session::{Access, Edit, Position, Samples};
use desk::Desk;
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use stage::{Curves as _, RATE, melody, repeated, scale, twice, with_beat};

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
    let folder = desk.close();
    desk.open_again(folder, Access::Write);
    desk.until_known();
    assert_eq!(written(&file), made);
    assert!(desk.window.state().studio().jobs().list().iter().all(|job| !job.title.starts_with("Pitch of")));
}

/// Seen red: without a look at the file's version.
#[test]
fn a_curve_of_another_version_is_found_anew() {
    let mut desk = desk();
    desk.show_curves();
    let file = desk.pitch_file();
    let folder = desk.close();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[8] += 1;
    std::fs::write(&file, &bytes).unwrap();
    desk.open_again(folder, Access::Write);
    desk.until_known();
    assert_ne!(std::fs::read(&file).unwrap(), bytes);
}

/// Seen red: with the curve written whether that is allowed or not.
#[test]
fn a_song_for_reading_is_shown_with_curves_and_left_as_it_is() {
    let mut desk = desk();
    let file = desk.pitch_file();
    let folder = desk.close();
    desk.open_again(folder, Access::ReadOnly);
    desk.show_curves();
    assert!(!file.exists());
    assert_eq!(desk.window.state().studio().notices().list().len(), 0);
}

/// A folder lies where the curve should; the song's other audio is gone.
///
/// Seen red: with each told that cannot be kept.
#[test]
fn what_cannot_be_kept_or_read_is_told_once_and_shown_if_it_can_be() {
    let mut desk = Desk::open([1_280.0, 720.0], Theme::Dark, |folder| twice(folder, &scale()));
    let (song, work) = (desk.song(), desk.window.state().studio().work().unwrap());
    for media in song.media.keys() {
        let file = dawg_media::pitch::file_for(&work.peaks_folder(), &media.to_string());
        std::fs::create_dir_all(file.join("in the way")).unwrap();
    }
    // Notices go by themselves: each that there ever was is noted.
    let told = RefCell::new(BTreeMap::new());
    let note = |shell: &Shell| {
        let notices = shell.studio().notices().list().iter();
        let notices = notices.filter(|notice| notice.title.to_lowercase().contains("pitch"));
        told.borrow_mut().extend(notices.map(|notice| (notice.id, notice.title.clone())));
    };
    desk.command(Command::ToggleCurves);
    let media: Vec<_> = song.media.keys().copied().collect();
    desk.until("both are shown", |shell| {
        note(shell);
        media.iter().all(|media| shell.studio().pitches().known(*media).is_some())
    });
    desk.window.run_steps(2);
    note(desk.window.state());
    assert!(told.take().into_values().eq(["Pitch curves are not kept on the disk"]));
    let audio = desk.window.state().studio().work().unwrap().audio_folder();
    let folder = desk.close();
    for media in song.media.values() {
        std::fs::remove_file(audio.join(&media.file)).unwrap();
    }
    desk.open_again(folder, Access::Write);
    let unshown = || told.borrow().values().filter(|title| title.ends_with("cannot be shown")).count();
    desk.until("it is told", |shell| {
        note(shell);
        unshown() > 0
    });
    desk.window.run_steps(10);
    note(desk.window.state());
    assert_eq!(unshown(), 1, "{told:?}");
}

/// Seen red: with what was cancelled begun again in the next frame.
#[test]
fn finding_shows_how_far_it_is_and_can_be_called_off() {
    let mut desk = Desk::open([1_280.0, 720.0], Theme::Dark, |folder| repeated(folder, 100));
    desk.command(Command::ToggleCurves);
    let title = "Pitch of Take 1";
    let running = |shell: &Shell| shell.studio().jobs().running().any(|job| job.title == title);
    desk.until("it is being found", |shell| {
        shell.studio().jobs().running().any(|job| job.progress.fraction().is_some_and(|part| part > 0.0))
    });
    let job = desk.window.state().studio().jobs().running().next().unwrap();
    let (id, progress) = (job.id, Arc::clone(&job.progress));
    assert!(progress.fraction().unwrap() < 1.0);
    desk.window.run_steps(2);
    desk.window.get_by_role_and_label(Role::ProgressIndicator, title);
    desk.window.state_mut().perform(Action::CancelJob(id));
    desk.until("it has ended", |shell| !running(shell));
    // The lanes are drawn anew, and wish for what is in sight.
    desk.command(Command::ZoomIn);
    desk.window.run_steps(10);
    assert!(!running(desk.window.state()), "nobody wants it");
    assert!(!desk.pitch_file().exists());
    desk.command(Command::ToggleCurves);
    desk.command(Command::ToggleCurves);
    desk.until("it is wanted again", running);
    // Closing asks nobody about what is found again at any time.
    desk.window.state_mut().perform(Action::Command(Command::Quit));
    assert_eq!(desk.window.state().studio().closing(), Some(Closing::Done));
}

/// Seen red: with the moment counted from the clip's start.
#[test]
fn the_pointer_reads_moment_note_and_what_the_note_is_like() {
    let mut desk = desk();
    desk.show_curves();
    // The second note, from 2 to 3 s; the take is moved by one second.
    let clip = desk.song().tracks[0].lanes[0].clips[0].clone();
    let (to, start) = (desk.song().tracks[0].lanes[0].id, Position::Samples(i64::from(RATE)));
    desk.edit(Edit::MoveClip { clip: clip.id, to, start, at: None });
    let lines = desk.read_at(3.5);
    let (moment, hertz) = (lines[0].as_str(), 246.94);
    assert!(moment.starts_with("0:03.5"), "{moment}");
    let parts: Vec<&str> = moment.split(" · ").collect();
    assert!(parts[1].starts_with("B3 "), "{moment}");
    assert!(cents(parts[1]).abs() <= 3, "{moment}");
    let heard: f64 = parts[2].strip_suffix(" Hz").unwrap().parse().unwrap();
    assert!((heard - hertz).abs() < 0.5, "{moment}");
    let sure: f64 = parts[3].strip_suffix(" % sure").unwrap().parse().unwrap();
    assert!(sure > 80.0, "{moment}");
    assert!(lines[1].starts_with("B3, ") && lines[1].ends_with(" · 100 % of it in tune"), "{}", lines[1]);
    let length: f64 = lines[2].split(" s").next().unwrap().parse().unwrap();
    assert!((length - 1.0).abs() < 0.1, "{}", lines[2]);
    assert!(lines[2].contains("drift ") && lines[2].ends_with("no vibrato"), "{}", lines[2]);
    // Between two notes nobody sings.
    assert_eq!(desk.read_at(2.75), ["0:02.750 · no voice"]);
}

/// Seen red: with the notes not found anew.
#[test]
fn another_a4_names_the_same_pitch_anew_and_finds_nothing_again() {
    let mut desk = desk();
    desk.show_curves();
    assert!(desk.read_at(2.5)[0].contains("B3 "));
    let made = written(&desk.pitch_file());
    desk.command(Command::SongKey);
    let field = desk.window.get_by_role_and_label(Role::TextInput, "A4");
    field.focus();
    desk.window.run_steps(2);
    desk.key(Key::A, Modifiers::COMMAND);
    desk.window.event(egui::Event::Text("415".to_owned()));
    desk.key(Key::Enter, Modifiers::NONE);
    assert_eq!(desk.committed().a4_millihertz, 415_000);
    assert_eq!(desk.label(), "A4 = 415 Hz");
    // 246.94 Hz lie a semitone higher above an A4 that is a semitone lower.
    assert!(desk.read_at(2.5)[0].contains("C4 "), "{:?}", desk.read_at(2.5));
    let media = *desk.song().media.keys().next().unwrap();
    desk.until("the notes are named anew", |shell| {
        let sung = shell.studio().pitches().known(media).unwrap();
        sung.notes.iter().map(|note| note.note.0).eq([58, 60, 62, 63])
    });
    assert_eq!(written(&desk.pitch_file()), made);
    desk.command(Command::Undo);
    assert!(desk.read_at(2.5)[0].contains("B3 "));
}

/// Seen red: with the notes of the whole file said of each clip.
#[test]
fn those_who_do_not_see_it_are_told_of_a_clips_notes() {
    let mut desk = desk();
    desk.show_curves();
    let told =
        |desk: &Desk| desk.window.get_by_label_contains("Clip Take 1 on Voice").accesskit_node().value();
    assert_eq!(told(&desk).as_deref(), Some("4 notes, 100 % in tune"));
    let clip = desk.song().tracks[0].lanes[0].clips[0].clone();
    let second = |seconds: f64| Samples((seconds * f64::from(RATE)) as i64);
    let (start, offset, length) = (clip.start, second(1.75), second(1.5));
    desk.edit(Edit::TrimClip { clip: clip.id, start, offset, length });
    assert_eq!(told(&desk).as_deref(), Some("1 note, in tune"));
    desk.command(Command::ToggleCurves);
    assert_eq!(told(&desk), None);
}

/// Seen red: with every track taken for a voice.
#[test]
fn beats_have_no_pitch_until_they_are_selected() {
    let mut desk = Desk::open([1_280.0, 720.0], Theme::Dark, |folder| with_beat(folder, &scale()));
    desk.show_curves();
    desk.until("nothing is being found", |shell| shell.studio().jobs().running().next().is_none());
    let beat = desk.song().tracks[1].clone();
    let media = beat.lanes[0].clips[0].media;
    assert!(desk.window.state().studio().pitches().known(media).is_none());
    desk.window.state_mut().view_mut().selection.track = Some(beat.id);
    desk.until("it is found", |shell| shell.studio().pitches().known(media).is_some());
}

/// Of "B3 −2 cents".
fn cents(words: &str) -> i32 {
    let number = words.split(' ').nth(1).unwrap();
    number.replace('−', "-").replace('±', "").parse().unwrap()
}

fn written(file: &std::path::Path) -> SystemTime {
    file.metadata().unwrap().modified().unwrap()
}
