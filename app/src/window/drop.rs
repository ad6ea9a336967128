//! Files dragged in from the desktop: the ghost that shows where they land, and the drop.
//!
//! Systems tell where the pointer is while files hover, or only once they are dropped, or not at all: the last known
//! place counts then, and without one the playhead.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dawg_session::{Access, Position};
use egui::{Align2, Context, Event, FontId, Id, LayerId, Order, Pos2, Ui, Vec2};

use super::Scene;
use super::arrange::timeline::place_at;
use crate::look::{Tokens, tokens};
use crate::studio::action::{Action, ImportWish};
use crate::studio::view::{Ghost, Tab};

/// How long a drop waits for the system to say where it was.
const WAIT: f64 = 0.15;

/// Files that were dropped and wait for their place.
#[derive(Debug, Clone, Default)]
struct Dropped {
    files: Vec<PathBuf>,
    at: f64,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let ctx = ui.ctx().clone();
    let hovered: Vec<PathBuf> =
        ctx.input(|input| input.raw.hovered_files.iter().filter_map(|file| file.path.clone()).collect());
    take_drop(&ctx);
    let id = dropped_id(&ctx);
    let dropped = ctx.data(|data| data.get_temp::<Dropped>(id)).unwrap_or_default();
    if !hovered.is_empty() {
        scene.view.ghost = ghost_at(scene, hovered.clone(), pointer(&ctx));
        hint(&ctx, scene, &hovered);
    } else if !dropped.files.is_empty() {
        land_when_placed(&ctx, scene, &dropped, id);
    } else if scene.view.ghost.is_some() && !egui::DragAndDrop::has_any_payload(&ctx) {
        scene.view.ghost = None;
    }
}

fn dropped_id(ctx: &Context) -> Id {
    Id::unique(("dropped files", ctx.viewport_id()))
}

fn take_drop(ctx: &Context) {
    let (files, at) = ctx.input(|input| {
        let files = input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect::<Vec<_>>();
        (files, input.time)
    });
    if !files.is_empty() {
        let id = dropped_id(ctx);
        ctx.data_mut(|data| {
            let dropped = data.get_temp_mut_or_default::<Dropped>(id);
            dropped.files.extend(files);
            dropped.at = at;
        });
        ctx.request_repaint_after(Duration::from_secs_f64(WAIT + 0.02));
    }
}

/// Lands a drop once the pointer has said where it is, or has not for a while.
fn land_when_placed(ctx: &Context, scene: &mut Scene<'_>, dropped: &Dropped, id: Id) {
    let (moved, waited) = ctx.input(|input| {
        let moved = input.events.iter().any(|event| matches!(event, Event::PointerMoved(_)));
        (moved, input.time - dropped.at >= WAIT)
    });
    if !moved && !waited {
        return;
    }
    ctx.data_mut(|data| data.remove_temp::<Dropped>(id));
    let ghost = ghost_at(scene, dropped.files.clone(), pointer(ctx));
    scene.view.ghost = None;
    land(scene, &dropped.files, ghost.as_ref());
}

/// Opens a song that was dropped; takes audio into the song that is open.
fn land(scene: &mut Scene<'_>, files: &[PathBuf], ghost: Option<&Ghost>) {
    if let Some(song) = files.iter().find(|file| is_song(file)) {
        scene.view.dialog = None;
        scene.wish(Action::Open { folder: song.clone(), access: Access::Write });
        return;
    }
    if let Some(ghost) = ghost {
        import(scene, ghost);
    } else {
        // The same words as while it hovered, since there is no song to put it into.
        scene.command(crate::studio::command::Command::NewSong);
    }
}

/// Wishes what a ghost shows.
pub(super) fn import(scene: &mut Scene<'_>, ghost: &Ghost) {
    scene.wish(Action::Import(ImportWish {
        files: ghost.files.clone(),
        at: Position::Samples(ghost.at.max(0)),
        track: ghost.track.map(|(track, _)| track),
        repair: false,
    }));
}

/// Where these files would land: at the pointer where it is over the lanes, else on new tracks at the playhead. None
/// without a song.
pub(super) fn ghost_at(scene: &Scene<'_>, files: Vec<PathBuf>, pointer: Option<Pos2>) -> Option<Ghost> {
    scene.studio.work()?;
    let (at, track) = match pointer.filter(|pointer| over_lanes(scene, *pointer)) {
        Some(pointer) => place_at(pointer, scene),
        None => (scene.studio.readout().playhead.position.max(0), None),
    };
    Some(Ghost { files, at, track })
}

/// Whether a point of the screen lies over the lanes.
pub(super) fn over_lanes(scene: &Scene<'_>, at: Pos2) -> bool {
    scene.view.tab == Tab::Arrange && scene.view.timeline.lanes.contains(at)
}

fn pointer(ctx: &Context) -> Option<Pos2> {
    ctx.input(|input| input.pointer.latest_pos())
}

fn is_song(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("dawg"))
}

/// Words at the window's foot that say what letting go will do.
fn hint(ctx: &Context, scene: &Scene<'_>, files: &[PathBuf]) {
    let song = files.iter().any(|file| is_song(file));
    let words = match (song, scene.studio.work(), files) {
        (true, _, _) => "Let go to open this song".to_owned(),
        (false, None, _) => "Open a song first: audio needs one to go into. Let go to make one".to_owned(),
        (false, Some(_), [one]) => {
            format!("Let go to import “{}”", one.file_name().unwrap_or_default().to_string_lossy())
        }
        (false, Some(_), many) => format!("Let go to import {} files", many.len()),
    };
    let look = tokens(ctx);
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop hint")));
    let screen = ctx.content_rect();
    let galley = painter.layout(
        words,
        FontId::proportional(Tokens::TYPE[3]),
        look.text,
        screen.width() - 4.0 * Tokens::SPACE[4],
    );
    let size = galley.size() + Vec2::new(2.0 * Tokens::SPACE[3], 2.0 * Tokens::SPACE[1]);
    let place = Align2::CENTER_BOTTOM.align_size_within_rect(size, screen.shrink(Tokens::SPACE[4]));
    painter.rect(
        place,
        Tokens::CORNER[1],
        look.raised,
        egui::Stroke::new(Tokens::HAIRLINE, look.accent),
        egui::StrokeKind::Inside,
    );
    painter.galley(place.min + Vec2::new(Tokens::SPACE[3], Tokens::SPACE[1]), galley, look.text);
}
