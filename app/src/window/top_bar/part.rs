//! What the bar is painted from: buttons, text in a box, tooltips.

use std::hash::Hash;

use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, FontId, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use crate::look::control::Light;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, tokens};

/// What stands on a button.
pub(super) enum Face<'a> {
    Icon(Icon),
    Text(&'a str),
}

/// How a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Pushed, and that is all.
    Push,
    /// On or off.
    Toggle(bool, Light),
    /// There is nothing for it to do.
    Idle,
}

/// A button of the bar. `name` is what a screen reader says; the tooltip is the caller's.
pub(super) fn button(
    ui: &mut Ui,
    rect: Rect,
    salt: impl Hash + std::fmt::Debug,
    name: &str,
    face: &Face<'_>,
    state: State,
) -> Response {
    let sense = if state == State::Idle { Sense::hover() } else { Sense::click() };
    let response = ui.interact(rect, ui.scope_id().with(salt), sense);
    response.widget_info(|| match state {
        State::Toggle(on, _) => WidgetInfo::selected(Role::Button, true, on, name),
        _ => WidgetInfo::labeled(Role::Button, state != State::Idle, name),
    });
    let tokens = tokens(ui.ctx());
    let (mut ground, ink) = colours(&tokens, state);
    if !matches!(state, State::Toggle(true, _)) && state != State::Idle {
        ground = if response.is_pointer_button_down_on() {
            tokens.pressed
        } else if response.hovered() {
            tokens.hover
        } else {
            ground
        };
    }
    let painter = ui.painter();
    let outline = Stroke::new(
        Tokens::HAIRLINE,
        if state == State::Idle { Color32::TRANSPARENT } else { tokens.outline },
    );
    painter.rect(rect, Tokens::CORNER[1], ground, outline, StrokeKind::Inside);
    match face {
        Face::Icon(shape) => {
            let side = egui::Vec2::splat(Tokens::ICON[1]);
            icon::draw(painter, *shape, Rect::from_center_size(rect.center(), side), ink);
        }
        Face::Text(words) => {
            text(
                ui,
                rect.shrink(Tokens::SPACE[0]),
                Align2::CENTER_CENTER,
                words,
                medium(Tokens::TYPE[2]),
                ink,
            );
        }
    }
    focus_ring(ui, rect, &response);
    response
}

fn colours(tokens: &Tokens, state: State) -> (Color32, Color32) {
    match state {
        // The one red thing on a quiet bar.
        State::Toggle(false, Light::Record) => (tokens.control, tokens.record),
        State::Push | State::Toggle(false, _) => (tokens.control, tokens.text),
        State::Idle => (Color32::TRANSPARENT, tokens.faint),
        State::Toggle(true, Light::Accent) => (tokens.accent_dim, tokens.accent),
        State::Toggle(true, Light::Record) => (tokens.record_dim, tokens.record),
        State::Toggle(true, Light::Green) => (tokens.in_tune_dim, tokens.in_tune),
        State::Toggle(true, Light::Amber) => (tokens.attention_dim, tokens.attention),
    }
}

/// The ring around what has the keyboard.
pub(super) fn focus_ring(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(Tokens::FOCUS, tokens(ui.ctx()).accent);
        ui.painter().rect_stroke(rect, Tokens::CORNER[1], stroke, StrokeKind::Outside);
    }
}

/// The ground of something quiet that can be clicked: nothing until the pointer is over it.
pub(super) fn hover_ground(ui: &Ui, rect: Rect, response: &Response) {
    if response.hovered() {
        ui.painter().rect_filled(rect, Tokens::CORNER[0], tokens(ui.ctx()).hover);
    }
    focus_ring(ui, rect, response);
}

/// Text in a box, elided. Returns where it stands.
pub(super) fn text(ui: &Ui, rect: Rect, align: Align2, words: &str, font: FontId, ink: Color32) -> Rect {
    let mut job = LayoutJob::single_section(words.to_owned(), TextFormat::simple(font, ink));
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let place = align.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(place.min, galley, ink);
    place
}

/// The tooltip of a part: what it is, its keys, and more if there is more to say.
pub(super) fn hint(response: Response, name: &str, keys: &str, more: &str) -> Response {
    response.on_hover_ui(|ui| {
        let tokens = tokens(ui.ctx());
        ui.set_max_width(Tokens::MEASURE);
        ui.horizontal(|ui| {
            ui.label(name);
            if !keys.is_empty() {
                ui.colored_label(tokens.secondary, keys);
            }
        });
        if !more.is_empty() {
            ui.label(egui::RichText::new(more).font(regular(Tokens::TYPE[1])).color(tokens.secondary));
        }
    })
}
