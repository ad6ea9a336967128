//! The panel's head: its pages, what this program is to the supervisor, the switch; and what is to be known before all else.

use egui::{Rect, Ui, Vec2, pos2};
use jarvis::control_plane;

use super::cell::{self, Ink, Sign, Strip};
use super::{Page, Panel};
use crate::look::control::{danger_button, segmented, switch};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, mix, tokens};
use crate::studio::operator::Wish;
use crate::supervision::Role;

const HEIGHT: f32 = Tokens::HEIGHT[2];
/// Height of a line that is to be known before all else.
const BANNER: f32 = 34.0;
/// Widths of the switch and of the button beside it.
const SWITCH: f32 = 146.0;
const KILL: f32 = 84.0;

/// Draws it at the upper edge. Gives where it ends.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, inner: Rect) -> f32 {
    let row = inner.with_max_y(inner.top() + HEIGHT);
    let tabs = pages(ui, panel, row);
    let mut strip = Strip(row.with_min_x(tabs + Tokens::SPACE[2]));
    kill(ui, panel, &mut strip);
    autonomy(ui, panel, &mut strip);
    strip.gap_right(Tokens::SPACE[3]);
    role(ui, panel, strip.0);
    banners(ui, panel, inner.with_min_y(row.bottom()))
}

fn pages(ui: &mut Ui, panel: &mut Panel<'_, '_>, row: Rect) -> f32 {
    let mut ui = cell::child(ui, "pages", row);
    let at = Page::ALL.iter().position(|page| *page == panel.kept.page).unwrap_or(0);
    if let Some(picked) = segmented(&mut ui, "Pages of JARVIS", at, &Page::NAMES) {
        panel.kept.page = Page::ALL[picked];
    }
    ui.min_rect().right()
}

/// At once, and without a question: whoever presses it is in a hurry.
fn kill(ui: &mut Ui, panel: &mut Panel<'_, '_>, strip: &mut Strip) {
    let place = strip.right(KILL, cell::BUTTON);
    let on = panel.seen.switch.as_ref().is_some_and(|switch| switch.on);
    let why_not = panel.why_not().or((!on).then_some("Automatic actions are off already."));
    let id = ui.scope_id().with("kill");
    let mut ui = ui.new_child(egui::UiBuilder::new().scope_id(id).max_rect(place));
    let response = ui.add_enabled_ui(why_not.is_none(), |ui| danger_button(ui, "Kill switch")).inner;
    let words = "At once: nothing is started, stopped or restarted any more unless you ask. Services that run go on, and \
                 they are watched on. It is kept over a restart, and written into the audit trail.";
    if response.clicked() {
        panel.wish(Wish::Autonomy(false));
    }
    response.on_hover_text(words).on_disabled_hover_text(why_not.unwrap_or(words));
    strip.gap_right(Tokens::SPACE[1]);
}

fn autonomy(ui: &mut Ui, panel: &mut Panel<'_, '_>, strip: &mut Strip) {
    let place = strip.right(SWITCH, Tokens::HEIGHT[1]);
    let known = panel.seen.switch.clone();
    let locked = known.as_ref().and_then(|switch| switch.locked.clone());
    let on = known.as_ref().is_some_and(|switch| switch.on);
    let why_not = match (&locked, panel.why_not(), &known) {
        (Some(why), ..) => Some(format!(
            "Locked off by {why}. Take it out of the environment and start again to switch it on here."
        )),
        (None, Some(why), _) => Some(why.to_owned()),
        (None, None, None) => Some("It is not known yet whether they are on.".to_owned()),
        _ => None,
    };
    let id = ui.scope_id().with("autonomy");
    let mut child = ui.new_child(egui::UiBuilder::new().scope_id(id).max_rect(place));
    let response = child.add_enabled_ui(why_not.is_none(), |ui| switch(ui, on, "Automatic actions")).inner;
    if response.clicked() {
        panel.wish(Wish::Autonomy(!on));
    }
    let words =
        "On: services that fall are restarted without asking, within their limits. Off: it is only told.";
    response.on_hover_text(words).on_disabled_hover_text(why_not.as_deref().unwrap_or(words));
    if locked.is_some() {
        let at = strip.right(Tokens::ICON[1] + Tokens::SPACE[0], Tokens::ICON[1]);
        let at = Rect::from_center_size(at.center(), Vec2::splat(Tokens::ICON[0]));
        icon::draw(ui.painter(), Icon::Lock, at, tokens(ui.ctx()).attention);
    }
}

