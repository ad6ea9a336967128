//! `ai-dawg import`

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sound::place;
use anyhow::{Context, Result, bail};
use dawg_media::import::probe;
use dawg_session::{
    Access, Clip, ClipId, Edit, LaneId, Layout, MediaId, Name, Position, Samples, Session, Track, TrackId,
    comp, resolve,
};
use serde::Serialize;

use super::output::{Output, ask, note};
use super::progress::shown;
use crate::intake::{
    Intake, Landed, in_a_row, layout_for, name_from, new_track, next_colour, note_hashes, whole_clip,
};
use crate::song::OpenSong;

/// Bring audio files into a song: WAV, AIFF, FLAC, MP3, AAC/M4A, Ogg Vorbis.
///
/// Each file becomes a track of its own, named after it, that starts at the song's start or at --at. With --track
/// they go onto that track one after the other, after what is there or from --at on.
///
/// Files of up to 24 bits at the song's rate are copied unchanged; all others are stored as 32-bit float at the
/// song's rate. All files come in, or none: one that cannot be read leaves the song as it was.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg import \"my song.dawg\" beat.wav
  ai-dawg import \"my song.dawg\" verse1.flac verse2.flac --track Voice --at '5|1|0'")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The track to put them on, made if there is none of this name
    #[arg(long, value_name = "NAME")]
    track: Option<String>,
    /// Where they start
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Take what is there of files that are cut off or damaged in places
    #[arg(long)]
    repair: bool,
    /// Give a song without audio the rate of the first file, instead of converting it
    #[arg(long, conflicts_with = "keep_rate")]
    set_rate: bool,
    /// Keep the song's rate without asking, and convert
    #[arg(long)]
    keep_rate: bool,
}

#[derive(Serialize)]
struct Report {
    seq: i64,
    sample_rate: u32,
    files: Vec<FileReport>,
}

#[derive(Serialize)]
struct FileReport {
    #[serde(serialize_with = "super::format::path")]
    source: PathBuf,
    track: String,
    track_id: TrackId,
    media: MediaId,
    clip: ClipId,
    file: String,
    channels: u16,
    frames: u64,
    start: i64,
    copied: bool,
    converted: Option<String>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let seconds = file.frames as f64 / f64::from(self.sample_rate);
            let how = file.converted.as_deref().unwrap_or("copied unchanged");
            writeln!(f, "{} → track “{}”: {seconds:.2} s, {how}", file.source.display(), file.track)?;
        }
        Ok(())
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let mut song = OpenSong::open(&arguments.song, Access::Write)?;
    super::notices(&song);
    let report = import(arguments, &mut song).context("the song stays as it was")?;
    let new = report.files.iter().map(|file| file.media);
    let media: Vec<_> = new.filter_map(|id| song.session().media.get(&id).cloned()).collect();
    if let Err(error) = note_hashes(&mut song, media.iter().map(AsRef::as_ref)) {
        note(&format!("the files are in the song, but their hashes could not be noted ({error:#})"));
    }
    song.close()?;
    output.say(&report)
}

fn import(arguments: &Arguments, song: &mut OpenSong) -> Result<Report> {
    let track_name = arguments.track.as_deref().map(Name::new).transpose()?;
    let new_rate = wanted_rate(arguments, song.session())?;
    let rate = new_rate.unwrap_or(song.session().sample_rate);
    let at = arguments.at.as_deref().map(|at| place(at, song.session(), rate)).transpose()?;
    let mut intake = Intake::into_song(song)?;
    for file in &arguments.files {
        let label = format!("importing {}", file.display());
        shown(&label, |progress| intake.take(file, rate, arguments.repair, progress).map(drop))?;
    }
    let mut edits: Vec<Edit> =
        new_rate.map(|sample_rate| Edit::SetSampleRate { sample_rate }).into_iter().collect();
    let plan = match track_name {
        Some(name) => onto_track(song.session(), rate, name, at, intake.landed(), &mut edits),
        None => onto_new_tracks(song.session(), at, intake.landed(), &mut edits)?,
    };
    let seq = song.commit(&label(&arguments.files), edits)?;
    let landed = intake.keep();
    tell_of_channels(&landed);
    let files =
        landed.into_iter().zip(plan).map(|(landed, place)| place.report(landed, song.session())).collect();
    Ok(Report { seq, sample_rate: rate, files })
}

