//! Lists: the well they lie in, and their lines.

use egui::{Align2, Color32, Frame, Margin, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::look::{Tokens, regular, tokens};

/// Height of a line with words beneath its name.
const LINE: f32 = 40.0;

/// A place to stand on: rows of a list lie on it.
pub(crate) fn well<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let look = tokens(ui.ctx());
    Frame::new()
        .fill(look.well)
        .corner_radius(Tokens::CORNER[1])
        .inner_margin(Margin::same(Tokens::SPACE[0] as i8))
        .show(ui, add)
        .inner
}

/// A line of a list: a name, what stands beneath it, lit when pointed at or selected. Its accessible name is `name`.
pub(crate) fn list_row(ui: &mut Ui, name: &str, beneath: &str, selected: bool, width: f32) -> Response {
    let look = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, LINE), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = match (selected, response.hovered() || response.has_focus()) {
        (true, _) => look.accent_dim,
        (false, true) => look.control,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, Tokens::CORNER[0], fill);
    if response.has_focus() {
        let ring = Stroke::new(Tokens::HAIRLINE, look.accent);
        ui.painter().rect_stroke(rect, Tokens::CORNER[0], ring, egui::StrokeKind::Inside);
    }
    let inside = rect.shrink2(Vec2::new(Tokens::SPACE[2], Tokens::SPACE[0]));
    let middle = inside.center().y;
    let line = |top, bottom| Rect::from_x_y_ranges(inside.x_range(), top..=bottom);
    elided(ui, line(inside.top(), middle), name, Tokens::TYPE[2], look.text);
    elided(ui, line(middle, inside.bottom()), beneath, Tokens::TYPE[1], look.secondary);
    response.on_hover_text(beneath)
}

/// One line of text in a rectangle, cut with an ellipsis where it is too long.
pub(crate) fn elided(ui: &Ui, rect: Rect, words: &str, size: f32, colour: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), regular(size), colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width());
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect).min;
    ui.painter().galley(at, galley, colour);
}
