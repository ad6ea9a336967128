//! What of takes and comps moves over the lanes: the selected stretch, a swipe, a boundary under the pointer.

use dawg_session::{Samples, TrackId};
use egui::{Pos2, Rect, Response, Shape, Stroke, StrokeKind, pos2, vec2};

use super::Scene;
use super::canvas::Sheet;
use super::clips::Parts;
use super::hit::Spot;
use crate::look::{Tokens, regular};
use crate::studio::perform::comps::{comp_of, place_words, range_words};
use crate::studio::view::{Edge, Gesture};

/// Half the height of the grip on a boundary.
const GRIP: f32 = 7.0;

/// The selected stretch: a band over the track and its lanes.
pub fn stretch(sheet: &Sheet<'_>, scene: &Scene<'_>, out: &mut Vec<Shape>) {
    let Some(stretch) = scene.view.selection.stretch else { return };
    let Some((top, bottom)) = group(sheet, stretch.track) else { return };
    let place = Rect::from_x_y_ranges(sheet.x(stretch.from)..=sheet.x(stretch.to), top..=bottom);
    let seen = place.intersect(sheet.rect);
    if seen.is_negative() {
        return;
    }
    let accent = sheet.tokens.accent;
    out.push(Shape::rect_filled(seen, 0.0, accent.gamma_multiply(0.08)));
    for x in [place.left(), place.right()] {
        if sheet.rect.x_range().contains(x) {
            let line = Stroke::new(1.0, accent.gamma_multiply(0.8));
            out.push(Shape::vline(sheet.sharp(x), seen.y_range(), line));
        }
    }
    let lane = scene.view.selection.lane.and_then(|lane| row_of(sheet, stretch.track, lane));
    if let Some(row) = lane {
        let part = Parts::slim(row, place.left(), place.right()).all.intersect(sheet.rect);
        if !part.is_negative() {
            let stroke = Stroke::new(1.5, accent);
            out.push(Shape::rect_stroke(part, Tokens::CORNER[0], stroke, StrokeKind::Outside));
        }
    }
}

/// Upper and lower edge on the screen of a track with its lanes.
fn group(sheet: &Sheet<'_>, track: TrackId) -> Option<(f32, f32)> {
    let number = sheet.session.tracks.iter().position(|other| other.id == track)?;
    let (top, bottom) = sheet.rows.group(number)?;
    let screen = |y: f32| sheet.rect.top() + y - sheet.timeline.top;
    Some((screen(top), screen(bottom)))
}

fn row_of(sheet: &Sheet<'_>, track: TrackId, lane: dawg_session::LaneId) -> Option<Rect> {
    let number = sheet.session.tracks.iter().position(|other| other.id == track)?;
    let lane = sheet.session.tracks[number].lanes.iter().position(|other| other.id == lane)?;
    Some(sheet.rows.of_lane(number, lane)?.place(sheet.rect, sheet.timeline.top))
}

/// A drag's words beside the pointer, and the line of a boundary that is dragged.
pub fn gesture(sheet: &Sheet<'_>, response: &Response, gesture: &Gesture, out: &mut Vec<Shape>) {
    let session = sheet.session;
    let text = match gesture {
        Gesture::Swipe { swipe, .. } if swipe.from < swipe.to => {
            let track = session.track(swipe.track);
            let lane = track.and_then(|track| track.lane(swipe.lane)).map_or("", |lane| lane.name.as_str());
            let what = if swipe.erase { "silence" } else { lane };
            format!("{what} · {}", range_words(session, swipe.from, swipe.to))
        }
        Gesture::Stretch { stretch, .. } if stretch.from < stretch.to => {
            range_words(session, stretch.from, stretch.to)
        }
        Gesture::Boundary { comp, edge, to } => {
            line(sheet, *comp, *edge, true, out);
            place_words(session, *to)
        }
        Gesture::Joint { comp, number, length } => {
            line(sheet, *comp, Edge::Start(*number), true, out);
            let ms = Samples(*length).milliseconds(session.sample_rate);
            format!("joint {ms:.0} ms")
        }
        _ => return,
    };
    if let Some(at) = response.interact_pointer_pos() {
        words(sheet, at, &text, out);
    }
}

/// What is under the pointer and can be taken hold of.
pub fn hovered(sheet: &Sheet<'_>, spot: &Spot, at: Option<Pos2>, out: &mut Vec<Shape>) {
    match spot {
        Spot::Boundary { comp, edge, .. } => line(sheet, *comp, *edge, false, out),
        Spot::Lane { .. } => {
            // Where a swipe would begin.
            let Some(at) = at else { return };
            let frame = sheet.timeline.frame(at.x - sheet.rect.left());
            let grid = super::grid::Grid::of(sheet.session, sheet.timeline);
            let x = sheet.sharp(sheet.x(grid.snap(sheet.timeline.snap, frame).frame));
            let Some(row) = sheet.rows.at(at.y - sheet.rect.top() + sheet.timeline.top) else { return };
            let place = row.place(sheet.rect, sheet.timeline.top).shrink2(vec2(0.0, 3.0));
            let line = Stroke::new(1.0, sheet.tokens.text.gamma_multiply(0.5));
            out.push(Shape::vline(x, place.y_range(), line));
        }
        _ => {}
    }
}

/// A boundary, over the track and its lanes, with a grip.
fn line(sheet: &Sheet<'_>, comp: dawg_session::CompId, edge: Edge, held: bool, out: &mut Vec<Shape>) {
    let Some((track, comp)) = comp_of(sheet.session, comp) else { return };
    let frame = match edge {
        Edge::Start(number) => comp.picks.get(number).map(|pick| pick.start.0),
        Edge::End(number) => comp.picks.get(number).map(|pick| pick.end.0),
    };
    let (Some(frame), Some((top, bottom))) = (frame, group(sheet, track.id)) else { return };
    let Some(number) = sheet.session.tracks.iter().position(|other| other.id == track.id) else { return };
    let x = sheet.sharp(sheet.x(frame));
    let colour = if held { sheet.tokens.accent } else { sheet.tokens.text };
    let reach = top.max(sheet.rect.top())..=bottom.min(sheet.rect.bottom());
    out.push(Shape::vline(x, reach, Stroke::new(1.0, colour.gamma_multiply(0.5))));
    if let Some(row) = sheet.rows.of(number) {
        let body = Parts::of(row.place(sheet.rect, sheet.timeline.top), x, x).body;
        out.push(Shape::vline(x, body.y_range(), Stroke::new(2.0, colour)));
        let grip = Rect::from_center_size(pos2(x, body.center().y), vec2(5.0, 2.0 * GRIP));
        out.push(Shape::rect_filled(grip, 2.5, colour));
        out.push(Shape::rect_stroke(grip, 2.5, Stroke::new(1.0, sheet.tokens.room), StrokeKind::Outside));
    }
}

/// Words on a plate beside the pointer.
pub fn words(sheet: &Sheet<'_>, at: Pos2, text: &str, out: &mut Vec<Shape>) {
    let galley = sheet.text(text, regular(Tokens::TYPE[1]), sheet.tokens.text, f32::INFINITY);
    let mut place = Rect::from_min_size(at + vec2(14.0, 18.0), galley.size()).expand2(vec2(6.0, 3.0));
    place = place.translate(vec2(
        (sheet.rect.right() - place.right()).min(0.0),
        (sheet.rect.bottom() - place.bottom()).min(0.0),
    ));
    out.push(Shape::rect_filled(place, Tokens::CORNER[0], sheet.tokens.raised));
    out.push(Shape::galley(place.min + vec2(6.0, 3.0), galley, sheet.tokens.text));
}
