//! What the panel is painted from: text in a box that it never leaves, signs of a state, cards, buttons with a name.

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, Color32, EventFilter, FontId, Key, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui,
    UiBuilder, Vec2, WidgetInfo,
};
use egui::{pos2, vec2};
use jarvis::gauge::Level;
use jarvis::health::State;

use super::words::plain;
use crate::look::control::{elide, text_button};
use crate::look::{Tokens, medium, regular, semibold, tokens};
use crate::studio::operator::Tone;

/// How a line of text looks.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    pub(super) font: FontId,
    pub(super) colour: Color32,
    pub(super) align: Align2,
}

impl Ink {
    /// Body text.
    pub(super) fn body(colour: Color32) -> Self {
        Self { font: regular(Tokens::TYPE[2]), colour, align: Align2::LEFT_CENTER }
    }

    /// A label.
    pub(super) fn label(colour: Color32) -> Self {
        Self { font: regular(Tokens::TYPE[1]), colour, align: Align2::LEFT_CENTER }
    }

    /// A name or value.
    pub(super) fn strong(colour: Color32) -> Self {
        Self { font: medium(Tokens::TYPE[2]), colour, align: Align2::LEFT_CENTER }
    }

    /// A title.
    pub(super) fn title(colour: Color32) -> Self {
        Self { font: semibold(Tokens::TYPE[2]), colour, align: Align2::LEFT_CENTER }
    }

    /// A number that is read from afar.
    pub(super) fn large(colour: Color32) -> Self {
        Self { font: semibold(Tokens::TYPE[4]), colour, align: Align2::LEFT_CENTER }
    }

    /// The same, at the right.
    pub(super) fn right(mut self) -> Self {
        self.align = Align2::RIGHT_CENTER;
        self
    }
}

/// One line of text in a box, elided; the whole in the tooltip where it does not fit, or what there is to say besides.
/// Gives where it stands.
pub(super) fn text(ui: &mut Ui, rect: Rect, words: &str, ink: &Ink, hint: Option<&str>) -> Rect {
    let words = plain(words);
    let galley = elide(ui, &words, ink.font.clone(), ink.colour, rect.width());
    let place = ink.align.align_size_within_rect(galley.size(), rect);
    let response = ui.interact(place.intersect(rect), ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    if let Some(hint) = hint {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(plain(hint)));
    }
    let elided = galley.elided;
    ui.painter().galley(place.min, galley, ink.colour);
    match (hint, elided) {
        (Some(hint), false) => _ = response.on_hover_text(plain(hint)),
        (Some(hint), true) => _ = response.on_hover_text(format!("{words}\n{}", plain(hint))),
        (None, true) => _ = response.on_hover_text(words),
        (None, false) => {}
    }
    place
}

/// A value with what it is behind it: `18 ms p95`.
pub(super) fn value(ui: &mut Ui, rect: Rect, words: &str, of: &str, hint: Option<&str>) {
    let tokens = tokens(ui.ctx());
    let place = text(ui, rect, words, &Ink::strong(tokens.text), hint);
    let rest = rect.with_min_x((place.right() + Tokens::SPACE[0]).min(rect.right()));
    text(ui, rest, of, &Ink::body(tokens.faint), None);
}

