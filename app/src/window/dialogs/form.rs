//! What all dialogs are made of: the card, rows of label and field, words of advice, buttons at the foot.
//!
//! Start at [`card`]. Escape closes a card, Enter in a field or on nothing in particular confirms it, and the focus
//! starts in its first field.

mod list;
mod words;

use egui::{
    Align, Align2, Button, Color32, ComboBox, Frame, Id, Key, Label, Layout, Margin, Modal, Modifiers,
    Response, RichText, Role, ScrollArea, Sense, Stroke, TextEdit, Ui, Vec2, WidgetInfo,
};

use crate::look::control::text_button;
use crate::look::{Tokens, medium, semibold, tokens};

pub(crate) use list::{elided, list_row, well};
pub(crate) use words::{path_of, path_words, song_name, time_words};

/// Width of the labels' column.
const LABELS: f32 = 112.0;
/// Height of a row.
const ROW: f32 = Tokens::HEIGHT[1] + 2.0;
/// Least width of a choice beside others.
const SEGMENT: f32 = 44.0;
/// What head, foot and margins of a card take of the height.
const AROUND: f32 = 190.0;

/// What a dialog comes to in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It stays.
    Stays,
    /// It is done or was called off.
    Closes,
}

/// How grave words beneath a form are; told by their sign as well as by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Good to know.
    Quiet,
    /// All is well.
    Good,
    /// Look here.
    Attention,
    /// It will not do, or it failed.
    Wrong,
}

/// What a card knows of its keyboard while it is drawn.
#[derive(Debug)]
pub(crate) struct Form {
    fresh: bool,
    entered: bool,
    focused: Option<Id>,
}

impl Form {
    /// Whether Enter was pressed in a field, or where nothing else takes it.
    #[must_use]
    pub(crate) fn entered(&self, ui: &Ui) -> bool {
        let nothing_focused = self.focused.is_none() && ui.input(|input| input.key_pressed(Key::Enter));
        self.entered || (nothing_focused && !egui::Popup::is_any_open(ui.ctx()))
    }

    /// The first of a card has the focus when it opens.
    pub(crate) fn first(&mut self, response: &Response) {
        if std::mem::take(&mut self.fresh) {
            response.request_focus();
        }
    }

