//! The note that is sung, large: its name, its cents, a needle, its frequency, how loud it comes in, and words.
//!
//! Start at [`show`]. Nothing in it moves when values change. In tune is green; beside it is amber, with an arrow and
//! with words.

use dawg_session::Track;
use egui::accesskit::{Rect as Bounds, Role};
use egui::text::LayoutJob;
use egui::{Align2, Color32, Painter, Rect, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use super::boxes::arrow;
use super::curve::colour;
use super::scale::Scale;
use super::voice::{IN_TUNE, Reading, Tune};
use super::words;
use crate::coaching::{Message, Severity};
use crate::look::control::{self, elide};
use crate::look::{Tokens, mix, regular, semibold, tokens};
use crate::sound::Level;
use crate::window::Scene;
use crate::window::channel;

/// The scale of the needle ends here, in cents.
const SCALE: f32 = 50.0;
/// Height of the note's line, and where its letters stand in it: how much of a line lies above their foot.
const NOTE: f32 = 60.0;
const ASCENT: f32 = 0.968;
/// Thickness of the needle's scale, and length of the needle.
const RAIL: f32 = 8.0;
const NEEDLE: f32 = 20.0;
/// The coach has so many lines at most.
const MOST_LINES: usize = 3;
/// Width of the input's meter.
const METER: f32 = 9.0;

/// What is shown.
#[derive(Debug)]
pub(super) struct Readout<'a> {
    /// The track; none where none is followed.
    pub track: Option<&'a Track>,
    /// Other tracks that could be shown.
    pub others: Vec<&'a Track>,
    /// What is sung.
    pub reading: Option<Reading>,
    /// The song's key.
    pub scale: Scale,
    /// Peak of the input at the newest estimate, linear: for tracks that are followed without being armed.
    pub level: f32,
    /// What there is to say of it, at most two lines.
    pub words: [String; 2],
    /// What the coach has just said: in place of the second line.
    pub coach: Option<Message>,
}

