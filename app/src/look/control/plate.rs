//! What all controls share: the quiet fill that lights up, the ring around what has the keyboard, the tooltip with its
//! shortcut, and text that stays in its box.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, CornerRadius, FontId, Galley, Rect, Response, RichText, Stroke, StrokeKind, Ui};

use super::Light;
use crate::look::{Tokens, tokens};

/// Light and its glyph's colour when on.
pub(super) fn light(tokens: &Tokens, light: Light) -> (Color32, Color32) {
    match light {
        Light::Accent => (tokens.accent_dim, tokens.accent),
        Light::Record => (tokens.record_dim, tokens.record),
        Light::Green => (tokens.in_tune_dim, tokens.in_tune),
        Light::Amber => (tokens.attention_dim, tokens.attention),
    }
}

/// The fill of a control in the state it is in.
pub(super) fn fill(tokens: &Tokens, response: &Response) -> Color32 {
    if response.is_pointer_button_down_on() {
        tokens.pressed
    } else if response.hovered() || response.has_focus() {
        tokens.hover
    } else {
        tokens.control
    }
}

/// Paints the plate of a button, lit or not. Returns the colour of what stands on it.
pub(super) fn plate(ui: &Ui, response: &Response, lit: Option<Light>, corner: f32) -> Color32 {
    let tokens = tokens(ui.ctx());
    let (ground, ink) = match lit {
        Some(kind) => {
            let (dim, bright) = light(&tokens, kind);
            let lifted = response.hovered() || response.is_pointer_button_down_on();
            (if lifted { crate::look::mix(dim, bright, 0.14) } else { dim }, bright)
        }
        None => (fill(&tokens, response), if response.enabled() { tokens.text } else { tokens.faint }),
    };
    let edge = match lit {
        Some(_) if tokens.outline != Color32::TRANSPARENT => Stroke::new(Tokens::HAIRLINE, ink),
        _ => Stroke::new(Tokens::HAIRLINE, tokens.outline),
    };
    ui.painter().rect(response.rect, CornerRadius::same(corner as u8), ground, edge, StrokeKind::Inside);
    focus_ring(ui, response, response.rect, corner);
    ink
}

/// Paints the ring around a rectangle when the keyboard is there. For painted widgets of any panel.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect, corner: f32) {
    if response.has_focus() {
        let stroke = Stroke::new(Tokens::FOCUS, tokens(ui.ctx()).accent);
        // A little larger than the control, where there is room for it.
        let rect = rect.expand(1.0);
        ui.painter().rect_stroke(rect, CornerRadius::same(corner as u8 + 1), stroke, StrokeKind::Outside);
    }
}

/// A tooltip: the name, and the shortcut in faint.
pub(super) fn tip(response: Response, name: &str, keys: &str) -> Response {
    let tip = |ui: &mut Ui| {
        let tokens = tokens(ui.ctx());
        ui.horizontal(|ui| {
            ui.label(RichText::new(name).color(tokens.text));
            if !keys.is_empty() {
                ui.label(RichText::new(keys).color(tokens.secondary));
            }
        });
    };
    response.on_hover_ui(tip).on_disabled_hover_ui(tip)
}

/// Lays text out in one line that is never wider than `width`; what does not fit becomes an ellipsis. Where
/// `galley.elided`, show the whole in a tooltip.
#[must_use]
pub fn elide(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Paints text in the middle of a rectangle.
pub(super) fn centred(ui: &Ui, rect: Rect, galley: Arc<Galley>, colour: Color32) {
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, colour);
}
