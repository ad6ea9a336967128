//! The one thing that is most urgent: what it is, the last line of its log, and what can be done.

use egui::{Rect, Ui, pos2, vec2};
use jarvis::alert::{Alert, Severity};
use jarvis::event::Action;
use jarvis::health::State;
use jarvis::status::Status;

use super::cell::{self, Ink, Strip};
use super::words::{clock, moment, title};
use super::{Panel, logs};
use crate::look::{Tokens, regular, tokens};
use crate::studio::operator::happening::capital;
use crate::studio::operator::{Seen, Wish};
use crate::supervision::Role;

/// Its least and most height, whatever it says.
pub(super) const HEIGHT: [f32; 2] = [142.0, 160.0];

/// Height of a line of a log.
const CODE: f32 = 28.0;

/// What is urgent.
struct Urgent<'a> {
    title: String,
    grave: bool,
    words: String,
    service: Option<&'a str>,
    alert: Option<&'a Alert>,
    status: Option<&'a Status>,
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect) {
    let inner = cell::ground(ui, rect).shrink2(vec2(0.0, 14.0));
    let tokens = tokens(ui.ctx());
    let seen = panel.seen;
    let Some(urgent) = most_urgent(seen) else {
        return calm(ui, panel, inner, &tokens);
    };
    let colour = if urgent.grave { tokens.record } else { tokens.attention };
    let title = inner.with_max_y(inner.top() + 18.0);
    cell::text(ui, title, &urgent.title, &Ink::title(colour), None);
    let foot = Rect::from_min_max(pos2(inner.left(), inner.bottom() - cell::BUTTON), inner.max);
    let said = urgent.service.and_then(|service| seen.last_line(service));
    let words =
        Rect::from_min_max(pos2(inner.left(), title.bottom() + 6.0), pos2(inner.right(), foot.top() - 8.0));
    let most = match said {
        Some(_) if rect.height() < HEIGHT[1] => 1,
        Some(_) => 2,
        None => 4,
    };
    let below = cell::lines(ui, words, &urgent.words, &Ink::body(tokens.secondary), most);
    if let Some(line) = said {
        let top = (below + 8.0).min(foot.top() - CODE - 8.0);
        let well = Rect::from_min_max(pos2(inner.left(), top), pos2(inner.right(), top + CODE));
        code(ui, well, &line.text, &tokens);
    }
    buttons(ui, panel, foot, &urgent);
}

/// A line of a log.
fn code(ui: &mut Ui, well: Rect, line: &str, tokens: &Tokens) {
    ui.painter().rect_filled(well, Tokens::CORNER[0], tokens.well);
    let ink = Ink { font: regular(Tokens::TYPE[1]), ..Ink::body(logs::colour_of(line, tokens)) };
    cell::text(
        ui,
        well.shrink2(vec2(Tokens::SPACE[1] + 2.0, 0.0)),
        line,
        &ink,
        Some("The last line of its log"),
    );
}

fn calm(ui: &mut Ui, panel: &Panel<'_, '_>, inner: Rect, tokens: &Tokens) {
    let seen = panel.seen;
    let known = seen.services.is_some() && seen.alerts.is_some();
    let (head, words) = match (&seen.role, &seen.silence) {
        (Role::Without { .. }, _) => {
            ("Nothing is supervised", "What is most urgent will stand here once there is a supervisor.")
        }
        (_, Some(_)) => (
            "It is not known how the services are",
            "The supervisor does not answer: what is shown is as it was last heard. The studio and its songs are not touched.",
        ),
        _ if !known => (
            "Nothing is known yet",
            "What is most urgent will stand here as soon as the supervisor has said how the services are and which alerts are open.",
        ),
        _ => (
            "Nothing needs you",
            "No alert is open, and every service that should run does. What is most urgent will stand here, with the last line of its log.",
        ),
    };
    let title = inner.with_max_y(inner.top() + 18.0);
    cell::text(ui, title, head, &Ink::title(tokens.text), None);
    cell::lines(ui, inner.with_min_y(title.bottom() + 6.0), words, &Ink::body(tokens.secondary), 6);
}

