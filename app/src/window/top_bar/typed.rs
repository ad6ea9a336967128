//! A value that is typed where it stands: shown until it is clicked, then a field with all of it selected.

use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align, FontId, Frame, Id, Key, Rect, Response, Sense, TextEdit, Ui, WidgetInfo};

use super::part;
use crate::look::{Tokens, tokens};

/// A value that can be typed.
pub(super) struct Typed<'a> {
    /// What a screen reader calls it: "Tempo".
    pub(super) name: &'a str,
    /// Its value, as a screen reader says it and as typing begins.
    pub(super) value: &'a str,
    pub(super) font: FontId,
    pub(super) align: Align,
    pub(super) sense: Sense,
}

/// What became of it in this frame.
pub(super) enum Said {
    /// It is shown: the caller paints it.
    Shown(Response),
    /// It is being typed.
    Typing,
    /// This was typed and is to be taken.
    Text(String),
}

impl Typed<'_> {
    pub(super) fn show(self, ui: &mut Ui, rect: Rect) -> Said {
        let id = ui.scope_id().with(self.name);
        if let Some(text) = ui.data(|data| data.get_temp::<String>(id)) {
            return self.field(ui, rect, id, text);
        }
        let response = ui.interact(rect, id.with("shown"), self.sense);
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(self.value.to_owned()),
            ..WidgetInfo::labeled(Role::Button, true, self.name)
        });
        part::hover_ground(ui, rect, &response);
        if response.clicked() {
            ui.data_mut(|data| data.insert_temp(id, self.value.to_owned()));
            let mut state = TextEditState::default();
            let end = CCursor::new(self.value.chars().count());
            state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
            state.store(ui.ctx(), id.with("field"));
            ui.memory_mut(|memory| memory.request_focus(id.with("field")));
            ui.ctx().request_repaint();
        }
        Said::Shown(response)
    }

    fn field(self, ui: &mut Ui, rect: Rect, id: Id, mut text: String) -> Said {
        let tokens = tokens(ui.ctx());
        ui.painter().rect_filled(rect, Tokens::CORNER[0], tokens.control);
        let escaped = ui.input(|input| input.key_pressed(Key::Escape));
        let edit = TextEdit::singleline(&mut text)
            .id(id.with("field"))
            .font(self.font)
            .frame(Frame::NONE)
            .margin(egui::vec2(Tokens::SPACE[0], 0.0))
            .align(egui::Align2([self.align, Align::Center]))
            .desired_width(rect.width() - 2.0 * Tokens::SPACE[0])
            .min_size(rect.size());
        let response = ui.name_inputs(self.name, |ui| ui.put(rect, edit));
        if !response.lost_focus() {
            ui.data_mut(|data| data.insert_temp(id, text));
            return Said::Typing;
        }
        ui.data_mut(|data| data.remove::<String>(id));
        ui.ctx().request_repaint();
        if escaped || text.trim() == self.value { Said::Typing } else { Said::Text(text.trim().to_owned()) }
    }
}
