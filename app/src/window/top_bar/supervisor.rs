//! How the supervisor is, for a person who worries: a sign and a word; a click opens its view.

use egui::accesskit::Role;
use egui::{Align2, Color32, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};
use jarvis::alert::Severity;

use super::part;
use crate::look::{Tokens, regular, tokens};
use crate::studio::command::Command;
use crate::studio::operator::Summary;
use crate::window::Scene;
use crate::window::keys::keys_of;

/// What is shown of it. Told by shape and word as well as by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Light {
    Well,
    Quiet,
    Attention,
    Bad,
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let (light, words, more) = said(&Summary::of(scene.studio.operator().seen()));
    let response = ui.interact(rect, ui.scope_id().with("jarvis"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(Role::Button, true, "JARVIS state")
    });
    let tokens = tokens(ui.ctx());
    let ground = if response.hovered() { tokens.hover } else { tokens.raised };
    let outline = Stroke::new(Tokens::HAIRLINE, tokens.hairline);
    ui.painter().rect(rect, rect.height() / 2.0, ground, outline, StrokeKind::Inside);
    part::focus_ring(ui, rect, &response);
    let inner = rect.shrink2(egui::vec2(Tokens::SPACE[1] + 2.0, 0.0));
    let at = pos2(inner.left() + Tokens::SPACE[0], inner.center().y);
    let ink = light.draw(ui, at, &tokens);
    let rest = inner.with_min_x(inner.left() + Tokens::SPACE[2] + 2.0);
    part::text(ui, rest, Align2::LEFT_CENTER, &format!("JARVIS · {words}"), regular(Tokens::TYPE[1]), ink);
    let keys = keys_of(scene.studio.preferences(), Command::ShowJarvis);
    if part::hint(response, "JARVIS", &keys, &more).clicked() {
        scene.command(Command::ShowJarvis);
    }
}

/// Its sign alone, in the corner of its tab, where there is no room for more. Gives what there is to say.
pub(super) fn sign(ui: &Ui, tab: Rect, scene: &Scene<'_>) -> String {
    let (light, words, more) = said(&Summary::of(scene.studio.operator().seen()));
    let tokens = tokens(ui.ctx());
    let at = tab.right_top() + egui::vec2(-Tokens::SPACE[0], Tokens::SPACE[0] + 1.0);
    // What is well needs no sign there.
    if matches!(light, Light::Attention | Light::Bad) {
        light.draw(ui, at, &tokens);
    }
    format!("{words}: {more}")
}

impl Light {
    /// Draws its sign. Gives the colour of the words beside it.
    fn draw(self, ui: &Ui, at: egui::Pos2, tokens: &Tokens) -> Color32 {
        let painter = ui.painter();
        let radius = Tokens::SPACE[0] - 0.5;
        match self {
            Self::Well => _ = painter.circle_filled(at, radius, tokens.in_tune),
            Self::Quiet => _ = painter.circle_stroke(at, radius, Stroke::new(Tokens::LINE, tokens.faint)),
            Self::Attention => {
                let points =
                    [(0.0, -4.5), (5.0, 4.0), (-5.0, 4.0)].map(|(x, y)| at + egui::vec2(x, y)).to_vec();
                painter.add(egui::Shape::convex_polygon(points, tokens.attention, Stroke::NONE));
            }
            Self::Bad => {
                let stroke = Stroke::new(Tokens::FOCUS, tokens.record);
                let side = egui::Vec2::splat(3.5);
                painter.line_segment([at - side, at + side], stroke);
                painter.line_segment(
                    [at + egui::vec2(-side.x, side.y), at + egui::vec2(side.x, -side.y)],
                    stroke,
                );
            }
        }
        match self {
            Self::Well | Self::Quiet => tokens.secondary,
            Self::Attention => tokens.attention,
            Self::Bad => tokens.record,
        }
    }
}

/// How it is, in a word, and more of it.
fn said(summary: &Summary) -> (Light, String, String) {
    use crate::supervision::Role;
    let told = |light, word: &str, more: &str| (light, word.to_owned(), more.to_owned());
    match (&summary.role, summary.silent) {
        (Role::Without { why }, _) => {
            return (Light::Quiet, "without".to_owned(), format!("Nothing is supervised: {why}"));
        }
        (Role::Starting, _) => {
            return told(Light::Quiet, "starting", "It is being found out who supervises.");
        }
        (_, true) => {
            return told(Light::Bad, "silent", "The supervisor does not answer. The studio goes on without.");
        }
        _ => {}
    }
    let off = if summary.on == Some(false) { "\nAutomatic actions are off." } else { "" };
    let (Some((alerts, gravest)), Some((unwell, all)), Some(on)) =
        (summary.alerts, summary.unwell, summary.on)
    else {
        let more = "The supervisor is there; how the services are, which alerts are open and whether it may act comes next.";
        return told(Light::Quiet, "listening", more);
    };
    if alerts > 0 {
        let light = if gravest == Some(Severity::Critical) { Light::Bad } else { Light::Attention };
        let word = if alerts == 1 { "1 alert".to_owned() } else { format!("{alerts} alerts") };
        return (light, word, format!("Alerts that are open: {alerts}. {}{off}", of_services(unwell, all)));
    }
    if unwell > 0 {
        let more = format!("{}{off}", of_services(unwell, all));
        return (Light::Attention, format!("{unwell} unwell"), more);
    }
    match on {
        false => {
            told(Light::Quiet, "off", "Automatic actions are off: what falls is told, and nothing is done.")
        }
        true if all == 0 => told(Light::Quiet, "no services", "No service is declared, so none is watched."),
        true => (Light::Well, "ok".to_owned(), format!("No alert is open. {}", of_services(0, all))),
    }
}

fn of_services(unwell: usize, all: usize) -> String {
    match unwell {
        0 => format!("Services watched: {all}; none is unwell."),
        unwell => format!("Services watched: {all}; not well: {unwell}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supervision::Role;

    /// An owner of two services, with nothing the matter.
    fn well() -> Summary {
        Summary {
            role: Role::Owner { port: 4000 },
            unwell: Some((0, 2)),
            alerts: Some((0, None)),
            on: Some(true),
            ..Summary::default()
        }
    }

    fn word(summary: &Summary) -> String {
        said(summary).1
    }

    #[test]
    fn what_is_worst_is_what_it_says() {
        let well = well();
        assert_eq!(word(&Summary::default()), "starting");
        assert_eq!(word(&well), "ok");
        assert_eq!(word(&Summary { on: Some(false), ..well.clone() }), "off");
        assert_eq!(word(&Summary { unwell: Some((1, 2)), on: Some(false), ..well.clone() }), "1 unwell");
        let alerts =
            Summary { alerts: Some((2, Some(Severity::Critical))), unwell: Some((1, 2)), ..well.clone() };
        // Seen red: with services before alerts.
        assert_eq!((said(&alerts).0, word(&alerts).as_str()), (Light::Bad, "2 alerts"));
        assert_eq!(word(&Summary { silent: true, ..alerts }), "silent");
        let role = Role::Without { why: "the lock cannot be taken".to_owned() };
        assert_eq!(word(&Summary { role, ..well }), "without");
    }

    #[test]
    fn what_is_not_known_is_not_well() {
        let well = well();
        for unknown in [
            Summary { alerts: None, ..well.clone() },
            Summary { unwell: None, ..well.clone() },
            Summary { on: None, ..well.clone() },
        ] {
            // Seen red: with alerts that are not known taken for none.
            assert_eq!(word(&unknown), "listening");
        }
        assert_eq!(word(&Summary { unwell: Some((0, 0)), ..well }), "no services");
    }
}
