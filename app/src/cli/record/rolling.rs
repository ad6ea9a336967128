//! From Record to the last frame on disk.
//!
//! Start at [`capture`].

use std::time::{Duration, Instant};

use dawg_engine::Engine;
use dawg_engine::capture::{Recorded, Roll};

use super::course::Course;
use crate::cli::output::{Output, note};
use crate::cli::sound::{Waited, Watch};
use crate::space::{SpaceWatch, Warning};

/// A loop shorter than this is not turned off in its last pass: it may be over by then.
const SHORT_LOOP: Duration = Duration::from_millis(250);

/// How far a course has come.
pub(super) struct Progress {
    course: Course,
    rate: u32,
    /// Frames that the engine had processed when the song began to roll.
    began: Option<u64>,
    pass: i64,
    /// The loop is off: the song rolls on past its end.
    last: bool,
    /// How much longer it rolls than the course says.
    longer: i64,
}

impl Progress {
    /// At the start of a course at `rate`, which ends `longer` frames later than it says.
    pub(super) fn new(course: &Course, rate: u32, longer: i64) -> Self {
        Self { course: course.clone(), rate, began: None, pass: 0, last: false, longer }
    }

    /// Looks where the engine is and says what is new. Returns whether the course has come to its end.
    pub(super) fn follow(&mut self, engine: &mut Engine, output: &mut Output) -> bool {
        let (playhead, frames) = (engine.playhead(), engine.vitals().frames);
        if !playhead.rolling && self.began.is_none() {
            return false;
        }
        let began = *self.began.get_or_insert_with(|| {
            say(output, "rolling");
            // Seen a little late: what was played since is known from the song's position.
            let already = u64::try_from(playhead.position - self.course.from).unwrap_or(0);
            frames.saturating_sub(already)
        });
        let rolled = frames.saturating_sub(began) as i64;
        let Some((start, end)) = self.course.looped else {
            return playhead.position >= self.course.from + self.course.frames + self.longer;
        };
        self.tell_pass(rolled, (start, end), output);
        self.end_loop(engine, rolled, end - start);
        // A block that is under way may hold the last frames.
        let slack = i64::from(engine.format().buffer);
        match self.last {
            true => playhead.position >= end + self.longer,
            false => rolled >= self.course.frames + slack + self.longer,
        }
    }

    fn tell_pass(&mut self, rolled: i64, (start, end): (i64, i64), output: &mut Output) {
        let pass = (self.course.from + rolled - start).max(0) / (end - start) + 1;
        if pass > self.pass && self.course.passes.is_none_or(|passes| pass <= i64::from(passes)) {
            self.pass = pass;
            let of = self.course.passes.map(|passes| format!(" of {passes}")).unwrap_or_default();
            say(output, &format!("pass {pass}{of}"));
        }
    }

    /// In the middle of the last pass the loop ends: the song goes on after it, as a singer would expect.
    fn end_loop(&mut self, engine: &mut Engine, rolled: i64, length: i64) {
        let short = length < SHORT_LOOP.as_millis() as i64 * i64::from(self.rate) / 1_000;
        let due = self.course.passes.is_some() && !short && rolled >= self.course.frames - length / 2;
        if due && !self.last {
            let onward = Course::session_at_last(engine.session());
            // The same song: it compiles nothing and cannot be refused.
            self.last = engine.set_session(onward).is_ok();
        }
    }
}

/// Rolls until the course is over, Ctrl-C, or the device vanishes. Also returns whether it did.
pub(super) fn capture(
    engine: &mut Engine,
    watch: &mut Watch,
    roll: Roll,
    course: &Course,
    space: Option<&SpaceWatch>,
    output: &mut Output,
) -> (Recorded, bool) {
    let mut progress = Progress::new(course, engine.session().sample_rate, 0);
    let gone = loop {
        match watch.tick(engine) {
            Waited::Passed => {}
            Waited::Interrupted => break false,
            Waited::Gone => break true,
        }
        for Warning::Filling(words) | Warning::Short(words) in space.into_iter().flat_map(SpaceWatch::news) {
            note(&words);
        }
        if progress.follow(engine, output) || roll.failed() {
            break false;
        }
    };
    engine.stop();
    drain(engine, watch, &roll, gone);
    let mut recorded = roll.finish();
    if course.looped.is_some() {
        recorded.tracks.iter_mut().for_each(|track| end_at(&mut track.row.log.segments, course.frames));
    }
    (recorded, gone)
}

/// Leaves out what came after the last pass, until the engine had stopped.
fn end_at(segments: &mut Vec<dawg_session::Segment>, frames: i64) {
    let mut left = frames;
    for segment in segments.iter_mut() {
        segment.length = segment.length.min(left);
        left -= segment.length;
    }
    segments.retain(|segment| segment.length > 0);
}

/// Waits for what was played last to come in: a round trip, and the disk.
fn drain(engine: &mut Engine, watch: &mut Watch, roll: &Roll, mut gone: bool) {
    const LONGEST: Duration = Duration::from_secs(20);
    let start = Instant::now();
    while !gone && !roll.is_finished() && start.elapsed() < LONGEST {
        gone = watch.tick(engine) == Waited::Gone;
    }
    if !roll.is_finished() {
        roll.abandon();
    }
}

/// Nobody may be reading; the take goes on all the same.
pub(super) fn say(output: &mut Output, line: &str) {
    if let Err(error) = output.now(line) {
        note(&format!("{error:#}"));
    }
}
