//! Tempo, meter and key: a value with its name below, each typed or chosen where it stands.

use dawg_session::{Edit, Key, Meter, Mode, Session, Tempo};
use egui::{Align, Align2, Popup, Rect, Response, Sense, Ui};

use super::Row;
use super::fit::{Fit, wide};
use super::typed::{Said, Typed};
use super::{part, reference};
use crate::look::{Tokens, medium, regular, semibold, tokens};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::window::Scene;
use crate::window::keys::keys_of;

const MAJOR: [&str; 12] = ["C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const MINOR: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"];
const METERS: [(u8, u8); 9] = [(4, 4), (3, 4), (2, 4), (6, 8), (12, 8), (9, 8), (5, 4), (7, 8), (7, 4)];

pub(super) fn show(ui: &mut Ui, well: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session().map(std::sync::Arc::clone) else { return };
    let height = well.rect.height();
    tempo(ui, well.part(wide::TEMPO, height), &session, scene);
    if fit.meter {
        let meter = session.tempo_map.meter_at(1);
        let value = format!("{} / {}", meter.beats, meter.unit);
        let response = cell(ui, well.part(wide::METER, height), "Meter", &value, "METER");
        let response = part::hint(response, "Meter", "", "Beats in a bar, and what a beat is");
        Popup::menu(&response).show(|ui| meter_menu(ui, scene));
    }
    if fit.key {
        let value = session.key.map_or_else(|| "—".to_owned(), short_key);
        // Another reference than the usual one is to be seen.
        let a4 = session.a4_millihertz;
        let usual = a4 == Session::DEFAULT_A4;
        let below = if usual { "KEY".to_owned() } else { format!("A4 {}", reference::hertz(a4)) };
        let response = cell(ui, well.part(wide::KEY, height), "Key", &value, &below);
        let keys = keys_of(scene.studio.preferences(), Command::SongKey);
        let words = format!("The song's tonic and mode, and its reference pitch: {}", reference::label(a4));
        let response = part::hint(response, "Key", &keys, &words);
        Popup::menu(&response).show(|ui| key_menu(ui, scene));
    }
}

/// The two lines of a cell: value above, name below.
fn lines(rect: Rect) -> (Rect, Rect) {
    let middle = rect.top() + rect.height() * 0.56;
    let inset = Tokens::SPACE[0] + 1.0;
    let upper = rect.with_max_y(middle).with_min_y(rect.top() + inset);
    (upper, rect.with_min_y(middle).with_max_y(rect.bottom() - inset))
}

fn cell(ui: &mut Ui, rect: Rect, name: &str, value: &str, below: &str) -> Response {
    let inner = rect.shrink2(egui::vec2(1.0, Tokens::SPACE[0]));
    let response = ui.interact(inner, ui.scope_id().with(name), Sense::click());
    response.widget_info(|| egui::WidgetInfo {
        current_text_value: Some(value.to_owned()),
        ..egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, name)
    });
    part::hover_ground(ui, inner, &response);
    let tokens = tokens(ui.ctx());
    let (upper, lower) = lines(rect.shrink2(egui::vec2(Tokens::SPACE[0], 0.0)));
    part::text(ui, upper, Align2::LEFT_CENTER, value, semibold(Tokens::TYPE[3]), tokens.text);
    part::text(ui, lower, Align2::LEFT_CENTER, below, regular(Tokens::TYPE[0]), tokens.secondary);
    response
}

