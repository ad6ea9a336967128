//! How a clip looks: a coloured header strip with its name, a lighter body with its waveform, fades and gain.
//!
//! Start at [`row`], which draws those of a track that are in sight.

use dawg_session::{Clip, Fade, FadeShape, Track};
use egui::{Color32, CornerRadius, Mesh, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, pos2};

use super::canvas::Sheet;
use super::curve;
use super::index::Span;
use super::layers::Layers;
use crate::look::{ClipColours, Standing, Tokens, control, medium, mix, regular, track_colour};
use crate::waves::Unseen;

/// Narrowest room for a name.
const NAME: f32 = 14.0;

/// Narrower than this a clip is a mere bar of colour, and several in one place are drawn as one.
pub const BAR: f32 = 4.0;

/// In the row of a lane: the space above and below a clip, and the height of its strip.
const SLIM: (f32, f32) = (3.0, 7.0);

/// Decibels at the bottom and at the top of a clip's gain line.
const GAIN: (f32, f32) = (-36.0, 12.0);

/// Where the parts of a clip are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// All of it.
    pub all: Rect,
    /// The strip with the name.
    pub header: Rect,
    /// The rest, with the waveform.
    pub body: Rect,
}

impl Parts {
    /// Those of a clip from point to point in a row.
    #[must_use]
    pub fn of(row: Rect, from: f32, to: f32) -> Self {
        let pad = Tokens::SPACE[0];
        // A hairline of room keeps neighbours apart.
        let right = if to - from > BAR { to - 1.0 } else { to.max(from + 1.0) };
        let all = Rect::from_min_max(pos2(from, row.top() + pad), pos2(right, row.bottom() - pad));
        let strip = if row.height() < 52.0 { Tokens::TYPE[0] + 3.0 } else { Tokens::TYPE[1] + 5.0 };
        let middle = (all.top() + strip).min(all.bottom());
        let header = Rect::from_min_max(all.min, pos2(all.right(), middle));
        let body = Rect::from_min_max(pos2(all.left(), middle), all.max);
        Self { all, header, body }
    }

    /// Those of a clip in the row of a lane: a strip just high enough to be taken hold of, without a name.
    #[must_use]
    pub fn slim(row: Rect, from: f32, to: f32) -> Self {
        let right = if to - from > BAR { to - 1.0 } else { to.max(from + 1.0) };
        let all = Rect::from_min_max(pos2(from, row.top() + SLIM.0), pos2(right, row.bottom() - SLIM.0));
        let middle = (all.top() + SLIM.1).min(all.bottom());
        let header = Rect::from_min_max(all.min, pos2(all.right(), middle));
        let body = Rect::from_min_max(pos2(all.left(), middle), all.max);
        Self { all, header, body }
    }

    /// Where the gain line runs.
    #[must_use]
    pub fn gain_y(&self, gain: f32) -> f32 {
        let db = 20.0 * gain.max(1e-6).log10();
        let t = ((db - GAIN.0) / (GAIN.1 - GAIN.0)).clamp(0.0, 1.0);
        self.body.bottom() - t * self.body.height()
    }

    /// Decibels a point.
    #[must_use]
    pub fn db_per_point(&self) -> f32 {
        (GAIN.1 - GAIN.0) / self.body.height().max(24.0)
    }
}

/// The colours of a clip, and whether it has an outline.
fn paint(sheet: &Sheet<'_>, track: &Track, clip: &Clip, any_solo: bool) -> (ClipColours, bool) {
    let selected = sheet.selection.clips.contains(&clip.id);
    let standing = match (clip.mute, selected) {
        (true, _) => Standing::Muted,
        (false, true) => Standing::Selected,
        (false, false) => Standing::Plain,
    };
    (sheet.tokens.clip(hue(sheet, track, track_colour(track.colour), any_solo), standing), selected)
}

/// A colour on a track: greyer where the track is not heard.
#[must_use]
pub fn hue(sheet: &Sheet<'_>, track: &Track, colour: Color32, any_solo: bool) -> Color32 {
    if track.mute || (any_solo && !track.solo) { mix(colour, sheet.tokens.muted(), 0.65) } else { colour }
}

