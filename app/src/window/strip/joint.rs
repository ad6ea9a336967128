//! The selected joint of a comp: how long it is, and how it fades.

use std::sync::Arc;

use dawg_session::{Comp, FadeShape, Joint, Samples, Session};
use egui::{Align2, Id, Rect, Ui, UiBuilder};

use super::{LABEL, LINE, line};
use crate::look::control;
use crate::look::{Tokens, tokens};
use crate::studio::perform::comps::{comp_of, joint_at, jointed, place_words};
use crate::window::Scene;
use crate::window::channel::controls::word_button;
use crate::window::channel::follow;
use crate::window::channel::text::{Style, paint};

/// Milliseconds of the longest joint that can be typed here.
const LONGEST: f32 = 2_000.0;

/// The comp whose joint is selected, and the number of the pick that begins there.
pub(super) fn chosen(scene: &Scene<'_>, session: &Session) -> Option<(Arc<Comp>, usize)> {
    let (comp, frame) = scene.view.selection.joint?;
    let (_, comp) = comp_of(session, comp)?;
    Some((Arc::clone(comp), joint_at(comp, frame)?))
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, comp: &Comp, number: usize) {
    let Some(pick) = comp.picks.get(number) else { return };
    let Some(before) = number.checked_sub(1).and_then(|before| comp.picks.get(before)) else { return };
    let tokens = tokens(ui.ctx());
    ui.add_space(Tokens::SPACE[1]);
    let rect = line(ui, LINE);
    let rule = egui::Stroke::new(1.0, tokens.hairline);
    ui.painter().hline(rect.x_range(), rect.top() - Tokens::SPACE[0], rule);
    paint(ui, rect, "JOINT", Style::label(tokens.secondary).size(Tokens::TYPE[0]));
    let at = place_words(session, pick.start.0);
    paint(ui, rect, &at, Style::label(tokens.secondary).at(Align2::RIGHT_CENTER));
    let rect = line(ui, LINE);
    paint(ui, rect, &format!("{} → {}", before.name, pick.name), Style::label(tokens.text));
    length(ui, scene, session, comp, number, pick.joint);
    shape(ui, scene, session, comp, number, pick.joint);
}

/// A line with a label at its left; the rest is returned.
fn labelled(ui: &mut Ui, label: &str) -> Rect {
    let rect = line(ui, LINE);
    let (left, right) = rect.split_left_right_at_x(rect.left() + LABEL);
    paint(ui, left, label, Style::label(tokens(ui.ctx()).secondary));
    right
}

fn length(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, comp: &Comp, number: usize, joint: Joint) {
    let rect = labelled(ui, "Length");
    let per_ms = session.sample_rate as f32 / 1_000.0;
    let ms = joint.length.0 as f32 / per_ms;
    let name = format!("Length of joint {number} of {}", comp.name);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let id = Id::unique(("joint", comp.id, number, "length"));
    let mut child = ui.new_child(UiBuilder::new().scope_id(id).max_rect(rect).layout(layout));
    let (_, turn) = control::number(&mut child, &name, ms, 0.0..=LONGEST, 0, "ms");
    let Some(work) = scene.studio.work() else { return };
    let committed = Arc::clone(work.committed());
    let step = |ms: f32| {
        let length = Samples((ms * per_ms).round() as i64);
        jointed(&committed, comp.id, number, Joint { length, ..joint })
    };
    let label = || format!("{}: joint at {}", comp.name, place_words(session, comp.picks[number].start.0));
    follow(scene, turn, None, false, label, |ms| step(ms).map(|(_, edits)| edits).unwrap_or_default());
}

fn shape(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, comp: &Comp, number: usize, joint: Joint) {
    let rect = labelled(ui, "Shape").shrink2(egui::vec2(0.0, 2.0));
    let (words, why, next) = match joint.shape {
        FadeShape::Linear => {
            ("Equal gain", "For takes that are alike, sample by sample", FadeShape::EqualPower)
        }
        FadeShape::EqualPower => ("Equal power", "For takes that differ", FadeShape::Linear),
    };
    let name = format!("Shape of joint {number} of {}: {words}", comp.name);
    let id = Id::unique(("joint", comp.id, number, "shape"));
    let response = word_button(ui, rect, id, words, &name);
    if response.on_hover_text(format!("{why}. Click to change.")).clicked()
        && let Some((label, edits)) = jointed(session, comp.id, number, Joint { shape: next, ..joint })
    {
        scene.edit(label, edits);
    }
}
