//! How a comp looks in its track's row: one body, with the wave of each take that it is made of and its boundaries.
//!
//! Start at [`row`].

use std::ops::Range;

use dawg_session::{Comp, Pick, Samples, Track};
use egui::{Color32, CornerRadius, Rect, Shape, Stroke, StrokeKind, pos2};

use super::canvas::Sheet;
use super::clips::{self, Parts, fade_gain, hatch};
use super::index::Span;
use super::{curve, lane};
use crate::look::{ClipColours, Standing, Tokens, medium, regular, track_colour};

/// Narrowest joint of which the curves are drawn.
const CURVES: f32 = 6.0;

/// Narrowest room for a word.
const WORD: f32 = 34.0;

/// A part of the comp that sounds, or would: a pick, and what of a lane lies in it.
struct Piece<'a> {
    number: usize,
    from: i64,
    to: i64,
    span: Option<&'a Span>,
}

/// Draws what a comp plays.
pub fn row(sheet: &Sheet<'_>, track: &Track, place: Rect, any_solo: bool, out: &mut Vec<Shape>) {
    let Some(comp) = track.playing_comp() else { return };
    let (from, to) = (sheet.timeline.frame(0.0), sheet.timeline.frame(sheet.rect.width()) + 1);
    let seen = comp.between(Samples(from), Samples(to));
    let hue = clips::hue(sheet, track, track_colour(track.colour), any_solo);
    let auditioned = sheet.studio.auditions().contains_key(&track.id);
    let standing = if auditioned { Standing::Muted } else { Standing::Plain };
    let paint = sheet.tokens.clip(hue, standing);
    if comp.picks.is_empty() {
        return empty(sheet, track, comp, place, out);
    }
    let pieces = pieces(sheet, track, comp, seen.clone(), from, to);
    for run in runs(&pieces) {
        body(sheet, comp, &pieces[run], place, paint, out);
    }
    for piece in &pieces {
        let (left, right) = (sheet.x(piece.from), sheet.x(piece.to));
        let parts = Parts::of(place, left, right);
        match piece.span {
            // However narrow: many short parts are a wave too.
            Some(span) if right - left >= 1.0 => {
                let wave =
                    if auditioned { paint.wave } else { ink(sheet, track, comp, piece.number, any_solo) };
                let strength = if auditioned { curve::UNHEARD } else { 1.0 };
                let unseen = curve::over_wave(sheet, track, span, parts.body, (wave, strength), out);
                if unseen.is_some() {
                    hatch(sheet, parts.body, wave.gamma_multiply(0.5), out);
                }
            }
            Some(_) => {}
            None => gap(sheet, &comp.picks[piece.number], parts, out),
        }
    }
    boundaries(sheet, comp, seen, place, out);
}

/// What the takes have in the picks in sight; a pick whose take is gone is a piece without a span.
fn pieces<'a>(
    sheet: &Sheet<'a>,
    track: &Track,
    comp: &Comp,
    seen: Range<usize>,
    from: i64,
    to: i64,
) -> Vec<Piece<'a>> {
    let extent = sheet.index.extent(track).unwrap_or((0, 0));
    let mut pieces = Vec::new();
    for number in seen {
        let pick = &comp.picks[number];
        let (start, end) = (pick.start.0.max(from - 1), pick.end.0.min(to + 1));
        if track.lane(pick.lane).is_none() {
            let (start, end) = (pick.start.0.max(extent.0), pick.end.0.min(extent.1));
            if start < end {
                pieces.push(Piece { number, from: start, to: end, span: None });
            }
            continue;
        }
        let index: &'a super::index::Index = sheet.index;
        let spans = index.between(pick.lane, start, end).into_iter().filter(|span| !span.clip.mute);
        let of_pick = spans.map(|span| Piece {
            number,
            from: span.from.max(pick.start.0),
            to: span.to.min(pick.end.0),
            span: Some(span),
        });
        pieces.extend(of_pick);
    }
    pieces
}

