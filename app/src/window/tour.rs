//! A short tour of the window, which can be skipped: six steps, each pointing at a part.
//!
//! Start at `STEPS`. The window goes on working under it.

use egui::{
    Area, Color32, Frame, Id, Key, Modifiers, Order, Rect, RichText, Sense, Stroke, StrokeKind, Ui, Vec2,
};

use super::Scene;
use crate::look::{Tokens, regular, semibold, tokens};
use crate::studio::Stage;
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::preferences::Preferences;
use crate::studio::view::Tab;

/// Where the parts were drawn that the tour points at.
#[derive(Debug, Default, Clone, Copy)]
pub struct Marks {
    /// The top bar.
    pub bar: Option<Rect>,
    /// The main menu's button in it.
    pub menu: Option<Rect>,
    /// Play, stop, record and their neighbours.
    pub transport: Option<Rect>,
    /// The browser, while it is open.
    pub browser: Option<Rect>,
    /// The button of the headphone mix, where the bar has one.
    pub headphones: Option<Rect>,
    /// Track headers and timeline together.
    pub arrange: Option<Rect>,
}

/// A part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Transport,
    Tracks,
    Timeline,
    Browser,
    Export,
    Palette,
}

/// What is said where. `{}` stands for the keys of the command.
const STEPS: [(Part, &str, &str, Option<Command>); 6] = [
    (
        Part::Transport,
        "Play and record",
        "Space plays and stops. The red button records onto the armed track, after a bar of count-in.",
        None,
    ),
    (
        Part::Tracks,
        "Your tracks",
        "Each has its name, a record button, mute, solo, volume and pan. Arm one, and sing.",
        None,
    ),
    (
        Part::Timeline,
        "The song over time",
        "Drop a beat from your desktop here. Drag clips to move them, their edges to trim them; turn the wheel with \
         Ctrl held to zoom.",
        None,
    ),
    (
        Part::Browser,
        "Find sounds",
        "The browser ({}) lists your folders and lets you hear a file before you drag it in.",
        Some(Command::ToggleBrowser),
    ),
    (
        Part::Export,
        "Take it with you",
        "When it is done, export it ({}) as WAV, MP3 or FLAC. The song itself is saved all the time.",
        Some(Command::Export),
    ),
    (
        Part::Palette,
        "Find everything",
        "{} finds every action by its name, and shows its keys. This tour stands there too.",
        Some(Command::Palette),
    ),
];

/// Width of the card.
const WIDTH: f32 = 320.0;

/// Starts it when a person has never seen it: once a song is open and nothing asks for attention.
pub fn start(scene: &mut Scene<'_>, main: bool) {
    let free =
        scene.view.dialog.is_none() && scene.view.palette.is_none() && scene.studio.closing().is_none();
    let new = main && !scene.studio.preferences().toured && scene.view.tab == Tab::Arrange;
    if new && free && scene.view.tour.is_none() && matches!(scene.studio.stage(), Stage::Open(_)) {
        scene.view.tour = Some(0);
    }
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(step) = scene.view.tour else { return };
    let Some((part, title, words, command)) = STEPS.get(step).copied() else { return end(scene) };
    if scene.view.dialog.is_some() || scene.view.palette.is_some() {
        return;
    }
    let popup = egui::Popup::is_any_open(ui.ctx());
    if !popup && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        return end(scene);
    }
    let window = ui.ctx().content_rect();
    let place = place(part, scene).unwrap_or(window).intersect(window).shrink(1.0);
    ring(ui, place);
    let keys = command.map(|command| super::keys::keys_of(scene.studio.preferences(), command));
    let words = words.replace("{}", keys.as_deref().unwrap_or_default());
    let at = beside(place, window);
    let tokens = tokens(ui.ctx());
    let frame = Frame::popup(ui.style())
        .inner_margin(Tokens::SPACE[3])
        .corner_radius(Tokens::CORNER[2])
        .stroke(Stroke::new(Tokens::HAIRLINE, tokens.accent));
    let area = Area::new(Id::unique("tour")).order(Order::Foreground).fixed_pos(at).constrain(true);
    area.sense(Sense::hover()).accessible_name("Tour").show(ui.ctx(), |ui| {
        frame.show(ui, |ui| card(ui, step, title, &words, scene));
    });
}

