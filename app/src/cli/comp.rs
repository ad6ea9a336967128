//! `ai-dawg comp`

mod report;
mod swipes;
mod target;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use dawg_engine::joints::joint_shape;
use dawg_session::comp::{clear_comp, flatten, free_name, remove_comp};
use dawg_session::{
    Access, Comp, CompId, Edit, FadeShape, Joint, LaneId, Name, Plays, Samples, Session, Track, TrackId,
    apply_all,
};

use super::output::{Output, note};
use super::takes::track_named;
use crate::song::OpenSong;
pub(super) use report::CompReport;
use report::{Comps, Report};
use swipes::{Swipe, joint_length, swiped};
use target::target;

/// Build the best take from several: ranges of lanes, joined by short crossfades.
///
/// Nothing is copied and nothing is lost: the lanes stay, the comp only says what of which is heard. Each --pick lets a
/// range of a lane be heard in place of what was picked there, in the order given. They change the comp of this
/// --name, which is made if there is none, or the comp that plays, or else a new “Comp A”; it plays from then on. A
/// new comp has the picks given and is silent elsewhere, unless it begins --from-current. Without anything to do it
/// lists the track's comps.
///
/// LANE is the number of a take (`ai-dawg takes`) or the name of a lane; `name:3` is the lane called “3”, whatever
/// take has that number.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg comp \"my song.dawg\" --track Voice --pick 0:00..0:04.2=3 --pick 0:04.2..0:08=5
  ai-dawg comp \"my song.dawg\" --track Voice --pick '5|1|0..6|1|0=Take 2' --name \"Comp B\" --joint 20
  ai-dawg comp \"my song.dawg\" --track Voice --flatten
  ai-dawg comp \"my song.dawg\" --track Voice --json")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The track
    #[arg(long, value_name = "NAME")]
    track: String,
    /// Let this range of this lane be heard
    #[arg(long = "pick", value_name = "A..B=LANE", allow_hyphen_values = true)]
    picks: Vec<String>,
    /// The comp [default: the one that plays]
    #[arg(long, value_name = "COMP")]
    name: Option<String>,
    /// A new comp begins with what is heard now instead of silence
    #[arg(long, requires = "picks")]
    from_current: bool,
    /// Milliseconds that two picks are crossfaded for, 0 to 1000 [default: 10]
    #[arg(long, value_name = "MS", requires = "picks")]
    joint: Option<f64>,
    /// How they are crossfaded
    #[arg(long, value_enum, default_value_t = Shape::Auto)]
    shape: Shape,
    /// Begin with a copy of the comp, called NEW
    #[arg(long, value_name = "NEW")]
    duplicate: Option<String>,
    /// Empty the comp first
    #[arg(long)]
    clear: bool,
    /// Make clips of the comp on a lane of its own, which plays; the comp stays
    #[arg(long)]
    flatten: bool,
    /// Call the comp NEW
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// Take the comp away; its lanes stay
    #[arg(long, conflicts_with_all = ["picks", "duplicate", "clear", "flatten", "rename"])]
    delete: bool,
}

/// The shape of a joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shape {
    /// Equal power, or equal gain where both sides are alike
    Auto,
    /// Equal power
    Power,
    /// Equal gain
    Linear,
}

impl Arguments {
    fn changes(&self) -> bool {
        let Self { picks, duplicate, clear, flatten, rename, delete, .. } = self;
        !picks.is_empty() || duplicate.is_some() || *clear || *flatten || rename.is_some() || *delete
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    if !arguments.changes() {
        return list(arguments, output);
    }
    let mut song = OpenSong::open(&arguments.song, Access::Write)?;
    super::notices(&song);
    let mut work = Work::begin(song.session(), song.audio_folder(), arguments)?;
    work.all(arguments)?;
    let Work { session, track, comp, edits, label, flat, .. } = work;
    let seq = if edits.is_empty() {
        note("nothing had to be changed: it was so already");
        song.document().last_seq()
    } else {
        let name = track_of(&session, track)?.name.clone();
        song.commit(&format!("{label} on “{name}”"), edits)?
    };
    let report = Report::new(&session, track_of(&session, track)?, comp, flat, seq);
    song.close()?;
    match report {
        Some(report) => output.say(&report),
        None => list_of(&session, track_of(&session, track)?, output),
    }
}

fn list(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    super::notices(&song);
    let session = song.session();
    let track = track_named(session, &arguments.track)?;
    match &arguments.name {
        None => list_of(session, track, output),
        Some(name) => {
            let comp = target(track, Some(name))?.id;
            let seq = song.document().last_seq();
            Report::new(session, track, comp, None, seq).map_or(Ok(()), |report| output.say(&report))
        }
    }
}

fn list_of(session: &Session, track: &Track, output: &mut Output) -> Result<()> {
    output.say(&Comps::new(session, track))
}

fn track_of(session: &Session, id: TrackId) -> Result<&Track> {
    match session.track(id) {
        Some(track) => Ok(track),
        None => bail!("the track is gone; run the command again"),
    }
}

/// A comp that is worked on: the song as it is so far, and the Edits that made it so.
struct Work {
    session: Session,
    /// Where its files lie.
    audio: PathBuf,
    track: TrackId,
    comp: CompId,
    edits: Vec<Edit>,
    label: &'static str,
    flat: Option<LaneId>,
}

impl Work {
    /// Finds the comp that is meant, or makes it.
    fn begin(session: &Session, audio: PathBuf, arguments: &Arguments) -> Result<Self> {
        let track = track_named(session, &arguments.track)?;
        let named = arguments.name.as_deref();
        let known = match named {
            Some(name) => track.comps.iter().find(|comp| comp.name.as_str() == name),
            None => track.playing_comp(),
        };
        let mut work = Self {
            session: session.clone(),
            audio,
            track: track.id,
            comp: CompId::fresh(),
            edits: Vec::new(),
            label: "Comp",
            flat: None,
        };
        match known {
            Some(comp) => work.comp = comp.id,
            None if !arguments.picks.is_empty() && arguments.duplicate.is_none() => {
                work.make(named, arguments)?;
            }
            None => work.comp = target(track, named)?.id,
        }
        Ok(work)
    }

