//! The menu of a track: what can be done with it by name.

use dawg_session::{Colour, Edit, Layout, Track};
use egui::{Button, Ui};

use super::input;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, tokens, track_colour};
use crate::studio::command::Command;
use crate::window::Scene;
use crate::window::keys::keys_of;

/// The palette's colours by name.
pub const COLOURS: [&str; 8] = ["Pink", "Violet", "Blue", "Teal", "Green", "Amber", "Red", "Slate"];

/// An entry that does a command, with its keys.
pub fn entry(ui: &mut Ui, scene: &mut Scene<'_>, command: Command) -> bool {
    let keys = keys_of(scene.studio.preferences(), command);
    let clicked = ui.add(Button::new(command.name()).shortcut_text(keys)).clicked();
    if clicked {
        scene.command(command);
        ui.close();
    }
    clicked
}

/// The entries for a track. Commands act on the selected track, so this one becomes it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track) {
    use Command as C;
    scene.view.selection.track = Some(track.id);
    entry(ui, scene, C::RenameTrack);
    ui.menu_button("Colour", |ui| colours(ui, scene, track));
    ui.menu_button("Input", |ui| input::list(ui, scene, track));
    ui.menu_button("Channels", |ui| layouts(ui, scene, track));
    ui.separator();
    for command in [C::TrackUp, C::TrackDown] {
        entry(ui, scene, command);
    }
    ui.separator();
    for command in [C::AddMonoTrack, C::AddStereoTrack, C::DuplicateTrack, C::DeleteTrack] {
        entry(ui, scene, command);
    }
}

fn colours(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track) {
    for (colour, name) in Colour::PALETTE.into_iter().zip(COLOURS) {
        // Room for the swatch, which is painted over.
        let chosen = colour == track.colour;
        let response = ui.selectable_label(chosen, format!("      {name}"));
        let side = Tokens::SPACE[2];
        let at = egui::pos2(response.rect.left() + Tokens::SPACE[0] + side / 2.0, response.rect.center().y);
        let swatch = egui::Rect::from_center_size(at, egui::Vec2::splat(side));
        ui.painter().rect_filled(swatch, Tokens::CORNER[0] / 2.0, track_colour(colour));
        if chosen {
            icon::draw(ui.painter(), Icon::Check, swatch, tokens(ui.ctx()).on_colour);
        }
        if response.clicked() {
            if !chosen {
                let label = format!("Colour of “{}”", track.name);
                scene.edit(label, vec![Edit::SetTrackColour { track: track.id, colour }]);
            }
            ui.close();
        }
    }
}

/// Mono or stereo: can be chosen while the track has no clips.
pub fn layouts(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track) {
    let free = track.lanes.iter().all(|lane| lane.clips.is_empty());
    for (layout, name) in [(Layout::MONO, "Mono"), (Layout::STEREO, "Stereo")] {
        let chosen = track.layout == layout;
        let response = ui.add_enabled(free || chosen, Button::selectable(chosen, name));
        if response.on_disabled_hover_text("A track with clips keeps its channels.").clicked() {
            if !chosen {
                scene.edit(format!("{name} “{}”", track.name), relayout(track, layout));
            }
            ui.close();
        }
    }
    if !free {
        let why = egui::RichText::new("Can be changed while there are no clips").size(Tokens::TYPE[1]);
        ui.label(why.color(tokens(ui.ctx()).secondary));
    }
}

/// Another layout, and an input that fits it, since a take has as many channels as its track.
#[must_use]
pub fn relayout(track: &Track, layout: Layout) -> Vec<Edit> {
    let mut edits = vec![Edit::SetTrackLayout { track: track.id, layout }];
    let channels = track.input.channels();
    if let Some(first) = channels.first()
        && channels.len() != usize::from(layout.channels())
    {
        let fits = if layout == Layout::MONO { first.to_string() } else { format!("{first}+{}", first + 1) };
        if let Ok(input) = fits.parse() {
            edits.push(Edit::SetTrackInput { track: track.id, input });
        }
    }
    edits
}