    /// A label and what stands beside it.
    pub(crate) fn row<R>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        add: impl FnOnce(&mut Ui, &mut Self, Id) -> R,
    ) -> R {
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            let label = label(ui, name, ROW);
            add(ui, self, label)
        })
        .inner
    }

    /// A row with a line of text.
    pub(crate) fn field(&mut self, ui: &mut Ui, name: &str, text: &mut String, hint: &str) -> Response {
        self.row(ui, name, |ui, form, label| {
            let width = ui.available_width();
            form.line(ui, label, text, hint, width)
        })
    }

    /// A row with a path and a button that asks the system for one. Returns whether that was pressed.
    pub(crate) fn path(&mut self, ui: &mut Ui, name: &str, text: &mut String, button: &str) -> bool {
        self.row(ui, name, |ui, form, label| {
            let wide = text_width(ui, button) + 2.0 * Tokens::SPACE[3];
            let width = (ui.available_width() - wide - ui.spacing().item_spacing.x).max(LABELS);
            form.line(ui, label, text, "", width).on_hover_text(text.as_str());
            let place = Vec2::new(ui.available_width(), ROW);
            let at_the_right = Layout::right_to_left(Align::Center);
            ui.allocate_ui_with_layout(place, at_the_right, |ui| text_button(ui, button, false).clicked())
                .inner
        })
    }

    /// A line of text, named by a label.
    pub(crate) fn line(
        &mut self,
        ui: &mut Ui,
        label: Id,
        text: &mut String,
        hint: &str,
        width: f32,
    ) -> Response {
        self.line_ending(ui, label, text, (hint, ""), width)
    }

    /// The same, with what follows the text of itself.
    pub(crate) fn line_ending(
        &mut self,
        ui: &mut Ui,
        label: Id,
        text: &mut String,
        (hint, ending): (&str, &str),
        width: f32,
    ) -> Response {
        let ending = RichText::new(ending).color(tokens(ui.ctx()).secondary);
        let edit = TextEdit::singleline(text)
            .hint_text(hint.to_owned())
            .suffix(ending)
            .desired_width(width)
            .min_size(Vec2::new(0.0, ROW))
            .align(Align2::LEFT_CENTER)
            .margin(Margin::symmetric(Tokens::SPACE[1] as i8, 2));
        let response = ui.add(edit).labelled_by(label);
        self.first(&response);
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.entered = true;
        }
        response
    }

    /// A row with a few choices side by side. A choice that cannot be taken says why when pointed at.
    /// Returns whether another was chosen.
    pub(crate) fn segments<T: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        chosen: &mut T,
        choices: &[(T, &str, Option<&str>)],
    ) -> bool {
        self.row(ui, name, |ui, form, _| {
            let before = *chosen;
            segments(ui, form, name, chosen, choices);
            before != *chosen
        })
    }

    /// A row with one of many. Returns whether another was chosen.
    pub(crate) fn combo<T: Clone + PartialEq>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        chosen: &mut T,
        choices: &[(T, String)],
    ) -> bool {
        self.row(ui, name, |ui, form, label| {
            let before = chosen.clone();
            let shown =
                choices.iter().find(|(value, _)| value == chosen).map_or("", |(_, words)| words.as_str());
            let response = ComboBox::from_id_salt(name)
                .selected_text(shown)
                .width(ui.available_width())
                .truncate()
                .show_ui(ui, |ui| {
                    for (value, words) in choices {
                        ui.selectable_value(chosen, value.clone(), words);
                    }
                });
            let response = response.response.labelled_by(label);
            form.first(&response);
            before != *chosen
        })
    }

    /// A row with a yes or no.
    pub(crate) fn check(&mut self, ui: &mut Ui, name: &str, on: &mut bool, words: &str) -> bool {
        self.row(ui, name, |ui, form, _| {
            let response = ui.checkbox(on, words);
            form.first(&response);
            response.changed()
        })
    }

    /// The words of a row that only tells.
    pub(crate) fn told(&mut self, ui: &mut Ui, name: &str, words: impl Into<String>) {
        let words = words.into();
        ui.horizontal(|ui| {
            let label = label(ui, name, Tokens::HEIGHT[0]);
            ui.add(Label::new(&words).truncate()).labelled_by(label).on_hover_text(words.as_str());
        });
    }

    /// What lies between head and foot; it scrolls where the window is too low for it.
    pub(crate) fn body(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui, &mut Self)) {
        let height = (ui.ctx().content_rect().height() - AROUND).max(80.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = Tokens::SPACE[1];
            add(ui, self);
        });
    }

    /// The buttons, the one that goes on at the right: draw it first.
    pub(crate) fn foot<R>(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui, &mut Self) -> R) -> R {
        ui.add_space(Tokens::SPACE[3]);
        let size = Vec2::new(ui.available_width(), ROW);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = Tokens::SPACE[1];
            add(ui, self)
        })
        .inner
    }

    /// The button that goes on, with why not where it cannot; Enter presses it too.
    pub(crate) fn confirm(&mut self, ui: &mut Ui, text: &str, why_not: Option<&str>) -> bool {
        let enabled = why_not.is_none();
        let response = ui.add_enabled_ui(enabled, |ui| text_button(ui, text, true)).inner;
        let clicked = response.clicked();
        if let Some(why_not) = why_not {
            response.on_disabled_hover_text(why_not);
        } else {
            self.first(&response);
        }
        clicked || (enabled && self.entered(ui))
    }
}

/// Draws a card over the window. Returns what the content came to, and whether Escape called it off.
pub(crate) fn card<R>(
    ui: &Ui,
    title: &str,
    width: f32,
    add: impl FnOnce(&mut Ui, &mut Form) -> R,
) -> (R, bool) {
    let ctx = ui.ctx();
    let look = tokens(ctx);
    let id = Id::unique(("dialog", title, ctx.viewport_id()));
    let fresh = opened_just_now(ui, id);
    let focused = ctx.memory(|memory| memory.focused());
    let frame = Frame::new()
        .fill(look.panel)
        .stroke(Stroke::new(Tokens::HAIRLINE, look.hairline))
        .corner_radius(Tokens::CORNER[2])
        .shadow(ui.visuals().window_shadow)
        .inner_margin(Margin::same(Tokens::SPACE[4] as i8));
    let width = width.min(ctx.content_rect().width() - 4.0 * Tokens::SPACE[4]);
    let modal = Modal::new(id).frame(frame).backdrop_color(look.scrim).show(ctx, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = Vec2::new(Tokens::SPACE[1], Tokens::SPACE[1]);
        ui.add(Label::new(RichText::new(title).font(semibold(Tokens::TYPE[3] + 2.0))).truncate());
        ui.add_space(Tokens::SPACE[1]);
        add(ui, &mut Form { fresh, entered: false, focused })
    });
    modal.response.widget_info(|| WidgetInfo::labeled(Role::Window, true, title));
    let escape = || ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    let off = modal.is_top_modal && !modal.any_popup_open && escape();
    (modal.inner, off)
}

