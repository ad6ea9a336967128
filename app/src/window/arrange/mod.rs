//! The arrange view: track headers on the left, ruler and timeline beside them, tools and the minimap below.
//!
//! Start at [`show`], which lays them out. What stands still is drawn once and kept ([`canvas`]); what moves is drawn
//! over it ([`live`]). What the pointer does is in [`gesture`], what becomes of it in [`edits`].

pub mod access;
pub mod canvas;
pub mod clips;
pub mod comp;
pub mod curve;
pub mod edits;
pub mod empty;
pub mod gesture;
pub mod grid;
pub mod growing;
pub mod headers;
pub mod hit;
pub mod index;
pub mod lane;
pub mod layers;
pub mod live;
pub mod menu;
pub mod minimap;
pub mod over;
pub mod passes;
pub mod rows;
pub mod ruler;
pub mod scroll;
pub mod swipe;
pub mod timeline;
pub mod tools;
pub mod wave;

use std::collections::BTreeSet;
use std::ops::Range;

use dawg_session::{ClipId, SongId};
use egui::{CursorIcon, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use super::Scene;
use crate::look::{Tokens, tokens};

/// Height of the ruler, and of the head of the track headers beside it.
pub const RULER_HEIGHT: f32 = 52.0;

/// Height of the tools and of the minimap beside them.
const FOOT_HEIGHT: f32 = 30.0;

/// Narrowest and widest headers.
const HEADERS: Range<f32> = 168.0..420.0;

/// What the arrange view keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    index: index::Index,
    rows: rows::Rows,
    passes: passes::Passes,
    canvas: canvas::Canvas,
    map: minimap::Picture,
    hold: gesture::Hold,
    follow: scroll::Follow,
    menu: Option<menu::Target>,
    renaming: Option<(ClipId, String)>,
    // What was selected when a marquee began.
    base: BTreeSet<ClipId>,
    // The song that was fitted into the lanes at their true width.
    fitted: Option<SongId>,
}

impl Kept {
    /// Where the rows stand, as last drawn.
    #[must_use]
    pub fn rows(&self) -> &rows::Rows {
        &self.rows
    }

    /// How often the lanes were drawn anew.
    #[must_use]
    pub fn built(&self) -> u64 {
        self.canvas.built()
    }
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let rect = ui.available_rect_before_wrap();
    if rect.width() < 80.0 || rect.height() < 80.0 {
        return;
    }
    let mut kept = std::mem::take(&mut scene.view.arrange);
    let places = lay_out(ui, rect, scene);
    let lanes = places.lanes;
    let known = scene.view.timeline.lanes.width() > 0.0;
    scene.view.timeline.lanes = lanes;
    (scene.view.timeline.width, scene.view.timeline.height) = (lanes.width(), lanes.height());
    if let Some(session) = scene.studio.session() {
        kept.index.follow(session);
        let readout = scene.studio.readout();
        kept.passes.follow(session, readout);
        let takes =
            readout.recording.as_ref().map(|recording| recording.takes.as_slice()).unwrap_or_default();
        let growing = rows::Growing {
            tracks: takes.iter().map(|take| take.track).collect(),
            passes: kept.passes.list().len(),
        };
        kept.rows.follow(session, scene.view.panels.track_height, &growing);
    }
    scroll::fit_once(scene, &mut kept, known);
    let right = Rect::from_min_max(places.ruler.min, rect.max);
    scroll::listen(ui, scene, &mut kept, right);
    headers::show(&mut child(ui, "headers", places.headers), scene, &kept.rows);
    timeline::show(&mut child(ui, "lanes", lanes), scene, &mut kept);
    ruler::show(&mut child(ui, "ruler", places.ruler), scene, &mut kept);
    live::playhead(ui, scene, places.ruler, lanes);
    minimap::show(&mut child(ui, "map", places.map), scene, &mut kept);
    tools::show(&mut child(ui, "tools", places.tools), scene);
    divider(ui, scene, places.headers, widest(rect));
    ui.advance_cursor_after_rect(rect);
    scene.view.arrange = kept;
}

struct Places {
    headers: Rect,
    ruler: Rect,
    lanes: Rect,
    tools: Rect,
    map: Rect,
}

/// How wide the headers may be in a window as wide as it is. What was chosen stays remembered for a wider one.
fn widest(rect: Rect) -> f32 {
    HEADERS.end.min(rect.width() / 2.0).max(HEADERS.start)
}

/// On whole pixels, so that lines are sharp and headers and lanes meet.
fn lay_out(ui: &Ui, rect: Rect, scene: &Scene<'_>) -> Places {
    let pixels = ui.pixels_per_point();
    let whole = |x: f32| (x * pixels).round() / pixels;
    let headers = scene.view.panels.headers.clamp(HEADERS.start, widest(rect));
    let x = whole(rect.left() + headers);
    let (top, ruler) = (whole(rect.top()), whole(rect.top() + RULER_HEIGHT));
    let foot = whole(rect.bottom() - FOOT_HEIGHT).max(ruler);
    let place = |left, top, right, bottom| Rect::from_min_max(pos2(left, top), pos2(right, bottom));
    Places {
        headers: place(rect.left(), top, x, foot),
        ruler: place(x, top, rect.right(), ruler),
        lanes: place(x, ruler, rect.right(), foot),
        tools: place(rect.left(), foot, x, rect.bottom()),
        map: place(x, foot, rect.right(), rect.bottom()),
    }
}

/// A part of the window that draws nothing outside itself.
fn child(ui: &mut Ui, name: &str, rect: Rect) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child
}

/// The edge between headers and lanes.
fn divider(ui: &Ui, scene: &mut Scene<'_>, headers: Rect, widest: f32) {
    let line = Rect::from_min_max(headers.right_top(), headers.right_bottom());
    let response =
        ui.interact(line.expand2(vec2(Tokens::SPACE[0], 0.0)), ui.scope_id().with("headers"), Sense::drag());
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    let tokens = tokens(ui.ctx());
    let colour = if response.hovered() || response.dragged() { tokens.accent } else { tokens.hairline };
    ui.painter().vline(line.left(), line.y_range(), (1.0, colour));
    if response.dragged()
        && response.drag_delta().x != 0.0
        && let Some(pointer) = response.interact_pointer_pos()
    {
        scene.view.panels.headers = (pointer.x - headers.left()).clamp(HEADERS.start, widest);
    }
}
