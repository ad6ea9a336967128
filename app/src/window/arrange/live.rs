//! What moves over the lanes: playhead, growing takes, handles under the pointer, gestures, files dragged in.

use egui::{Color32, Rect, Response, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::canvas::{Sheet, elided};
use super::clips::{self, Parts};
use super::gesture::ground;
use super::hit::{Part, Spot, fade_handles, spot_at};
use super::rows::{Kind, Row};
use super::{Kept, Scene, curve, menu, over};
use crate::look::{Tokens, medium, tokens};
use crate::studio::view::Gesture;

/// A sheet for what is drawn anew each frame.
pub fn sheet<'a>(ui: &'a Ui, scene: &'a Scene<'_>, kept: &'a Kept, lanes: Rect) -> Option<Sheet<'a>> {
    Some(Sheet {
        studio: scene.studio,
        session: scene.studio.session()?,
        index: &kept.index,
        rows: &kept.rows,
        timeline: &scene.view.timeline,
        selection: &scene.view.selection,
        curves: scene.view.panels.curves,
        rect: lanes,
        pixels: ui.pixels_per_point(),
        tokens: tokens(ui.ctx()),
        painter: ui.painter(),
    })
}

/// The place of the playhead: whole pixels, the first right of its middle is that of the song frame.
#[must_use]
pub fn playhead_rect(x: f32, y: egui::Rangef, pixels: f32) -> Rect {
    let width = (1.5 * pixels).round().max(1.0);
    let left = (x * pixels).floor() - ((width - 1.0) / 2.0).floor();
    Rect::from_x_y_ranges(left / pixels..=(left + width) / pixels, y)
}

/// The playhead, over ruler and lanes: the brightest line on screen, with a triangle in the ruler.
pub fn playhead(ui: &Ui, scene: &Scene<'_>, ruler: Rect, lanes: Rect) {
    if scene.studio.session().is_none() {
        return;
    }
    let x = lanes.left() + scene.view.timeline.x(scene.studio.readout().playhead.position);
    if x < lanes.left() - 8.0 || x > lanes.right() + 8.0 {
        return;
    }
    let colour = tokens(ui.ctx()).playhead;
    let clip = ruler.union(lanes).intersect(ui.clip_rect());
    let painter = ui.painter().with_clip_rect(clip);
    let (pixels, head) = (ui.pixels_per_point(), 6.0);
    let top = ruler.bottom() - 10.0;
    let line = playhead_rect(x, egui::Rangef::new(top, lanes.bottom()), pixels);
    painter.rect_filled(line, 0.0, colour);
    let middle = line.center().x;
    let triangle =
        vec![pos2(middle - head, top - 2.0), pos2(middle + head, top - 2.0), pos2(middle, top + 6.0)];
    painter.add(Shape::convex_polygon(triangle, colour, Stroke::NONE));
}

/// What belongs to the pointer: handles of the clip below it, the rectangle that selects, a drag's words.
pub fn over(ui: &Ui, scene: &Scene<'_>, kept: &Kept, response: &Response, lanes: Rect) {
    let Some(sheet) = sheet(ui, scene, kept, lanes) else { return };
    let mut out = Vec::new();
    over::stretch(&sheet, scene, &mut out);
    match &scene.view.gesture {
        Some(Gesture::Marquee { from, to, .. }) => marquee(&sheet, *from, *to, &mut out),
        Some(Gesture::MoveClips { anchor, .. }) => words(&sheet, response, *anchor, &mut out),
        Some(
            Gesture::TrimClip { clip, .. } | Gesture::FadeClip { clip, .. } | Gesture::GainClip { clip, .. },
        ) => {
            words(&sheet, response, *clip, &mut out);
            held(&sheet, scene, kept, *clip, &mut out);
        }
        Some(gesture) => over::gesture(&sheet, response, gesture, &mut out),
        None => {
            let at = response.hover_pos();
            match at.map(|at| spot_at(ground(scene.view, kept, sheet.session, lanes), at)) {
                Some(Spot::Clip(hit)) if hit.parts.all.width() > 28.0 => {
                    handles(&sheet, &hit.span, &hit.parts, Some(hit.part), &mut out);
                }
                Some(spot) => over::hovered(&sheet, &spot, at, &mut out),
                None => {}
            }
            if let Some(at) = at.filter(|_| scene.view.panels.curves) {
                curve::hover::show(&sheet, at, &mut out);
            }
        }
    }
    ui.painter().extend(out);
}

fn held(sheet: &Sheet<'_>, scene: &Scene<'_>, kept: &Kept, id: dawg_session::ClipId, out: &mut Vec<Shape>) {
    let Some((track, lane, span)) = sheet.index.find(sheet.session, id) else { return };
    let Some((row, false)) = menu::row_of(sheet.session, kept, track, lane) else { return };
    let place = row.place(sheet.rect, scene.view.timeline.top);
    let parts = Parts::of(place, sheet.x(span.from), sheet.x(span.to));
    handles(sheet, span, &parts, None, out);
}

/// Fade handles and gain line of a clip.
fn handles(
    sheet: &Sheet<'_>,
    span: &super::index::Span,
    parts: &Parts,
    part: Option<Part>,
    out: &mut Vec<Shape>,
) {
    let (bright, before) = (sheet.tokens.text, out.len());
    for (handle, this) in fade_handles(span, parts, sheet.timeline.frames_per_point)
        .into_iter()
        .zip([Part::FadeIn, Part::FadeOut])
    {
        let radius = if part == Some(this) { 4.5 } else { 3.5 };
        out.push(Shape::circle_filled(handle, radius, bright));
        out.push(Shape::circle_stroke(handle, radius, Stroke::new(1.0, sheet.tokens.room)));
    }
    if parts.header.height() < 9.0 {
        out.truncate(before);
        return;
    }
    if parts.body.height() > 14.0 {
        let strength = if part == Some(Part::Gain) { 1.0 } else { 0.45 };
        clips::gain_line(sheet, *parts, span.clip.gain.get(), bright.gamma_multiply(strength), out);
    }
}

fn marquee(sheet: &Sheet<'_>, from: (i64, f32), to: (i64, f32), out: &mut Vec<Shape>) {
    let at = |(frame, y): (i64, f32)| pos2(sheet.x(frame), sheet.rect.top() + y - sheet.timeline.top);
    let place = Rect::from_two_pos(at(from), at(to));
    out.push(Shape::rect_filled(place, 0.0, sheet.tokens.accent.gamma_multiply(0.14)));
    out.push(Shape::rect_stroke(place, 0.0, Stroke::new(1.0, sheet.tokens.accent), StrokeKind::Inside));
}

/// Where the held clip is, beside the pointer.
fn words(sheet: &Sheet<'_>, response: &Response, id: dawg_session::ClipId, out: &mut Vec<Shape>) {
    let (Some(at), Some((_, _, clip))) = (response.interact_pointer_pos(), sheet.session.clip(id)) else {
        return;
    };
    let (from, to) = clip.span(&sheet.session.tempo_map, sheet.session.sample_rate);
    let text = format!("{} – {}", bars(sheet, from), bars(sheet, to));
    over::words(sheet, at, &text, out);
}

fn bars(sheet: &Sheet<'_>, frame: i64) -> String {
    let map = &sheet.session.tempo_map;
    let place = map.bar_beat_tick(map.samples_to_ticks(frame, sheet.session.sample_rate));
    format!("{} . {} . {:03}", place.bar, place.beat, place.tick)
}

/// Files that hover over the lanes, where they would land.
pub fn ghost(ui: &Ui, scene: &Scene<'_>, kept: &Kept, lanes: Rect) {
    let (Some(ghost), Some(session)) = (&scene.view.ghost, scene.studio.session()) else { return };
    let tokens = tokens(ui.ctx());
    let painter = ui.painter();
    let timeline = &scene.view.timeline;
    let map = &session.tempo_map;
    let four_bars =
        map.ticks_to_samples(map.meter_at(1).bar_ticks() * 4, session.sample_rate).0 - map.downbeat;
    let x = lanes.left() + timeline.x(ghost.at);
    let width = ((four_bars as f64 / timeline.frames_per_point) as f32).clamp(120.0, 480.0);
    let first = ghost.track.and_then(|(id, _)| session.tracks.iter().position(|track| track.id == id));
    let rows = if first.is_some() { 1 } else { ghost.files.len().clamp(1, 8) };
    for (n, file) in ghost.files.iter().take(rows).enumerate() {
        let height = scene.view.panels.track_height;
        let below = kept.rows.height() + n as f32 * height;
        let row = first.and_then(|first| kept.rows.of(first).copied());
        let row = row.unwrap_or(Row { track: n, kind: Kind::Track, top: below, height });
        let place = row.place(lanes, timeline.top);
        let parts = Parts::of(place, x, x + width);
        let colour = tokens.accent;
        painter.rect_filled(parts.all, Tokens::CORNER[0], colour.gamma_multiply(0.18));
        dashed(ui, parts.all, Tokens::CORNER[0], colour);
        let mut name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if rows == 1 && ghost.files.len() > 1 {
            name = format!("{name} and {} more", ghost.files.len() - 1);
        }
        let galley =
            elided(painter, &name, medium(Tokens::TYPE[1]), tokens.text, width - 2.0 * Tokens::SPACE[1]);
        painter.galley(parts.header.min + vec2(Tokens::SPACE[1], 2.0), galley, tokens.text);
    }
    if first.is_none() {
        return;
    }
    // A line down to the moment, for the eye.
    painter.vline(x, lanes.y_range(), Stroke::new(1.0, tokens.accent));
}

/// A dashed outline with round corners.
pub fn dashed(ui: &Ui, place: Rect, corner: f32, colour: Color32) {
    let mut line = Vec::new();
    for (quarter, at) in [place.right_bottom(), place.left_bottom(), place.left_top(), place.right_top()]
        .into_iter()
        .enumerate()
    {
        let inwards = place.center() - at;
        let middle = at + vec2(inwards.x.signum(), inwards.y.signum()) * corner;
        for step in 0..=6u8 {
            let angle = (quarter as f32 + f32::from(step) / 6.0) * std::f32::consts::FRAC_PI_2;
            line.push(middle + corner * egui::Vec2::angled(angle));
        }
    }
    line.extend(line.first().copied());
    ui.painter().extend(Shape::dashed_line(&line, Stroke::new(1.25, colour), 5.0, 4.0));
}
