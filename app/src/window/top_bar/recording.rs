//! How a recording begins: count-in, auto-punch with its pre-roll and post-roll, quick-punch, and what was sung before
//! Record was pressed.
//!
//! Start at [`hang`]: it opens from the count-in, and by a right click from Record and auto-punch. It looks like its
//! sibling, the headphone mix.

use dawg_engine::retrospect::Retrospect;
use dawg_session::{Edit, Metronome, PunchRange, RollTime};
use egui::{Align, Frame, Layout, Popup, PopupCloseBehavior, RichText, Sense, Ui, Vec2};

use super::transport::count_in;
use crate::look::control::{field_label, section_title, segmented, switch, text_button};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, regular, semibold, tokens};
use crate::studio::command::Command;
use crate::window::Scene;

/// Width of the panel.
const WIDTH: f32 = 288.0;

/// What can be chosen for pre-roll and post-roll.
const ROLLS: [(RollTime, &str); 5] = [
    (RollTime::Bars(0), "none"),
    (RollTime::Bars(1), "1 bar"),
    (RollTime::Bars(2), "2 bars"),
    (RollTime::Bars(4), "4 bars"),
    (RollTime::Milliseconds(2_000), "2 s"),
];

/// Draws it while `popup` is open.
pub(super) fn hang(ui: &Ui, popup: Popup<'_>, scene: &mut Scene<'_>) {
    popup
        .gap(Tokens::SPACE[0])
        .frame(Frame::popup(ui.style()).inner_margin(Tokens::SPACE[3]))
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(WIDTH)
        .layout(Layout::top_down(Align::Min))
        .show(|ui| content(ui, scene));
}

fn content(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session().cloned() else { return };
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = Tokens::SPACE[1];
    title(ui);
    ui.add_space(Tokens::SPACE[1]);
    section_title(ui, "Count-in");
    counted_in(ui, scene, session.metronome);
    ui.add_space(Tokens::SPACE[1]);
    section_title(ui, "Auto-punch");
    punch(ui, scene, session.punch);
    ui.add_space(Tokens::SPACE[1]);
    section_title(ui, "By hand");
    let quick = !scene.studio.preferences().no_quick_punch;
    if switch(ui, quick, "Quick-punch").clicked() {
        scene.command(Command::ToggleQuickPunch);
    }
    quiet(
        ui,
        "Play captures armed tracks: Record punches in and out, and the edges can be dragged outwards later.",
    );
    ui.add_space(Tokens::SPACE[1]);
    section_title(ui, "Before Record");
    quiet(ui, &remembered(&scene.studio.readout().retrospect));
    if text_button(ui, "Keep what I just sang", false).clicked() {
        scene.command(Command::KeepLast);
        ui.close();
    }
}

fn title(ui: &mut Ui) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(Tokens::ICON[1]), Sense::hover());
        icon::draw(ui.painter(), Icon::Record, rect, tokens(ui.ctx()).record);
        ui.label(RichText::new("Recording").font(semibold(Tokens::TYPE[3])));
    });
}

fn counted_in(ui: &mut Ui, scene: &mut Scene<'_>, metronome: Metronome) {
    const BARS: [u8; 4] = [0, 1, 2, 4];
    let chosen = BARS.iter().position(|bars| *bars == metronome.count_in_bars).unwrap_or(BARS.len());
    let picked = segmented(ui, "Count-in bars", chosen, &["none", "1 bar", "2 bars", "4 bars"]);
    if let Some(bars) = picked.and_then(|picked| BARS.get(picked)) {
        let metronome = Metronome { count_in_bars: *bars, ..metronome };
        scene.edit(format!("Set {}", count_in(*bars)), vec![Edit::SetMetronome { metronome }]);
    }
}

fn punch(ui: &mut Ui, scene: &mut Scene<'_>, punch: PunchRange) {
    if switch(ui, punch.on, "Record the red range alone").clicked() {
        scene.command(Command::TogglePunch);
    }
    let mut changed = punch;
    roll(ui, "Pre-roll", &mut changed.pre_roll);
    roll(ui, "Post-roll", &mut changed.post_roll);
    if changed != punch {
        scene.edit("Set pre-roll and post-roll", vec![Edit::SetPunch { punch: changed }]);
    }
}

/// Side by side: a menu in here would take the place of the panel.
fn roll(ui: &mut Ui, name: &str, time: &mut RollTime) {
    let known = ROLLS.iter().position(|(roll, _)| roll == time);
    // One that was set elsewhere is none of these.
    let own = match *time {
        _ if known.is_some() => String::new(),
        RollTime::Bars(bars) => format!(": {bars} bars"),
        RollTime::Milliseconds(ms) => format!(": {:.1} s", f64::from(ms) / 1_000.0),
    };
    field_label(ui, &format!("{name}{own}"));
    let names = ROLLS.map(|(_, name)| name);
    let picked = segmented(ui, name, known.unwrap_or(ROLLS.len()), &names);
    if let Some((roll, _)) = picked.and_then(|picked| ROLLS.get(picked)) {
        *time = *roll;
    }
}

fn quiet(ui: &mut Ui, words: &str) {
    let text = RichText::new(words).font(regular(Tokens::TYPE[1])).color(tokens(ui.ctx()).secondary);
    ui.add(egui::Label::new(text).wrap());
}

/// How much is remembered of what comes in.
fn remembered(retrospect: &Retrospect) -> String {
    if retrospect.channels.is_empty() {
        return "While a track is armed, what comes in is remembered.".to_owned();
    }
    let channels: Vec<String> = retrospect.channels.iter().map(u16::to_string).collect();
    let inputs = if channels.len() == 1 { "input" } else { "inputs" };
    format!(
        "The last {:.0} s of {inputs} {} are remembered ({:.0} MB).",
        retrospect.seconds_each,
        channels.join(", "),
        retrospect.bytes as f64 / 1e6
    )
}