impl Readout<'_> {
    /// Draws it into the whole of a ui.
    pub(super) fn show(&self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let place = ui.max_rect();
        let tokens = tokens(ui.ctx());
        self.tell(ui, place);
        let inside = place.shrink2(vec2(Tokens::SPACE[3], Tokens::SPACE[1]));
        let meter = inside.with_min_x(inside.right() - METER);
        let rest = inside.with_max_x(meter.left() - Tokens::SPACE[2]);
        self.head(ui, scene, rest.with_max_y(rest.top() + Tokens::HEIGHT[1]));
        self.meter(ui, scene, meter.shrink2(vec2(0.0, Tokens::SPACE[0])));
        // What is not there in a low drawer: the words' second line first, then the gaps.
        let gap = ((rest.height() - 150.0) / 4.0).clamp(0.0, Tokens::SPACE[3]);
        let foot = rest.top() + Tokens::HEIGHT[1] + gap * 0.5 + NOTE;
        self.note(ui, rest, foot, &tokens);
        let rail =
            rest.with_min_y(foot + Tokens::SPACE[1] + gap).with_max_y(foot + Tokens::SPACE[1] + gap + RAIL);
        self.needle(ui.painter(), rail, &tokens);
        self.words(ui, rest.with_min_y(rail.bottom() + Tokens::SPACE[3] + gap), &tokens);
    }

    /// For those who listen.
    fn tell(&self, ui: &Ui, place: Rect) {
        let id = ui.scope_id().with("live pitch");
        _ = ui.interact(place, id, Sense::hover());
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(Role::Status);
            node.set_label("Live pitch");
            node.set_value(words::aloud(self.reading.as_ref(), self.scale));
            node.set_bounds(bounds(place));
        });
    }

    /// Whose pitch it is, and the others to choose from.
    fn head(&self, ui: &mut Ui, scene: &mut Scene<'_>, place: Rect) {
        let look = tokens(ui.ctx());
        let Some(track) = self.track else {
            let words = elide(ui, "Live pitch", regular(Tokens::TYPE[2]), look.secondary, place.width());
            ui.painter().galley(place.left_center() - vec2(0.0, words.size().y / 2.0), words, look.secondary);
            return;
        };
        if self.others.is_empty() {
            let words = format!("{} · live pitch", track.name);
            let words = elide(ui, &words, regular(Tokens::TYPE[2]), look.secondary, place.width());
            ui.painter().galley(place.left_center() - vec2(0.0, words.size().y / 2.0), words, look.secondary);
            return;
        }
        let mut ui = ui.new_child(UiBuilder::new().id_salt("whose").max_rect(place));
        let mut chosen = None;
        let width = place.width().min(196.0);
        control::menu_button(&mut ui, "Track of the live pitch", track.name.as_str(), width, |ui| {
            for other in std::iter::once(track).chain(self.others.iter().copied()) {
                if ui.selectable_label(other.id == track.id, other.name.as_str()).clicked() {
                    chosen = Some(other.id);
                    ui.close();
                }
            }
        });
        if let Some(chosen) = chosen {
            scene.view.selection.track = Some(chosen);
        }
    }

    /// The colour of what is read: dimmed while it is held.
    fn ink(&self, reading: &Reading, tokens: &Tokens) -> Color32 {
        let bright = colour(reading.tune(), tokens);
        if reading.held { mix(tokens.panel, bright, 0.45) } else { bright }
    }

    /// The name with its foot at a height, the cents and the frequency beside it.
    fn note(&self, ui: &Ui, rest: Rect, foot: f32, tokens: &Tokens) {
        let painter = ui.painter();
        let line = |size: f32| foot - ASCENT * size;
        let Some(reading) = &self.reading else {
            let font = regular(Tokens::TYPE[5]);
            painter.text(pos2(rest.left(), line(Tokens::TYPE[5])), Align2::LEFT_TOP, "–", font, tokens.faint);
            return;
        };
        let ink = self.ink(reading, tokens);
        let name = elide(ui, &self.scale.name(reading.note), semibold(Tokens::TYPE[5]), ink, rest.width());
        let right = rest.left() + name.size().x;
        // A hair to the left: large letters have room of their own beside them.
        painter.galley(pos2(rest.left() - 3.0, line(Tokens::TYPE[5])), name, ink);
        let beside = pos2(right + Tokens::SPACE[2], line(Tokens::TYPE[4]));
        let words = words::cents(reading.cents);
        let text = painter.text(beside, Align2::LEFT_TOP, words, semibold(Tokens::TYPE[4]), ink);
        let quiet = if reading.held { tokens.faint } else { tokens.secondary };
        let hertz = format!("{:.1} Hz", reading.hertz);
        let above = pos2(beside.x, text.top() - Tokens::SPACE[0]);
        painter.text(above, Align2::LEFT_BOTTOM, hertz, regular(Tokens::TYPE[1]), quiet);
    }

    /// The scale from −50 to 50 with the band that is in tune, and the needle.
    fn needle(&self, painter: &Painter, rail: Rect, tokens: &Tokens) {
        let x = |cents: f32| rail.center().x + rail.width() / 2.0 * (cents / SCALE).clamp(-1.0, 1.0);
        painter.rect_filled(rail, 2.0, tokens.well);
        let band = Rect::from_x_y_ranges(x(-IN_TUNE)..=x(IN_TUNE), rail.y_range());
        let tune = self.reading.as_ref().map(Reading::tune);
        let dim = match tune {
            Some(Tune::In) => mix(tokens.in_tune_dim, tokens.in_tune, 0.2),
            _ => tokens.in_tune_dim,
        };
        painter.rect_filled(band, 0.0, dim);
        let middle = Rect::from_center_size(rail.center(), vec2(1.0, RAIL));
        painter.rect_filled(middle, 0.0, mix(tokens.in_tune_dim, tokens.in_tune, 0.55));
        for (cents, words) in [(-SCALE, "−50"), (0.0, "±15"), (SCALE, "+50")] {
            let align = match cents as i32 {
                0 => Align2::CENTER_TOP,
                below if below < 0 => Align2::LEFT_TOP,
                _ => Align2::RIGHT_TOP,
            };
            let at = pos2(x(cents), rail.bottom() + Tokens::SPACE[0]);
            painter.text(at, align, words, regular(Tokens::TYPE[0]), tokens.faint);
        }
        let Some(reading) = &self.reading else { return };
        let ink = self.ink(reading, tokens);
        let at = pos2(x(reading.needle), rail.center().y);
        painter.rect_filled(Rect::from_center_size(at, vec2(4.0, NEEDLE)), 2.0, ink);
    }

    fn words(&self, ui: &Ui, rest: Rect, tokens: &Tokens) {
        let mut y = rest.top();
        for (line, words) in self.words.iter().enumerate() {
            if line == 1
                && let Some(message) = &self.coach
            {
                return coach(ui, message, rest.with_min_y(y), tokens);
            }
            if words.is_empty() || y + Tokens::TYPE[2] > rest.bottom() + 1.0 {
                return;
            }
            let held = self.reading.is_none_or(|reading| reading.held);
            let ink = if line == 0 && !held { tokens.text } else { tokens.secondary };
            let mut left = rest.left();
            if let Some(reading) = self.reading.filter(|_| line == 0)
                && reading.tune() != Tune::In
            {
                let middle = pos2(left + 4.5, y + 7.5);
                arrow(ui.painter(), middle, 4.5, reading.tune(), self.ink(&reading, tokens));
                left += 14.0;
            }
            let galley = elide(ui, words, regular(Tokens::TYPE[2]), ink, rest.right() - left);
            let height = galley.size().y;
            ui.painter().galley(pos2(left, y), galley, ink);
            y += height + 3.0;
        }
    }

    /// How loud it comes in.
    fn meter(&self, ui: &mut Ui, scene: &Scene<'_>, place: Rect) {
        let Some(track) = self.track else { return };
        let levels: [Level; 2] = match track.arm {
            true => channel::levels(scene.studio.readout(), track),
            false => [Level { peak: self.level, rms: self.level, ..Level::default() }; 2],
        };
        let sides = if track.input.channels().len() > 1 { &levels[..] } else { &levels[..1] };
        let hit = place.expand2(Vec2::splat(Tokens::SPACE[0]));
        let response = ui.interact(hit, ui.scope_id().with("input level"), Sense::hover());
        let peak = sides.iter().map(|level| level.peak).fold(0.0, f32::max);
        let words = format!("{} dB", control::decibels(peak));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Meter);
            node.set_label(format!("Input level of {}", track.name));
            node.set_value(words.clone());
            node.set_bounds(bounds(place));
        });
        control::meter(ui, place, sides);
        response.on_hover_text(format!("Input of {}: {words}", track.name));
    }
}

