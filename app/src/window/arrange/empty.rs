//! What an empty song says: what to do first.

use egui::{CursorIcon, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::canvas::elided;
use super::{Kept, Scene, live};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, regular, semibold, tokens};
use crate::studio::command::Command;

/// Widest and lowest card.
const CARD: egui::Vec2 = vec2(196.0, 124.0);

/// Three cards in the middle of the empty lanes.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, kept: &Kept, lanes: Rect) {
    let Some(session) = scene.studio.session() else { return };
    let busy = scene.studio.readout().recording.is_some() || scene.view.ghost.is_some();
    if !kept.index.is_empty() || busy || session.tracks.iter().any(|track| track.arm) {
        return;
    }
    let rows = session.tracks.len() as f32 * scene.view.panels.track_height - scene.view.timeline.top;
    let room = Rect::from_min_max(pos2(lanes.left(), lanes.top() + rows.max(0.0)), lanes.max);
    let gap = Tokens::SPACE[3];
    let width = ((room.width() - 4.0 * gap) / 3.0).min(CARD.x);
    if room.height() < CARD.y + 2.0 * gap || width < 90.0 {
        return;
    }
    let arm = if session.tracks.is_empty() { Command::AddMonoTrack } else { Command::ToggleArm };
    let cards = [
        (Icon::Import, "Drop a beat here", "or click to choose a file", Command::Import),
        (Icon::Microphone, "Arm a microphone", "and press R to record", arm),
        (Icon::Song, "Open the demo song", "to hear what this can do", Command::OpenDemo),
    ];
    let whole = vec2(3.0 * width + 2.0 * gap, CARD.y);
    let all = Rect::from_center_size(room.center(), whole);
    for (n, (icon, title, words, command)) in cards.into_iter().enumerate() {
        let place = Rect::from_min_size(all.min + vec2(n as f32 * (width + gap), 0.0), vec2(width, CARD.y));
        if card(ui, place, icon, title, words, n == 0) {
            scene.command(command);
        }
    }
}

fn card(ui: &Ui, place: Rect, icon: Icon, title: &str, words: &str, drop: bool) -> bool {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(place, ui.scope_id().with(title), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    let lit = response.hovered() || response.has_focus();
    let painter = ui.painter();
    painter.rect_filled(place, Tokens::CORNER[2], if lit { tokens.raised } else { tokens.panel });
    if drop {
        live::dashed(
            ui,
            place.shrink(0.5),
            Tokens::CORNER[2],
            if lit { tokens.accent } else { tokens.faint },
        );
    } else {
        let line = if lit { tokens.faint } else { tokens.hairline };
        painter.rect_stroke(place, Tokens::CORNER[2], Stroke::new(1.0, line), StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(place, Tokens::CORNER[2], Stroke::new(2.0, tokens.accent), StrokeKind::Outside);
    }
    let middle = place.center();
    let picture = Rect::from_center_size(pos2(middle.x, place.top() + 34.0), vec2(24.0, 24.0));
    icon::draw(painter, icon, picture, if lit { tokens.accent } else { tokens.secondary });
    let room = place.width() - 2.0 * Tokens::SPACE[2];
    let title = elided(painter, title, semibold(Tokens::TYPE[3]), tokens.text, room);
    let words = elided(painter, words, regular(Tokens::TYPE[1]), tokens.secondary, room);
    let y = place.top() + 62.0;
    let below = y + title.size().y + Tokens::SPACE[0];
    painter.galley(pos2(middle.x - title.size().x / 2.0, y), title, tokens.text);
    painter.galley(pos2(middle.x - words.size().x / 2.0, below), words, tokens.secondary);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
