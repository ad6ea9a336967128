//! Menus of the bar: everything by group, and what concerns the song.
//!
//! Start at [`main`]. An entry shows its keys, whether it is on, and is grey where there is nothing for it to do.

use std::path::Path;

use dawg_session::Access;
use egui::{Button, Ui};

use super::Scene;
use super::keys::keys_of;
use super::top_bar::{key_menu, meter_menu};
use crate::studio::action::Action;
use crate::studio::command::{Command, Group};
use crate::studio::preferences::Theme;
use crate::studio::view::Tab;

/// Entries that begin a new part of their menu.
const PARTS: [Command; 12] = [
    Command::Import,
    Command::CloseSong,
    Command::SelectAll,
    Command::Delete,
    Command::ToStart,
    Command::ToggleLoop,
    Command::FirstDownbeatHere,
    Command::RenameTrack,
    Command::PreviousTrack,
    Command::ShowArrange,
    Command::ToggleBrowser,
    Command::Preferences,
];

/// All groups, each a menu of its own.
pub fn main(ui: &mut Ui, scene: &mut Scene<'_>) {
    for group in Group::ALL {
        ui.menu_button(group.name(), |ui| {
            let mut first = true;
            for &command in Command::ALL.iter().filter(|command| command.group() == group) {
                if !first && PARTS.contains(&command) {
                    ui.separator();
                }
                first = false;
                entry(ui, scene, command);
            }
            if group == Group::Transport && scene.studio.work().is_some() {
                ui.menu_button("Meter", |ui| meter_menu(ui, scene));
                ui.menu_button("Key", |ui| key_menu(ui, scene));
            }
        });
    }
    ui.separator();
    for command in [Command::Palette, Command::Shortcuts, Command::Tour, Command::Quit] {
        entry(ui, scene, command);
    }
}

/// What concerns the song, and the songs opened last.
pub fn song(ui: &mut Ui, scene: &mut Scene<'_>) {
    for command in [Command::NewSong, Command::OpenSong] {
        entry(ui, scene, command);
    }
    let open = scene.studio.work().map(|work| work.folder().to_owned());
    let recent = &scene.studio.preferences().recent;
    let others = recent.iter().filter(|folder| Some(*folder) != open.as_ref()).take(8).collect::<Vec<_>>();
    if !others.is_empty() {
        ui.menu_button("Recent songs", |ui| {
            for folder in others {
                let response = ui.add(Button::new(song_name(folder)).truncate());
                if response.on_hover_text(folder.display().to_string()).clicked() {
                    scene.wish(Action::Open { folder: folder.clone(), access: Access::Write });
                    ui.close();
                }
            }
        });
    }
    entry(ui, scene, Command::OpenDemo);
    ui.separator();
    for command in [Command::Import, Command::Export, Command::RenameSong, Command::SaveCopy] {
        entry(ui, scene, command);
    }
    if let Some(folder) = open {
        if ui.button("Show in folder").clicked() {
            scene.wish(Action::ShowInFolder(folder));
            ui.close();
        }
        ui.separator();
        entry(ui, scene, Command::CloseSong);
    }
}

/// The name of a song's folder without its ending.
#[must_use]
pub fn song_name(folder: &Path) -> String {
    folder.file_stem().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// An entry that does a command.
pub fn entry(ui: &mut Ui, scene: &mut Scene<'_>, command: Command) {
    let keys = keys_of(scene.studio.preferences(), command);
    let on = is_on(scene, command);
    let button = Button::selectable(on, command.name()).shortcut_text(keys);
    if ui.add_enabled(available(scene, command), button).clicked() {
        scene.command(command);
        ui.close();
    }
}

/// Whether there is something for a command to do.
#[must_use]
pub fn available(scene: &Scene<'_>, command: Command) -> bool {
    use Command as C;
    let work = scene.studio.work();
    let clips = !scene.view.selection.clips.is_empty();
    let track = scene.view.selection.track.is_some();
    match command {
        C::NewSong | C::OpenSong | C::OpenDemo | C::Quit => true,
        C::Undo => work.is_some_and(|work| work.document().can_undo().is_some()),
        C::Redo => work.is_some_and(|work| work.document().can_redo().is_some()),
        C::SelectNone | C::Delete | C::LoopSelection => clips || scene.view.selection.stretch.is_some(),
        C::Duplicate | C::MuteClips | C::NudgeLeft | C::NudgeRight => clips,
        C::ResetClips => clips,
        C::DuplicateTrack | C::DeleteTrack | C::RenameTrack | C::TrackUp | C::TrackDown => track,
        C::ToggleArm | C::ToggleMute | C::ToggleSolo | C::ToggleMonitor => track,
        _ => match command.group() {
            Group::Help => true,
            Group::View => {
                let looks = matches!(command, C::ThemeDark | C::ThemeLight | C::ThemeHighContrast);
                looks || matches!(command, C::TextLarger | C::TextSmaller) || work.is_some()
            }
            _ => work.is_some(),
        },
    }
}

/// Whether what a command turns on and off is on.
fn is_on(scene: &Scene<'_>, command: Command) -> bool {
    use Command as C;
    let view = &*scene.view;
    let session = scene.studio.session();
    match command {
        C::ToggleLoop => session.is_some_and(|session| session.loop_range.on),
        C::ToggleMetronome => session.is_some_and(|session| session.metronome.on),
        C::FollowPlayhead => view.timeline.follow,
        C::ToggleBrowser => view.panels.browser_open,
        C::ToggleLyrics => view.panels.lyrics_open,
        C::ToggleStrip => view.panels.strip_open,
        C::ThemeDark => scene.studio.preferences().theme == Theme::Dark,
        C::ThemeLight => scene.studio.preferences().theme == Theme::Light,
        C::ThemeHighContrast => scene.studio.preferences().theme == Theme::HighContrast,
        C::ToggleCurves => view.panels.curves,
        C::TogglePitch => view.panels.drawer_open,
        C::ShowArrange => view.tab == Tab::Arrange,
        C::ShowMix => view.tab == Tab::Mix,
        C::ShowStudio => view.tab == Tab::Studio,
        C::ShowJarvis => view.tab == Tab::Jarvis,
        _ => false,
    }
}