/// What the coach has said, in as many lines as there is room for, three at most. How grave it is shows in colour and in shape: a ring is well done, a dot is
/// worth knowing, a triangle worth changing.
fn coach(ui: &Ui, message: &Message, place: Rect, tokens: &Tokens) {
    let height = Tokens::TYPE[2];
    if place.top() + height > place.bottom() + 1.0 {
        return;
    }
    let (middle, reach) = (pos2(place.left() + 4.5, place.top() + 7.5), 3.5);
    match message.severity {
        Severity::Good => {
            _ = ui.painter().circle_stroke(middle, reach, egui::Stroke::new(1.5, tokens.in_tune));
        }
        Severity::Info => _ = ui.painter().circle_filled(middle, reach, tokens.secondary),
        Severity::Warn => {
            let corner = |x: f32, y: f32| middle + vec2(x, y) * reach;
            let corners = vec![corner(0.0, -1.0), corner(1.0, 0.9), corner(-1.0, 0.9)];
            ui.painter().add(egui::Shape::convex_polygon(corners, tokens.attention, egui::Stroke::NONE));
        }
    }
    let line = place.with_min_x(place.left() + 14.0);
    let font = regular(Tokens::TYPE[2]);
    let row = ui.fonts_mut(|fonts| fonts.row_height(&font));
    let mut job = LayoutJob::simple(message.text.clone(), font, tokens.secondary, line.width());
    job.wrap.max_rows = ((line.height() / row) as usize).clamp(1, MOST_LINES);
    job.wrap.overflow_character = Some('…');
    let galley = ui.painter().layout_job(job);
    let elided = galley.elided;
    let line = Rect::from_min_size(line.min, galley.size());
    ui.painter().galley(line.min, galley, tokens.secondary);
    let response = ui.interact(line, ui.scope_id().with("coach"), Sense::hover());
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Status);
        node.set_label("Vocal coach");
        node.set_value(message.text.clone());
        node.set_bounds(bounds(line));
    });
    if elided {
        response.on_hover_text(message.text.as_str());
    }
}

/// As the accessibility tree has it.
pub(super) fn bounds(place: Rect) -> Bounds {
    Bounds {
        x0: f64::from(place.left()),
        y0: f64::from(place.top()),
        x1: f64::from(place.right()),
        y1: f64::from(place.bottom()),
    }
}
