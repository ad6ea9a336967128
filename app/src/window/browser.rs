//! The browser: folders and audio files, with audition. Start at [`show`]; a row of the list stands in `row`.

mod places;
mod row;

use std::path::PathBuf;

use dawg_session::{Access, Position};
use egui::{Align2, Frame, Key, Label, Margin, Modifiers, RichText, ScrollArea, TextEdit, Ui, Vec2};

use super::Scene;
use super::dialogs::form::{Tone, path_words, say};
use crate::jobs::listing::{Entry, EntryKind};
use crate::look::control::{Light, icon_button, icon_toggle};
use crate::look::icon::Icon;
use crate::look::{Tokens, semibold, tokens};
use crate::studio::action::{Action, ImportWish, Pick};

/// Height of a line.
const LINE: f32 = 26.0;

/// The browser's state in one window.
#[derive(Debug, Default)]
pub struct Browser {
    /// The line that is selected, among those shown.
    pub selected: Option<usize>,
    /// What names must hold.
    pub filter: String,
    /// Whether a file is heard as soon as it is selected.
    pub auto: bool,
    /// The folder that was asked for, until its list is there.
    pub asked: Option<PathBuf>,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    ask_first(scene);
    let margin = Margin::same(Tokens::SPACE[0] as i8);
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(Tokens::SPACE[0]);
        head(ui, scene);
        places::show(ui, scene);
        filter(ui, scene);
        let entries = shown(scene);
        foot_and_list(ui, scene, &entries);
    });
}

/// Whether a line of the browser has the keyboard.
pub(super) fn has_keyboard(ctx: &egui::Context, scene: &Scene<'_>) -> bool {
    let focused = ctx.memory(egui::Memory::focused);
    scene.view.browser.selected.is_some_and(|index| focused == Some(row::id(index)))
}

/// The first folder is that of last time, else the music folder.
fn ask_first(scene: &mut Scene<'_>) {
    let listing = scene.studio.listing();
    if scene.view.browser.asked.as_ref() == Some(&listing.folder) {
        scene.view.browser.asked = None;
    }
    if !listing.folder.as_os_str().is_empty() || scene.view.browser.asked.is_some() {
        return;
    }
    let places = scene.studio.places();
    let remembered = scene.studio.preferences().browser_folder.clone();
    if let Some(folder) = remembered.or_else(|| places.music.clone()).or_else(|| places.home.clone()) {
        go(scene, folder);
    }
}

/// Goes to a folder.
fn go(scene: &mut Scene<'_>, folder: PathBuf) {
    scene.view.browser.selected = None;
    scene.view.browser.filter.clear();
    scene.view.browser.asked = Some(folder.clone());
    scene.wish(Action::ListFolder(folder));
}

/// The folder that is shown, or is about to be.
fn folder(scene: &Scene<'_>) -> PathBuf {
    scene.view.browser.asked.clone().unwrap_or_else(|| scene.studio.listing().folder.clone())
}

fn head(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal(|ui| {
        ui.add(Label::new(RichText::new("Browser").font(semibold(Tokens::TYPE[3]))).truncate());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::FolderOpen, "Choose a folder…", "").clicked() {
                scene.wish(Action::Pick(Pick::BrowserFolder));
            }
            let auto = scene.view.browser.auto;
            if icon_toggle(ui, Icon::Headphones, "Hear files when they are selected", "", auto, Light::Accent)
                .clicked()
            {
                scene.view.browser.auto = !auto;
                if auto {
                    scene.wish(Action::Audition(None));
                }
            }
        });
    });
}

fn filter(ui: &mut Ui, scene: &mut Scene<'_>) {
    let filter = &mut scene.view.browser.filter;
    let edit = TextEdit::singleline(filter)
        .hint_text("Filter")
        .desired_width(f32::INFINITY)
        .min_size(Vec2::new(0.0, Tokens::HEIGHT[1]))
        .align(Align2::LEFT_CENTER)
        .margin(Margin::symmetric(Tokens::SPACE[1] as i8, 0));
    if ui.add(edit).accessible_name("Filter the browser").changed() {
        scene.view.browser.selected = None;
    }
}

