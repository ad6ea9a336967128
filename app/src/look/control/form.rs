//! What panels and dialogs are made of: titles, labels, cards, a path, progress, a key, an empty place.

use egui::{
    Align, CornerRadius, Frame, InnerResponse, Layout, Margin, Rect, Response, RichText, Role, Sense,
    TextEdit, Ui, Vec2, WidgetInfo,
};

use super::plate::{centred, elide};
use super::text_button;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, semibold, tokens};

/// A quiet heading in capitals over a part of a panel: "INSERTS".
pub fn section_title(ui: &mut Ui, text: &str) -> Response {
    let colour = tokens(ui.ctx()).secondary;
    let words = RichText::new(text.to_uppercase())
        .font(medium(Tokens::TYPE[0]))
        .color(colour)
        .extra_letter_spacing(0.4);
    ui.add(egui::Label::new(words).truncate())
}

/// The label of a field, above or beside it. Give its id to the field: `field.labelled_by(label.id)`.
pub fn field_label(ui: &mut Ui, text: &str) -> Response {
    let colour = tokens(ui.ctx()).secondary;
    ui.add(egui::Label::new(RichText::new(text).font(regular(Tokens::TYPE[1])).color(colour)).truncate())
}

/// A raised card with soft corners.
pub fn card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let tokens = tokens(ui.ctx());
    Frame::new()
        .fill(tokens.raised)
        .stroke(egui::Stroke::new(Tokens::HAIRLINE, tokens.outline))
        .corner_radius(CornerRadius::same(Tokens::CORNER[2] as u8))
        .inner_margin(Margin::same(Tokens::SPACE[3] as i8))
        .show(ui, content)
}

/// A path that can be typed, with a button that asks the system for it. `changed()` of the first while typing, and
/// whether the button was clicked. The field takes the width there is.
pub fn path_field(ui: &mut Ui, name: &str, path: &mut String) -> (Response, bool) {
    ui.allocate_ui_with_layout(
        Vec2::new(ui.available_width(), Tokens::HEIGHT[1] + 2.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            let choose = text_button(ui, "Choose…", false);
            let edit = TextEdit::singleline(path)
                .id(ui.scope_id().with((name, "path")))
                .desired_width(ui.available_width())
                .clip_text(true)
                .align(egui::Align2::LEFT_CENTER)
                .min_size(Vec2::new(0.0, Tokens::HEIGHT[1]));
            let field = ui.add(edit).accessible_name(name);
            (field.on_hover_text(path.as_str()), choose.clicked())
        },
    )
    .inner
}

/// How far work has come, 0 to 1; none while that is not known. `name` says what is done.
pub fn progress_bar(ui: &mut Ui, name: &str, part: Option<f32>, width: f32) -> Response {
    let tokens = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, Tokens::SPACE[0] + 2.0), Sense::hover());
    let words = part.map_or_else(|| "going on".to_owned(), |part| format!("{:.0} %", part * 100.0));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = part.map(|part| f64::from(part * 100.0));
        info
    });
    let round = rect.height() / 2.0;
    ui.painter().rect_filled(rect, round, tokens.well);
    let part = part.unwrap_or(0.0).clamp(0.0, 1.0);
    let done =
        Rect::from_min_size(rect.min, Vec2::new((rect.width() * part).max(rect.height()), rect.height()));
    ui.painter().rect_filled(done, round, tokens.accent);
    response.on_hover_text(format!("{name}: {words}"))
}

/// A key of a shortcut, drawn as a key: "⌘K", "Space".
pub fn key_cap(ui: &mut Ui, keys: &str) -> Response {
    let tokens = tokens(ui.ctx());
    let galley = elide(ui, keys, medium(Tokens::TYPE[0]), tokens.secondary, ui.available_width());
    let size = Vec2::new((galley.size().x + 2.0 * Tokens::SPACE[0] + 4.0).max(18.0), 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
    ui.painter().rect_filled(rect, Tokens::CORNER[0] - 1.0, tokens.control);
    centred(ui, rect, galley, tokens.secondary);
    response
}

/// What stands in an empty place: a picture, what it is, and what to do first. Put buttons below it.
pub fn empty_hint(ui: &mut Ui, shape: Icon, title: &str, words: &str) {
    let tokens = tokens(ui.ctx());
    ui.vertical_centered(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(Tokens::ICON[2]), Sense::hover());
        icon::draw(ui.painter(), shape, rect, tokens.faint);
        ui.add_space(Tokens::SPACE[0]);
        ui.label(RichText::new(title).font(semibold(Tokens::TYPE[3])).color(tokens.text));
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(Tokens::MEASURE));
            ui.label(RichText::new(words).font(regular(Tokens::TYPE[2])).color(tokens.secondary));
        });
    });
}
