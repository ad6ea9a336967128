//! What `comp` says: a comp with its picks, or all comps of a track.

use std::fmt::{self, Display, Formatter};

use dawg_session::{Comp, CompId, FadeShape, LaneId, Pick, Plays, Samples, Session, Track};
use serde::Serialize;

use crate::cli::format::Time;

/// A comp and what was done to it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    track: String,
    #[serde(flatten)]
    comp: CompReport,
    /// The lane that it was flattened to.
    flattened: Option<LaneId>,
    seq: i64,
}

/// The comps of a track.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Comps {
    comps: Vec<CompReport>,
    #[serde(skip)]
    track: String,
}

/// A comp, as `comp --json` and `info --json` say it.
#[derive(Debug, Clone, Serialize)]
pub(in crate::cli) struct CompReport {
    id: CompId,
    name: String,
    plays: bool,
    picks: Vec<PickReport>,
    #[serde(skip)]
    rate: u32,
}

#[derive(Debug, Clone, Serialize)]
struct PickReport {
    /// Song samples; null for all that lies before `end`.
    start: Option<i64>,
    /// Null for all that lies after `start`.
    end: Option<i64>,
    lane: LaneId,
    name: String,
    /// The number of its take, if it was recorded.
    take: Option<u32>,
    /// The lane is not there any more.
    gap: bool,
    /// How it is joined to the pick that ends where it starts; null if none does.
    joint: Option<JointReport>,
}

#[derive(Debug, Clone, Serialize)]
struct JointReport {
    /// Samples.
    length: i64,
    shape: FadeShape,
}

impl Report {
    /// None when the comp is not there any more.
    pub(super) fn new(
        session: &Session,
        track: &Track,
        comp: CompId,
        flattened: Option<LaneId>,
        seq: i64,
    ) -> Option<Self> {
        let comp = CompReport::new(session, track, track.comp(comp)?);
        Some(Self { track: track.name.to_string(), comp, flattened, seq })
    }
}

impl Comps {
    pub(super) fn new(session: &Session, track: &Track) -> Self {
        let comps = track.comps.iter().map(|comp| CompReport::new(session, track, comp));
        Self { comps: comps.collect(), track: track.name.to_string() }
    }
}

impl CompReport {
    pub(in crate::cli) fn new(session: &Session, track: &Track, comp: &Comp) -> Self {
        let picks = comp.picks.iter().enumerate().map(|(number, pick)| {
            let lane = track.lane(pick.lane);
            let joint = JointReport { length: pick.joint.length.0, shape: pick.joint.shape };
            PickReport {
                start: (pick.start != Pick::FIRST).then_some(pick.start.0),
                end: (pick.end != Pick::LAST).then_some(pick.end.0),
                lane: pick.lane,
                name: lane.map_or(&pick.name, |lane| &lane.name).to_string(),
                take: lane.and_then(|lane| lane.take).map(|take| take.number),
                gap: lane.is_none(),
                joint: comp.is_joined(number).then_some(joint),
            }
        });
        Self {
            id: comp.id,
            name: comp.name.to_string(),
            plays: track.plays == Plays::Comp(comp.id),
            picks: picks.collect(),
            rate: session.sample_rate,
        }
    }
}

impl CompReport {
    /// `Comp A (plays)`.
    pub(in crate::cli) fn title(&self) -> String {
        format!("{}{}", self.name, if self.plays { " (plays)" } else { "" })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.comp)?;
        if self.flattened.is_some() {
            let Self { comp: CompReport { name, .. }, track, .. } = self;
            write!(f, "flattened to the lane “{name}”, which is what “{track}” plays; the comp stays")?;
        }
        Ok(())
    }
}

impl Display for Comps {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.comps.is_empty() {
            return write!(f, "“{}” has no comp yet: make one with --pick A..B=LANE", self.track);
        }
        self.comps.iter().try_for_each(|comp| write!(f, "{comp}"))
    }
}

impl Display for CompReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title())?;
        if self.picks.is_empty() {
            return writeln!(f, "  nothing is picked");
        }
        self.picks.iter().try_for_each(|pick| self.row(f, pick))
    }
}

impl CompReport {
    fn row(&self, f: &mut Formatter<'_>, pick: &PickReport) -> fmt::Result {
        let PickReport { start, end, name, take, gap, joint, .. } = pick;
        let time = |at: Option<i64>, open: &str| match at {
            Some(samples) => Time { samples, rate: self.rate }.to_string(),
            None => open.to_owned(),
        };
        write!(f, "  {:>9} to {:>9}  ", time(*start, "the start"), time(*end, "the end"))?;
        if let Some(number) = take {
            write!(f, "take {number} ")?;
        }
        write!(f, "“{name}”{}", if *gap { ", which was deleted: silence" } else { "" })?;
        if let Some(JointReport { length, shape }) = joint {
            let milliseconds = Samples(*length).milliseconds(self.rate);
            let shape = match shape {
                FadeShape::Linear => "equal gain",
                FadeShape::EqualPower => "equal power",
            };
            write!(f, "  joined over {milliseconds:.1} ms, {shape}")?;
        }
        writeln!(f)
    }
}
