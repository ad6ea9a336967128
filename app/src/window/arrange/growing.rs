//! Takes as they grow, in the colour of recording: the pass that runs in its track's row, and where lanes are shown all
//! passes so far, the newest uppermost.

use egui::{CornerRadius, Rect, Shape, Ui, pos2};

use super::canvas::Sheet;
use super::clips::Parts;
use super::live::sheet;
use super::passes::Pass;
use super::rows::Kind;
use super::{Kept, Scene, wave};
use crate::look::{Tokens, medium, mix};
use crate::sound::Take;

/// Draws them.
pub fn show(ui: &Ui, scene: &Scene<'_>, kept: &Kept, lanes: Rect) {
    let readout = scene.studio.readout();
    let (Some(recording), Some(sheet)) = (&readout.recording, sheet(ui, scene, kept, lanes)) else { return };
    let mut out = Vec::new();
    let scrolled = scene.view.timeline.top;
    let passes = kept.passes.list();
    for row in kept.rows.in_sight(lanes.height(), scrolled) {
        let Some(track) = sheet.session.tracks.get(row.track) else { continue };
        let Some(take) = recording.takes.iter().find(|take| take.track == track.id) else { continue };
        let place = row.place(lanes, scrolled);
        let (pass, slim) = match row.kind {
            Kind::Track => (passes.last(), false),
            Kind::Pass(number) => (passes.get(number), true),
            Kind::Lane(_) => continue,
        };
        if let Some(pass) = pass {
            draw(&sheet, take, pass, (place, slim), readout.playhead.position, &mut out);
        }
    }
    ui.painter().extend(out);
}

/// One pass: red while it runs, grey when it is over.
fn draw(
    sheet: &Sheet<'_>,
    take: &Take,
    pass: &Pass,
    (place, slim): (Rect, bool),
    playhead: i64,
    out: &mut Vec<Shape>,
) {
    let runs = pass.to.is_none();
    let from = sheet.x(pass.from);
    let to = sheet.x(pass.to.unwrap_or(playhead)).min(sheet.rect.right());
    let seen = from.max(sheet.rect.left());
    if to - seen < 1.0 {
        return;
    }
    let tokens = &sheet.tokens;
    let (strip, body, ink) = if runs {
        (tokens.record, tokens.room.lerp_to_gamma(tokens.record, tokens.clip_body), tokens.record)
    } else {
        let grey = |strength| mix(tokens.room, tokens.secondary, strength);
        (grey(0.2), grey(0.11), grey(0.52))
    };
    let parts = if slim { Parts::slim(place, from, to + 1.0) } else { Parts::of(place, from, to + 1.0) };
    let round = Tokens::CORNER[0] as u8;
    let end = if runs { 0 } else { round };
    out.push(Shape::rect_filled(parts.all, CornerRadius { nw: round, sw: round, ne: end, se: end }, body));
    let corners = CornerRadius { nw: round, ne: end, ..CornerRadius::ZERO };
    out.push(Shape::rect_filled(parts.header, corners, strip));
    let left = parts.body.left().max(sheet.rect.left());
    let first = pass.offset as f64 + f64::from(left - from) * sheet.timeline.frames_per_point;
    let body = Rect::from_min_max(pos2(left, parts.body.top()), pos2(to, parts.body.bottom()));
    wave::growing(sheet, (take.media, take.channels), first, body, ink, out);
    let room = to - seen - 2.0 * Tokens::SPACE[1];
    if !slim && room > 30.0 {
        let galley = sheet.text("Recording", medium(Tokens::TYPE[1]), tokens.on_colour, room);
        let y = parts.header.center().y - galley.size().y / 2.0;
        out.push(Shape::galley(pos2(seen + Tokens::SPACE[1], y), galley, tokens.on_colour));
    }
}