/// Draws the clips of a track.
pub fn row(sheet: &Sheet<'_>, track: &Track, place: Rect, any_solo: bool, out: &mut Vec<Shape>) {
    let Some(lane) = track.playing() else { return super::comp::row(sheet, track, place, any_solo, out) };
    let timeline = sheet.timeline;
    let (from, to) = (timeline.frame(0.0), timeline.frame(sheet.rect.width()) + 1);
    let mut covered = f32::NEG_INFINITY;
    let spans = sheet.index.between(lane.id, from, to);
    let layers = Layers::of(sheet, &spans);
    for (stacked, span) in spans.into_iter().enumerate() {
        let (left, right) = (sheet.x(span.from), sheet.x(span.to));
        let (paint, selected) = paint(sheet, track, &span.clip, any_solo);
        if right - left < BAR {
            // Thousands in a few points: those that show nothing new are left out.
            if right > covered || selected {
                let parts = Parts::of(place, left, right.max(left + 1.0));
                out.push(Shape::rect_filled(parts.all, 0.0, paint.header));
                covered = parts.all.right();
            }
            continue;
        }
        let parts = Parts::of(place, left, right);
        layers.seams(sheet, stacked, parts, out);
        let seen = layers.seen(stacked, parts.header.x_range().intersection(sheet.rect.x_range()));
        clip(sheet, track, span, (parts, seen), (paint, selected), out);
    }
}

fn clip(
    sheet: &Sheet<'_>,
    track: &Track,
    span: &Span,
    (parts, seen): (Parts, Rangef),
    (paint, selected): (ClipColours, bool),
    out: &mut Vec<Shape>,
) {
    let round = Tokens::CORNER[0].min(parts.all.width() / 3.0) as u8;
    out.push(Shape::rect_filled(parts.all, CornerRadius::same(round), paint.body));
    let corners = CornerRadius { nw: round, ne: round, sw: 0, se: 0 };
    out.push(Shape::rect_filled(parts.header, corners, paint.header));
    let unseen = curve::over_wave(sheet, track, span, parts.body, (paint.wave, 1.0), out);
    if unseen.is_some() {
        hatch(sheet, parts.body, paint.wave.gamma_multiply(0.5), out);
    }
    fade(sheet, &span.clip, parts, paint, out);
    gain(sheet, &span.clip, parts, paint.wave, out);
    name(sheet, &span.clip, (parts, seen), paint.name, unseen, out);
    if selected {
        let stroke = Stroke::new(1.5, paint.outline);
        out.push(Shape::rect_stroke(parts.all, CornerRadius::same(round), stroke, StrokeKind::Inside));
    }
}

/// The name; what else is to be said of the clip stands before it, so that colour is not the only sign.
fn name(
    sheet: &Sheet<'_>,
    clip: &Clip,
    (parts, seen): (Parts, Rangef),
    colour: Color32,
    unseen: Option<Unseen>,
    out: &mut Vec<Shape>,
) {
    let left = seen.min + Tokens::SPACE[0] + 2.0;
    let room = seen.max - left - Tokens::SPACE[0];
    if room < NAME {
        return;
    }
    let mut text = clip.name.to_string();
    if clip.mute {
        text = format!("muted · {text}");
    }
    let size = if parts.header.height() < 15.0 { Tokens::TYPE[0] } else { Tokens::TYPE[1] };
    let galley = sheet.text(&text, medium(size), colour, room);
    let y = parts.header.center().y - galley.size().y / 2.0;
    out.push(Shape::galley(pos2(left, y), galley, colour));
    if let Some(unseen) = unseen {
        let file = sheet.session.media.get(&clip.media).map_or("", |media| media.file.as_str());
        let words = match unseen {
            Unseen::Missing => format!("missing: {file}"),
            Unseen::Unreadable => format!("cannot be read: {file}"),
        };
        let galley = sheet.text(&words, regular(Tokens::TYPE[1]), sheet.tokens.attention, room);
        if galley.size().y < parts.body.height() {
            let y = parts.body.center().y - galley.size().y / 2.0;
            let back = Rect::from_min_size(pos2(left, y), galley.size()).expand(2.0);
            out.push(Shape::rect_filled(back, 2.0, sheet.tokens.room.gamma_multiply(0.8)));
            out.push(Shape::galley(pos2(left, y), galley, sheet.tokens.attention));
        }
    }
}