/// The rate that the song is to take, if it is to take one.
fn wanted_rate(arguments: &Arguments, session: &Session) -> Result<Option<u32>> {
    let Some(first) = arguments.files.first() else { return Ok(None) };
    let rate = probe(first)?.sample_rate;
    if rate == session.sample_rate || arguments.keep_rate {
        return Ok(None);
    }
    let possible = session.media.is_empty() && (8_000..=192_000).contains(&rate);
    if arguments.set_rate {
        if !possible {
            bail!(
                "--set-rate cannot be done: the song has audio at {} Hz already, or {rate} Hz is no rate for a song. \
                 Leave --set-rate out to convert the file, or make a new song with --rate",
                session.sample_rate
            );
        }
        return Ok(Some(rate));
    }
    if !possible {
        return Ok(None);
    }
    let (name, own) = (first.display(), session.sample_rate);
    match ask(&format!(
        "{name} has {rate} Hz, the song {own} Hz and no audio yet. Set the song to {rate} Hz?"
    )) {
        Some(true) => Ok(Some(rate)),
        Some(false) => Ok(None),
        None => {
            note(&format!(
                "{name} has {rate} Hz and is converted to the song's {own} Hz; --set-rate would set the song to \
                 {rate} Hz instead"
            ));
            Ok(None)
        }
    }
}

/// Where a file will be.
struct Place {
    track: TrackId,
    clip: Clip,
}

impl Place {
    fn report(self, landed: Landed, session: &Session) -> FileReport {
        let imported = landed.imported;
        FileReport {
            source: landed.source,
            track: session.track(self.track).map(|track| track.name.to_string()).unwrap_or_default(),
            track_id: self.track,
            media: landed.media.id,
            clip: self.clip.id,
            file: imported.file,
            channels: imported.channels,
            frames: imported.frames,
            start: session.tempo_map.to_samples(self.clip.start, session.sample_rate).0,
            copied: imported.copied,
            converted: imported.converted,
        }
    }
}

fn onto_new_tracks(
    session: &Session,
    at: Option<Position>,
    landed: &[Landed],
    edits: &mut Vec<Edit>,
) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for (nth, landed) in landed.iter().enumerate() {
        let index = session.tracks.len() + nth;
        let clip = whole_clip(&landed.media, at.unwrap_or(Position::START));
        let name = name_from(&landed.imported.name)?;
        let colour = next_colour(session) + nth;
        let track = new_track(name, layout_for(landed.media.channels), colour, vec![clip.clone()]);
        places.push(Place { track: track.id, clip });
        edits.push(Edit::AddMedia { media: landed.media.clone() });
        edits.push(Edit::AddTrack { track, at: index });
    }
    Ok(places)
}

/// One after the other on one track.
fn onto_track(
    session: &Session,
    rate: u32,
    name: Name,
    at: Option<Position>,
    landed: &[Landed],
    edits: &mut Vec<Edit>,
) -> Vec<Place> {
    // The rate that it will have by then.
    let session = &Session { sample_rate: rate, ..session.clone() };
    let (track, start) = match session.track_named(name.as_str()) {
        Some(track) => (Track::clone(track), at.unwrap_or(end(session, track))),
        None => {
            let mono = landed.iter().all(|landed| landed.media.channels == 1);
            let layout = if mono { Layout::MONO } else { Layout::STEREO };
            let track = new_track(name, layout, next_colour(session), Vec::new());
            edits.push(Edit::AddTrack { track: track.clone(), at: session.tracks.len() });
            (track, at.unwrap_or(Position::START))
        }
    };
    let clips = in_a_row(landed, start, &session.tempo_map, rate);
    let places = clips.iter().map(|clip| Place { track: track.id, clip: clip.clone() }).collect();
    edits.extend(landed.iter().map(|landed| Edit::AddMedia { media: landed.media.clone() }));
    let lane = landed.first().map_or(&track.name, |landed| &landed.media.name).clone();
    edits.extend(comp::land(session, &track, clips, lane, LaneId::fresh()));
    places
}

/// Where the last clip of the lane that plays ends, or what is heard of the comp.
fn end(session: &Session, track: &Track) -> Position {
    let span = |clip: &Arc<Clip>| clip.span(&session.tempo_map, session.sample_rate).1;
    let end = match track.playing() {
        Some(lane) => lane.clips.iter().map(span).max(),
        None => resolve(session, track).iter().map(|piece| piece.to).max(),
    };
    Position::from(Samples(end.unwrap_or(0)))
}

fn tell_of_channels(landed: &[Landed]) {
    for landed in landed.iter().filter(|landed| landed.media.channels > 2) {
        note(&format!(
            "{} has {} channels: all are kept, the first two are heard (`set_clip_channels` picks others)",
            landed.source.display(),
            landed.media.channels
        ));
    }
}

fn label(files: &[PathBuf]) -> String {
    let name =
        |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match files {
        [file] => format!("Import {}", name(file)),
        files => format!("Import {} files", files.len()),
    }
}
