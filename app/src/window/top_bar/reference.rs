//! The reference pitch: which A4 the song's notes are measured against, typed in Hz.

use dawg_session::{Edit, REFERENCE_PITCHES, Session};
use egui::{Align, Key, Layout, TextEdit, Ui};

use super::fit::wide;
use crate::window::Scene;

/// What A4 can be, in words.
pub const WORDS: &str = "415 to 466 Hz";

/// The field of a menu, with a way back to 440 Hz.
pub(super) fn menu(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(now) = scene.studio.session().map(|session| session.a4_millihertz) else { return };
    let id = ui.scope_id().with("reference pitch");
    let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| hertz(now));
    let mut wanted = None;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.label("A4");
        let edit = TextEdit::singleline(&mut text).desired_width(wide::METER);
        let field = ui.add(edit).accessible_name("Reference pitch A4").on_hover_text(WORDS);
        ui.label("Hz");
        let typed = millihertz(&text);
        if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            wanted = typed;
        }
        let usual = now == Session::DEFAULT_A4;
        if ui.add_enabled(!usual, egui::Button::new("440")).on_hover_text("Back to 440 Hz").clicked() {
            wanted = Some(Session::DEFAULT_A4);
        }
    });
    if let Some(a4) = wanted {
        ui.data_mut(|data| data.remove::<String>(id));
        scene.edit(label(a4), if a4 == now { Vec::new() } else { edits(a4) });
        ui.close();
    } else {
        ui.data_mut(|data| data.insert_temp(id, text));
    }
}

/// What history calls it.
#[must_use]
pub fn label(a4_millihertz: u32) -> String {
    format!("A4 = {} Hz", hertz(a4_millihertz))
}

fn edits(a4_millihertz: u32) -> Vec<Edit> {
    vec![Edit::SetReferencePitch { a4_millihertz }]
}

/// "440", "442.5".
#[must_use]
pub fn hertz(millihertz: u32) -> String {
    format!("{}", f64::from(millihertz) / 1_000.0)
}

/// What was typed, in steps of a tenth of a hertz; none if A4 cannot be that.
#[must_use]
pub fn millihertz(text: &str) -> Option<u32> {
    let hertz: f64 = text.trim().trim_end_matches("Hz").trim().replace(',', ".").parse().ok()?;
    // NaN and what is negative become 0.
    let millihertz = ((hertz * 10.0).round() * 100.0) as u32;
    REFERENCE_PITCHES.contains(&millihertz).then_some(millihertz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_tenth_of_a_hertz_within_what_is_tuned_to() {
        for (text, a4) in [
            ("440", Some(440_000)),
            (" 442,5 Hz", Some(442_500)),
            ("415.04", Some(415_000)),
            ("466", Some(466_000)),
            ("414.9", None),
            ("466.1", None),
            ("nan", None),
            ("-440", None),
            ("1e300", None),
            ("", None),
        ] {
            assert_eq!(millihertz(text), a4, "{text}");
        }
        assert_eq!(hertz(442_500), "442.5");
    }
}
