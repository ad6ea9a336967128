//! Panels docked at an edge, with dividers that drag.
//!
//! Start at [`Room`]: what is left of the window while panels take their share. Sizes belong to the caller's
//! [`Panels`](crate::studio::view::Panels), so that each window has its own and they are remembered.

use std::ops::RangeInclusive;

use egui::accesskit::Role;
use egui::{Color32, CursorIcon, Id, Key, Rect, Sense, Ui, UiBuilder, WidgetInfo};

use crate::look::{Tokens, tokens};

/// What panels leave to the view at least: those beside it of its width, those below it of its height.
const LEAVES: [f32; 2] = [360.0, 200.0];

/// Which edge a panel is docked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// The lower one: a drawer, which fills its panel from edge to edge.
    Bottom,
}

impl Edge {
    /// Whether a panel there is as high as the room, and its size its width.
    fn is_beside(self) -> bool {
        self != Self::Bottom
    }

    /// Which way a panel there grows: along x or y.
    fn outwards(self) -> f32 {
        if self == Self::Left { 1.0 } else { -1.0 }
    }
}

/// A panel that is docked.
#[derive(Debug)]
pub struct Dock<'a> {
    /// What it is called: "Browser".
    pub name: &'a str,
    /// Where.
    pub edge: Edge,
    /// Its width (below: its height) in points, changed by dragging.
    pub size: &'a mut f32,
    /// How large it may be.
    pub range: RangeInclusive<f32>,
    /// Its size after a double click on the divider.
    pub usual: f32,
}

/// What is left of the window.
#[derive(Debug, Clone, Copy)]
pub struct Room(Rect);

impl Room {
    /// All that this ui has.
    #[must_use]
    pub fn of(ui: &Ui) -> Self {
        Self(ui.max_rect())
    }

    /// Where it is.
    #[must_use]
    pub fn rect(self) -> Rect {
        self.0
    }

    /// Takes a strip of this height from the top, for a bar.
    pub fn top(&mut self, ui: &mut Ui, name: &str, height: f32, add: impl FnOnce(&mut Ui)) -> Rect {
        let rect = self.0.with_max_y((self.0.top() + height).min(self.0.bottom()));
        let tokens = tokens(ui.ctx());
        fill(ui, rect, name, tokens.panel, add);
        let line = rect.with_min_y(rect.bottom() - Tokens::HAIRLINE);
        ui.painter().rect_filled(line, 0.0, tokens.hairline);
        self.0.min.y = rect.bottom();
        rect
    }

    /// Takes a panel from an edge; one beside has a little room around its contents.
    pub fn dock(&mut self, ui: &mut Ui, mut dock: Dock<'_>, add: impl FnOnce(&mut Ui)) -> Rect {
        let beside = dock.edge.is_beside();
        let room = if beside { self.0.width() - LEAVES[0] } else { self.0.height() - LEAVES[1] };
        let most = dock.range.end().min(room).max(*dock.range.start());
        let size = dock.size.clamp(*dock.range.start(), most).round();
        let rect = match dock.edge {
            Edge::Left => self.0.with_max_x(self.0.left() + size),
            Edge::Right => self.0.with_min_x(self.0.right() - size),
            Edge::Bottom => self.0.with_min_y(self.0.bottom() - size),
        };
        let ground = tokens(ui.ctx()).panel;
        fill(ui, rect, dock.name, ground, |ui| {
            let inset = if beside { Tokens::SPACE[1] } else { 0.0 };
            let inner = ui.max_rect().shrink(inset);
            let mut inner = ui.new_child(UiBuilder::new().id_salt("inner").max_rect(inner));
            add(&mut inner);
        });
        match dock.edge {
            Edge::Left => self.0.min.x = rect.right(),
            Edge::Right => self.0.max.x = rect.left(),
            Edge::Bottom => self.0.max.y = rect.top(),
        }
        divider(ui, rect, &mut dock, most);
        rect
    }

    /// Gives all that is left to the view.
    pub fn rest(self, ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
        let ground = tokens(ui.ctx()).room;
        fill(ui, self.0, name, ground, add);
    }
}

fn fill(ui: &mut Ui, rect: Rect, name: &str, ground: Color32, add: impl FnOnce(&mut Ui)) {
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut inner = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    inner.shrink_clip_rect(rect);
    add(&mut inner);
}

/// The line between a panel and the rest: dragged, stepped by arrow keys, double-clicked to its usual place.
fn divider(ui: &mut Ui, panel: Rect, dock: &mut Dock<'_>, most: f32) {
    let id: Id = ui.scope_id().with(("divider", dock.name));
    let beside = dock.edge.is_beside();
    let cursor = if beside { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical };
    let reach = Tokens::SPACE[0];
    let grip = line(panel, dock.edge, reach, reach);
    let response = ui.interact(grip, id, Sense::click_and_drag()).on_hover_cursor(cursor);
    let size = *dock.size;
    let what = if beside { "Width" } else { "Height" };
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(size)),
        ..WidgetInfo::labeled(Role::Splitter, true, format!("{what} of {}", dock.name))
    });
    let outwards = dock.edge.outwards();
    let mut size = dock.size.clamp(*dock.range.start(), most);
    if response.double_clicked() {
        size = dock.usual;
    } else if response.dragged()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        size = match dock.edge {
            Edge::Left => pointer.x - panel.left(),
            Edge::Right => panel.right() - pointer.x,
            Edge::Bottom => panel.bottom() - pointer.y,
        };
    }
    if response.has_focus() {
        size += stepped(ui, id, beside) * outwards * Tokens::SPACE[3];
    }
    let size = size.clamp(*dock.range.start(), most).round();
    // Only a person's wish is remembered, not what a small window forced.
    if response.dragged() || response.double_clicked() || response.has_focus() {
        *dock.size = size;
    }
    let tokens = tokens(ui.ctx());
    let lit = response.hovered() || response.dragged() || response.has_focus();
    let (thick, colour) = match lit {
        true => (Tokens::FOCUS, tokens.accent),
        false => (Tokens::HAIRLINE, tokens.hairline),
    };
    ui.painter().rect_filled(line(panel, dock.edge, thick, 0.0), 0.0, colour);
}

/// The strip along a panel's edge: so far into the panel, and so far out of it.
fn line(panel: Rect, edge: Edge, inside: f32, outside: f32) -> Rect {
    match edge {
        Edge::Left => panel.with_min_x(panel.right() - inside).with_max_x(panel.right() + outside),
        Edge::Right => panel.with_min_x(panel.left() - outside).with_max_x(panel.left() + inside),
        Edge::Bottom => panel.with_min_y(panel.top() - outside).with_max_y(panel.top() + inside),
    }
}

/// Steps by arrow keys, in the direction of the screen's axis.
fn stepped(ui: &Ui, id: Id, beside: bool) -> f32 {
    let (less, more) =
        if beside { (Key::ArrowLeft, Key::ArrowRight) } else { (Key::ArrowUp, Key::ArrowDown) };
    let arrows = egui::EventFilter {
        horizontal_arrows: beside,
        vertical_arrows: !beside,
        ..egui::EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    ui.input(|input| f32::from(i8::from(input.key_pressed(more)) - i8::from(input.key_pressed(less))))
}
