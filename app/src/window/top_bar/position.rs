//! Where the song is: lamp, bars and beats, time.

use dawg_session::{BarBeatTick, Session, TICKS_PER_QUARTER};
use egui::accesskit::Role;
use egui::{Align, Align2, Rect, Sense, Ui, WidgetInfo, pos2};

use super::Row;
use super::fit::{Fit, wide};
use super::part;
use super::typed::{Said, Typed};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, regular, semibold, tokens};
use crate::studio::action::Action;
use crate::window::Scene;

/// Ticks of a sixteenth.
const SIXTEENTH: i64 = TICKS_PER_QUARTER / 4;

pub(super) fn show(ui: &mut Ui, well: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let height = well.rect.height();
    let readout = scene.studio.readout();
    let playhead = readout.playhead;
    let (map, rate) = (&session.tempo_map, session.sample_rate);
    lamp(ui, well.part(wide::LAMP, height), scene);
    let rect = well.part(wide::POSITION, height);
    let place = map.bar_beat_tick(map.samples_to_ticks(playhead.position, rate));
    let words = format!("{}.{}.{}", minus(place.bar), place.beat, place.tick / SIXTEENTH + 1);
    let field = Typed {
        name: "Position",
        value: &words,
        font: semibold(Tokens::TYPE[3]),
        align: Align::Center,
        sense: Sense::click(),
    };
    match field.show(ui, rect.shrink2(egui::vec2(0.0, Tokens::SPACE[0]))) {
        Said::Shown(response) => {
            match beats_left(session, playhead.count_in_left) {
                Some(left) if playhead.counting_in => count_in(ui, rect, left),
                _ => figures(ui, rect, place),
            }
            part::hint(
                response,
                "Position in bars, beats and sixteenths",
                "",
                "Click to type where to go: 17 or 17.3",
            );
        }
        Said::Typing => {}
        Said::Text(text) => {
            if let Some(to) = parse(session, &text) {
                scene.wish(Action::Locate(to));
            }
        }
    }
    if fit.time {
        time(ui, well.part(wide::TIME, height), playhead.position, rate);
    }
}

/// What the transport does, told by shape, word and colour.
fn lamp(ui: &mut Ui, rect: Rect, scene: &Scene<'_>) {
    let readout = scene.studio.readout();
    let tokens = tokens(ui.ctx());
    let (shape, word, ink) = match readout.playhead {
        head if head.counting_in => (Icon::Metronome, "IN", tokens.record),
        head if head.recording || readout.recording.is_some() => (Icon::Record, "REC", tokens.record),
        head if head.rolling => (Icon::Play, "", tokens.accent),
        _ => (Icon::Stop, "", tokens.faint),
    };
    let said = match (word, readout.playhead.rolling) {
        ("IN", _) => "Counting in",
        ("REC", _) => "Recording",
        (_, true) => "Playing",
        (_, false) => "Stopped",
    };
    let response = ui.interact(rect, ui.scope_id().with("lamp"), Sense::hover());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(said.to_owned()),
        ..WidgetInfo::labeled(Role::Status, true, "Transport")
    });
    let lift = if word.is_empty() { 0.0 } else { Tokens::SPACE[1] - 2.0 };
    let side = egui::Vec2::splat(Tokens::SPACE[2]);
    let at = rect.center() - egui::vec2(0.0, lift);
    icon::draw(ui.painter(), shape, Rect::from_center_size(at, side), ink);
    if !word.is_empty() {
        let under = rect.with_min_y(rect.center().y + 1.0).translate(egui::vec2(0.0, -1.0));
        part::text(ui, under, Align2::CENTER_CENTER, word, semibold(Tokens::TYPE[0]), ink);
    }
}

