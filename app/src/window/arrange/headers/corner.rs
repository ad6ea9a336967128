//! The corner above the headers: title, count, and the menu that adds tracks.

use egui::{Align2, Popup, Rect, Ui, Vec2};

use crate::look::control;
use crate::look::icon::Icon;
use crate::look::{Tokens, tokens};
use crate::studio::command::Command;
use crate::window::Scene;
use crate::window::channel::menu::entry;
use crate::window::channel::text::{Style, paint};

/// Side of the button.
const BUTTON: f32 = 28.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect, tracks: usize) {
    let tokens = tokens(ui.ctx());
    let inner = rect.shrink2(Vec2::new(Tokens::SPACE[2], 0.0));
    let style = Style::label(tokens.secondary).size(Tokens::TYPE[2]);
    let title = if tracks == 0 { "Tracks".to_owned() } else { format!("Tracks  {tracks}") };
    let (left, _) = inner.split_left_right_at_x((inner.right() - BUTTON).max(inner.left()));
    paint(ui, left, &title, style.at(Align2::LEFT_CENTER));
    let line = egui::Stroke::new(1.0, tokens.hairline);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);
    let at = egui::pos2(rect.right() - Tokens::SPACE[1] - BUTTON / 2.0, rect.center().y);
    let button = Rect::from_center_size(at, Vec2::splat(BUTTON));
    let mut child = ui.new_child(egui::UiBuilder::new().id_salt("add").max_rect(button));
    let response = control::icon_button(&mut child, Icon::Plus, "Add a track", "");
    Popup::menu(&response).show(|ui| add(ui, scene));
}

/// The entries that add tracks.
pub fn add(ui: &mut Ui, scene: &mut Scene<'_>) {
    for command in [Command::AddMonoTrack, Command::AddStereoTrack, Command::Import] {
        entry(ui, scene, command);
    }
}