/// Whether this card was not there in the frame before.
fn opened_just_now(ui: &Ui, id: Id) -> bool {
    let pass = ui.ctx().cumulative_pass_nr();
    let last = ui.ctx().data_mut(|data| data.get_temp_mut_or(id, None::<u64>).replace(pass));
    // A pass may be thrown away and drawn again, so the one before the last counts as well.
    last.is_none_or(|last| pass > last + 2)
}

/// A label of a row.
fn label(ui: &mut Ui, name: &str, height: f32) -> Id {
    let look = tokens(ui.ctx());
    let words = RichText::new(name).color(look.secondary);
    let place = Vec2::new(LABELS, height);
    ui.allocate_ui_with_layout(place, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(LABELS);
        ui.add(Label::new(words).truncate().selectable(false)).id
    })
    .inner
}

fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    form: &mut Form,
    name: &str,
    chosen: &mut T,
    choices: &[(T, &str, Option<&str>)],
) {
    let rail = Frame::new()
        .fill(tokens(ui.ctx()).well)
        .corner_radius(Tokens::CORNER[1])
        .inner_margin(Margin::same(Tokens::HAIRLINE as i8 + 1));
    rail.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (value, words, why_not) in choices {
            let on = *value == *chosen;
            let enabled = why_not.is_none();
            let response = ui.add_enabled_ui(enabled, |ui| segment(ui, words, on)).inner;
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, *words));
            if on {
                form.first(&response);
            }
            if response.clicked() {
                *chosen = *value;
            }
            match why_not {
                Some(why_not) => response.on_disabled_hover_text(*why_not),
                None => response.on_hover_text(format!("{name}: {words}")),
            };
        }
    });
}

fn segment(ui: &mut Ui, words: &str, on: bool) -> Response {
    let look = tokens(ui.ctx());
    let text = if on { look.text } else { look.secondary };
    let mut button = Button::new(RichText::new(words).color(text))
        .corner_radius(Tokens::CORNER[0] + 1.0)
        .min_size(Vec2::new(SEGMENT, ROW - 2.0 * Tokens::SPACE[0]));
    if on {
        button = button.fill(look.accent_dim).stroke(Stroke::new(Tokens::HAIRLINE, look.accent));
    } else {
        button = button.frame_when_inactive(false);
    }
    ui.add(button)
}

/// Words beneath a form, with a sign before them.
pub(crate) fn say(ui: &mut Ui, tone: Tone, words: &str) -> Response {
    use crate::look::icon::{Icon, draw};
    let look = tokens(ui.ctx());
    let (icon, colour, text) = match tone {
        Tone::Quiet => (None, look.secondary, look.secondary),
        Tone::Good => (Some(Icon::Check), look.in_tune, look.text),
        Tone::Attention => (Some(Icon::Warning), look.attention, look.text),
        Tone::Wrong => (Some(Icon::Warning), look.record, look.text),
    };
    ui.horizontal_top(|ui| {
        if let Some(icon) = icon {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(Tokens::ICON[1]), Sense::hover());
            draw(ui.painter(), icon, rect, colour);
        }
        ui.add(Label::new(RichText::new(words).color(text)).wrap())
    })
    .inner
}

/// A quiet title within a card.
pub(crate) fn section(ui: &mut Ui, title: &str) {
    let look = tokens(ui.ctx());
    ui.add_space(Tokens::SPACE[1]);
    let words = RichText::new(title.to_uppercase()).font(medium(Tokens::TYPE[0])).color(look.faint);
    ui.add(Label::new(words).truncate().selectable(false));
}

fn text_width(ui: &Ui, words: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    ui.painter().layout_no_wrap(words.to_owned(), font, Color32::WHITE).size().x
}
