//! What stands still in the lanes: rows, grid, clips, waveforms. Tessellated when it changes, kept while it does not.
//!
//! Start at [`Canvas::draw`]. A playing song redraws the playhead and nothing of this.

use std::collections::BTreeMap;
use std::sync::Arc;

use dawg_session::{LaneId, Session, SongId, TrackId};
use egui::epaint::{Tessellator, text::LayoutJob};
use egui::{Color32, FontId, Galley, Mesh, Painter, Rect, Shape, Stroke, Ui, pos2};

use super::grid::{Grid, Strength};
use super::index::Index;
use super::rows::{Kind, Row, Rows};
use super::{Scene, clips, lane};
use crate::look::{Tokens, tokens};
use crate::studio::Studio;
use crate::studio::view::{Selection, Timeline};

/// The picture of the lanes, and what it was made of.
#[derive(Debug, Default)]
pub struct Canvas {
    mesh: Arc<Mesh>,
    made_of: Option<Made>,
    selection: Selection,
    built: u64,
}

/// All that the picture depends on, but for the selection.
#[derive(Debug, Clone)]
struct Made {
    song: SongId,
    // Of the song, of the waves, of the rows.
    revisions: (u64, u64, u64),
    // Of the pitch curves, while they are shown.
    curves: Option<u64>,
    view: (f64, f64, f32),
    rect: Rect,
    track_height: f32,
    auditions: BTreeMap<TrackId, LaneId>,
    pixels: f32,
    tokens: Tokens,
    // Glyphs lie in a texture that grows and is remade: then the letters must be laid out again.
    glyphs: ([usize; 2], Arc<Galley>),
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        self.song == other.song
            && self.revisions == other.revisions
            && self.curves == other.curves
            && self.view == other.view
            && self.rect == other.rect
            && (self.track_height, self.pixels) == (other.track_height, other.pixels)
            && self.tokens == other.tokens
            && self.auditions == other.auditions
            && self.glyphs.0 == other.glyphs.0
            && Arc::ptr_eq(&self.glyphs.1, &other.glyphs.1)
    }
}

/// What drawing needs to know.
pub struct Sheet<'a> {
    /// What there is.
    pub studio: &'a Studio,
    /// The song as shown.
    pub session: &'a Session,
    /// Its clips.
    pub index: &'a Index,
    /// Its rows.
    pub rows: &'a Rows,
    /// The part of it that is shown.
    pub timeline: &'a Timeline,
    /// What is selected.
    pub selection: &'a Selection,
    /// Whether the pitch of what was sung is shown.
    pub curves: bool,
    /// Where the lanes are.
    pub rect: Rect,
    /// Pixels a point.
    pub pixels: f32,
    /// Colours.
    pub tokens: Tokens,
    /// For text.
    pub painter: &'a Painter,
}

impl std::fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").finish_non_exhaustive()
    }
}

impl Sheet<'_> {
    /// The point of a song frame on the screen.
    #[must_use]
    pub fn x(&self, frame: i64) -> f32 {
        self.rect.left() + self.timeline.x(frame)
    }

    /// The middle of a pixel, or its edge, for sharp lines.
    #[must_use]
    pub fn sharp(&self, x: f32) -> f32 {
        ((x * self.pixels).floor() + 0.5) / self.pixels
    }

    /// One line of text, cut off with an ellipsis where it is wider than there is room.
    #[must_use]
    pub fn text(&self, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
        elided(self.painter, text, font, colour, width)
    }
}

/// One line of text, cut off with an ellipsis where it is wider than there is room.
#[must_use]
pub fn elided(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap.max_width = width;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    painter.layout_job(job)
}

impl Canvas {
    /// Draws the lanes.
    pub fn draw(&mut self, ui: &Ui, scene: &Scene<'_>, (index, rows): (&Index, &Rows), rect: Rect) {
        let Some(work) = scene.studio.work() else { return };
        let view = &*scene.view;
        let sentinel = ui.painter().layout_no_wrap("Tracks".to_owned(), FontId::default(), Color32::WHITE);
        let made_of = Made {
            song: work.session().id,
            revisions: (work.revision(), scene.studio.waves().revision(), rows.revision()),
            curves: view.panels.curves.then(|| scene.studio.pitches().revision()),
            view: (view.timeline.left, view.timeline.frames_per_point, view.timeline.top),
            rect,
            track_height: view.panels.track_height,
            auditions: scene.studio.auditions().clone(),
            pixels: ui.pixels_per_point(),
            tokens: tokens(ui.ctx()),
            glyphs: (ui.ctx().fonts(|fonts| fonts.font_image_size()), sentinel),
        };
        if self.made_of.as_ref() != Some(&made_of) || self.selection != view.selection {
            let sheet = Sheet {
                studio: scene.studio,
                session: work.session(),
                index,
                rows,
                timeline: &view.timeline,
                selection: &view.selection,
                curves: view.panels.curves,
                rect,
                pixels: made_of.pixels,
                tokens: made_of.tokens,
                painter: ui.painter(),
            };
            let shapes = shapes(&sheet);
            self.mesh = Arc::new(tessellated(ui, rect, shapes));
            self.selection = view.selection.clone();
            // Laying out names may have made the glyphs' texture grow: then this is drawn again in the next frame.
            self.made_of = Some(made_of);
            self.built += 1;
        }
        ui.painter().add(Shape::Mesh(Arc::clone(&self.mesh)));
    }