/// Several lines of text from the upper edge of a box, the last elided. Gives where they end.
pub(super) fn lines(ui: &mut Ui, rect: Rect, words: &str, ink: &Ink, most: usize) -> f32 {
    let words = plain(words);
    let mut job = LayoutJob::simple(words.clone(), ink.font.clone(), ink.colour, rect.width());
    job.wrap = TextWrapping {
        max_width: rect.width(),
        max_rows: most,
        break_anywhere: false,
        overflow_character: Some('…'),
    };
    let galley = ui.painter().layout_job(job);
    let place = Rect::from_min_size(rect.min, galley.size());
    let response = ui.interact(place, ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let elided = galley.elided;
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(rect.min, galley, ink.colour);
    if elided {
        response.on_hover_text(words);
    }
    place.bottom()
}

/// The ground of a card.
pub(super) fn ground(ui: &Ui, rect: Rect) -> Rect {
    let tokens = tokens(ui.ctx());
    let edge = Stroke::new(Tokens::HAIRLINE, tokens.outline);
    ui.painter().rect(rect, Tokens::CORNER[2], tokens.panel, edge, egui::StrokeKind::Inside);
    rect.shrink2(vec2(Tokens::SPACE[3], 0.0))
}

/// A hairline across the upper edge of a box.
pub(super) fn hairline(ui: &Ui, rect: Rect) {
    let stroke = Stroke::new(Tokens::HAIRLINE, tokens(ui.ctx()).grid_strong);
    ui.painter().hline(rect.x_range(), rect.top(), stroke);
}

/// A part of the panel that draws nothing outside itself.
pub(super) fn child(ui: &mut Ui, name: impl std::hash::Hash + std::fmt::Debug, rect: Rect) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child
}

/// A push button in a box: `face` stands on it, `name` is what those hear who do not see which row it stands in.
pub(super) fn button(ui: &mut Ui, rect: Rect, face: &str, name: &str, why_not: Option<&str>) -> bool {
    let name = plain(name);
    // By its name alone: a row that comes in above it must neither end a click nor take the focus.
    let id = ui.scope_id().with(&name);
    let mut ui = ui.new_child(UiBuilder::new().scope_id(id).max_rect(rect));
    let response = ui.add_enabled_ui(why_not.is_none(), |ui| text_button(ui, face, false)).inner;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, why_not.is_none(), &name));
    let clicked = response.clicked();
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if let Some(why_not) = why_not {
        response.on_disabled_hover_text(why_not);
    }
    clicked
}

/// Width of a button with this on it.
pub(super) fn button_width(ui: &Ui, face: &str) -> f32 {
    elide(ui, face, medium(Tokens::TYPE[2]), Color32::PLACEHOLDER, f32::MAX).size().x + 2.0 * Tokens::SPACE[2]
}

/// Height of a button.
pub(super) const BUTTON: f32 = Tokens::HEIGHT[1] + 2.0;

/// A sign of a state: its shape says it as well as its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Disc,
    Ring,
    Triangle,
    Cross,
    Diamond,
    Bar,
}

impl Sign {
    /// Shape and colour of a service's state.
    pub(super) fn of_state(state: State, tokens: &Tokens) -> (Self, Color32) {
        match state {
            State::Healthy => (Self::Disc, tokens.in_tune),
            State::Starting => (Self::Ring, tokens.attention),
            State::Degraded => (Self::Triangle, tokens.attention),
            State::Flapping => (Self::Diamond, tokens.attention),
            State::Down => (Self::Cross, tokens.record),
            State::Blocked => (Self::Bar, tokens.record),
            State::Stopped => (Self::Ring, tokens.faint),
        }
    }

    /// Of how grave something is.
    pub(super) fn of_tone(tone: Tone, tokens: &Tokens) -> (Self, Color32) {
        match tone {
            Tone::Quiet => (Self::Ring, tokens.faint),
            Tone::Good => (Self::Disc, tokens.in_tune),
            Tone::Attention => (Self::Triangle, tokens.attention),
            Tone::Bad => (Self::Cross, tokens.record),
        }
    }

    /// Of a gauge's level.
    pub(super) fn of_level(level: Level, tokens: &Tokens) -> (Self, Color32) {
        match level {
            Level::Fine => (Self::Disc, tokens.in_tune),
            Level::Warn => (Self::Triangle, tokens.attention),
            Level::Fail => (Self::Cross, tokens.record),
        }
    }

