//! How the row of a lane looks: its takes in grey, and in colour what of it is heard.
//!
//! Start at [`row`].

use dawg_session::{Lane, LaneId, Plays, Track};
use egui::{Color32, CornerRadius, Rect, Shape, Stroke, StrokeKind, pos2};

use super::canvas::Sheet;
use super::clips::{self, BAR, Parts, hatch};
use super::curve;
use super::index::Span;
use crate::look::{Tokens, mix, track_colour};

/// The colours of a part of a lane.
#[derive(Debug, Clone, Copy)]
struct Paint {
    strip: Color32,
    body: Color32,
    wave: Color32,
    /// Strength of the pitch curve, 0 to 1.
    curve: f32,
}

/// What of a lane is heard in the song frames in sight, in order of time, with whether the part is cut there (a lane
/// that plays by itself is not).
#[must_use]
pub fn heard(track: &Track, lane: LaneId, from: i64, to: i64) -> Vec<(i64, i64)> {
    match track.plays {
        Plays::Lane(id) if id == lane => vec![(i64::MIN, i64::MAX)],
        Plays::Lane(_) => Vec::new(),
        _ => track.playing_comp().map_or_else(Vec::new, |comp| {
            let picks = &comp.picks[comp.between(dawg_session::Samples(from), dawg_session::Samples(to))];
            picks.iter().filter(|pick| pick.lane == lane).map(|pick| (pick.start.0, pick.end.0)).collect()
        }),
    }
}

/// The colour in which a lane is heard.
#[must_use]
pub fn colour(track: &Track, lane: &Lane) -> Color32 {
    track_colour(lane.colour.unwrap_or(track.colour))
}

/// Draws a lane.
pub fn row(sheet: &Sheet<'_>, track: &Track, lane: &Lane, place: Rect, any_solo: bool, out: &mut Vec<Shape>) {
    let timeline = sheet.timeline;
    let (from, to) = (timeline.frame(0.0), timeline.frame(sheet.rect.width()) + 1);
    let auditioned = sheet.studio.auditions().get(&track.id) == Some(&lane.id);
    // What is heard alone is heard whole, whatever the comp takes of it.
    let chosen = if auditioned { vec![(i64::MIN, i64::MAX)] } else { heard(track, lane.id, from, to) };
    let tokens = &sheet.tokens;
    let mut hue = clips::hue(sheet, track, colour(track, lane), any_solo);
    // Another is heard in its place.
    if !auditioned && sheet.studio.auditions().contains_key(&track.id) {
        hue = mix(hue, tokens.muted(), 0.8);
    }
    let bright = Paint {
        strip: mix(tokens.room, hue, tokens.clip_body + 0.3),
        body: mix(tokens.room, hue, tokens.clip_body),
        wave: tokens.ink(hue),
        curve: 1.0,
    };
    let grey = Paint {
        strip: mix(tokens.room, tokens.secondary, 0.2),
        body: mix(tokens.room, tokens.secondary, 0.11),
        wave: mix(tokens.room, tokens.secondary, 0.52),
        curve: curve::UNHEARD,
    };
    let spans = sheet.index.between(lane.id, from, to);
    let mut covered = f32::NEG_INFINITY;
    for span in spans {
        let (left, right) = (sheet.x(span.from), sheet.x(span.to));
        if right - left < BAR {
            if right > covered {
                let parts = Parts::slim(place, left, right.max(left + 1.0));
                let inside = chosen.iter().any(|(from, to)| *from <= span.from && span.from < *to);
                out.push(Shape::rect_filled(parts.all, 0.0, if inside { bright.wave } else { grey.wave }));
                covered = parts.all.right();
            }
            continue;
        }
        clip(sheet, track, span, Parts::slim(place, left, right), (&chosen, bright, grey), out);
    }
    if auditioned {
        outlines(sheet, &chosen, lane, place, tokens.attention, out);
    } else if !matches!(track.plays, Plays::Lane(_)) {
        outlines(sheet, &chosen, lane, place, bright.wave, out);
    }
}

