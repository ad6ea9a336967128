//! Text in a box that it never leaves: painted, elided, and typed in place.

use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob, TextWrapping};
use egui::{Align2, Color32, Galley, Id, Key, Margin, Rect, TextEdit, Ui, Vec2};

use crate::look::{self, Tokens};

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Its size, one of [`Tokens::TYPE`].
    pub size: f32,
    /// Its colour.
    pub colour: Color32,
    /// Where in the box it stands.
    pub align: Align2,
    /// Names and values are stronger than labels.
    pub strong: bool,
}

impl Style {
    /// A label at the left.
    #[must_use]
    pub const fn label(colour: Color32) -> Self {
        Self { size: Tokens::TYPE[1], colour, align: Align2::LEFT_CENTER, strong: false }
    }

    /// The same, at this size.
    #[must_use]
    pub const fn size(self, size: f32) -> Self {
        Self { size, ..self }
    }

    /// The same, stronger.
    #[must_use]
    pub const fn strong(self) -> Self {
        Self { strong: true, ..self }
    }

    /// The same, standing there.
    #[must_use]
    pub const fn at(self, align: Align2) -> Self {
        Self { align, ..self }
    }
}

/// Paints one line into a rectangle, with an ellipsis where it does not fit. Returns whether that was so.
pub fn paint(ui: &Ui, rect: Rect, text: &str, style: Style) -> bool {
    let galley = line(ui, text, style, rect.width());
    let at = style.align.align_size_within_rect(galley.size(), rect);
    let elided = galley.elided;
    ui.painter().galley(at.min, galley, style.colour);
    elided
}

fn line(ui: &Ui, text: &str, style: Style, width: f32) -> Arc<Galley> {
    let font = if style.strong { look::medium(style.size) } else { look::regular(style.size) };
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, style.colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// What came of typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It goes on.
    Goes,
    /// It is to be kept.
    Kept,
    /// It was taken back.
    TakenBack,
}

/// A field that has the focus from its first frame, with everything selected.
pub fn rename(ui: &mut Ui, rect: Rect, id: Id, name: &str, text: &mut String) -> Typed {
    let mut child = ui.new_child(egui::UiBuilder::new().scope_id(id.with("field")).max_rect(rect));
    let edit =
        TextEdit::singleline(text).id(id).desired_width(rect.width()).font(look::regular(Tokens::TYPE[2]));
    let mut output = edit.show(&mut child);
    let response = output.response.response.clone().accessible_name(name);
    if response.lost_focus() {
        let escaped = ui.input(|input| input.key_pressed(Key::Escape));
        return if escaped { Typed::TakenBack } else { Typed::Kept };
    }
    if !response.has_focus() {
        response.request_focus();
        let all = CCursorRange::two(CCursor::default(), CCursor::new(text.chars().count()));
        output.state.cursor.set_char_range(Some(all));
        output.state.store(ui.ctx(), id);
    }
    Typed::Goes
}

/// A text field of this size, its text in the middle of the height.
fn in_line(text: &mut String, id: Id, size: Vec2) -> TextEdit<'_> {
    let margin = Margin::symmetric(Tokens::SPACE[1] as i8, 0);
    let edit = TextEdit::singleline(text).id(id).margin(margin).font(look::regular(Tokens::TYPE[1]));
    edit.desired_width(size.x - 2.0 * Tokens::SPACE[1]).min_size(size).align(Align2::LEFT_CENTER)
}

/// A field for a value that stands in the song: shows `value`, and returns what was typed instead once it is done.
pub fn field(ui: &mut Ui, id: Id, name: &str, value: &str, size: Vec2) -> Option<String> {
    let begun = ui.data(|data| data.get_temp::<String>(id));
    let typing = begun.is_some();
    let mut text = begun.unwrap_or_else(|| value.to_owned());
    let response = ui.add(in_line(&mut text, id, size)).accessible_name(name);
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text));
        return None;
    }
    if typing {
        ui.data_mut(|data| data.remove::<String>(id));
    }
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    (response.lost_focus() && !escaped && text != value).then_some(text)
}