/// What this program is to the supervisor, in a few words at the right.
fn role(ui: &mut Ui, panel: &Panel<'_, '_>, place: Rect) {
    let tokens = tokens(ui.ctx());
    let (words, hint) = match &panel.seen.role {
        Role::Starting => ("starting…".to_owned(), "It is being found out who supervises.".to_owned()),
        Role::Owner { port } => (
            format!("runs here · :{port}"),
            format!("The supervisor runs in this program; its control plane listens at 127.0.0.1:{port}."),
        ),
        Role::Attached { pid, port } => (
            format!("attached to process {pid} · :{port}"),
            format!(
                "Process {pid} owns the services; this window is its client at 127.0.0.1:{port}. If that process ends, this program takes over."
            ),
        ),
        Role::Without { .. } => {
            ("without a supervisor".to_owned(), "The studio works as it always does.".to_owned())
        }
    };
    cell::text(ui, place, &words, &Ink::label(tokens.secondary).right(), Some(&hint));
}

/// A line each for what is to be known before all else. Gives where they end.
fn banners(ui: &mut Ui, panel: &Panel<'_, '_>, below: Rect) -> f32 {
    let mut bottom = below.top();
    for (sign, words) in told(panel) {
        let top = bottom + Tokens::SPACE[1];
        let rect = Rect::from_min_max(pos2(below.left(), top), pos2(below.right(), top + BANNER));
        banner(ui, rect, sign, &words);
        bottom = rect.bottom();
    }
    bottom
}

fn told(panel: &Panel<'_, '_>) -> Vec<(Sign, String)> {
    let seen = panel.seen;
    let mut told = Vec::new();
    if let Role::Without { why } = &seen.role {
        told.push((Sign::Cross, format!("Nothing is supervised: {why}")));
    }
    if let Some(why) = &seen.silence {
        told.push((Sign::Cross, format!("What is shown is as it was last heard: {why}")));
    }
    let elsewhere = match seen.role {
        Role::Owner { port } => moved(wanted(), port),
        Role::Attached { port, .. } => moved(seen.taken_port, port),
        Role::Starting | Role::Without { .. } => None,
    };
    told.extend(elsewhere.map(|words| (Sign::Triangle, words)));
    if let Some(why) = seen.switch.as_ref().and_then(|switch| switch.locked.as_ref()) {
        told.push((Sign::Triangle, format!("Automatic actions are locked off: {why}.")));
    }
    if let Some(switch) = &seen.switch
        && let Some(why) = &switch.unstored
    {
        let chosen = if switch.stored { "on" } else { "off" };
        let words = "but that is not stored yet, and not kept over a restart";
        told.push((Sign::Triangle, format!("Automatic actions were switched {chosen}, {words}: {why}.")));
    }
    told
}

/// The port that was chosen in the environment, else the usual one; none: any will do.
fn wanted() -> Option<u16> {
    match std::env::var(control_plane::VARIABLE) {
        Ok(chosen) if !chosen.is_empty() => chosen.parse().ok().filter(|port| *port != 0),
        _ => Some(control_plane::PORT),
    }
}

/// What is to be said where another port had to do.
fn moved(wanted: Option<u16>, port: u16) -> Option<String> {
    let wanted = wanted.filter(|wanted| *wanted != port)?;
    Some(format!("Port {wanted} was taken by another program: the control plane listens at {port} instead."))
}

fn banner(ui: &mut Ui, rect: Rect, sign: Sign, words: &str) {
    let tokens = tokens(ui.ctx());
    let (dim, bright) = if sign == Sign::Cross {
        (tokens.record_dim, tokens.record)
    } else {
        (tokens.attention_dim, tokens.attention)
    };
    ui.painter().rect_filled(rect, Tokens::CORNER[1], mix(tokens.panel, dim, 0.6));
    let inner = rect.shrink2(egui::vec2(Tokens::SPACE[3], 0.0));
    sign.draw(ui.painter(), pos2(inner.left(), inner.center().y), bright);
    cell::text(ui, inner.with_min_x(inner.left() + Tokens::SPACE[3]), words, &Ink::body(tokens.text), None);
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn a_chosen_port_that_was_taken_is_told_and_any_other_is_not() {
        // Seen red: with the usual port alone looked at.
        assert!(moved(Some(4_100), 40_123).unwrap().starts_with("Port 4100 was taken by another program"));
        assert_eq!(moved(Some(4_000), 4_000), None);
        assert_eq!(moved(None, 40_123), None, "any was asked for");
    }
}
