//! Which folder is shown, the way up, and the places one goes to often.

use std::path::PathBuf;

use egui::{Button, Ui};

use super::{folder, go, path_words};
use crate::look::control::icon_button;
use crate::look::icon::Icon;
use crate::window::Scene;

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let here = folder(scene);
    ui.horizontal(|ui| {
        let above = here.parent().map(PathBuf::from);
        let up =
            ui.add_enabled_ui(above.is_some(), |ui| icon_button(ui, Icon::ArrowUp, "Folder above", "")).inner;
        if let (true, Some(above)) = (up.clicked(), above) {
            go(scene, above);
        }
        let name =
            here.file_name().map_or_else(|| path_words(&here), |name| name.to_string_lossy().into_owned());
        let wide = ui.available_width();
        let menu = egui::containers::menu::MenuButton::from_button(
            Button::new(name).truncate().min_size(egui::Vec2::new(wide, 0.0)).right_text("▾"),
        );
        let (response, _) = menu.ui(ui, |ui| {
            for (name, folder) in places(scene) {
                if ui.button(&name).on_hover_text(path_words(&folder)).clicked() {
                    go(scene, folder);
                }
            }
        });
        response.accessible_name("Places").on_hover_text(path_words(&here));
    });
}

fn places(scene: &Scene<'_>) -> Vec<(String, PathBuf)> {
    let known = scene.studio.places().clone();
    let mut places: Vec<(String, PathBuf)> = [
        ("Home", known.home),
        ("Music", known.music),
        ("Desktop", known.desktop),
        ("Downloads", known.downloads),
        ("Songs", Some(scene.studio.songs_folder())),
    ]
    .into_iter()
    .filter_map(|(name, folder)| Some((name.to_owned(), folder?)))
    .collect();
    if let Some(work) = scene.studio.work() {
        places.push(("This song's audio".to_owned(), work.audio_folder()));
        places.push(("This song's exports".to_owned(), work.exports_folder()));
    }
    places
}