/// A clip of a lane: grey, and over it what is heard.
fn clip(
    sheet: &Sheet<'_>,
    track: &Track,
    span: &Span,
    parts: Parts,
    (chosen, bright, grey): (&[(i64, i64)], Paint, Paint),
    out: &mut Vec<Shape>,
) {
    let selected = sheet.selection.clips.contains(&span.clip.id);
    let muted = span.clip.mute;
    let grey = if muted { Paint { wave: mix(grey.wave, grey.body, 0.5), ..grey } } else { grey };
    let part = |from: f32, to: f32, paint: Paint, out: &mut Vec<Shape>| {
        let cut = |rect: Rect| Rect::from_min_max(pos2(from, rect.top()), pos2(to, rect.bottom()));
        let body = cut(parts.body);
        let unseen = curve::over_wave(sheet, track, span, body, (paint.wave, paint.curve), out);
        if unseen.is_some() {
            hatch(sheet, body, paint.wave.gamma_multiply(0.6), out);
        }
    };
    let round = Tokens::CORNER[0].min(parts.all.width() / 3.0) as u8;
    out.push(Shape::rect_filled(parts.all, CornerRadius::same(round), grey.body));
    let top = CornerRadius { nw: round, ne: round, sw: 0, se: 0 };
    out.push(Shape::rect_filled(parts.header, top, grey.strip));
    let mut at = parts.all.left();
    for (from, to) in chosen {
        if muted {
            break;
        }
        let left = sheet.x(span.from.max(*from)).max(at);
        let right = if *to >= span.to { parts.all.right() } else { sheet.x(*to).min(parts.all.right()) };
        if right <= left {
            continue;
        }
        if left > at {
            part(at, left, grey, out);
        }
        let cut = |rect: Rect| Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        let corner = |near: bool| if near { round } else { 0 };
        let (first, last) = (left <= parts.all.left() + 0.5, right >= parts.all.right() - 0.5);
        let corners =
            CornerRadius { nw: corner(first), sw: corner(first), ne: corner(last), se: corner(last) };
        out.push(Shape::rect_filled(cut(parts.all), corners, bright.body));
        let corners = CornerRadius { sw: 0, se: 0, ..corners };
        out.push(Shape::rect_filled(cut(parts.header), corners, bright.strip));
        part(left, right, bright, out);
        at = right;
    }
    if at < parts.all.right() {
        part(at, parts.all.right(), grey, out);
    }
    if selected {
        let stroke = Stroke::new(1.5, sheet.tokens.accent);
        out.push(Shape::rect_stroke(parts.all, CornerRadius::same(round), stroke, StrokeKind::Inside));
    }
}

/// Around each chosen part, as far as the lane has sound there; dashed where it has none.
fn outlines(
    sheet: &Sheet<'_>,
    chosen: &[(i64, i64)],
    lane: &Lane,
    place: Rect,
    colour: Color32,
    out: &mut Vec<Shape>,
) {
    for (from, to) in chosen {
        let spans = sheet.index.between(lane.id, *from, *to);
        let sound = spans.iter().map(|span| (span.from.max(*from), span.to.min(*to)));
        let Some((first, last)) = sound.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            if *from > i64::MIN / 4 && *to < i64::MAX / 4 {
                let all = Parts::slim(place, sheet.x(*from), sheet.x(*to)).all;
                dashed(all.intersect(sheet.rect.expand(4.0)), colour.gamma_multiply(0.7), out);
            }
            continue;
        };
        let (left, right) = (sheet.x(first), sheet.x(last));
        if right - left < BAR || right < sheet.rect.left() || left > sheet.rect.right() {
            continue;
        }
        let all = Parts::slim(place, left, right).all;
        let round = Tokens::CORNER[0].min(all.width() / 3.0) as u8;
        let stroke = Stroke::new(1.5, colour);
        out.push(Shape::rect_stroke(all, CornerRadius::same(round), stroke, StrokeKind::Inside));
    }
}

/// A dashed rectangle: something is chosen here, and nothing is there.
pub fn dashed(place: Rect, colour: Color32, out: &mut Vec<Shape>) {
    if place.is_negative() {
        return;
    }
    let path =
        [place.left_top(), place.right_top(), place.right_bottom(), place.left_bottom(), place.left_top()];
    out.extend(Shape::dashed_line(&path, Stroke::new(1.0, colour), 4.0, 4.0));
}
