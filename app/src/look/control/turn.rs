//! The one gesture by which every value is turned: drag (fine with Shift, back with Escape), wheel, arrow keys,
//! double-click for home, Enter to type. What turns looks different; how it turns is the same everywhere.

use egui::accesskit::{Action, ActionData};
use egui::text::{CCursor, CCursorRange};
use egui::{
    Align2, Event, EventFilter, FontId, Frame, Id, Key, Margin, MouseWheelUnit, Rect, Response, TextEdit, Ui,
    UiBuilder, Vec2,
};

use super::Turn;
use crate::look::{Tokens, tokens};

/// What is turned, and how far.
pub(super) struct Dial<'a> {
    /// Its value as the song has it.
    pub value: f32,
    /// Where a double-click brings it; none for values that have no such place.
    pub home: Option<f32>,
    /// From a value to the way along its path, 0 to 1.
    pub place: &'a dyn Fn(f32) -> f32,
    /// And back.
    pub at: &'a dyn Fn(f32) -> f32,
    /// A value some steps on; fine with Shift.
    pub step: &'a dyn Fn(f32, f32, bool) -> f32,
    /// What typed words mean.
    pub parse: &'a dyn Fn(&str) -> Option<f32>,
    /// What to begin typing with.
    pub words: &'a dyn Fn(f32) -> String,
    /// Points of motion from one end of the path to the other.
    pub length: f32,
    /// Which motion counts.
    pub axis: Axis,
}

/// Which motion of the pointer counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Right,
    Up,
    /// Right or up, whichever a person prefers.
    Both,
}

/// A value in a person's hand.
#[derive(Clone, Copy)]
struct Held {
    place: f32,
    value: f32,
    moved: bool,
}

#[derive(Clone)]
struct Typing {
    text: String,
    fresh: bool,
}

// Wheel turned so far, below one step.
#[derive(Clone, Copy, Default)]
struct Wheel(f32);

/// Shift turns by a tenth.
const FINE: f32 = 0.1;
/// Points that a trackpad moves for one step.
const POINTS_A_STEP: f32 = 24.0;

impl Dial<'_> {
    /// Takes what a person does in this frame. Returns the value to draw and what happened.
    pub(super) fn turn(&self, ui: &Ui, response: &Response) -> (f32, Turn) {
        let id = response.id;
        if !response.enabled() {
            return (self.value, Turn::Rests);
        }
        if response.double_clicked() {
            ui.data_mut(|data| data.remove::<Held>(id));
            return self.home.map_or((self.value, Turn::Rests), |home| (home, Turn::Lands(home)));
        }
        if let Some(turned) = self.drag(ui, response) {
            return turned;
        }
        let steps = self.keys(ui, response) + self.wheel(ui, response);
        if steps != 0.0 {
            let fine = ui.input(|input| input.modifiers.shift);
            let to = (self.step)(self.value, steps, fine);
            if to.to_bits() != self.value.to_bits() {
                return (to, Turn::Lands(to));
            }
        }
        asked(ui, id).map_or((self.value, Turn::Rests), |words| match (self.parse)(&words) {
            Some(to) => (to, Turn::Lands(to)),
            None => (self.value, Turn::Rests),
        })
    }

    fn drag(&self, ui: &Ui, response: &Response) -> Option<(f32, Turn)> {
        let id = response.id;
        if response.drag_started() {
            let held = Held { place: (self.place)(self.value), value: self.value, moved: false };
            ui.data_mut(|data| data.insert_temp(id, held));
        }
        let mut held = ui.data(|data| data.get_temp::<Held>(id))?;
        let over = response.drag_stopped() || !response.dragged();
        if over {
            ui.data_mut(|data| data.remove::<Held>(id));
            let back = ui.input(|input| input.key_pressed(Key::Escape));
            return Some(match (held.moved, back) {
                (true, true) => (self.value, Turn::TakenBack),
                (true, false) => (held.value, Turn::Lands(held.value)),
                (false, _) => (self.value, Turn::Rests),
            });
        }
        let way = self.way(ui, response.drag_delta());
        if way == 0.0 {
            return Some((held.value, Turn::Rests));
        }
        held.place = (held.place + way).clamp(0.0, 1.0);
        let to = (self.at)(held.place);
        let news = to.to_bits() != held.value.to_bits();
        held.value = to;
        held.moved |= news;
        ui.data_mut(|data| data.insert_temp(id, held));
        Some((to, if news { Turn::Moves(to) } else { Turn::Rests }))
    }

    fn way(&self, ui: &Ui, delta: Vec2) -> f32 {
        let points = match self.axis {
            Axis::Right => delta.x,
            Axis::Up => -delta.y,
            Axis::Both => delta.x - delta.y,
        };
        let fine = if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 };
        points * fine / self.length.max(1.0)
    }

    /// Steps by arrow keys, and by what assistive technology asks.
    fn keys(&self, ui: &Ui, response: &Response) -> f32 {
        let id = response.id;
        let asked = ui.input(|input| {
            input.num_accesskit_action_requests(id, Action::Increment) as f32
                - input.num_accesskit_action_requests(id, Action::Decrement) as f32
        });
        if !response.has_focus() {
            return asked;
        }
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed =
            |keys: &[Key]| ui.input(|input| keys.iter().map(|key| input.num_presses(*key)).sum::<usize>());
        let up = pressed(&[Key::ArrowUp, Key::ArrowRight]) + LEAP * pressed(&[Key::PageUp]);
        let down = pressed(&[Key::ArrowDown, Key::ArrowLeft]) + LEAP * pressed(&[Key::PageDown]);
        asked + up as f32 - down as f32
    }

    /// Steps by the wheel, which then scrolls nothing else.
    fn wheel(&self, ui: &Ui, response: &Response) -> f32 {
        if !response.hovered() {
            return 0.0;
        }
        let turned = ui.input(|input| input.raw.events.iter().map(notches).sum::<f32>());
        if turned == 0.0 {
            return 0.0;
        }
        ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
        let id = response.id.with("wheel");
        let sum = ui.data(|data| data.get_temp::<Wheel>(id)).unwrap_or_default().0 + turned;
        let steps = sum.trunc();
        ui.data_mut(|data| data.insert_temp(id, Wheel(sum - steps)));
        steps
    }

    /// Types the value in place: begun by Enter, or by the caller (`begin`). While it goes on, the field stands in
    /// `rect` and this returns true. What came of it is in `turn`.
    pub(super) fn typed(
        &self,
        ui: &mut Ui,
        response: &Response,
        rect: Rect,
        begin: bool,
        name: &str,
    ) -> Option<Turn> {
        let id = response.id.with("typing");
        let mut typing = ui.data(|data| data.get_temp::<Typing>(id));
        let enter = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if typing.is_none() && response.enabled() && (begin || enter) {
            typing = Some(Typing { text: (self.words)(self.value), fresh: true });
        }
        let mut typing = typing?;
        let field = id.with("field");
        let edit = show(ui, rect, field, &mut typing.text);
        name_it(&edit, name);
        if std::mem::take(&mut typing.fresh) {
            select_all(ui, field, &typing.text);
            edit.request_focus();
        } else if edit.lost_focus() || !edit.has_focus() {
            ui.data_mut(|data| data.remove::<Typing>(id));
            let (escaped, kept) =
                ui.input(|input| (input.key_pressed(Key::Escape), input.key_pressed(Key::Enter)));
            if escaped || kept {
                response.request_focus();
            }
            let to = (self.parse)(&typing.text).filter(|to| !escaped && to.to_bits() != self.value.to_bits());
            return Some(to.map_or(Turn::Rests, Turn::Lands));
        }
        ui.data_mut(|data| data.insert_temp(id, typing));
        Some(Turn::Rests)
    }

    /// Whether the value is being typed.
    pub(super) fn is_typed(ui: &Ui, response: &Response) -> bool {
        ui.data(|data| data.get_temp::<Typing>(response.id.with("typing"))).is_some()
    }
}

