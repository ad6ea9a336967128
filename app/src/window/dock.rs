//! Panels docked at an edge, with dividers that drag.
//!
//! Start at [`Room`]: what is left of the window while panels take their share. Sizes belong to the caller's
//! [`Panels`](crate::studio::view::Panels), so that each window has its own and they are remembered.

use std::ops::RangeInclusive;

use egui::accesskit::Role;
use egui::{Color32, CursorIcon, Id, Key, Rect, Sense, Ui, UiBuilder, WidgetInfo};

use crate::look::{Tokens, tokens};

/// What a panel beside leaves to the view at least.
const LEAVES: f32 = 360.0;

/// Which edge a panel is docked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// A panel that is docked.
#[derive(Debug)]
pub struct Dock<'a> {
    /// What it is called: "Browser".
    pub name: &'a str,
    /// Where.
    pub edge: Edge,
    /// Its width in points, changed by dragging.
    pub size: &'a mut f32,
    /// How wide it may be.
    pub range: RangeInclusive<f32>,
    /// Its width after a double click on the divider.
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

    /// Takes a panel from an edge, with a little room around its contents.
    pub fn dock(&mut self, ui: &mut Ui, mut dock: Dock<'_>, add: impl FnOnce(&mut Ui)) -> Rect {
        let most = dock.range.end().min(self.0.width() - LEAVES).max(*dock.range.start());
        let width = dock.size.clamp(*dock.range.start(), most).round();
        let (rect, edge) = match dock.edge {
            Edge::Left => (self.0.with_max_x(self.0.left() + width), self.0.left() + width),
            Edge::Right => (self.0.with_min_x(self.0.right() - width), self.0.right() - width),
        };
        let ground = tokens(ui.ctx()).panel;
        fill(ui, rect, dock.name, ground, |ui| {
            let inner = ui.max_rect().shrink(Tokens::SPACE[1]);
            let mut inner = ui.new_child(UiBuilder::new().id_salt("inner").max_rect(inner));
            add(&mut inner);
        });
        match dock.edge {
            Edge::Left => self.0.min.x = edge,
            Edge::Right => self.0.max.x = edge,
        }
        divider(ui, rect, edge, &mut dock, most);
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
fn divider(ui: &mut Ui, panel: Rect, edge: f32, dock: &mut Dock<'_>, most: f32) {
    let id: Id = ui.scope_id().with(("divider", dock.name));
    let reach = Tokens::SPACE[0];
    let grip = panel.with_min_x(edge - reach).with_max_x(edge + reach);
    let response =
        ui.interact(grip, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
    let size = *dock.size;
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(size)),
        ..WidgetInfo::labeled(Role::Splitter, true, format!("Width of {}", dock.name))
    });
    let outwards = if dock.edge == Edge::Left { 1.0 } else { -1.0 };
    let mut width = dock.size.clamp(*dock.range.start(), most);
    if response.double_clicked() {
        width = dock.usual;
    } else if response.dragged()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let fixed = if dock.edge == Edge::Left { panel.left() } else { panel.right() };
        width = (pointer.x - fixed) * outwards;
    }
    if response.has_focus() {
        let arrows = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        let step = ui.input(|input| {
            f32::from(
                i8::from(input.key_pressed(Key::ArrowRight)) - i8::from(input.key_pressed(Key::ArrowLeft)),
            )
        });
        width += step * outwards * Tokens::SPACE[3];
    }
    let width = width.clamp(*dock.range.start(), most).round();
    // Only a person's wish is remembered, not what a small window forced.
    if response.dragged() || response.double_clicked() || response.has_focus() {
        *dock.size = width;
    }
    let tokens = tokens(ui.ctx());
    let lit = response.hovered() || response.dragged() || response.has_focus();
    let (thick, colour) = match lit {
        true => (Tokens::FOCUS, tokens.accent),
        false => (Tokens::HAIRLINE, tokens.hairline),
    };
    let left = if dock.edge == Edge::Left { edge - thick } else { edge };
    ui.painter().rect_filled(panel.with_min_x(left).with_max_x(left + thick), 0.0, colour);
}
