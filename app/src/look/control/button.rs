//! Buttons, toggles, and small signs of a state.

use egui::{Color32, CornerRadius, Popup, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use super::Light;
use super::plate::{centred, elide, plate, tip};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, semibold, tokens};

/// A button with an icon. `name` is its accessible name and the head of its tooltip; `keys` its shortcut, if any.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, keys: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIDE), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    glyph(ui, icon, rect, &response, None);
    tip(response, name, keys)
}

/// A button with an icon that is on or off.
pub fn icon_toggle(ui: &mut Ui, icon: Icon, name: &str, keys: &str, on: bool, light: Light) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIDE), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), on, name));
    glyph(ui, icon, rect, &response, on.then_some(light));
    tip(response, name, keys)
}

const SIDE: f32 = 28.0;

fn glyph(ui: &Ui, shape: Icon, rect: Rect, response: &Response, lit: Option<Light>) {
    if ui.is_rect_visible(rect) {
        let ink = plate(ui, response, lit, Tokens::CORNER[1]);
        let picture = Rect::from_center_size(rect.center(), Vec2::splat(Tokens::ICON[1]));
        icon::draw(ui.painter(), shape, picture, ink);
    }
}

/// A small button with a letter (M, S) that is on or off. Without a letter it is a plate to draw on.
pub fn letter_toggle(ui: &mut Ui, letter: &str, name: &str, keys: &str, on: bool, light: Light) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(22.0, Tokens::HEIGHT[0]), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), on, name));
    if ui.is_rect_visible(rect) {
        let ink = plate(ui, &response, on.then_some(light), Tokens::CORNER[0]);
        let tokens = tokens(ui.ctx());
        // An unlit letter is quieter than a name beside it.
        let ink = if on || response.hovered() { ink } else { tokens.secondary };
        if !letter.is_empty() {
            centred(ui, rect, elide(ui, letter, semibold(Tokens::TYPE[0]), ink, rect.width()), ink);
        }
    }
    tip(response, name, keys)
}

/// A push button with text; `primary` for the one that goes on.
pub fn text_button(ui: &mut Ui, text: &str, primary: bool) -> Response {
    let padding = Vec2::new(Tokens::SPACE[2], Tokens::SPACE[0]);
    let room = (ui.available_width() - 2.0 * padding.x).max(Tokens::HEIGHT[1]);
    let tokens = tokens(ui.ctx());
    let galley = elide(ui, text, medium(Tokens::TYPE[2]), Color32::PLACEHOLDER, room);
    let size = Vec2::new(galley.size().x + 2.0 * padding.x, Tokens::HEIGHT[1] + 2.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    let elided = galley.elided;
    if ui.is_rect_visible(rect) {
        let ink = plate(ui, &response, None, Tokens::CORNER[1]);
        let ink = if primary { primary_plate(ui, &tokens, &response) } else { ink };
        centred(ui, rect, galley, ink);
    }
    if elided { response.on_hover_text(text) } else { response }
}

/// A push button with text in red, for what stops things at once.
pub fn danger_button(ui: &mut Ui, text: &str) -> Response {
    let padding = Vec2::new(Tokens::SPACE[2], Tokens::SPACE[0]);
    let room = (ui.available_width() - 2.0 * padding.x).max(Tokens::HEIGHT[1]);
    let galley = elide(ui, text, medium(Tokens::TYPE[2]), Color32::PLACEHOLDER, room);
    let size = Vec2::new(galley.size().x + 2.0 * padding.x, Tokens::HEIGHT[1] + 2.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    if ui.is_rect_visible(rect) {
        let lit = response.enabled().then_some(Light::Record);
        let ink = plate(ui, &response, lit, Tokens::CORNER[1]);
        centred(ui, rect, galley, ink);
    }
    response
}

/// The full accent: there is one such button in a dialog.
fn primary_plate(ui: &Ui, tokens: &Tokens, response: &Response) -> Color32 {
    let lift = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => -0.12,
        (false, true) => 0.12,
        (false, false) => 0.0_f32,
    };
    let towards = if lift < 0.0 { Color32::BLACK } else { Color32::WHITE };
    let ground = if response.enabled() {
        crate::look::mix(tokens.accent, towards, lift.abs())
    } else {
        tokens.control
    };
    ui.painter().rect_filled(response.rect, CornerRadius::same(Tokens::CORNER[1] as u8), ground);
    if response.enabled() { tokens.on(ground) } else { tokens.faint }
}

/// A quiet button with text and a chevron that opens a menu below it. `name` is its accessible name; `text` what it
/// shows. The menu closes when something in it is clicked.
pub fn menu_button<R>(
    ui: &mut Ui,
    name: &str,
    text: &str,
    width: f32,
    menu: impl FnOnce(&mut Ui) -> R,
) -> (Response, Option<R>) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, Tokens::HEIGHT[1]), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), name);
        info.current_text_value = Some(text.to_owned());
        info
    });
    let elided = ui.is_rect_visible(rect) && face(ui, &response, text);
    let shown = Popup::menu(&response)
        .gap(Tokens::SPACE[0])
        .width(width.max(MENU))
        .show(menu)
        .map(|shown| shown.inner);
    let hint = if elided { format!("{name}: {text}") } else { name.to_owned() };
    (tip(response, &hint, ""), shown)
}