/// Typed, dragged, stepped by arrow keys, or tapped.
fn tempo(ui: &mut Ui, rect: Rect, session: &Session, scene: &mut Scene<'_>) {
    let bpm = session.tempo_map.tempo_at(0).bpm();
    let value = format!("{bpm:.2}");
    let (upper, lower) = lines(rect);
    let typed = Typed {
        name: "Tempo",
        value: &value,
        font: semibold(Tokens::TYPE[3]),
        align: Align::LEFT,
        sense: Sense::click_and_drag(),
    };
    let field = upper.shrink2(egui::vec2(1.0, 0.0)).with_min_y(upper.top() - 2.0);
    match typed.show(ui, field) {
        Said::Shown(response) => {
            let ink = tokens(ui.ctx()).text;
            let inner = upper.shrink2(egui::vec2(Tokens::SPACE[0], 0.0));
            part::text(ui, inner, Align2::LEFT_CENTER, &value, semibold(Tokens::TYPE[3]), ink);
            turn(ui, &response, bpm, scene);
            part::hint(response, "Tempo in beats a minute", "", "Click to type, drag up and down, or tap it");
        }
        Said::Typing => {}
        Said::Text(text) => {
            let typed = text.replace(',', ".").parse().ok().and_then(Tempo::from_bpm);
            if let Some(tempo) = typed {
                scene.edit(format!("Tempo {:.2}", tempo.bpm()), vec![Edit::SetTempo { tempo }]);
            }
        }
    }
    let tokens = tokens(ui.ctx());
    let (name, tap) = lower.split_left_right_at_fraction(0.46);
    let name = name.with_min_x(name.left() + Tokens::SPACE[0]);
    part::text(ui, name, Align2::LEFT_CENTER, "BPM", regular(Tokens::TYPE[0]), tokens.secondary);
    let (words, tap) = (tap, tap.with_max_y(tap.bottom() + 2.0));
    let response = ui.interact(tap, ui.scope_id().with("tap"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Tap tempo"));
    part::hover_ground(ui, tap, &response);
    part::text(ui, words, Align2::CENTER_CENTER, "TAP", medium(Tokens::TYPE[0]), tokens.accent);
    let keys = keys_of(scene.studio.preferences(), Command::TapTempo);
    if part::hint(response, "Tap tempo", &keys, "Four taps or more set the song's tempo").clicked() {
        scene.command(Command::TapTempo);
    }
}

/// Dragging previews, letting go commits, Escape takes it back; arrow keys step.
fn turn(ui: &Ui, response: &Response, bpm: f64, scene: &mut Scene<'_>) {
    let start = response.id.with("from");
    let to = |bpm: f64| Tempo::from_bpm((bpm * 2.0).round().clamp(20.0, 1_998.0) / 2.0);
    if response.drag_started() {
        let committed = scene.studio.work().map_or(bpm, |work| work.committed().tempo_map.tempo_at(0).bpm());
        ui.data_mut(|data| data.insert_temp(start, (committed, 0.0_f64)));
    }
    if let Some((from, moved)) = ui.data(|data| data.get_temp::<(f64, f64)>(start)) {
        let moved = moved - f64::from(response.drag_delta().y) / 4.0;
        ui.data_mut(|data| data.insert_temp(start, (from, moved)));
        let edits = to(from + moved).map(|tempo| vec![Edit::SetTempo { tempo }]).unwrap_or_default();
        if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
            ui.data_mut(|data| data.remove::<(f64, f64)>(start));
            scene.wish(Action::CancelPreview);
        } else if response.drag_stopped() || !response.is_pointer_button_down_on() {
            ui.data_mut(|data| data.remove::<(f64, f64)>(start));
            scene.edit("Change tempo", edits);
        } else if response.dragged() && response.drag_delta() != egui::Vec2::ZERO {
            scene.wish(Action::Preview { edits, sound: false });
        }
    }
    if response.has_focus() {
        let arrows = egui::EventFilter { vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let step = ui.input(|input| {
            i8::from(input.key_pressed(egui::Key::ArrowUp))
                - i8::from(input.key_pressed(egui::Key::ArrowDown))
        });
        if let Some(tempo) = Tempo::from_bpm(bpm + f64::from(step)).filter(|_| step != 0) {
            scene.edit("Change tempo", vec![Edit::SetTempo { tempo }]);
        }
    }
}

/// The meters that songs have, and a field for any other.
pub fn meter_menu(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(now) = scene.studio.session().map(|session| session.tempo_map.meter_at(1)) else { return };
    for (beats, unit) in METERS {
        let meter = Meter { beats, unit };
        if ui.selectable_label(meter == now, format!("{beats} / {unit}")).clicked() {
            scene.edit(format!("Meter {beats}/{unit}"), vec![Edit::SetMeter { meter }]);
            ui.close();
        }
    }
    ui.separator();
    let id = ui.scope_id().with("other meter");
    let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_default();
    let edit = egui::TextEdit::singleline(&mut text).hint_text("Other: 11/8").desired_width(wide::TIME);
    let response = ui.add(edit).accessible_name("Other meter");
    let meter = text.split_once('/').and_then(|(beats, unit)| {
        let meter = Meter { beats: beats.trim().parse().ok()?, unit: unit.trim().parse().ok()? };
        meter.is_valid().then_some(meter)
    });
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if let Some(meter) = meter.filter(|_| entered) {
        scene.edit(format!("Meter {}/{}", meter.beats, meter.unit), vec![Edit::SetMeter { meter }]);
        text.clear();
        ui.close();
    }
    ui.data_mut(|data| data.insert_temp(id, text));
}

/// All keys, major and minor side by side, and none.
pub fn key_menu(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(now) = scene.studio.session().map(|session| session.key) else { return };
    let mut chosen = None;
    egui::Grid::new("keys").num_columns(2).show(ui, |ui| {
        for tonic in 0..12 {
            for mode in [Mode::Major, Mode::Minor] {
                let key = Key { tonic, mode };
                if ui.selectable_label(now == Some(key), key_name(key)).clicked() {
                    chosen = Some(Some(key));
                }
            }
            ui.end_row();
        }
    });
    ui.separator();
    if ui.selectable_label(now.is_none(), "No key").clicked() {
        chosen = Some(None);
    }
    ui.separator();
    reference::menu(ui, scene);
    if let Some(key) = chosen {
        let label = key.map_or_else(|| "No key".to_owned(), |key| format!("Key {}", key_name(key)));
        scene.edit(label, vec![Edit::SetKey { key }]);
        ui.close();
    }
}

/// "F♯ minor".
#[must_use]
pub fn key_name(key: Key) -> String {
    let (names, mode) = match key.mode {
        Mode::Major => (MAJOR, "major"),
        Mode::Minor => (MINOR, "minor"),
    };
    format!("{} {mode}", names[usize::from(key.tonic % 12)])
}

fn short_key(key: Key) -> String {
    let mut name = key_name(key);
    name.truncate(name.len() - 2);
    name
}
