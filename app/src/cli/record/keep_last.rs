//! “Keep what I just sang”: nothing is recorded, and at the end what came in lately becomes takes.
//!
//! Start at [`keep_last`].

use std::time::Instant;

use anyhow::{Result, bail};
use dawg_engine::Engine;
use dawg_engine::capture::{self, Recorded};
use dawg_engine::retrospect::Kept;
use dawg_media::wav::SampleFormat;
use dawg_session::TrackId;

use super::course::{Course, Times};
use super::report::Latency;
use super::rolling::{Progress, say};
use super::tracks::Prepared;
use crate::cli::output::{Output, note};
use crate::cli::sound::{Waited, Watch};
use crate::song::OpenSong;

/// What is kept, and how.
pub(super) struct Wish<'a> {
    pub(super) seconds: f64,
    pub(super) times: &'a Times,
    pub(super) course: &'a Course,
    pub(super) latency: Latency,
    pub(super) format: SampleFormat,
}

/// Plays, or waits, and then writes what came in into captures. Also returns whether the device vanished.
pub(super) fn keep_last(
    song: &mut OpenSong,
    engine: &mut Engine,
    watch: &mut Watch,
    prepared: &Prepared,
    wish: &Wish<'_>,
    output: &mut Output,
) -> Result<(Recorded, bool)> {
    let remembered = engine.retrospect().seconds_each;
    if remembered < wish.seconds {
        bail!(
            "only the last {remembered:.0} s of each input are remembered here: give --keep-last {remembered:.0} or less"
        );
    }
    let gone = if wish.times.stopped {
        stand(engine, watch, wish, output)
    } else {
        roll(engine, watch, wish, output)
    };
    // While it rolls: what came in afterwards would be taken for something sung while the song stood still.
    let kept = kept(engine, prepared, wish);
    engine.stop();
    watch.until_stopped(engine);
    let kept = kept?;
    if let Some(still) = kept.iter().find_map(|(_, kept)| kept.still) {
        note(still.notice());
    }
    if !prepared.edits.is_empty() {
        song.commit(&format!("Prepare {} to record", prepared.names()), prepared.edits.clone())?;
    }
    Ok((capture::keep(song.session(), song.store(), &kept, wish.format)?, gone))
}

fn kept(engine: &mut Engine, prepared: &Prepared, wish: &Wish<'_>) -> Result<Vec<(TrackId, Kept)>> {
    let mut all = Vec::new();
    for track in &prepared.tracks {
        let kept = engine.keep(track.input.channels(), Some(wish.seconds), wish.latency.frames)?;
        all.push((track.id, kept));
    }
    Ok(all)
}

/// The song plays. What is sung to its last frame comes in a round trip later.
fn roll(engine: &mut Engine, watch: &mut Watch, wish: &Wish<'_>, output: &mut Output) -> bool {
    let way = wish.latency.frames.max(0) + i64::from(engine.plan_latency());
    let mut progress = Progress::new(wish.course, engine.session().sample_rate, way);
    engine.play(Some(wish.course.from));
    loop {
        match watch.tick(engine) {
            Waited::Passed => {}
            Waited::Interrupted => return wait_for(engine, watch, way),
            Waited::Gone => return true,
        }
        if progress.follow(engine, output) {
            return false;
        }
    }
}

/// The song stands still at the course's start.
fn stand(engine: &mut Engine, watch: &mut Watch, wish: &Wish<'_>, output: &mut Output) -> bool {
    engine.locate(wish.course.from);
    say(output, "listening");
    let start = engine.vitals().frames;
    loop {
        match watch.tick(engine) {
            Waited::Passed => {}
            Waited::Interrupted => return false,
            Waited::Gone => return true,
        }
        if (engine.vitals().frames - start) as i64 >= wish.course.frames {
            return false;
        }
    }
}

/// Lets so many frames pass. Returns whether the device vanished.
fn wait_for(engine: &mut Engine, watch: &mut Watch, frames: i64) -> bool {
    let (start, since) = (engine.vitals().frames, Instant::now());
    while ((engine.vitals().frames - start) as i64) < frames && since.elapsed().as_secs() < 2 {
        if watch.tick(engine) == Waited::Gone {
            return true;
        }
    }
    false
}
