//! What the song does while it records, and what of it becomes takes: straight on, round and round, or a punch.
//!
//! Start at [`Times`] (as typed) and [`Course`] (in song frames).

mod roll_time;

use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{ArgGroup, Args};
use dawg_engine::capture::Punch;
use dawg_engine::shortest_loop;
use dawg_session::{LoopRange, Position, RollTime, Samples, Session};

use crate::cli::format::Time;
use crate::cli::sound::{frames, place, range_in_song};
use roll_time::RollTimeArgument;

/// When to record.
#[derive(Debug, Args)]
#[group(skip)]
#[command(
    group = ArgGroup::new("when").required(true).multiple(true).args(["seconds", "loop_range", "punch", "keep_last"]),
    group = ArgGroup::new("rounds").multiple(true).args(["passes", "seconds", "keep_last"])
)]
pub(super) struct Times {
    /// How long
    #[arg(long, value_name = "N")]
    pub(super) seconds: Option<f64>,
    /// Where the take starts [default: the song's start]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with_all = ["loop_range", "punch"])]
    pub(super) at: Option<String>,
    /// Record this range again and again without a gap, one take a pass; with --passes, or --seconds in all
    #[arg(long = "loop", value_name = "A..B", allow_hyphen_values = true, requires = "rounds")]
    pub(super) loop_range: Option<String>,
    /// How often the loop is recorded; Ctrl-C ends earlier and keeps the pass begun
    #[arg(
        long, value_name = "N", requires = "loop_range", conflicts_with = "seconds",
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    pub(super) passes: Option<u32>,
    /// Record this range alone: drop in at A, out at B
    #[arg(
        long, value_name = "A..B", allow_hyphen_values = true,
        conflicts_with_all = ["loop_range", "seconds", "keep_last"]
    )]
    pub(super) punch: Option<String>,
    /// How much of the song is heard before: seconds (2s) or bars (1bar, '2 bars'); less where the song starts
    /// [default: none]
    #[arg(long, value_name = "T")]
    pre_roll: Option<RollTimeArgument>,
    /// How much is heard after, in seconds or bars [default: none]
    #[arg(long, value_name = "T", conflicts_with = "loop_range")]
    post_roll: Option<RollTimeArgument>,
    /// Record nothing; at the end keep what came in during the last SECONDS, as if Record had been pressed. The song
    /// plays for --seconds, else for SECONDS; Ctrl-C ends earlier
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["pre_roll", "post_roll", "count_in"])]
    pub(super) keep_last: Option<f64>,
    /// With --keep-last: the song stands still, and what was sung ends where it stands (--at)
    #[arg(long, requires = "keep_last", conflicts_with = "loop_range")]
    pub(super) stopped: bool,
    /// Bars of clicks before the song rolls, 0 to 4; they are captured, but not part of the take
    #[arg(long, value_name = "BARS", default_value_t = 0)]
    count_in: u8,
}

/// How a recording goes, in song frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Course {
    /// From where the song rolls.
    pub(super) from: i64,
    /// What becomes takes.
    pub(super) punch: Punch,
    /// What is looped, if it is.
    pub(super) looped: Option<(i64, i64)>,
    /// Passes of the loop, if they are counted.
    pub(super) passes: Option<u32>,
    /// For how long the song rolls in all, if nobody ends it earlier.
    pub(super) frames: i64,
    /// Frames of clicks before.
    pub(super) count_in: i64,
}

impl Course {
    /// The course that was asked for.
    pub(super) fn new(times: &Times, session: &Session) -> Result<Self> {
        let mut course = match (&times.loop_range, &times.punch) {
            (Some(range), _) => Self::looping(range, times, session)?,
            (None, Some(range)) => Self::punched(&punch_range(range, session)?, times, session)?,
            (None, None) => Self::straight(times, session)?,
        };
        course.count_in = count_in(session, course.from, times.count_in)?;
        if course.frames > 86_400 * i64::from(session.sample_rate) {
            bail!("that would be more than a day of recording: give fewer --passes or a shorter range");
        }
        Ok(course)
    }

    fn straight(times: &Times, session: &Session) -> Result<Self> {
        let rate = session.sample_rate;
        let at = place(times.at.as_deref().unwrap_or("0s"), session, rate)?;
        let at = session.tempo_map.to_samples(at, rate).0;
        let seconds = times.seconds.or(times.keep_last).unwrap_or(0.0);
        let end = at + frames(seconds, rate)?;
        if times.pre_roll.is_some() || times.post_roll.is_some() {
            return Self::punched(&(at, end), times, session);
        }
        Ok(Self::plain(at, Punch::All(Some(end)), end - at))
    }

    fn punched((start, end): &(i64, i64), times: &Times, session: &Session) -> Result<Self> {
        let from = RollTimeArgument::before(times.pre_roll, *start, session);
        let until = RollTimeArgument::after(times.post_roll, *end, session);
        Ok(Self::plain(from, Punch::Range(*start, *end), until - from))
    }

    fn looping(range: &str, times: &Times, session: &Session) -> Result<Self> {
        let rate = session.sample_rate;
        let (start, end) = range_in_song(range, session)?;
        if end - start < shortest_loop(rate) {
            bail!("the loop {range} is shorter than 10 ms: give a longer one");
        }
        let from = RollTimeArgument::before(times.pre_roll, start, session);
        let seconds = times.seconds.or(times.keep_last).map(|seconds| frames(seconds, rate)).transpose()?;
        let rounds =
            |passes: u32| (end - from).saturating_add(i64::from(passes - 1).saturating_mul(end - start));
        let frames = times.passes.map(rounds).or(seconds).unwrap_or(0);
        let plain = Self::plain(from, Punch::Range(start, end), frames);
        Ok(Self { looped: Some((start, end)), passes: times.passes, ..plain })
    }

    const fn plain(from: i64, punch: Punch, frames: i64) -> Self {
        Self { from, punch, looped: None, passes: None, frames, count_in: 0 }
    }

    /// The song as it plays meanwhile: in the loop of this course, or in none.
    pub(super) fn session(&self, session: &Session) -> Session {
        let mut session = session.clone();
        session.loop_range = match self.looped {
            Some((start, end)) => {
                LoopRange { on: true, start: Position::Samples(start), end: Position::Samples(end) }
            }
            None => LoopRange { on: false, ..session.loop_range },
        };
        session
    }

    /// The same when the last pass has begun: the song goes on after it.
    pub(super) fn session_at_last(session: &Arc<Session>) -> Arc<Session> {
        crate::cli::sound::without_loop(session)
    }
}

fn punch_range(range: &str, session: &Session) -> Result<(i64, i64)> {
    let (start, end) = range_in_song(range, session)?;
    let last = session.end().0;
    if last > 0 && start >= last {
        bail!(
            "the punch {range} lies after the song's end ({}): there is nothing to drop in on. Give a range inside \
             the song, or record with --at and --seconds",
            Time { samples: last, rate: session.sample_rate }
        );
    }
    Ok((start, end))
}

fn count_in(session: &Session, from: i64, bars: u8) -> Result<i64> {
    if bars > 4 {
        bail!("a count-in of {bars} bars is out of range: give 0 to 4");
    }
    let bars = RollTime::Bars(bars);
    Ok(bars.length_before(Samples(from), &session.tempo_map, session.sample_rate).0)
}
