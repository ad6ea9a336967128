//! Small tools below the headers: snap, follow, zoom.

use egui::{Align, ComboBox, Layout, Stroke, Ui, UiBuilder, vec2};

use super::Scene;
use crate::look::control::{Light, icon_button, icon_toggle};
use crate::look::icon::Icon;
use crate::look::{Tokens, tokens};
use crate::studio::command::Command;
use crate::studio::view::Snap;
use crate::window::keys::keys_of;

/// Width of an icon with the gap beside it.
const ICON: f32 = 30.0;

/// Draws them. Where the column is narrow the zoom gives way; snap and follow fit into the narrowest.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let place = ui.max_rect();
    let tokens = tokens(ui.ctx());
    ui.painter().rect_filled(place, 0.0, tokens.panel);
    ui.painter().hline(place.x_range(), place.top(), Stroke::new(1.0, tokens.hairline));
    let inside = place.shrink2(vec2(Tokens::SPACE[1], 1.0));
    let mut row =
        ui.new_child(UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center)));
    row.spacing_mut().item_spacing.x = Tokens::SPACE[0] / 2.0;
    snap(&mut row, scene);
    let follow = scene.view.timeline.follow;
    let keys = |scene: &Scene<'_>, command| keys_of(scene.studio.preferences(), command);
    let name = Command::FollowPlayhead.name();
    let shortcut = keys(scene, Command::FollowPlayhead);
    if icon_toggle(&mut row, Icon::Follow, name, &shortcut, follow, Light::Accent).clicked() {
        scene.command(Command::FollowPlayhead);
    }
    if row.available_width() < 3.0 * ICON {
        return;
    }
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (icon, command) in [
            (Icon::ZoomFit, Command::ZoomToAll),
            (Icon::ZoomIn, Command::ZoomIn),
            (Icon::ZoomOut, Command::ZoomOut),
        ] {
            let shortcut = keys(scene, command);
            if icon_button(ui, icon, command.name(), &shortcut).clicked() {
                scene.command(command);
            }
        }
    });
}

fn snap(ui: &mut Ui, scene: &mut Scene<'_>) {
    let before = scene.view.timeline.snap;
    let keys = keys_of(scene.studio.preferences(), Command::CycleSnap);
    let shown = ComboBox::from_id_salt("snap").selected_text(words(before)).width(92.0).show_ui(ui, |ui| {
        for snap in [Snap::Auto, Snap::Bar, Snap::Beat, Snap::Sixteenth, Snap::Off] {
            ui.selectable_value(&mut scene.view.timeline.snap, snap, words(snap));
        }
    });
    let response = shown.response.accessible_name(format!("Snap: {}", words(before)));
    response.on_hover_text(format!("Where things snap to ({keys}). Alt suspends it."));
}

/// What a snap is called.
const fn words(snap: Snap) -> &'static str {
    match snap {
        Snap::Auto => "Snap: grid",
        Snap::Bar => "Snap: bar",
        Snap::Beat => "Snap: beat",
        Snap::Sixteenth => "Snap: 1/16",
        Snap::Off => "Snap: off",
    }
}
