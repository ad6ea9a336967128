//! What the pointer reads from a curve: the moment, what is sung there, and the note that it belongs to.
//!
//! Start at [`show`].

use dawg_dsp::pitch::notes::{SungNote, share_in_tune};
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use dawg_session::{LaneId, Samples, Track};
use egui::{Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::super::canvas::Sheet;
use super::super::clips::Parts;
use super::super::index::Span;
use super::super::rows::Kind;
use super::{Scale, carries_voice, ink};
use crate::look::{Tokens, medium, regular};
use crate::pitches::curve::{is_in_tune, keys};
use crate::pitches::{Centre, Sung, notes_between, tuning_of};
use crate::window::dialogs::form::time_words;
use crate::window::pitch::scale::Scale as InKey;

/// A clip under the pointer.
struct Under<'a> {
    track: &'a Track,
    span: &'a Span,
    body: Rect,
    /// The song's frame.
    frame: i64,
}

/// Draws a dot on the curve under the pointer, and beside it a plate with what is read there.
pub fn show(sheet: &Sheet<'_>, at: Pos2, out: &mut Vec<Shape>) {
    let Some(under) = under(sheet, at) else { return };
    let Some(sung) = sheet.studio.pitches().known(under.span.clip.media) else { return };
    let Some(scale) = Scale::of(sheet, under.track, under.span, under.body) else { return };
    let frame = scale.frame(at.x);
    let estimate = sung.curve.at(frame);
    if let Some(estimate) = estimate.filter(|estimate| estimate.voiced) {
        let keys = keys(estimate) + scale.shift;
        let dot = pos2(at.x, scale.y(keys));
        let mut centre = Centre::of(&sung.curve, &sung.notes, tuning_of(sheet.session));
        let in_tune = is_in_tune(centre.at(estimate.number as usize));
        out.push(Shape::circle_filled(dot, 3.5, ink(&sheet.tokens, in_tune)));
        out.push(Shape::circle_stroke(dot, 3.5, Stroke::new(1.0, sheet.tokens.room)));
    }
    plate(sheet, at, &lines(sheet, &sung, estimate, under.frame, sung.curve.seconds(frame)), out);
}

/// The clip whose pitch is shown under the pointer.
fn under<'a>(sheet: &'a Sheet<'_>, at: Pos2) -> Option<Under<'a>> {
    let row = sheet.rows.at(at.y - sheet.rect.top() + sheet.timeline.top)?;
    let track = sheet.session.tracks.get(row.track)?;
    if !carries_voice(track, sheet.selection.track == Some(track.id)) {
        return None;
    }
    let frame = sheet.timeline.frame(at.x - sheet.rect.left());
    let heard = || -> Option<LaneId> {
        let comp = track.playing_comp()?;
        Some(comp.picks.get(comp.at(Samples(frame))?)?.lane)
    };
    let (lane, slim) = match row.kind {
        Kind::Lane(number) => (track.lanes.get(number)?.id, true),
        Kind::Track => (track.playing().map(|lane| lane.id).or_else(heard)?, false),
        Kind::Pass(_) => return None,
    };
    let span = sheet.index.at(lane, frame)?;
    let place = row.place(sheet.rect, sheet.timeline.top);
    let (from, to) = (sheet.x(span.from), sheet.x(span.to));
    let parts = if slim { Parts::slim(place, from, to) } else { Parts::of(place, from, to) };
    parts.body.y_range().contains(at.y).then_some(Under { track, span, body: parts.body, frame })
}

/// What is read: the moment; of a note, what it is like.
fn lines(
    sheet: &Sheet<'_>,
    sung: &Sung,
    estimate: Option<&Estimate>,
    frame: i64,
    seconds: f64,
) -> Vec<String> {
    let session = sheet.session;
    let (tuning, in_key) = (tuning_of(session), InKey::of(session.key));
    let mut lines = vec![moment_words(
        &time_words(frame, session.sample_rate),
        estimate.filter(|estimate| estimate.voiced),
        |hertz| tuning.nearest(hertz).map(|(note, cents)| (in_key.name(note), cents.0)),
    )];
    // Half an estimate either way: the moment that is read may be the note's first.
    let half = 0.5 / f64::from(ESTIMATES_A_SECOND);
    if let Some(note) = notes_between(&sung.notes, seconds - half, seconds + half).first() {
        let share = share_in_tune(sung.curve.estimates(), note, tuning);
        lines.extend(note_words(note, &in_key.name(note.note), share));
    }
    lines
}