const LEAP: usize = 6;

/// Steps of a turn of the wheel: its notches, or a stretch of a trackpad.
fn notches(event: &Event) -> f32 {
    let Event::MouseWheel { unit, delta, .. } = event else { return 0.0 };
    // With Shift, some systems turn the wheel sideways.
    let way = if delta.y == 0.0 { delta.x } else { delta.y };
    match unit {
        MouseWheelUnit::Point => way / POINTS_A_STEP,
        MouseWheelUnit::Line => way,
        MouseWheelUnit::Page => way * LEAP as f32,
    }
}

/// The value that assistive technology asks for, in words.
fn asked(ui: &Ui, id: Id) -> Option<String> {
    ui.input(|input| {
        let mut requests = input.accesskit_action_requests(id, Action::SetValue);
        requests.find_map(|request| match &request.data {
            Some(ActionData::NumericValue(value)) => Some(value.to_string()),
            Some(ActionData::Value(words)) => Some(words.to_string()),
            _ => None,
        })
    })
}

fn show(ui: &mut Ui, rect: Rect, id: Id, text: &mut String) -> Response {
    let tokens = tokens(ui.ctx());
    let mut child = ui.new_child(UiBuilder::new().scope_id(id.with("scope")).max_rect(rect));
    child.spacing_mut().interact_size.y = rect.height();
    let frame = Frame::new()
        .fill(tokens.well)
        .corner_radius(Tokens::CORNER[0])
        .inner_margin(Margin::symmetric(Tokens::SPACE[0] as i8, 0));
    let edit = TextEdit::singleline(text)
        .id(id)
        .font(FontId::new(Tokens::TYPE[1], egui::FontFamily::Proportional))
        .frame(frame)
        .align(Align2::RIGHT_CENTER)
        .desired_width(rect.width())
        .min_size(rect.size())
        .clip_text(true);
    let response = child.put(rect, edit);
    super::focus_ring(&child, &response, rect.shrink(1.0), Tokens::CORNER[0]);
    response
}

fn name_it(edit: &Response, name: &str) {
    edit.ctx.accesskit_node_builder(edit.id, |node| node.set_label(format!("Type {name}")));
}

fn select_all(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    TextEdit::store_state(ui.ctx(), id, state);
}

/// Says to assistive technology what can be turned: a slider with its ends and its words.
pub(super) fn describe(response: &Response, name: &str, value: f32, ends: [f32; 2], words: &str) {
    response.widget_info(|| egui::WidgetInfo::slider(response.enabled(), f64::from(value), name));
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(f64::from(ends[0]));
        node.set_max_numeric_value(f64::from(ends[1]));
        node.set_value(words);
        node.add_action(Action::SetValue);
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
}

/// A number as people type it: "-3", "−3.5", "2,5 dB", "50 %".
pub fn number_of(words: &str) -> Option<f32> {
    let plain = words.trim().replace('−', "-").replace(',', ".");
    let digits = plain.trim_end_matches(|sign: char| !sign.is_ascii_digit() && sign != '.');
    digits.trim().parse::<f32>().ok().filter(|number| number.is_finite())
}
