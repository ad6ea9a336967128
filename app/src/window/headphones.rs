//! The headphone mix: how much of me and of the beat the singer hears, and a room around the voice. A small panel that
//! hangs from the bar or from a track's strip.
//!
//! Start at [`show`]. What is set is the person's, kept with the preferences; nothing of it is recorded or exported.

use dawg_engine::CueMix;
use dawg_session::Monitor;
use egui::{
    Align2, Id, Popup, PopupAnchor, PopupCloseBehavior, Rect, RichText, Sense, Ui, Vec2, WidgetInfo, vec2,
};

use super::Scene;
use super::channel::text::{Style, paint};
use crate::look::control::{self, Turn, Way, decibels, focus_ring};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, semibold, tokens};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::view::View;
use crate::window::keys::keys_of;

/// Its width within the margins.
const WIDTH: f32 = 264.0;
/// Seconds that the room can be told to last.
const DECAY: [f32; 2] = [0.3, 6.0];

/// Where it hangs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hung {
    at: Rect,
    // Opened by keys, and the keyboard has not come to it yet.
    fresh: bool,
}

/// Opens it where the bar has its button, or at the bar's end; closes it if it is open.
pub fn toggle(view: &mut View) {
    let end =
        |bar: Rect| bar.with_max_x(bar.right() - Tokens::SPACE[2]).with_min_x(bar.right() - Tokens::SPACE[4]);
    let at = view.marks.headphones.or(view.marks.bar.map(end));
    view.headphones = at.filter(|_| view.headphones.is_none()).map(|at| Hung { at, fresh: true });
}

/// A click on what it hangs from.
pub fn click(view: &mut View, at: Rect) {
    view.headphones = view.headphones.is_none().then_some(Hung { at, fresh: false });
}

/// Whether it makes anything of what there is.
#[must_use]
pub fn shapes(mix: CueMix) -> bool {
    mix.balance != 0.0 || mix.reverb > 0.0
}

/// What it does, in few words: "Beat −6.0 dB, reverb 25 %".
#[must_use]
pub fn words(mix: CueMix) -> String {
    let balance = balance_words(mix.balance);
    if mix.reverb > 0.0 { format!("{balance}, reverb {}", percent(mix.reverb)) } else { balance }
}

/// Draws it while it is open.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(Hung { at, .. }) = scene.view.headphones else { return };
    let id = Id::unique("headphone mix");
    let anchor = PopupAnchor::ParentRect(at);
    let frame = egui::Frame::popup(ui.style()).inner_margin(Tokens::SPACE[3]);
    let mut open = true;
    Popup::new(id, ui.ctx().clone(), anchor, ui.layer_id())
        .open_bool(&mut open)
        .align(egui::RectAlign::BOTTOM_END)
        .gap(Tokens::SPACE[0])
        .frame(frame)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(WIDTH)
        .show(|ui| content(ui, scene));
    if !open {
        scene.view.headphones = None;
    }
}

fn content(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = Tokens::SPACE[0];
    title(ui);
    ui.add_space(Tokens::SPACE[1]);
    let mix = scene.studio.preferences().cue;
    let balance = line(ui, scene, "Balance", &BALANCE, mix.balance, |balance| CueMix { balance, ..mix });
    ends(ui, "Beat", "Me");
    if scene.view.headphones.as_mut().is_some_and(|hung| std::mem::take(&mut hung.fresh)) {
        balance.request_focus();
    }
    ui.add_space(Tokens::SPACE[1]);
    line(ui, scene, "Reverb", &REVERB, mix.reverb, |reverb| CueMix { reverb, ..mix });
    ui.add_space(Tokens::SPACE[0]);
    ui.add_enabled_ui(mix.reverb > 0.0, |ui| {
        line(ui, scene, "Decay", &LENGTH, mix.decay, |decay| CueMix { decay, ..mix });
    });
    ui.add_space(Tokens::SPACE[1]);
    advice(ui, scene);
}

fn title(ui: &mut Ui) {
    let tokens = tokens(ui.ctx());
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(Tokens::ICON[1]), Sense::hover());
        icon::draw(ui.painter(), Icon::Headphones, rect, tokens.secondary);
        ui.label(RichText::new("Headphones").font(semibold(Tokens::TYPE[3])));
    });
    let words = "Only for your ears: never recorded or exported.";
    ui.label(RichText::new(words).font(regular(Tokens::TYPE[1])).color(tokens.secondary));
}

const BALANCE: Way<'static> = Way {
    ends: [-1.0, 1.0],
    home: 0.0,
    centred: true,
    ratio: false,
    steps: [0.05, 0.01],
    words: &balance_words,
    parse: &|words| control::number_of(words).map(|percent| percent / 100.0),
};

const REVERB: Way<'static> = Way {
    ends: [0.0, 1.0],
    home: 0.0,
    centred: false,
    ratio: false,
    steps: [0.05, 0.01],
    words: &percent,
    parse: &|words| control::number_of(words).map(|percent| percent / 100.0),
};

const LENGTH: Way<'static> = Way {
    ends: DECAY,
    home: 1.4,
    centred: false,
    ratio: true,
    steps: [0.2, 0.1],
    words: &|seconds| format!("{seconds:.1} s"),
    parse: &control::number_of,
};

