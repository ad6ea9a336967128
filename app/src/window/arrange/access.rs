//! Clips, takes and comps for those who do not see them: a node each, with name, place and state, while someone
//! listens.

use dawg_session::{Samples, Track};
use egui::accesskit::{Action, Node, Rect as Bounds, Role};
use egui::{Id, Rect, Ui};

use super::clips::Parts;
use super::grid::Grid;
use super::index::Span;
use super::rows::{Kind, Row};
use super::{Kept, Scene, curve, swipe};
use crate::studio::perform::comps::{place_words, range_words};

/// Narrower things than this are bars of colour that nobody could point at.
const NARROWEST: f32 = 3.0;

/// What was asked for.
enum Asked {
    Clip(dawg_session::ClipId, dawg_session::TrackId),
    Segment(usize, i64),
    Joint(dawg_session::CompId, i64),
}

/// Describes what is in sight, and selects what was asked for.
pub fn describe(ui: &Ui, scene: &mut Scene<'_>, kept: &Kept, lanes: Rect) {
    let Some(session) = scene.studio.session().cloned() else { return };
    if !ui.ctx().has_accesskit_node(ui.scope_id().with("lanes")) {
        return;
    }
    let mut asked = None;
    for row in kept.rows.in_sight(lanes.height(), scene.view.timeline.top) {
        let Some(track) = session.tracks.get(row.track) else { continue };
        let found = match (row.kind, track.playing()) {
            (Kind::Lane(number), _) => track.lanes.get(number).and_then(|lane| {
                let words = format!("{} of {}", lane.name, track.name);
                clips(ui, scene, kept, lanes, (row, track, lane.id), &words)
            }),
            (Kind::Pass(_), _) => None,
            (Kind::Track, Some(lane)) => {
                let words = format!("Lane of {}", track.name);
                clips(ui, scene, kept, lanes, (row, track, lane.id), &words)
            }
            (Kind::Track, None) => comp(ui, scene, lanes, row, track, &session),
        };
        asked = found.or(asked);
    }
    match asked {
        Some(Asked::Clip(clip, track)) => {
            scene.view.selection.clips = std::iter::once(clip).collect();
            scene.view.selection.track = Some(track);
        }
        Some(Asked::Segment(row, frame)) => swipe::choose_segment(scene, &session, row, frame),
        Some(Asked::Joint(comp, frame)) => swipe::choose_joint(scene, &session, comp, frame),
        None => {}
    }
}

/// A lane and its clips.
fn clips(
    ui: &Ui,
    scene: &Scene<'_>,
    kept: &Kept,
    lanes: Rect,
    (row, track, lane): (&Row, &Track, dawg_session::LaneId),
    what: &str,
) -> Option<Asked> {
    let timeline = &scene.view.timeline;
    let session = scene.studio.session()?;
    let grid = Grid::of(session, timeline);
    let place = row.place(lanes, timeline.top);
    let spans = kept.index.between(lane, timeline.frame(0.0), timeline.frame(lanes.width()));
    let words = match spans.len() {
        0 => format!("{what}, empty here"),
        1 => format!("{what}, 1 clip in sight"),
        many => format!("{what}, {many} clips in sight"),
    };
    node(
        ui,
        ui.scope_id().with(("lane", lane, row.kind == Kind::Track)),
        place.intersect(lanes),
        Role::Group,
        words,
        |_| {},
    );
    let mut asked = None;
    for span in spans {
        let x = |frame| lanes.left() + timeline.x(frame);
        let (from, to) = (x(span.from), x(span.to));
        let slim = row.kind != Kind::Track;
        let parts = if slim { Parts::slim(place, from, to) } else { Parts::of(place, from, to) };
        // In a lane a clip is taken hold of by its strip.
        let seen = if slim { parts.header } else { parts.all }.intersect(lanes);
        if seen.width() < NARROWEST || seen.height() < 1.0 {
            continue;
        }
        let id = Id::unique(("clip", span.clip.id, slim));
        let selected = scene.view.selection.clips.contains(&span.clip.id);
        let of = if slim { what } else { track.name.as_str() };
        let sung = curve::summary(scene, track, &span.clip);
        node(ui, id, seen, Role::Button, words_of(span, of, &grid), |node| {
            if let Some(sung) = sung {
                node.set_value(sung);
            }
            node.set_selected(selected);
            node.add_action(Action::Click);
        });
        if ui.input(|input| input.has_accesskit_action_request(id, Action::Click)) {
            asked = Some(Asked::Clip(span.clip.id, track.id));
        }
    }
    asked
}

/// A comp: its segments and its boundaries.
fn comp(
    ui: &Ui,
    scene: &Scene<'_>,
    lanes: Rect,
    row: &Row,
    track: &Track,
    session: &dawg_session::Session,
) -> Option<Asked> {
    let timeline = &scene.view.timeline;
    let comp = track.playing_comp()?;
    let place = row.place(lanes, timeline.top);
    let x = |frame: i64| lanes.left() + timeline.x(frame);
    let words = format!("{} of {}, {} segments", comp.name, track.name, comp.picks.len());
    node(ui, ui.scope_id().with(("comp", comp.id)), place.intersect(lanes), Role::Group, words, |_| {});
    let seen = comp.between(Samples(timeline.frame(0.0)), Samples(timeline.frame(lanes.width())));
    let mut asked = None;
    for number in seen {
        let pick = &comp.picks[number];
        let parts = Parts::of(place, x(pick.start.0).max(lanes.left()), x(pick.end.0).min(lanes.right()));
        if parts.all.width() < NARROWEST {
            continue;
        }
        let gone = if track.lane(pick.lane).is_none() { ", deleted" } else { "" };
        let range = range_words(session, pick.start.0, pick.end.0);
        let words = format!("{} segment {}: {}{gone}, {range}", comp.name, number + 1, pick.name);
        let id = Id::unique(("segment", comp.id, number));
        let chosen =
            scene.view.selection.stretch.is_some_and(|s| s.from == pick.start.0 && s.to == pick.end.0);
        node(ui, id, parts.all.intersect(lanes), Role::Button, words, |node| {
            node.set_selected(chosen);
            node.add_action(Action::Click);
        });
        if ui.input(|input| input.has_accesskit_action_request(id, Action::Click)) {
            asked = Some(Asked::Segment(row.track, pick.start.0.midpoint(pick.end.0)));
        }
        if comp.is_joined(number) {
            let words =
                format!("Boundary {number} of {} at {}", comp.name, place_words(session, pick.start.0));
            let at = x(pick.start.0);
            let thin = Rect::from_x_y_ranges(at - 4.0..=at + 4.0, parts.body.y_range());
            let id = Id::unique(("boundary", comp.id, number));
            node(ui, id, thin.intersect(lanes), Role::Splitter, words, |node| node.add_action(Action::Click));
            if ui.input(|input| input.has_accesskit_action_request(id, Action::Click)) {
                asked = Some(Asked::Joint(comp.id, pick.start.0));
            }
        }
    }
    asked
}

/// "Clip Take 1 on Lead vocal, bar 5 to 9, muted".
fn words_of(span: &Span, track: &str, grid: &Grid<'_>) -> String {
    let (from, to) = (grid.bar_of(span.from), grid.bar_of(span.to));
    let muted = if span.clip.mute { ", muted" } else { "" };
    format!("Clip {} on {track}, bar {from} to {to}{muted}", span.clip.name)
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