/// The entries that fit the filter.
fn shown(scene: &Scene<'_>) -> Vec<Entry> {
    let wanted = scene.view.browser.filter.trim().to_lowercase();
    let entries = scene.studio.listing().entries.iter();
    entries
        .filter(|entry| wanted.is_empty() || entry.name.to_lowercase().contains(&wanted))
        .cloned()
        .collect()
}

fn foot_and_list(ui: &mut Ui, scene: &mut Scene<'_>, entries: &[Entry]) {
    let look = tokens(ui.ctx());
    let foot = 34.0;
    let height = (ui.available_height() - foot).max(LINE);
    if let Some(error) = scene.studio.listing().error.clone() {
        say(ui, Tone::Attention, &error);
    } else if scene.view.browser.asked.is_some() && entries.is_empty() {
        say(ui, Tone::Quiet, "Looking…");
    } else if entries.is_empty() {
        let filtered = !scene.view.browser.filter.trim().is_empty();
        let words = if filtered { "Nothing here is called so." } else { "There is no audio in this folder." };
        say(ui, Tone::Quiet, words);
    }
    let area = ScrollArea::vertical().id_salt("browser").max_height(height).auto_shrink(false);
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = keyboard_scroll(ui, scene, area);
    area.show_rows(ui, LINE, entries.len(), |ui, rows| {
        for index in rows {
            if let Some(entry) = entries.get(index) {
                row::show(ui, scene, index, entry);
            }
        }
    });
    keys(ui, scene, entries);
    let words = "Drag a file onto the timeline, or press Enter to put it at the playhead.";
    let words = RichText::new(words).size(Tokens::TYPE[1]).color(look.faint);
    ui.add(Label::new(words).wrap());
}

/// Keeps the selected line in sight when it is moved by keys.
fn keyboard_scroll(ui: &Ui, scene: &Scene<'_>, area: ScrollArea) -> ScrollArea {
    let id = row::list_id();
    let Some(selected) = scene.view.browser.selected else { return area };
    match ui.data_mut(|data| data.remove_temp::<bool>(id.with("moved"))) {
        Some(true) => area.vertical_scroll_offset((selected as f32 - 4.0).max(0.0) * LINE),
        _ => area,
    }
}

/// Up, Down, Enter and Space while a line has the focus.
fn keys(ui: &Ui, scene: &mut Scene<'_>, entries: &[Entry]) {
    if !has_keyboard(ui.ctx(), scene) {
        return;
    }
    let Some(selected) = scene.view.browser.selected else { return };
    let press = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let to = match (press(Key::ArrowUp), press(Key::ArrowDown)) {
        (true, _) => selected.checked_sub(1),
        (_, true) => Some(selected + 1),
        _ => None,
    };
    if let Some((to, entry)) = to.and_then(|to| Some((to, entries.get(to)?))) {
        select(scene, to, entry);
        ui.memory_mut(|memory| memory.request_focus(row::id(to)));
        ui.data_mut(|data| data.insert_temp(row::list_id().with("moved"), true));
    }
}

/// Selects a line; its file is heard if that is wished.
fn select(scene: &mut Scene<'_>, index: usize, entry: &Entry) {
    scene.view.browser.selected = Some(index);
    if scene.view.browser.auto && entry.kind == EntryKind::Audio {
        scene.wish(Action::Audition(Some(entry.path.clone())));
    }
}

/// Does what Enter and a double click mean: goes into a folder, opens a song, imports a file at the playhead.
fn enter(scene: &mut Scene<'_>, entry: &Entry) {
    match entry.kind {
        EntryKind::Folder => go(scene, entry.path.clone()),
        EntryKind::Song => scene.wish(Action::Open { folder: entry.path.clone(), access: Access::Write }),
        EntryKind::Audio => {
            let at = Position::Samples(scene.studio.readout().playhead.position.max(0));
            scene.wish(Action::Import(ImportWish {
                files: vec![entry.path.clone()],
                at,
                track: None,
                repair: false,
            }));
        }
    }
}

/// Hears a file, or no longer.
fn audition(scene: &mut Scene<'_>, entry: &Entry) {
    let heard = scene.studio.readout().auditioning.as_ref() == Some(&entry.path);
    scene.wish(Action::Audition((!heard).then(|| entry.path.clone())));
}