fn place(part: Part, scene: &Scene<'_>) -> Option<Rect> {
    let marks = scene.view.marks;
    let arrange = || marks.arrange.filter(|_| scene.view.tab == Tab::Arrange);
    let headers = scene.view.panels.headers;
    match part {
        Part::Transport => marks.transport.map(|rect| rect.expand(Tokens::SPACE[0])),
        Part::Tracks => arrange().map(|rect| rect.with_max_x((rect.left() + headers).min(rect.right()))),
        Part::Timeline => arrange().map(|rect| rect.with_min_x((rect.left() + headers).min(rect.right()))),
        Part::Browser => {
            marks.browser.or_else(|| arrange().map(|rect| rect.with_max_x(rect.left() + Tokens::SPACE[3])))
        }
        Part::Export | Part::Palette => marks.menu.map(|rect| rect.expand(Tokens::SPACE[0])),
    }
}

/// A ring around a part, and the rest a little darker. Nothing is blocked by it.
fn ring(ui: &Ui, place: Rect) {
    let tokens = tokens(ui.ctx());
    let painter = ui.ctx().layer_painter(egui::LayerId::new(Order::Middle, Id::unique("tour ring")));
    let window = ui.ctx().content_rect();
    let shade = |rect: Rect| _ = painter.rect_filled(rect, 0.0, tokens.scrim.gamma_multiply(0.6));
    shade(window.with_max_y(place.top()));
    shade(window.with_min_y(place.bottom()));
    let beside = window.with_min_y(place.top()).with_max_y(place.bottom());
    shade(beside.with_max_x(place.left()));
    shade(beside.with_min_x(place.right()));
    let stroke = Stroke::new(Tokens::FOCUS, tokens.accent);
    painter.rect(place, Tokens::CORNER[1], Color32::TRANSPARENT, stroke, StrokeKind::Outside);
}

/// Where the card goes: under a part, or beside it, or within where it fills the window.
fn beside(place: Rect, window: Rect) -> egui::Pos2 {
    let gap = Tokens::SPACE[2];
    let tall = 190.0;
    if place.bottom() + gap + tall < window.bottom() {
        return egui::pos2(place.left().max(window.left() + gap), place.bottom() + gap);
    }
    let y = place.top() + 2.0 * Tokens::SPACE[4];
    if place.right() + gap + WIDTH + 2.0 * gap < window.right() {
        return egui::pos2(place.right() + gap, y);
    }
    egui::pos2(place.center().x - WIDTH / 2.0, place.center().y - tall / 2.0)
}

fn card(ui: &mut Ui, step: usize, title: &str, words: &str, scene: &mut Scene<'_>) {
    let tokens = tokens(ui.ctx());
    ui.set_width(WIDTH - 2.0 * Tokens::SPACE[3]);
    ui.label(RichText::new(title).font(semibold(Tokens::TYPE[3])));
    ui.label(RichText::new(words).font(regular(Tokens::TYPE[2])).color(tokens.secondary));
    ui.add_space(Tokens::SPACE[1]);
    ui.horizontal(|ui| {
        dots(ui, step);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let last = step + 1 == STEPS.len();
            let (next, name) = if last { ("Done", "Finish the tour") } else { ("Next", "Next step") };
            if crate::look::control::text_button(ui, next, true).on_hover_text(name).clicked() {
                match last {
                    true => end(scene),
                    false => scene.view.tour = Some(step + 1),
                }
                ui.ctx().request_repaint();
            }
            if step > 0 && crate::look::control::text_button(ui, "Back", false).clicked() {
                scene.view.tour = Some(step - 1);
                ui.ctx().request_repaint();
            }
            if !last
                && crate::look::control::text_button(ui, "Skip", false)
                    .on_hover_text("End the tour")
                    .clicked()
            {
                end(scene);
            }
        });
    });
}

fn dots(ui: &mut Ui, step: usize) {
    let tokens = tokens(ui.ctx());
    let each = Tokens::SPACE[1] + 2.0;
    let size = Vec2::new(each * STEPS.len() as f32, Tokens::HEIGHT[0]);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        let words = format!("Step {} of {}", step + 1, STEPS.len());
        egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words)
    });
    for at in 0..STEPS.len() {
        let centre = egui::pos2(rect.left() + each * (at as f32 + 0.5), rect.center().y);
        let (radius, ink) = if at == step { (3.5, tokens.accent) } else { (2.5, tokens.faint) };
        ui.painter().circle_filled(centre, radius, ink);
    }
}

fn end(scene: &mut Scene<'_>) {
    scene.view.tour = None;
    let preferences = scene.studio.preferences();
    if !preferences.toured {
        let preferences = Preferences { toured: true, ..preferences.clone() };
        scene.wish(Action::Preferences(Box::new(preferences)));
    }
}
