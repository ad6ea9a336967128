//! Choosing: one of several, or yes and no.

use egui::{CornerRadius, Popup, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use super::button::face;
use super::plate::{centred, elide, fill, focus_ring, tip};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, mix, regular, tokens};

/// One of several in a menu. `chosen` is the index of what is chosen now; returns the one that was picked, if another.
pub fn combo(ui: &mut Ui, name: &str, chosen: usize, of: &[&str], width: f32) -> Option<usize> {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, Tokens::HEIGHT[1]), Sense::click());
    let text = of.get(chosen).copied().unwrap_or("");
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), name);
        info.current_text_value = Some(text.to_owned());
        info
    });
    let elided = ui.is_rect_visible(rect) && face(ui, &response, text);
    let mut picked = None;
    Popup::menu(&response).gap(Tokens::SPACE[0]).width(width).show(|ui| {
        egui::ScrollArea::vertical().max_height(Tokens::MEASURE).show(ui, |ui| {
            for (index, text) in of.iter().enumerate() {
                if item(ui, text, index == chosen).clicked() {
                    picked = Some(index);
                }
            }
        });
    });
    tip(response, &if elided { format!("{name}: {text}") } else { name.to_owned() }, "");
    picked.filter(|index| *index != chosen)
}

/// A line of a menu with a tick when chosen.
fn item(ui: &mut Ui, text: &str, chosen: bool) -> Response {
    let size = Vec2::new(ui.available_width(), Tokens::HEIGHT[1]);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, ui.is_enabled(), chosen, text));
    let tokens = tokens(ui.ctx());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, Tokens::CORNER[0], tokens.hover);
    }
    let tick = Tokens::ICON[0];
    if chosen {
        let centre = rect.left_center() + Vec2::new(Tokens::SPACE[1] + tick / 2.0 - 2.0, 0.0);
        icon::draw(
            ui.painter(),
            Icon::Check,
            Rect::from_center_size(centre, Vec2::splat(tick)),
            tokens.accent,
        );
    }
    let left = Tokens::SPACE[1] + tick + Tokens::SPACE[0];
    let room = rect.width() - left - Tokens::SPACE[1];
    let galley = elide(ui, text, regular(Tokens::TYPE[2]), tokens.text, room);
    let elided = galley.elided;
    ui.painter().galley(rect.left_center() + Vec2::new(left, -galley.size().y / 2.0), galley, tokens.text);
    if elided { response.on_hover_text(text) } else { response }
}

/// One of few, side by side, as the views in the top bar. Returns the one that was picked, if another.
pub fn segmented(ui: &mut Ui, name: &str, chosen: usize, of: &[&str]) -> Option<usize> {
    let mut picked = None;
    let gap = Tokens::SPACE[0] / 2.0;
    let galleys: Vec<_> = of
        .iter()
        .map(|text| elide(ui, text, medium(Tokens::TYPE[2]), egui::Color32::PLACEHOLDER, f32::MAX))
        .collect();
    let wide = |text: &std::sync::Arc<egui::Galley>| text.size().x + 2.0 * Tokens::SPACE[2];
    let width = galleys.iter().map(wide).sum::<f32>() + 2.0 * gap;
    let (_, rect) = ui.allocate_space(Vec2::new(width, Tokens::HEIGHT[2]));
    let tokens = tokens(ui.ctx());
    ui.painter().rect_filled(rect, CornerRadius::same(Tokens::CORNER[1] as u8), tokens.well);
    let mut left = rect.left() + gap;
    for (index, (text, galley)) in of.iter().zip(galleys).enumerate() {
        let size = Vec2::new(wide(&galley), rect.height() - 2.0 * gap);
        let part = Rect::from_min_size(egui::pos2(left, rect.top() + gap), size);
        left = part.right();
        let response = ui.interact(part, ui.scope_id().with((name, index)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), index == chosen, *text));
        let corner = Tokens::CORNER[1] - gap;
        let ink = match (index == chosen, response.hovered()) {
            (true, _) => {
                ui.painter().rect_filled(part, corner, tokens.accent_dim);
                mix(tokens.accent, tokens.text, 0.65)
            }
            (false, true) => {
                ui.painter().rect_filled(part, corner, tokens.control);
                tokens.text
            }
            (false, false) => tokens.secondary,
        };
        focus_ring(ui, &response, part.shrink(1.0), corner - 1.0);
        centred(ui, part, galley, ink);
        if response.clicked() && index != chosen {
            picked = Some(index);
        }
    }
    picked
}

/// A box with a tick and words. Returns true when it was clicked.
pub fn checkbox(ui: &mut Ui, on: bool, text: &str) -> Response {
    let side = Tokens::ICON[1];
    let (rect, galley, response) = with_words(ui, side, text);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, text));
    let tokens = tokens(ui.ctx());
    let square = Rect::from_center_size(rect.left_center() + Vec2::new(side / 2.0, 0.0), Vec2::splat(side));
    let ground = if on { tokens.accent } else { mix(fill(&tokens, &response), tokens.text, 0.08) };
    ui.painter().rect_filled(square, Tokens::CORNER[0] - 1.0, ground);
    if on {
        icon::draw(ui.painter(), Icon::Check, square.shrink(2.0), tokens.on(tokens.accent));
    }
    focus_ring(ui, &response, square, Tokens::CORNER[0]);
    words(ui, rect, side, galley, &response);
    response
}

/// A switch with words, for what takes effect at once. Click it to know.
pub fn switch(ui: &mut Ui, on: bool, text: &str) -> Response {
    let size = Vec2::new(30.0, 18.0);
    let (rect, galley, response) = with_words(ui, size.x, text);
    response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), on, text));
    let tokens = tokens(ui.ctx());
    let track = Rect::from_center_size(rect.left_center() + Vec2::new(size.x / 2.0, 0.0), size);
    let ground = if on { tokens.accent } else { mix(fill(&tokens, &response), tokens.text, 0.08) };
    let round = size.y / 2.0;
    ui.painter().rect_filled(track, round, ground);
    let x = if on { track.right() - round } else { track.left() + round };
    let knob = if on { tokens.on(tokens.accent) } else { mix(tokens.secondary, tokens.text, 0.3) };
    ui.painter().circle_filled(egui::pos2(x, track.center().y), round - 3.0, knob);
    focus_ring(ui, &response, track, round);
    words(ui, rect, size.x, galley, &response);
    response
}

fn with_words(ui: &mut Ui, sign: f32, text: &str) -> (Rect, std::sync::Arc<egui::Galley>, Response) {
    let room = ui.available_width() - sign - Tokens::SPACE[1];
    let galley =
        elide(ui, text, regular(Tokens::TYPE[2]), egui::Color32::PLACEHOLDER, room.max(Tokens::HEIGHT[1]));
    let size = Vec2::new(sign + Tokens::SPACE[1] + galley.size().x, Tokens::HEIGHT[1]);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    (rect, galley, response)
}

fn words(ui: &Ui, rect: Rect, sign: f32, galley: std::sync::Arc<egui::Galley>, response: &Response) {
    let tokens = tokens(ui.ctx());
    let ink = if response.enabled() { tokens.text } else { tokens.faint };
    let at = rect.left_center() + Vec2::new(sign + Tokens::SPACE[1], -galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
}