/// "0:03.250 · A3 +7 cents · 221.2 Hz · 92 % sure".
fn moment_words(
    time: &str,
    sung: Option<&Estimate>,
    nearest: impl Fn(Hertz) -> Option<(String, f32)>,
) -> String {
    let Some(estimate) = sung else { return format!("{time} · no voice") };
    let (hertz, sure) = (estimate.frequency, 100.0 * estimate.confidence);
    let note = nearest(Hertz(hertz))
        .map_or_else(String::new, |(note, cents)| format!("{note} {} cents · ", signed(cents)));
    format!("{time} · {note}{hertz:.1} Hz · {sure:.0} % sure")
}

/// Two lines on a note.
fn note_words(note: &SungNote, name: &str, in_tune: f32) -> [String; 2] {
    let beside = match note.cents.0.round() {
        0.0 => "on the note".to_owned(),
        cents => {
            let (many, side) = (cents.abs(), if cents > 0.0 { "sharp" } else { "flat" });
            format!("{many:.0} cent{} {side}", if many > 1.0 { "s" } else { "" })
        }
    };
    let vibrato = note.vibrato.map_or_else(
        || "no vibrato".to_owned(),
        |vibrato| format!("vibrato {:.1} Hz, {:.0} cents", vibrato.rate.0, vibrato.extent.0),
    );
    [
        format!("{name}, {beside} · {:.0} % of it in tune", in_tune * 100.0),
        format!("{:.2} s · drift {} cents · {vibrato}", note.end - note.start, signed(note.drift.0)),
    ]
}

/// With its sign, a true minus.
fn signed(cents: f32) -> String {
    match cents.round() {
        0.0 => "±0".to_owned(),
        cents if cents > 0.0 => format!("+{cents:.0}"),
        cents => format!("−{:.0}", -cents),
    }
}

/// Words on a plate beside the pointer, the first line stronger.
fn plate(sheet: &Sheet<'_>, at: Pos2, lines: &[String], out: &mut Vec<Shape>) {
    let tokens = &sheet.tokens;
    let galleys: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let (font, ink) = if n == 0 {
                (medium(Tokens::TYPE[1]), tokens.text)
            } else {
                (regular(Tokens::TYPE[1]), tokens.secondary)
            };
            (sheet.text(line, font, ink, f32::INFINITY), ink)
        })
        .collect();
    let width = galleys.iter().map(|(galley, _)| galley.size().x).fold(0.0, f32::max);
    let height: f32 = galleys.iter().map(|(galley, _)| galley.size().y + 1.0).sum();
    let mut place = Rect::from_min_size(at + vec2(14.0, 18.0), vec2(width, height)).expand2(vec2(8.0, 5.0));
    place = place.translate(vec2((sheet.rect.right() - place.right()).min(0.0), 0.0));
    if place.bottom() > sheet.rect.bottom() {
        place = place.translate(vec2(0.0, at.y - 10.0 - place.bottom()));
    }
    out.push(Shape::rect_filled(place, Tokens::CORNER[0], tokens.raised));
    let stroke = Stroke::new(Tokens::HAIRLINE, tokens.hairline);
    out.push(Shape::rect_stroke(place, Tokens::CORNER[0], stroke, egui::StrokeKind::Inside));
    let mut y = place.top() + 5.0;
    for (galley, ink) in galleys {
        let next = y + galley.size().y + 1.0;
        out.push(Shape::galley(pos2(place.left() + 8.0, y), galley, ink));
        y = next;
    }
}