const MENU: f32 = 140.0;

/// The face of what opens a menu. Returns whether its text was cut.
pub(super) fn face(ui: &Ui, response: &Response, text: &str) -> bool {
    let rect = response.rect;
    let ink = plate(ui, response, None, Tokens::CORNER[1]);
    let chevron = Tokens::ICON[0];
    let room = rect.width() - 2.0 * Tokens::SPACE[1] - chevron - Tokens::SPACE[0];
    let galley = elide(ui, text, regular(Tokens::TYPE[2]), ink, room);
    let elided = galley.elided;
    let at = rect.left_center() + Vec2::new(Tokens::SPACE[1], -galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    let centre = rect.right_center() - Vec2::new(Tokens::SPACE[1] + chevron / 2.0, 0.0);
    let quiet = tokens(ui.ctx()).secondary;
    icon::draw(ui.painter(), Icon::ChevronDown, Rect::from_center_size(centre, Vec2::splat(chevron)), quiet);
    elided
}

/// A dot with a word: the state of something, told by shape, word and colour.
pub fn state_dot(ui: &mut Ui, colour: Color32, words: &str) -> Response {
    let ink = tokens(ui.ctx()).text;
    dotted(ui, colour, words, Vec2::ZERO, ink)
}

/// The same on a plate of its own, as on the right of the top bar: "● saved", "load 11 %".
pub fn chip(ui: &mut Ui, colour: Option<Color32>, words: &str) -> Response {
    let ink = tokens(ui.ctx()).secondary;
    let padding = Vec2::new(Tokens::SPACE[1] + 2.0, Tokens::SPACE[0]);
    match colour {
        Some(colour) => dotted(ui, colour, words, padding, ink),
        None => dotted(ui, Color32::TRANSPARENT, words, padding, ink),
    }
}

const DOT: f32 = 3.5;

fn dotted(ui: &mut Ui, colour: Color32, words: &str, padding: Vec2, ink: Color32) -> Response {
    let dot = if colour == Color32::TRANSPARENT { 0.0 } else { 2.0 * DOT + Tokens::SPACE[1] - 2.0 };
    let room = ui.available_width() - dot - 2.0 * padding.x;
    let galley = elide(ui, words, regular(Tokens::TYPE[1]), ink, room.max(Tokens::HEIGHT[0]));
    let elided = galley.elided;
    let size = Vec2::new(galley.size().x + dot, galley.size().y) + 2.0 * padding;
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if ui.is_rect_visible(rect) {
        if padding != Vec2::ZERO {
            let tokens = tokens(ui.ctx());
            ui.painter().rect_filled(rect, rect.height() / 2.0, tokens.control);
        }
        let left = rect.left() + padding.x;
        ui.painter().circle_filled(egui::pos2(left + DOT, rect.center().y), DOT, colour);
        ui.painter().galley(egui::pos2(left + dot, rect.center().y - galley.size().y / 2.0), galley, ink);
    }
    if elided { response.on_hover_text(words) } else { response }
}