    /// Draws it around a point.
    pub(super) fn draw(self, painter: &Painter, at: Pos2, colour: Color32) {
        const R: f32 = 4.0;
        let stroke = Stroke::new(2.0, colour);
        let filled = |points: Vec<Pos2>| {
            painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
        };
        match self {
            Self::Disc => _ = painter.circle_filled(at, R, colour),
            Self::Ring => _ = painter.circle_stroke(at, R - 1.0, Stroke::new(Tokens::LINE, colour)),
            Self::Triangle => {
                filled(vec![at + vec2(0.0, -R - 0.5), at + vec2(R + 1.0, R), at + vec2(-R - 1.0, R)]);
            }
            Self::Diamond => filled(vec![
                at + vec2(0.0, -R - 1.0),
                at + vec2(R + 1.0, 0.0),
                at + vec2(0.0, R + 1.0),
                at + vec2(-R - 1.0, 0.0),
            ]),
            Self::Cross => {
                let side = R - 0.5;
                painter.line_segment([at - Vec2::splat(side), at + Vec2::splat(side)], stroke);
                painter.line_segment([at + vec2(-side, side), at + vec2(side, -side)], stroke);
            }
            Self::Bar => {
                painter.circle_stroke(at, R, Stroke::new(Tokens::LINE, colour));
                painter.line_segment([at - vec2(R - 2.0, 0.0), at + vec2(R - 2.0, 0.0)], stroke);
            }
        }
    }
}

/// A list that is reached by Tab and scrolled by the keys: gives how far, in points, down is positive.
///
/// Where all of it is in sight (`fits`), the page around it is scrolled instead.
pub(super) fn scrolled_by_keys(ui: &mut Ui, rect: Rect, name: &str, fits: bool) -> f32 {
    let id = ui.scope_id().with(("keys", name));
    let response = ui.interact(rect, id, Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, name));
    if response.gained_focus() {
        ui.scroll_to_rect(rect, None);
    }
    if !response.has_focus() {
        return 0.0;
    }
    crate::look::control::focus_ring(ui, &response, rect.shrink(2.0), Tokens::CORNER[0]);
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    // Home and End are the transport's.
    let page = rect.intersect(ui.clip_rect()).height() * 0.9;
    let keys = [(Key::ArrowDown, STEP), (Key::ArrowUp, -STEP), (Key::PageDown, page), (Key::PageUp, -page)];
    let pressed = |(key, far): (Key, f32)| ui.input(|input| input.num_presses(key)) as f32 * far;
    let far: f32 = keys.into_iter().map(pressed).sum();
    if fits && far != 0.0 {
        scroll(ui, far);
        return 0.0;
    }
    far
}

/// Scrolls the area in which this is drawn.
pub(super) fn scroll(ui: &Ui, far: f32) {
    if far != 0.0 {
        ui.scroll_with_delta_animation(vec2(0.0, -far), egui::style::ScrollAnimation::none());
    }
}

/// How far an arrow key scrolls.
const STEP: f32 = 34.0;

/// What is left of a row while its cells take their share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip(pub(super) Rect);

impl Strip {
    /// The next cell from the left.
    pub(super) fn left(&mut self, width: f32) -> Rect {
        let edge = (self.0.left() + width).min(self.0.right());
        let cell = self.0.with_max_x(edge);
        self.0.min.x = edge;
        cell
    }

    /// The next cell from the right, of this height, centred upright.
    pub(super) fn right(&mut self, width: f32, height: f32) -> Rect {
        let edge = (self.0.right() - width).max(self.0.left());
        let top = (self.0.center().y - height / 2.0).round();
        let cell = Rect::from_min_max(pos2(edge, top), pos2(self.0.right(), top + height));
        self.0.max.x = edge;
        cell
    }

    /// Leaves a gap at the left.
    pub(super) fn gap(&mut self, width: f32) {
        self.0.min.x = (self.0.min.x + width).min(self.0.max.x);
    }

    /// Leaves a gap at the right.
    pub(super) fn gap_right(&mut self, width: f32) {
        self.0.max.x = (self.0.max.x - width).max(self.0.min.x);
    }
}

/// What says something of a whole box to those who listen, and to a pointer over it.
pub(super) fn named(ui: &mut Ui, rect: Rect, role: Role, name: &str, value: Option<String>) -> Response {
    let (name, value) = (plain(name), value.map(|value| plain(&value)));
    let response = ui.interact(rect, ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo {
        current_text_value: value.clone(),
        ..WidgetInfo::labeled(role, true, &name)
    });
    response
}