/// Pieces that touch, as ranges of their numbers: each is one body.
fn runs(pieces: &[Piece<'_>]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut reach = i64::MIN;
    for (n, piece) in pieces.iter().enumerate() {
        let gap =
            piece.span.is_none() || n.checked_sub(1).is_some_and(|before| pieces[before].span.is_none());
        match runs.last_mut() {
            Some(run) if piece.from <= reach && !gap => run.end = n + 1,
            _ => runs.push(n..n + 1),
        }
        reach = if gap { piece.to } else { reach.max(piece.to) };
    }
    runs
}

/// The ground of pieces that touch, with the comp's name.
fn body(
    sheet: &Sheet<'_>,
    comp: &Comp,
    run: &[Piece<'_>],
    place: Rect,
    paint: ClipColours,
    out: &mut Vec<Shape>,
) {
    let (Some(first), Some(to)) = (run.first(), run.iter().map(|piece| piece.to).max()) else { return };
    if first.span.is_none() {
        return;
    }
    // Rounded at the ends alone, also where they lie out of sight.
    let left = sheet.x(first.from).max(sheet.rect.left() - 32.0);
    let right = sheet.x(to).min(sheet.rect.right() + 32.0);
    let parts = Parts::of(place, left, right);
    let round = Tokens::CORNER[0].min(parts.all.width() / 3.0) as u8;
    out.push(Shape::rect_filled(parts.all, CornerRadius::same(round), paint.body));
    let corners = CornerRadius { nw: round, ne: round, sw: 0, se: 0 };
    out.push(Shape::rect_filled(parts.header, corners, paint.header));
    let left = left.max(sheet.rect.left()) + Tokens::SPACE[0] + 2.0;
    let room = right.min(sheet.rect.right()) - left - Tokens::SPACE[0];
    if room > WORD {
        let size = if parts.header.height() < 15.0 { Tokens::TYPE[0] } else { Tokens::TYPE[1] };
        let galley = sheet.text(comp.name.as_str(), medium(size), paint.name, room);
        let y = parts.header.center().y - galley.size().y / 2.0;
        out.push(Shape::galley(pos2(left, y), galley, paint.name));
    }
}

/// The colour of a take's wave: its own, if it has one.
fn ink(sheet: &Sheet<'_>, track: &Track, comp: &Comp, number: usize, any_solo: bool) -> Color32 {
    let lane = track.lane(comp.picks[number].lane);
    let colour = lane.map_or(track_colour(track.colour), |one| lane::colour(track, one));
    sheet.tokens.ink(clips::hue(sheet, track, colour, any_solo))
}

/// A take that was here and is gone.
fn gap(sheet: &Sheet<'_>, pick: &Pick, parts: Parts, out: &mut Vec<Shape>) {
    let all = parts.all.intersect(sheet.rect);
    if all.width() < 1.0 {
        return;
    }
    let colour = sheet.tokens.attention;
    out.push(Shape::rect_filled(all, Tokens::CORNER[0], sheet.tokens.well));
    hatch(sheet, all, colour.gamma_multiply(0.22), out);
    let stroke = Stroke::new(1.0, colour.gamma_multiply(0.5));
    out.push(Shape::rect_stroke(all, Tokens::CORNER[0], stroke, StrokeKind::Inside));
    let room = all.width() - 2.0 * Tokens::SPACE[1];
    if room > WORD {
        let words = format!("{} — deleted", pick.name);
        let galley = sheet.text(&words, regular(Tokens::TYPE[1]), colour, room);
        let at = pos2(all.left() + Tokens::SPACE[1], all.center().y - galley.size().y / 2.0);
        let back = Rect::from_min_size(at, galley.size()).expand2(egui::vec2(4.0, 1.0));
        out.push(Shape::rect_filled(back, 3.0, sheet.tokens.well));
        out.push(Shape::galley(at, galley, colour));
    }
}

/// A comp of nothing says how it is made.
fn empty(sheet: &Sheet<'_>, track: &Track, comp: &Comp, place: Rect, out: &mut Vec<Shape>) {
    let Some((from, to)) = sheet.index.extent(track) else { return };
    let all = Parts::of(place, sheet.x(from), sheet.x(to)).all;
    lane::dashed(all.intersect(sheet.rect.expand(8.0)), sheet.tokens.faint, out);
    let seen = all.intersect(sheet.rect).shrink2(egui::vec2(Tokens::SPACE[1], 0.0));
    if seen.width() > WORD {
        let words = format!("{} is empty: swipe across a take below", comp.name);
        let galley = sheet.text(&words, regular(Tokens::TYPE[1]), sheet.tokens.secondary, seen.width());
        let at = pos2(seen.left(), seen.center().y - galley.size().y / 2.0);
        out.push(Shape::galley(at, galley, sheet.tokens.secondary));
    }
}

/// Where one take gives way to the next, and how.
fn boundaries(sheet: &Sheet<'_>, comp: &Comp, seen: Range<usize>, place: Rect, out: &mut Vec<Shape>) {
    let mut before = f32::NEG_INFINITY;
    for number in seen.start..(seen.end + 1).min(comp.picks.len()) {
        let pick = &comp.picks[number];
        if !comp.is_joined(number) {
            continue;
        }
        let x = sheet.x(pick.start.0);
        if x < sheet.rect.left() - 200.0 || x > sheet.rect.right() + 200.0 || x - before < 2.0 {
            continue;
        }
        before = x;
        let parts = Parts::of(place, x, x);
        let chosen = sheet.selection.joint == Some((comp.id, pick.start.0));
        mark(sheet, pick, x, parts, chosen, out);
    }
}

/// A boundary: a thin line; close enough, the two curves of its joint.
fn mark(sheet: &Sheet<'_>, pick: &Pick, x: f32, parts: Parts, chosen: bool, out: &mut Vec<Shape>) {
    let tokens = &sheet.tokens;
    let width = (pick.joint.length.0 as f64 / sheet.timeline.frames_per_point) as f32;
    let (top, bottom) = (parts.body.top(), parts.body.bottom());
    let colour = if chosen { tokens.accent } else { tokens.text.gamma_multiply(0.55) };
    if width >= CURVES {
        let area = Rect::from_x_y_ranges(x - width / 2.0..=x + width / 2.0, top..=bottom);
        out.push(Shape::rect_filled(area.intersect(sheet.rect), 0.0, tokens.room.gamma_multiply(0.35)));
        let curve = |rising: bool| {
            let point = |step: u16| {
                let t = f32::from(step) / 24.0;
                let gain = fade_gain(pick.joint.shape, if rising { t } else { 1.0 - t });
                pos2(area.left() + t * width, bottom - gain * (bottom - top))
            };
            Shape::line((0..=24).map(point).collect(), Stroke::new(if chosen { 1.5 } else { 1.0 }, colour))
        };
        out.extend([curve(false), curve(true)]);
    }
    let line = Stroke::new(if chosen { 2.0 } else { 1.0 }, colour);
    let x = sheet.sharp(x);
    out.push(Shape::vline(x, parts.header.top()..=bottom, Stroke::new(1.0, tokens.room.gamma_multiply(0.8))));
    out.push(Shape::vline(x, top..=bottom, line));
}