    /// How often it was drawn anew.
    #[must_use]
    pub fn built(&self) -> u64 {
        self.built
    }
}

/// Shapes as triangles, on the texture of the glyphs as it is now.
pub fn tessellated(ui: &Ui, clip: Rect, shapes: Vec<Shape>) -> Mesh {
    let options = ui.ctx().tessellation_options(|options| *options);
    let (size, discs) = ui.ctx().fonts(|fonts| (fonts.font_image_size(), Vec::new()));
    let mut tessellator = Tessellator::new(ui.pixels_per_point(), options, size, discs);
    tessellator.set_clip_rect(clip);
    let mut mesh = Mesh::default();
    for shape in shapes {
        tessellator.tessellate_shape(shape, &mut mesh);
    }
    mesh
}

fn shapes(sheet: &Sheet<'_>) -> Vec<Shape> {
    let mut out = Vec::new();
    let scrolled = sheet.timeline.top;
    let rows = sheet.rows.in_sight(sheet.rect.height(), scrolled);
    out.push(Shape::rect_filled(sheet.rect, 0.0, sheet.tokens.room));
    for row in rows {
        band(sheet, row, &mut out);
    }
    grid(sheet, &mut out);
    let any_solo = sheet.session.any_solo();
    for row in rows {
        let place = row.place(sheet.rect, scrolled);
        let Some(track) = sheet.session.tracks.get(row.track) else { continue };
        let below = sheet.rows.group(row.track).map_or(0.0, |(_, bottom)| bottom);
        match row.kind {
            Kind::Track => {
                out.push(line(sheet, sheet.rect.top() + below - scrolled));
                clips::row(sheet, track, place, any_solo, &mut out);
            }
            // Drawn anew in each frame.
            Kind::Pass(_) => {}
            Kind::Lane(number) => {
                if let Some(one) = track.lanes.get(number) {
                    lane::row(sheet, track, one, place, any_solo, &mut out);
                }
            }
        }
    }
    // The first row's line is out of sight when its track begins above.
    if let Some((_, below)) = rows.first().and_then(|row| sheet.rows.group(row.track)) {
        out.push(line(sheet, sheet.rect.top() + below - scrolled));
    }
    out
}

/// A row's background.
fn band(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<Shape>) {
    let Some(track) = sheet.session.tracks.get(row.track) else { return };
    let selected = sheet.selection.track == Some(track.id);
    let mut colour = if selected { sheet.tokens.panel } else { sheet.tokens.room };
    if track.arm {
        colour = colour.lerp_to_gamma(sheet.tokens.record_dim, 0.35);
    }
    if colour == sheet.tokens.room {
        return;
    }
    let mut place = row.place(sheet.rect, sheet.timeline.top);
    // The gap below the last lane is the track's too.
    if let Some(next) = sheet.rows.of(row.track + 1) {
        place.max.y =
            place.max.y.max(next.place(sheet.rect, sheet.timeline.top).top().min(place.bottom() + 9.0));
    }
    out.push(Shape::rect_filled(place, 0.0, colour));
}

/// The hairline below a track.
fn line(sheet: &Sheet<'_>, y: f32) -> Shape {
    let y = sheet.sharp(y - 1.0 / sheet.pixels);
    Shape::hline(sheet.rect.x_range(), y, Stroke::new(1.0 / sheet.pixels, sheet.tokens.hairline))
}

fn grid(sheet: &Sheet<'_>, out: &mut Vec<Shape>) {
    let timeline = sheet.timeline;
    let grid = Grid::of(sheet.session, timeline);
    let (from, to) = (timeline.frame(0.0), timeline.frame(sheet.rect.width()));
    let width = 1.0 / sheet.pixels;
    grid.lines(from, to, |frame, strength| {
        let colour = match strength {
            Strength::Numbered(_) | Strength::Bar => sheet.tokens.grid_strong,
            Strength::Beat => sheet.tokens.grid_weak,
            Strength::Fine => sheet.tokens.grid_weak.lerp_to_gamma(sheet.tokens.room, 0.5),
        };
        let x = sheet.sharp(sheet.x(frame));
        out.push(Shape::vline(x, sheet.rect.y_range(), Stroke::new(width, colour)));
    });
    // Before the song's start nothing sounds.
    if from < 0 {
        let end = sheet.x(0).min(sheet.rect.right());
        let before = Rect::from_min_max(sheet.rect.min, pos2(end, sheet.rect.bottom()));
        out.push(Shape::rect_filled(before, 0.0, sheet.tokens.well.gamma_multiply(0.6)));
    }
}
