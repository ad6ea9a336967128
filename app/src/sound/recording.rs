//! A recording under way: begun, rolling, and, after Stop, drained to the last frame on disk.
//!
//! Start at [`Recorder::begin`]. Nothing here waits but the beginning, for the first row on disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Recorded, Roll, RollRequest};
use dawg_media::wav::SampleFormat;
use dawg_session::{Session, Store, TrackId};

use super::device::sentence;
use super::figures::Figures;
use super::{Recording, Take};

/// The disk has as long to take what came in.
const LONGEST_DRAIN: Duration = Duration::from_secs(20);

/// What is to be recorded.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) tracks: Vec<TrackId>,
    pub(super) from: i64,
    pub(super) count_in: i64,
    pub(super) punch: Punch,
    pub(super) until: Option<i64>,
    pub(super) float: bool,
}

/// A running recording.
#[derive(Debug)]
pub(super) struct Recorder {
    roll: Roll,
    shown: Recording,
    // Punched by hand: whether in.
    quick: Option<bool>,
    until: Option<i64>,
    wish: Wish,
    stopped: Option<Instant>,
}

impl Recorder {
    /// Makes the files and sets the song rolling.
    ///
    /// # Errors
    /// In words for people; the song is as it was.
    pub(super) fn begin(
        engine: &mut Engine,
        figures: &Figures,
        session: &Session,
        store: Option<&Arc<Store>>,
        wish: Wish,
    ) -> Result<Self, String> {
        let store = store.ok_or("The song is open for reading only. Save a copy of it and record there.")?;
        refuse_few_inputs(engine, session, &wish.tracks)?;
        let rolling = engine.playhead().rolling;
        // Dropped into while it plays there is no time for a count-in, and no jump.
        let (from, count_in) = match wish.punch {
            _ if rolling => (None, 0),
            // As Play does: from where it stands, wherever the window saw it last.
            Punch::Quick => (None, 0),
            _ => (Some(wish.from), wish.count_in),
        };
        let again = wish.clone();
        engine.prepare_to_record(&wish.tracks).map_err(|error| sentence(&error.to_string()))?;
        let latency = figures.round_trip(engine).frames + i64::from(engine.plan_latency());
        let request = RollRequest {
            tracks: wish.tracks,
            from: wish.from,
            punch: wish.punch,
            count_in,
            latency,
            format: if wish.float { SampleFormat::Float32 } else { SampleFormat::Int24 },
        };
        let begun = Roll::begin(session, store, &request);
        let (roll, taps) = begun.map_err(|error| {
            // The paths were as they are before, so there is no circle.
            _ = engine.prepare_to_record(&[]);
            sentence(&error.to_string())
        })?;
        let start = if rolling { engine.playhead().position } else { wish.from };
        let first = match wish.punch {
            Punch::Range(first, _) => first.max(start),
            Punch::All(_) | Punch::Quick => start,
        };
        engine.roll(from, count_in, Some(taps));
        let takes =
            roll.rows().iter().map(|row| Take { track: row.track, media: row.media, channels: row.channels });
        let offset = count_in + latency + first - start;
        let shown = Recording { takes: takes.collect(), from: first, offset };
        let quick = (wish.punch == Punch::Quick).then_some(false);
        Ok(Self { roll, shown, quick, until: wish.until, wish: again, stopped: None })
    }

    /// What the window shows of it; nothing while it is not punched in.
    pub(super) fn shown(&self) -> Option<&Recording> {
        (self.quick != Some(false)).then_some(&self.shown)
    }

    /// Whether it is punched by hand, and if so, whether it is in.
    pub(super) fn punching(&self) -> Option<bool> {
        self.quick.filter(|_| self.stopped.is_none())
    }

    /// Punches in or out.
    pub(super) fn punch(&mut self, engine: &mut Engine, on: bool) {
        if self.stopped.is_some() || self.quick != Some(!on) {
            return;
        }
        engine.punch(on);
        self.quick = Some(on);
        // What grows on screen begins here, as the take will; further back is where the song began to roll, or was
        // sent to.
        let at = engine.playhead().position;
        if on && at >= self.shown.from {
            self.shown.offset += at - self.shown.from;
            self.shown.from = at;
        }
    }

    /// Whether captures that nobody asked for ended by themselves, and the song with them.
    pub(super) fn broke_off(&self) -> bool {
        self.quick.is_some() && self.roll.failed()
    }

    /// What goes on from `from` with another device; nothing where nothing was wanted any more, or not yet.
    pub(super) fn again(&self, from: i64) -> Option<Wish> {
        let wanted = self.stopped.is_none() && self.quick.is_none();
        wanted.then(|| Wish { from, count_in: 0, ..self.wish.clone() })
    }

    /// Whether it only waits for what was sung last.
    pub(super) fn stopping(&self) -> bool {
        self.stopped.is_some()
    }

    /// Ends it; what was sung until now is still on its way in.
    pub(super) fn stop(&mut self, engine: &mut Engine) {
        if self.stopped.is_none() {
            engine.stop();
            self.roll.hurry();
            self.stopped = Some(Instant::now());
        }
    }

    /// Ends it without the device, which is gone: what came in is kept.
    pub(super) fn abandon(&mut self) {
        self.roll.abandon();
        self.stopped.get_or_insert_with(Instant::now);
    }

    /// Looks after it. Returns whether everything is on disk: then [`finish`](Self::finish) does not wait.
    pub(super) fn follow(&mut self, engine: Option<&mut Engine>) -> bool {
        if let Some(engine) = engine {
            let playhead = engine.playhead();
            let passed = self.until.is_some_and(|until| playhead.rolling && playhead.position >= until);
            if self.roll.failed() || passed {
                self.stop(engine);
            }
        }
        if self.stopped.is_some_and(|since| since.elapsed() > LONGEST_DRAIN) {
            self.roll.abandon();
        }
        self.roll.is_finished()
    }

    /// What it came to.
    pub(super) fn finish(self) -> Recorded {
        self.roll.finish()
    }
}

fn refuse_few_inputs(engine: &Engine, session: &Session, tracks: &[TrackId]) -> Result<(), String> {
    let format = engine.format();
    for track in tracks.iter().filter_map(|id| session.track(*id)) {
        let wanted = track.input.channels().iter().copied().max().unwrap_or(0);
        if wanted > format.inputs {
            let has = match format.inputs {
                0 => "is open without a microphone".to_owned(),
                1 => "has one input".to_owned(),
                more => format!("has {more} inputs"),
            };
            return Err(format!(
                "“{}” records from input {wanted}, and {} {has}. Choose another input for the track, or another \
                 device in the audio settings.",
                track.name, format.name
            ));
        }
    }
    Ok(())
}