/// A name, its value, and the slider below them.
fn line(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    name: &str,
    way: &Way<'_>,
    value: f32,
    with: impl Fn(f32) -> CueMix,
) -> egui::Response {
    let (_, head) = ui.allocate_space(vec2(WIDTH, Tokens::SPACE[3]));
    let (response, turn) = control::slider(ui, name, value, way, WIDTH);
    let shown = match turn {
        Turn::Moves(to) | Turn::Lands(to) => to,
        Turn::Rests | Turn::TakenBack => held(ui, &response, value),
    };
    ui.data_mut(|data| data.insert_temp(response.id, Shown(shown)));
    let colours = tokens(ui.ctx());
    let (label, figure) =
        if ui.is_enabled() { (colours.secondary, colours.text) } else { (colours.faint, colours.faint) };
    paint(ui, head, name, Style::label(label).at(Align2::LEFT_CENTER));
    paint(ui, head, &(way.words)(shown), Style::label(figure).at(Align2::RIGHT_CENTER));
    match turn {
        Turn::Moves(to) => scene.wish(Action::Cue { mix: with(to), keep: false }),
        Turn::Lands(to) => scene.wish(Action::Cue { mix: with(to), keep: true }),
        Turn::TakenBack => scene.wish(Action::Cue { mix: with(value), keep: false }),
        Turn::Rests => {}
    }
    response
}

/// A value as it was last shown.
#[derive(Clone, Copy)]
struct Shown(f32);

/// In a hand that rests a value stays where it was moved; otherwise it is what is kept.
fn held(ui: &Ui, response: &egui::Response, kept: f32) -> f32 {
    let last = ui.data(|data| data.get_temp::<Shown>(response.id));
    last.filter(|_| response.dragged()).map_or(kept, |Shown(last)| last)
}

/// What the ends of a slider are.
fn ends(ui: &mut Ui, left: &str, right: &str) {
    let (_, rect) = ui.allocate_space(vec2(WIDTH, Tokens::SPACE[2]));
    let style = Style::label(tokens(ui.ctx()).secondary).size(Tokens::TYPE[0]);
    paint(ui, rect, left, style.at(Align2::LEFT_CENTER));
    paint(ui, rect, right, style.at(Align2::RIGHT_CENTER));
}

/// What stands in the way of hearing it.
fn advice(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let heard = session.tracks.iter().any(|track| {
        let input = !track.input.channels().is_empty();
        input && (track.monitor == Monitor::On || track.monitor == Monitor::Auto && track.arm)
    });
    let keys = |command| keys_of(scene.studio.preferences(), command);
    let words = if heard {
        "The reverb is on what comes in, after the fader of its track.".to_owned()
    } else {
        format!("No input is heard yet: switch a track’s monitoring on ({}).", keys(Command::ToggleMonitor))
    };
    let colours = tokens(ui.ctx());
    let missed = !heard && scene.studio.preferences().cue.reverb > 0.0;
    let colour = if missed { colours.attention } else { colours.secondary };
    ui.label(RichText::new(words).font(regular(Tokens::TYPE[1])).color(colour));
}

/// A field of a track's strip that says how the mix stands and opens it.
pub fn opener(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
    let mix = scene.studio.preferences().cue;
    let now = words(mix);
    let response = ui.interact(rect, ui.scope_id().with("headphones"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(now.clone()),
        ..WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Headphones")
    });
    let colours = tokens(ui.ctx());
    let fill = if response.hovered() { colours.hover } else { colours.control };
    let edge = egui::Stroke::new(Tokens::HAIRLINE, colours.outline);
    ui.painter().rect(rect, Tokens::CORNER[0], fill, edge, egui::StrokeKind::Inside);
    focus_ring(ui, &response, rect, Tokens::CORNER[0]);
    let inner = rect.shrink2(vec2(Tokens::SPACE[1], 0.0));
    let (text, sign) = inner.split_left_right_at_x(inner.right() - Tokens::SPACE[2]);
    let ink = if shapes(mix) { colours.text } else { colours.secondary };
    paint(ui, text.with_max_x(text.right() - Tokens::SPACE[0]), &now, Style::label(ink));
    icon::draw(ui.painter(), Icon::ChevronDown, sign, colours.secondary);
    let keys = keys_of(scene.studio.preferences(), Command::HeadphoneMix);
    let tip = |ui: &mut Ui| {
        ui.label(RichText::new(format!("Headphone mix  {keys}")).font(medium(Tokens::TYPE[2])));
        ui.label(RichText::new(format!("{now}. Never recorded or exported.")).color(colours.secondary));
    };
    if response.on_hover_ui(tip).clicked() {
        click(scene.view, rect);
    }
}

fn balance_words(balance: f32) -> String {
    let mix = CueMix { balance, ..CueMix::default() };
    match balance {
        0.0 => "Both".to_owned(),
        only if only >= 1.0 => "Only me".to_owned(),
        only if only <= -1.0 => "Only the beat".to_owned(),
        more if more > 0.0 => format!("Beat {} dB", decibels(mix.beat())),
        _ => format!("Me {} dB", decibels(mix.me())),
    }
}

fn percent(share: f32) -> String {
    if share > 0.0 { format!("{:.0} %", share * 100.0) } else { "Off".to_owned() }
}