/// Slanted lines: there should be a waveform and is none.
pub fn hatch(sheet: &Sheet<'_>, body: Rect, colour: Color32, out: &mut Vec<Shape>) {
    let seen = body.intersect(sheet.rect);
    let (step, height) = (Tokens::SPACE[1], body.height());
    let mut x = seen.left() - height - (seen.left() - body.left()).rem_euclid(step);
    while x < seen.right() {
        let (a, b) = (x.max(seen.left()), (x + height).min(seen.right()));
        if a < b {
            let ends = [pos2(a, body.bottom() - (a - x)), pos2(b, body.bottom() - (b - x))];
            out.push(Shape::line_segment(ends, Stroke::new(1.0, colour)));
        }
        x += step;
    }
}

/// Gain of a fade at a part of its length, 0 to 1.
#[must_use]
pub fn fade_gain(shape: FadeShape, t: f32) -> f32 {
    match shape {
        FadeShape::Linear => t,
        FadeShape::EqualPower => (t * std::f32::consts::FRAC_PI_2).sin(),
    }
}

/// Darkens what the fades take away, under a curve.
fn fade(sheet: &Sheet<'_>, clip: &Clip, parts: Parts, paint: ClipColours, out: &mut Vec<Shape>) {
    let width = |fade: Fade| (fade.length.0 as f64 / sheet.timeline.frames_per_point) as f32;
    let dark = sheet.tokens.room.gamma_multiply(0.62);
    let mut wedge = |fade: Fade, edge: f32, inwards: f32| {
        let width = width(fade);
        if width < 2.0 {
            return;
        }
        let steps = 16u16;
        let mut mesh = Mesh::default();
        let mut curve = Vec::new();
        for step in 0..=steps {
            let t = f32::from(step) / f32::from(steps);
            let x = edge + inwards * t * width;
            let y = parts.body.bottom() - fade_gain(fade.shape, t) * parts.body.height();
            mesh.colored_vertex(pos2(x, parts.body.top()), dark);
            mesh.colored_vertex(pos2(x, y), dark);
            if step > 0 {
                let at = 2 * u32::from(step);
                mesh.add_triangle(at - 2, at - 1, at);
                mesh.add_triangle(at - 1, at, at + 1);
            }
            curve.push(pos2(x, y));
        }
        out.push(Shape::mesh(mesh));
        out.push(Shape::line(curve, Stroke::new(1.0, paint.wave.lerp_to_gamma(sheet.tokens.text, 0.4))));
    };
    wedge(clip.fade_in, parts.body.left(), 1.0);
    wedge(clip.fade_out, parts.body.right(), -1.0);
}

/// The gain line, where there is something to say.
fn gain(sheet: &Sheet<'_>, clip: &Clip, parts: Parts, colour: Color32, out: &mut Vec<Shape>) {
    if (clip.gain.get() - 1.0).abs() > 1e-6 && parts.all.width() > 24.0 {
        gain_line(sheet, parts, clip.gain.get(), colour.lerp_to_gamma(sheet.tokens.text, 0.5), out);
    }
}

/// A gain line with its value.
pub fn gain_line(sheet: &Sheet<'_>, parts: Parts, gain: f32, colour: Color32, out: &mut Vec<Shape>) {
    let y = sheet.sharp(parts.gain_y(gain));
    let seen = parts.body.intersect(sheet.rect);
    out.push(Shape::hline(seen.x_range(), y, Stroke::new(1.0, colour)));
    let words = format!("{} dB", control::decibels(gain));
    let galley = sheet.text(&words, regular(Tokens::TYPE[0]), sheet.tokens.text, f32::INFINITY);
    if galley.size().x + 16.0 > seen.width() {
        return;
    }
    let above = y - galley.size().y - 1.0;
    let y = if above < seen.top() { y + 1.0 } else { above };
    let at = Pos2::new(seen.left() + Tokens::SPACE[0] + 2.0, y);
    let back = Rect::from_min_size(at, galley.size()).expand2(egui::vec2(3.0, 0.0));
    out.push(Shape::rect_filled(back, 3.0, sheet.tokens.room.gamma_multiply(0.7)));
    out.push(Shape::galley(at, galley, sheet.tokens.text));
}