    fn all(&mut self, arguments: &Arguments) -> Result<()> {
        let Arguments { picks, duplicate, clear, flatten, rename, delete, .. } = arguments;
        if *delete {
            self.label = "Delete comp";
            return self.apply(remove_comp(&self.session, self.comp)?);
        }
        if let Some(name) = duplicate {
            self.duplicate(name)?;
        }
        if *clear {
            self.apply(clear_comp(&self.session, self.comp)?)?;
        }
        if !picks.is_empty() {
            self.swipe(arguments)?;
        }
        if let Some(name) = rename {
            self.apply(vec![Edit::RenameComp { comp: self.comp, name: self.free(name)? }])?;
        }
        if *flatten { self.flatten() } else { Ok(()) }
    }

    fn apply(&mut self, edits: Vec<Edit>) -> Result<()> {
        self.session = apply_all(&self.session, &edits)?.session;
        self.edits.extend(edits);
        Ok(())
    }

    fn track(&self) -> Result<&Track> {
        track_of(&self.session, self.track)
    }

    fn comp(&self) -> Result<&Comp> {
        match self.track()?.comp(self.comp) {
            Some(comp) => Ok(comp),
            None => bail!("the comp is gone; run the command again"),
        }
    }

    /// A name that no comp of the track has.
    fn free(&self, name: &str) -> Result<Name> {
        let name = Name::new(name)?;
        let taken = self.track()?.comps.iter().any(|comp| comp.id != self.comp && comp.name == name);
        if taken {
            bail!("“{}” has a comp “{name}” already: give another name", self.track()?.name);
        }
        Ok(name)
    }

    fn make(&mut self, name: Option<&str>, arguments: &Arguments) -> Result<()> {
        let track = self.track()?;
        let name = match name {
            Some(name) => Name::new(name)?,
            None => free_name(track),
        };
        let picks = if arguments.from_current { swipes::current(&self.session, track) } else { Vec::new() };
        let comp = Comp { picks, ..Comp::new(self.comp, name) };
        let at = track.comps.len();
        self.apply(vec![Edit::AddComp { track: self.track, comp, at }])
    }

    fn duplicate(&mut self, name: &str) -> Result<()> {
        self.label = "Duplicate comp";
        let from = self.comp;
        let picks = self.comp()?.picks.clone();
        let at = self.track()?.comps.iter().position(|comp| comp.id == from).map_or(0, |at| at + 1);
        self.comp = CompId::fresh();
        let comp = Comp { picks, ..Comp::new(self.comp, self.free(name)?) };
        self.apply(vec![Edit::AddComp { track: self.track, comp, at }])?;
        self.play(Plays::Comp(self.comp))
    }

    fn play(&mut self, plays: Plays) -> Result<()> {
        if self.track()?.plays == plays {
            return Ok(());
        }
        self.apply(vec![Edit::SetPlays { track: self.track, plays }])
    }

    fn swipe(&mut self, arguments: &Arguments) -> Result<()> {
        let track = self.track()?;
        let swipes: Vec<Swipe<'_>> = arguments
            .picks
            .iter()
            .map(|text| Swipe::read(text, &self.session, track))
            .collect::<Result<_>>()?;
        swipes.iter().for_each(|swipe| swipe.tell_of_silence(&self.session));
        let length = joint_length(arguments.joint, self.session.sample_rate)?;
        let joint = Joint { length, shape: FadeShape::EqualPower };
        let edit = swiped(self.comp()?, &swipes, joint, |lanes, at| {
            arguments.shape.fixed().unwrap_or_else(|| self.shape_of(track, lanes, at, length))
        });
        self.apply(edit.into_iter().collect())?;
        self.play(Plays::Comp(self.comp))
    }

    /// What the material asks for; equal power where it cannot be read.
    fn shape_of(&self, track: &Track, lanes: (LaneId, LaneId), at: Samples, length: Samples) -> FadeShape {
        joint_shape(&self.session, &self.audio, track, lanes, at, length).unwrap_or_else(|error| {
            note(&format!("how alike the takes are at a joint is not known, so it has equal power: {error}"));
            FadeShape::EqualPower
        })
    }

    fn flatten(&mut self) -> Result<()> {
        let (track, comp) = (self.track()?, self.comp()?);
        let lane = flatten(&self.session, track, comp, LaneId::fresh());
        if lane.clips.is_empty() {
            bail!("nothing is heard of “{}”: pick something first, --pick A..B=LANE", comp.name);
        }
        let (id, at) = (lane.id, track.lanes.len());
        if self.edits.is_empty() {
            self.label = "Flatten comp";
        }
        self.flat = Some(id);
        self.apply(vec![Edit::AddLane { track: self.track, lane, at }])?;
        self.play(Plays::Lane(id))
    }
}

impl Shape {
    /// The shape that was asked for; none where the material decides.
    pub(super) const fn fixed(self) -> Option<FadeShape> {
        match self {
            Self::Auto => None,
            Self::Power => Some(FadeShape::EqualPower),
            Self::Linear => Some(FadeShape::Linear),
        }
    }
}
