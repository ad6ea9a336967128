//! The drawer below the arrangement: the pitch of who sings, live. Left the note, right the curve.
//!
//! Start at [`show`]. What was sung comes from [`Studio::live_pitch`](crate::studio::Studio::live_pitch) and is kept in
//! `History`: on its line of time long silences are folded while the song stands, so that the last phrase stays in
//! sight and a silent window draws nothing. `voice` says what is read, `reach` what is in sight; `readout`,
//! `roll`, `curve`, `boxes` draw, `over` is what belongs to the pointer, `empty` what stands there instead.

mod boxes;
mod curve;
mod empty;
mod history;
mod over;
mod reach;
mod readout;
mod roll;
pub mod scale;
mod voice;
mod words;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use dawg_session::{Session, Track};
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, UiBuilder};

use super::Scene;
use crate::look::{Tokens, tokens, track_colour};
use crate::pitches::tuning_of;
use history::{History, RATE};
use reach::{Field, Reach};
use readout::Readout;
use scale::Scale;
use voice::Reading;

/// How high the drawer may be.
pub const HEIGHT: RangeInclusive<f32> = 168.0..=640.0;
/// How wide the note's panel may be; between, it is as wide as the headers above it.
const PANEL: RangeInclusive<f32> = 252.0..=340.0;
/// After so long without an estimate nobody is heard any more.
const STALE: Duration = Duration::from_millis(400);

/// What the drawer keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    history: Option<History>,
    reach: Reach,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session().map(Arc::clone) else { return };
    let mut kept = std::mem::take(&mut scene.view.pitch);
    let track =
        scene.studio.pitch_track(scene.view).and_then(|track| session.track(track)).map(|track| &**track);
    kept.hear(scene, &session, track);
    let scale = Scale::of(session.key);
    let place = ui.max_rect();
    let width = scene.view.panels.headers.clamp(*PANEL.start(), *PANEL.end()).min(place.width() / 2.0);
    let (left, right) = place.split_left_right_at_x((place.left() + width).round());
    let mut roll = child(ui, "roll", right);
    if let (Some(history), Some(track)) = (&kept.history, track) {
        kept.reach.fit(right.height());
        let moves = kept.reach.follow(history, roll.input(|input| input.stable_dt.min(0.1)));
        if moves || waits(history) {
            ui.ctx().request_repaint();
        }
        draw(&mut roll, history, &mut kept.reach, (&session, track));
    } else {
        bare(&roll, scale);
    }
    empty::show(&mut roll, scene, &session, track, kept.history.as_ref());
    let reading = kept.history.as_ref().and_then(reading);
    let others = session.tracks.iter().filter(|other| other.arm).map(|other| &**other);
    let others = others.filter(|other| Some(other.id) != track.map(|track| track.id)).collect();
    let words = said(kept.history.as_ref(), reading.as_ref());
    let level = kept.history.as_ref().and_then(History::newest).map_or(0.0, |newest| newest.level);
    let coach = scene.studio.coaching().newest();
    if let Some(message) = &coach {
        // It goes by itself.
        ui.ctx().request_repaint_after(message.left());
    }
    Readout { track, others, reading, scale, words, level, coach }.show(&mut child(ui, "note", left), scene);
    let line = right.with_max_x(right.left() + Tokens::HAIRLINE);
    ui.painter().rect_filled(line, 0.0, tokens(ui.ctx()).hairline);
    scene.view.pitch = kept;
}

impl Kept {
    /// Shows `by` times as many seconds.
    pub fn zoom_time(&mut self, by: f32) {
        self.reach.zoom_time(by);
    }

    /// Takes in what was sung since the last frame.
    fn hear(&mut self, scene: &Scene<'_>, session: &Arc<Session>, track: Option<&Track>) {
        let Some(track) = track else { return self.history = None };
        let tuning = tuning_of(session);
        if self.history.as_ref().is_none_or(|history| history.track != track.id) {
            self.history = Some(History::of(track.id, tuning));
            self.reach = Reach::default();
        }
        let Some(history) = &mut self.history else { return };
        history.retune(tuning);
        if let Some(sung) = scene.studio.live_pitch().of(track.id) {
            history.take_in(&sung.heard, session);
        }
    }
}

