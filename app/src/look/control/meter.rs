//! Meters, and the scale they share with faders.

use egui::{Color32, Mesh, Rect, Shape, Ui, pos2};

use crate::look::{Tokens, mix, tokens};
use crate::sound::Level;

/// Decibels and how far along the way they stand. 0 dB at 0.78; half of the way for the loud 12 dB that one mixes in.
const SCALE: [(f32, f32); 7] =
    [(-72.0, 0.0), (-48.0, 0.06), (-24.0, 0.25), (-12.0, 0.44), (-6.0, 0.6), (0.0, 0.78), (6.0, 1.0)];
/// What a vertical meter and a tall fader leave free above and below the way, for the cap and the clip light.
pub(super) const INSET: f32 = 8.0;
const LIGHT: f32 = 5.0;
const GAP: f32 = 2.0;

/// Where a linear gain or peak stands on the way of faders and meters, 0 (silence) to 1 (+6 dB and above).
#[must_use]
pub fn meter_scale(gain: f32) -> f32 {
    if gain.is_nan() || gain <= 0.0 {
        return 0.0;
    }
    between(20.0 * gain.log10(), |point| point)
}

/// The decibels at a place along the way.
pub(super) fn decibels_at(place: f32) -> f32 {
    between(place, |(decibels, place)| (place, decibels))
}

/// Straight lines between the points of the scale, in one direction or the other.
fn between(x: f32, of: impl Fn((f32, f32)) -> (f32, f32)) -> f32 {
    let mut last = of(SCALE[0]);
    for point in SCALE.into_iter().map(of) {
        if x <= point.0 {
            let span = point.0 - last.0;
            return if span > 0.0 {
                last.1 + (point.1 - last.1) * ((x - last.0) / span).max(0.0)
            } else {
                point.1
            };
        }
        last = point;
    }
    last.1
}

/// Draws a meter of one or two sides into a rectangle, vertical or horizontal by its shape: body, peak hold, clip light.
/// The clip light is the top (or right) end; a click on it is the caller's.
pub fn meter(ui: &Ui, rect: Rect, levels: &[Level]) {
    if levels.is_empty() || !ui.is_rect_visible(rect) {
        return;
    }
    let pixels = ui.ctx().pixels_per_point();
    let vertical = rect.height() >= rect.width();
    let across = if vertical { rect.width() } else { rect.height() };
    let count = levels.len() as f32;
    let gap = if across >= 4.0 * count { GAP.min(across / 6.0) } else { 1.0 };
    let thick = (across - gap * (count - 1.0)) / count;
    for (index, level) in levels.iter().enumerate() {
        let from = index as f32 * (thick + gap);
        let side = if vertical {
            Rect::from_min_max(
                pos2(rect.left() + from, rect.top()),
                pos2(rect.left() + from + thick, rect.bottom()),
            )
        } else {
            Rect::from_min_max(
                pos2(rect.left(), rect.top() + from),
                pos2(rect.right(), rect.top() + from + thick),
            )
        };
        Side { ui, tokens: tokens(ui.ctx()), vertical, pixels }.draw(side, level);
    }
}

struct Side<'a> {
    ui: &'a Ui,
    tokens: Tokens,
    vertical: bool,
    pixels: f32,
}

impl Side<'_> {
    fn draw(&self, side: Rect, level: &Level) {
        let (way, light) = self.parts(side);
        let painter = self.ui.painter();
        painter.rect_filled(way, 1.0, self.tokens.well);
        let (peak, rms) = (meter_scale(level.peak), meter_scale(level.rms.min(level.peak)));
        let mut mesh = Mesh::default();
        self.bar(&mut mesh, way, 0.0, rms, 0.0);
        self.bar(&mut mesh, way, rms, peak, 0.3);
        if !mesh.is_empty() {
            painter.add(Shape::mesh(mesh));
        }
        let held = meter_scale(level.held);
        if held > 0.01 {
            painter.rect_filled(
                self.part(way, held - 1.5 / self.length(way), held),
                0.0,
                self.held(level.held),
            );
        }
        // Lit it is also taller than the well around it: told by shape as well as by colour.
        if level.clipped {
            painter.rect_filled(light.expand(1.0), 1.5, self.tokens.record);
        } else {
            painter.rect_filled(light, 1.0, self.tokens.well);
        }
    }

    /// The way, and the clip light at its end.
    fn parts(&self, side: Rect) -> (Rect, Rect) {
        let snap = |x: f32| (x * self.pixels).round() / self.pixels;
        let side = Rect::from_min_max(
            pos2(snap(side.left()), snap(side.top())),
            pos2(snap(side.right()), snap(side.bottom())),
        );
        if self.vertical {
            let top = side.top() + INSET;
            let way = Rect::from_min_max(pos2(side.left(), top), pos2(side.right(), side.bottom() - INSET));
            let light = pos2(side.right(), side.top() + LIGHT);
            (way, Rect::from_min_max(side.min, light))
        } else {
            let end = side.right() - LIGHT - GAP;
            let way = Rect::from_min_max(side.min, pos2(end, side.bottom()));
            (way, Rect::from_min_max(pos2(end + GAP, side.top()), side.max))
        }
    }

    fn length(&self, way: Rect) -> f32 {
        if self.vertical { way.height().max(1.0) } else { way.width().max(1.0) }
    }

    fn part(&self, way: Rect, from: f32, to: f32) -> Rect {
        let along = |place: f32| {
            if self.vertical { way.bottom() - way.height() * place } else { way.left() + way.width() * place }
        };
        let (from, to) = (along(from.clamp(0.0, 1.0)), along(to.clamp(0.0, 1.0)));
        if self.vertical {
            Rect::from_min_max(pos2(way.left(), to), pos2(way.right(), from))
        } else {
            Rect::from_min_max(pos2(from, way.top()), pos2(to, way.bottom()))
        }
    }

    /// Part of the bar in the colours of the scale, faded towards the well.
    fn bar(&self, mesh: &mut Mesh, way: Rect, from: f32, to: f32, faded: f32) {
        let mut begin = from;
        for (end, _) in self.stops() {
            let end = end.min(to);
            if end > begin {
                let (low, high) = (self.colour(begin, faded), self.colour(end, faded));
                self.quad(mesh, self.part(way, begin, end), low, high);
                begin = end;
            }
        }
    }

    fn quad(&self, mesh: &mut Mesh, rect: Rect, low: Color32, high: Color32) {
        let first = mesh.vertices.len() as u32;
        let colours = if self.vertical { [high, high, low, low] } else { [low, high, high, low] };
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
        for (corner, colour) in corners.into_iter().zip(colours) {
            mesh.colored_vertex(corner, colour);
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }

    /// Where which colour stands: green up to −12, amber at −6, red from 0.
    fn stops(&self) -> [(f32, Color32); 5] {
        let [low, green, amber, red] = self.tokens.meter;
        [(0.0, low), (0.4, green), (0.6, amber), (0.78, red), (1.0, red)]
    }

    fn colour(&self, place: f32, faded: f32) -> Color32 {
        let mut last = self.stops()[0];
        for stop in self.stops() {
            if place <= stop.0 {
                let span = (stop.0 - last.0).max(f32::EPSILON);
                return mix(mix(last.1, stop.1, (place - last.0) / span), self.tokens.well, faded);
            }
            last = stop;
        }
        mix(last.1, self.tokens.well, faded)
    }

    fn held(&self, held: f32) -> Color32 {
        if held > 1.0 { self.tokens.record } else { self.tokens.text }
    }
}