fn buttons(ui: &mut Ui, panel: &mut Panel<'_, '_>, foot: Rect, urgent: &Urgent<'_>) {
    let mut strip = Strip(foot);
    let why_not = panel.why_not();
    let next = |strip: &mut Strip, width: f32| {
        let place = strip.left(width);
        strip.gap(Tokens::SPACE[0] + 2.0);
        place
    };
    if let Some(status) = urgent.status {
        let name = title(&status.name);
        let trying = panel.seen.attempts.contains_key(&status.name);
        let (action, face) =
            if trying { (Action::Stop, "Stop trying") } else { (Action::Restart, "Restart") };
        let place = next(&mut strip, cell::button_width(ui, face));
        if cell::button(ui, place, face, &format!("{face}: {name}"), why_not) {
            panel.confirm(&status.name, action);
        }
        let place = next(&mut strip, cell::button_width(ui, "Open log"));
        if cell::button(ui, place, "Open log", &format!("Open log of {name}"), None) {
            panel.open_log(&status.name);
        }
    }
    if let Some(alert) = urgent.alert.filter(|alert| alert.acknowledged.is_none()) {
        let place = next(&mut strip, cell::button_width(ui, "Acknowledge"));
        if place.width() >= cell::button_width(ui, "Acknowledge") - 1.0
            && cell::button(ui, place, "Acknowledge", "Acknowledge the alert", why_not)
        {
            panel.wish(Wish::Acknowledge(alert.id));
        }
    }
}

/// An alert that nobody has seen, else a service that is not well, else an alert that somebody has seen.
fn most_urgent(seen: &Seen) -> Option<Urgent<'_>> {
    let open = seen.open_alerts().unwrap_or_default();
    let alert = open.first().copied();
    let fresh = alert.filter(|alert| alert.acknowledged.is_none());
    if let Some(alert) = fresh {
        return Some(of_alert(seen, alert));
    }
    worst(seen).map(|status| of_service(seen, status)).or_else(|| alert.map(|alert| of_alert(seen, alert)))
}

/// The service that is worst off, if one is not well.
fn worst(seen: &Seen) -> Option<&Status> {
    let services = seen.services.as_deref().unwrap_or_default();
    let rank = |status: &Status| match status.state {
        State::Blocked => 5,
        State::Down => 4,
        State::Flapping => 3,
        State::Starting if seen.attempts.contains_key(&status.name) => 2,
        State::Degraded => 1,
        _ => 0,
    };
    services.iter().filter(|status| rank(status) > 0).max_by_key(|status| rank(status))
}

fn of_alert<'a>(seen: &'a Seen, alert: &'a Alert) -> Urgent<'a> {
    let status = alert.service.as_deref().and_then(|name| {
        seen.services.as_deref().unwrap_or_default().iter().find(|status| status.name == name)
    });
    let since = moment(alert.since, seen.at, seen.local);
    if let Some(status) = status.filter(|status| status.state != State::Healthy) {
        let service = of_service(seen, status);
        let words = format!("{} Since {since}.", sentence(&alert.message));
        return Urgent { words, grave: alert.severity == Severity::Critical, alert: Some(alert), ..service };
    }
    let about = alert.service.as_deref().or(alert.about.as_deref());
    let about = about.map_or_else(|| title(&alert.rule), title);
    Urgent {
        title: format!("{about}: look here"),
        grave: alert.severity == Severity::Critical,
        words: format!("{} Since {since}.", sentence(&alert.message)),
        service: alert.service.as_deref(),
        alert: Some(alert),
        status,
    }
}

fn of_service<'a>(seen: &Seen, status: &'a Status) -> Urgent<'a> {
    let name = title(&status.name);
    let attempt = seen.attempts.get(&status.name);
    let (head, words) = match attempt {
        Some(attempt) if status.state != State::Healthy => (
            format!("{name} is restarting — attempt {}", attempt.in_words()),
            format!("It fell at {}: {}", clock(attempt.since, seen.local), sentence(&status.reason)),
        ),
        _ => (format!("{name} is {}", status.state), capital(&sentence(&status.reason))),
    };
    let grave = matches!(status.state, State::Down | State::Blocked) && attempt.is_none();
    Urgent { title: head, grave, words, service: Some(&status.name), alert: None, status: Some(status) }
}

/// With a full stop behind it.
fn sentence(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() || words.ends_with(['.', '!', '?']) { words.to_owned() } else { format!("{words}.") }
}
