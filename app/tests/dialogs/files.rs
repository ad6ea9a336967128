//! The browser, and files that are carried to a lane.

use std::path::PathBuf;
use std::sync::Arc;

use crate::desk::{Desk, seq};
use ai_dawg::studio::command::Command;
use egui::Key;
use egui_kittest::kittest::Queryable;

/// Seen red: without the browser's claim, Space starts the transport; without the focus lock, Down leaves the list.
#[test]
fn the_browser_works_by_keys() {
    let mut desk = Desk::with_song();
    desk.sounds();
    desk.command(Command::ToggleBrowser);
    desk.until("a list", |shell| !shell.studio().listing().entries.is_empty());
    desk.click("Kick.wav");
    desk.window.key_press(Key::ArrowDown);
    desk.window.run_ok();
    assert_eq!(desk.window.state().view().browser.selected, Some(2));
    desk.window.key_press(Key::Space);
    desk.until("it is heard", |shell| {
        shell.studio().readout().auditioning.as_ref().is_some_and(|file| file.ends_with("Snare.wav"))
    });
    assert!(!desk.window.state().studio().readout().playhead.rolling);
    let before = seq(desk.window.state());
    desk.window.key_press(Key::Enter);
    desk.until("it is imported", |shell| seq(shell) > before);
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!(song.tracks.last().unwrap().name.as_str(), "Snare");
    desk.click("Loops");
    desk.until("the folder", |shell| shell.studio().listing().folder.ends_with("Loops"));
    desk.click("Folder above");
    desk.until("back", |shell| shell.studio().listing().folder.ends_with("sounds"));
}

#[derive(Debug)]
struct Carried(PathBuf);

impl egui::DroppedFile for Carried {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads no files".to_owned())
    }
}

/// Seen red: with `hovered_files` alone looked at, nothing lands.
#[test]
fn files_from_the_desktop_land_in_the_song() {
    let mut desk = Desk::with_song();
    desk.sounds();
    let kick = desk.home.path().join("sounds/Kick.wav");
    desk.window.input_mut().hovered_files =
        vec![egui::HoveredFile { path: Some(kick.clone()), ..Default::default() }];
    desk.window.run_ok();
    assert_eq!(desk.window.state().view().ghost.as_ref().map(|ghost| ghost.files.len()), Some(1));
    desk.picture("hover");
    desk.window.input_mut().hovered_files.clear();
    desk.window.input_mut().dropped_files = vec![Arc::new(Carried(kick))];
    let before = seq(desk.window.state());
    desk.until("it is imported", |shell| seq(shell) > before);
    assert!(desk.window.state().view().ghost.is_none());
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!(song.tracks.last().unwrap().name.as_str(), "Kick");
}

/// Carries a file of the browser over a lane; returns where the pointer is.
fn carry(desk: &mut Desk) -> egui::Pos2 {
    desk.sounds();
    desk.command(Command::ToggleBrowser);
    desk.until("a list", |shell| !shell.studio().listing().entries.is_empty());
    let from = desk.window.get_by_label("Snare.wav").rect().left_center() + egui::vec2(40.0, 0.0);
    let lanes = desk.window.state().view().timeline.lanes;
    let to = lanes.left_top() + egui::vec2(lanes.width() * 0.5, 20.0);
    desk.window.drag_at(from);
    desk.window.run_ok();
    for at in [from + egui::vec2(30.0, 0.0), to] {
        desk.window.hover_at(at);
        desk.window.run_ok();
    }
    to
}

/// Seen red: with the playhead taken for the pointer, the clip starts at 0.
#[test]
fn a_file_is_dragged_from_the_browser_to_a_lane() {
    let mut desk = Desk::with_song();
    let to = carry(&mut desk);
    let ghost = desk.window.state().view().ghost.clone().unwrap();
    assert!(ghost.at > 0 && ghost.track.is_some());
    desk.picture("carried");
    let before = seq(desk.window.state());
    desk.window.drop_at(to);
    desk.until("it is imported", |shell| seq(shell) > before);
    let song = desk.window.state().studio().session().unwrap().clone();
    let starts = song.clips().map(|(_, _, clip)| clip.span(&song.tempo_map, song.sample_rate).0);
    assert_eq!((song.tracks.len(), starts.max()), (1, Some(ghost.at)));
}

/// Seen red: with every end of a drag taken for a drop, the file is imported.
#[test]
fn escape_leaves_a_carried_file_where_it_was() {
    let mut desk = Desk::with_song();
    let to = carry(&mut desk);
    assert!(desk.window.state().view().ghost.is_some());
    desk.window.key_press(Key::Escape);
    desk.window.run_ok();
    assert!(desk.window.state().view().ghost.is_none());
    desk.window.hover_at(to + egui::vec2(9.0, 0.0));
    desk.window.run_ok();
    assert!(desk.window.state().view().ghost.is_none(), "it does not come back");
    let jobs = desk.window.state().studio().jobs().list().len();
    desk.window.drop_at(to);
    desk.window.run_ok();
    assert_eq!(desk.window.state().studio().jobs().list().len(), jobs);
    assert_eq!(desk.window.state().studio().session().unwrap().clips().count(), 1);
}
