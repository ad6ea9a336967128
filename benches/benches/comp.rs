//! One boundary moved in a comp of 100 lanes and 500 picks: apply, and compile.
//!
//! The compiler touches no file, so none is made. Every lane has 20 clips side by side.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::path::PathBuf;
use std::sync::Arc;

use dawg_benches::song::Builder;
use dawg_benches::timing::{self, Times};
use dawg_benches::tracks::RATE;
use dawg_engine::Compiler;
use dawg_media::cache::Slots;
use dawg_session::comp::move_boundary;
use dawg_session::{
    Clip, ClipId, Comp, CompId, Edit, FadeShape, Joint, Lane, LaneId, Name, Pick, Plays, Position, Samples,
    Session,
};

const LANES: usize = 100;
const CLIPS: i64 = 20;
const PICKS: i64 = 500;
/// Frames between two boundaries: 0.4 s.
const STEP: i64 = 19_200;

fn main() {
    let (mut session, comp) = song();
    let mut compiler = Compiler::new(PathBuf::new(), Slots::with_bytes(0), 1_024);
    compiler.compile(&session, &[]).unwrap();
    let (mut apply, mut compile) = (Times::default(), Times::default());
    for round in 0..if timing::quick() { 20 } else { 1_000 } {
        let number = 1 + round * 37 % (PICKS as usize - 1);
        let to = Samples(number as i64 * STEP + 480 * (1 - 2 * (round as i64 % 2)) + round as i64 % 7);
        let track = &session.tracks[0];
        let Some(edit) = move_boundary(track.comp(comp).unwrap(), number, to) else { continue };
        let moved = apply.time(|| dawg_session::apply_all(&session, &[edit]).unwrap());
        session = moved.session;
        let installation = compile.time(|| compiler.compile(&session, &[]).unwrap());
        drop(installation);
    }
    println!(
        "\n| one boundary moved, {LANES} lanes, {PICKS} picks | median | worst of 100 but one | worst |"
    );
    println!("| --- | --- | --- | --- |");
    println!("| apply {}\n| compile {}", apply.cells(), compile.cells());
}

/// A track of lanes that all last for the whole comp, which goes from one to the next.
fn song() -> (Session, CompId) {
    let mut builder = Builder::new();
    let frames = PICKS * STEP;
    let new = Builder::track(0, frames as usize, 1);
    builder.edit(&new.edits);
    let track = Arc::clone(&builder.session.tracks[0]);
    let first = Clip::clone(&track.lanes[0].clips[0]);
    let mut comp = Comp::new(CompId::fresh(), Name::new("Comp A").unwrap());
    let mut lanes = Vec::with_capacity(LANES);
    for at in 0..LANES {
        let mut lane = Lane::new(LaneId::fresh(), Name::new("Take").unwrap());
        let length = frames / CLIPS;
        for clip in 0..CLIPS {
            // Each lane is shifted: windows of one file at one place would go on in each other, without joints.
            let (start, offset) = (Position::Samples(clip * length), Samples(clip * length + at as i64));
            let length = Samples(length - if clip == CLIPS - 1 { LANES as i64 } else { 0 });
            lane.clips.push(Arc::new(Clip { id: ClipId::fresh(), start, offset, length, ..first.clone() }));
        }
        lanes.push(lane.id);
        builder.edit(&[Edit::AddLane { track: track.id, lane, at: at + 1 }]);
    }
    for number in 0..PICKS {
        comp.picks.push(Pick {
            start: Samples(number * STEP),
            end: Samples((number + 1) * STEP),
            lane: lanes[(number * 7) as usize % LANES],
            name: Name::new("Take").unwrap(),
            joint: Joint::usual(RATE, FadeShape::EqualPower),
        });
    }
    let id = comp.id;
    builder.edit(&[
        Edit::AddComp { track: track.id, comp, at: 0 },
        Edit::SetPlays { track: track.id, plays: Plays::Comp(id) },
    ]);
    (builder.session, id)
}
