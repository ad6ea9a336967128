//! Clips and lanes for those who do not see them: a node each, with name, place and state, while someone listens.

use egui::accesskit::{Action, Node, Rect as Bounds, Role};
use egui::{Id, Rect, Ui};

use super::clips::Parts;
use super::grid::Grid;
use super::index::Span;
use super::{Kept, Scene, row_rect, rows_in_sight};

/// Narrower clips than this are bars of colour that nobody could point at.
const NARROWEST: f32 = 3.0;

/// Describes what is in sight, and selects what was asked for.
pub fn describe(ui: &Ui, scene: &mut Scene<'_>, kept: &Kept, lanes: Rect) {
    let Some(session) = scene.studio.session().cloned() else { return };
    if !ui.ctx().has_accesskit_node(ui.scope_id().with("lanes")) {
        return;
    }
    let (timeline, height) = (&scene.view.timeline, scene.view.panels.track_height);
    let rows = rows_in_sight(lanes.height(), timeline.top, height, session.tracks.len());
    let (from, to) = (timeline.frame(0.0), timeline.frame(lanes.width()));
    let grid = Grid::of(&session, timeline);
    let mut chosen = None;
    for row in rows {
        let Some(track) = session.tracks.get(row) else { continue };
        let place = row_rect(lanes, timeline.top, height, row);
        let spans = kept.index.between(track, from, to);
        let words = match spans.len() {
            0 => format!("Lane of {}, empty here", track.name),
            1 => format!("Lane of {}, 1 clip in sight", track.name),
            many => format!("Lane of {}, {many} clips in sight", track.name),
        };
        node(ui, lane_id(ui, track), place.intersect(lanes), Role::Group, words, |_| {});
        for span in spans {
            let x = |frame| lanes.left() + timeline.x(frame);
            let parts = Parts::of(place, x(span.from), x(span.to));
            let seen = parts.all.intersect(lanes);
            if seen.width() < NARROWEST || seen.height() < 1.0 {
                continue;
            }
            let id = Id::unique(("clip", span.clip.id));
            let selected = scene.view.selection.clips.contains(&span.clip.id);
            node(ui, id, seen, Role::Button, words_of(span, track.name.as_str(), &grid), |node| {
                node.set_selected(selected);
                node.add_action(Action::Click);
            });
            if ui.input(|input| input.has_accesskit_action_request(id, Action::Click)) {
                chosen = Some((span.clip.id, track.id));
            }
        }
    }
    if let Some((clip, track)) = chosen {
        scene.view.selection.clips = std::iter::once(clip).collect();
        scene.view.selection.track = Some(track);
    }
}

/// "Clip Take 1 on Lead vocal, bar 5 to 9, muted".
fn words_of(span: &Span, track: &str, grid: &Grid<'_>) -> String {
    let (from, to) = (grid.bar_of(span.from), grid.bar_of(span.to));
    let muted = if span.clip.mute { ", muted" } else { "" };
    format!("Clip {} on {track}, bar {from} to {to}{muted}", span.clip.name)
}

fn lane_id(ui: &Ui, track: &dawg_session::Track) -> Id {
    ui.scope_id().with(("lane", track.id))
}

fn node(ui: &Ui, id: Id, place: Rect, role: Role, words: String, more: impl FnOnce(&mut Node)) {
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(role);
        node.set_label(words);
        node.set_bounds(Bounds {
            x0: f64::from(place.left()),
            y0: f64::from(place.top()),
            x1: f64::from(place.right()),
            y1: f64::from(place.bottom()),
        });
        more(node);
    });
}