/// Whether the picture changes though nothing comes in: the last note is held, then goes.
fn waits(history: &History) -> bool {
    history.voice.reading().is_some_and(|_| stale(history).is_none_or(|gone| gone < HOLD))
}

const HOLD: Duration = Duration::from_millis(1_500);

/// How long ago the newest estimate came, if that is so long that nobody is heard any more.
fn stale(history: &History) -> Option<Duration> {
    history.newest().map(|newest| newest.at.elapsed()).filter(|since| *since > STALE)
}

/// What is read; the last note for a moment after.
fn reading(history: &History) -> Option<Reading> {
    let reading = history.reading()?;
    match stale(history) {
        None => Some(reading),
        Some(since) if since < HOLD => Some(Reading { held: true, needle: reading.cents, ..reading }),
        Some(_) => None,
    }
}

/// What is said below the needle.
fn said(history: Option<&History>, reading: Option<&Reading>) -> [String; 2] {
    let Some(history) = history else { return Default::default() };
    let phrase = words::of_phrase(history.notes());
    match reading {
        Some(reading) => [words::of_reading(reading, history.notes().next_back()), phrase],
        None => [phrase, String::new()],
    }
}

/// The curve on its roll.
fn draw(ui: &mut Ui, history: &History, reach: &mut Reach, (session, track): (&Arc<Session>, &Track)) {
    let place = ui.max_rect();
    let pixels = ui.pixels_per_point();
    let field = reach.field(place, pixels);
    let response = ui.interact(place, ui.scope_id().with("curve"), Sense::click_and_drag());
    over::listen(ui, &response, reach, &field);
    let field = reach.field(place, pixels);
    let (tokens, scale) = (tokens(ui.ctx()), Scale::of(session.key));
    let painter = ui.painter().with_clip_rect(place);
    roll::rows(&painter, &field, scale, &tokens);
    let within = painter.with_clip_rect(field.roll.intersect(painter.clip_rect()));
    roll::lines(&within, &field, history, session, &tokens);
    boxes::draw(&within, &field, history, track_colour(track.colour), &tokens);
    curve::draw(&within, &field, history, &tokens);
    roll::now(&within, &field, history.runs(), &tokens);
    roll::names(&painter, &field, scale, &tokens);
    over::hover(ui, &response, &field, history, (scale, session));
    tell(ui, &response, &field, history, scale);
    crate::look::control::focus_ring(ui, &response, place.shrink(3.0), 0.0);
    back(ui, reach, place);
}

/// The roll where nothing is followed.
fn bare(ui: &Ui, scale: Scale) {
    let place = ui.max_rect();
    let mut reach = Reach::default();
    reach.fit(place.height());
    let field = reach.field(place, ui.pixels_per_point());
    let tokens = tokens(ui.ctx());
    let painter = ui.painter().with_clip_rect(place);
    roll::rows(&painter, &field, scale, &tokens);
    roll::names(&painter, &field, scale, &tokens);
    roll::now(&painter, &field, false, &tokens);
}

/// For those who listen.
fn tell(ui: &Ui, response: &egui::Response, field: &Field, history: &History, scale: Scale) {
    let (from, to) = (field.moment(field.roll.left()) / RATE, field.moment(field.now) / RATE);
    let notes = history.notes().filter(|note| note.end > from && note.start < to);
    let place = response.rect;
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Figure);
        node.set_label("Pitch curve");
        node.set_value(words::of_curve(notes, scale));
        node.set_bounds(readout::bounds(place));
    });
}

/// The way back to following, while a person looks elsewhere.
fn back(ui: &mut Ui, reach: &mut Reach, place: Rect) {
    if !reach.is_away() {
        return;
    }
    let size = egui::vec2(112.0, Tokens::HEIGHT[1] + 2.0);
    let corner = place.right_top() + egui::vec2(-size.x - Tokens::SPACE[1], Tokens::SPACE[1]);
    let mut ui = child(ui, "back", Rect::from_min_size(corner, size));
    let words = "Follow the voice";
    let response = crate::look::control::text_button(&mut ui, words, false);
    if response.on_hover_text("Double click, or Enter").clicked() {
        reach.come_back();
    }
}

/// A part of the drawer that draws nothing outside itself.
fn child(ui: &mut Ui, name: &str, rect: Rect) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child
}