/// Bars, beats and sixteenths, each in a column of its own, so that none moves another.
fn figures(ui: &Ui, rect: Rect, place: BarBeatTick) {
    let tokens = tokens(ui.ctx());
    let font = semibold(Tokens::TYPE[4]);
    let digit = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    let dot = digit * 0.75;
    let two = if place.beat >= 10 { 1.0 } else { 0.0 };
    // From the right: one sixteenth, a dot, the beat (two figures in long bars), a dot, the bar.
    let mut right = rect.right() - Tokens::SPACE[1];
    let put = |words: &str, ink, width: f32, right: &mut f32| {
        let at = pos2(*right - width / 2.0, rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, words, font.clone(), ink);
        *right -= width;
    };
    put(&(place.tick / SIXTEENTH + 1).to_string(), tokens.text, digit, &mut right);
    put(".", tokens.secondary, dot, &mut right);
    put(&place.beat.to_string(), tokens.text, digit * (1.0 + two), &mut right);
    put(".", tokens.secondary, dot, &mut right);
    let bar = rect.with_max_x(right);
    part::text(ui, bar, Align2::RIGHT_CENTER, &minus(place.bar), font, tokens.text);
}

fn count_in(ui: &Ui, rect: Rect, left: i64) {
    let ink = tokens(ui.ctx()).record;
    part::text(ui, rect, Align2::CENTER_CENTER, &format!("−{left}"), semibold(Tokens::TYPE[4]), ink);
}

fn time(ui: &mut Ui, rect: Rect, position: i64, rate: u32) {
    let ms = (i128::from(position) * 1_000).div_euclid(i128::from(rate.max(1)));
    let (sign, ms) = if ms < 0 { ("−", -ms) } else { ("", ms) };
    let words = match ms / 3_600_000 {
        0 => format!("{sign}{}:{:02}.{:03}", ms / 60_000, ms / 1_000 % 60, ms % 1_000),
        hours => format!("{sign}{hours}:{:02}:{:02}.{}", ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000 / 100),
    };
    let response = ui.interact(rect, ui.scope_id().with("time"), Sense::hover());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(Role::Timer, true, "Time")
    });
    let tokens = tokens(ui.ctx());
    let inner = rect.with_max_x(rect.right() - Tokens::SPACE[1]);
    let size = Tokens::TYPE[4] - Tokens::SPACE[0];
    part::text(ui, inner, Align2::RIGHT_CENTER, &words, regular(size), tokens.secondary);
    part::hint(response, "Time since the start of the song", "", "Minutes, seconds, milliseconds");
}

fn minus(number: i64) -> String {
    if number < 0 { format!("−{}", -number) } else { number.to_string() }
}

/// Beats of count-in that are left, the one under way included.
fn beats_left(session: &Session, frames: i64) -> Option<i64> {
    let map = &session.tempo_map;
    let origin = map.ticks_to_samples(0, session.sample_rate).0;
    let ticks = map.samples_to_ticks(origin + frames, session.sample_rate);
    let beat = map.meter_at(1).beat_ticks();
    (frames > 0).then(|| (ticks + beat - 1).div_euclid(beat).max(1))
}

/// The song frame of "17", "17.3" or "17.3.2", or of a time like "1:02.5".
fn parse(session: &Session, text: &str) -> Option<i64> {
    let text = text.replace('−', "-");
    if let Some((minutes, seconds)) = text.split_once(':') {
        let (minutes, seconds) = (minutes.parse::<f64>().ok()?, seconds.parse::<f64>().ok()?);
        let frames = (minutes * 60.0 + seconds) * f64::from(session.sample_rate);
        return frames.is_finite().then(|| (frames.round() as i64).max(0));
    }
    let numbers = text.split(['.', ' ', '|']).filter(|part| !part.is_empty());
    let numbers = numbers.map(str::parse).collect::<Result<Vec<i64>, _>>().ok()?;
    let bar = *numbers.first()?;
    let beat = numbers.get(1).copied().unwrap_or(1).clamp(1, 64);
    let sixteenth = numbers.get(2).copied().unwrap_or(1).clamp(1, 16);
    let place = BarBeatTick { bar: bar.clamp(-9_999, 99_999), beat, tick: (sixteenth - 1) * SIXTEENTH };
    let map = &session.tempo_map;
    Some(map.ticks_to_samples(map.ticks_at(place), session.sample_rate).0.max(0))
}
