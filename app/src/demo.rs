//! Making the demo song: its stems on tracks, a song like any other.
//!
//! Start at [`build`]. For the command line and for the window's workers.

use std::path::Path;

use anyhow::{Context, Result};
use dawg_demo::{Demo, Mode, Stem};
use dawg_media::Progress;
use dawg_media::wav::{SampleFormat, WavSpec, WavWriter};
use dawg_session::{
    BarBeatTick, Colour, Edit, Gain, Key, Layout, Meter, Pan, Position, Session, SongId, Tempo, Track,
};

use crate::hidden::HiddenFolder;
use crate::intake::{Intake, Landed, name_from, new_track, note_hashes, whole_clip};
use crate::song::OpenSong;

/// The rate that most sound devices have.
const RATE: u32 = 48_000;

/// Makes the demo song; the folder appears when it is whole.
///
/// # Errors
/// When the folder exists or has no parent, when the disk fails, or when it was cancelled; nothing is left behind then.
pub fn build(folder: &Path, progress: &Progress) -> Result<()> {
    let hidden = HiddenFolder::beside(folder)?;
    let demo = dawg_demo::render(RATE);
    let tempo =
        Tempo::from_bpm(demo.tempo_bpm).context("the demo song's tempo is out of range; report this")?;
    let session = Session::new(SongId::fresh(), name_from(demo.title)?, demo.rate, tempo);
    let mut song = OpenSong::create(hidden.path(), &session)?;
    let stems = hidden.path().join("stems");
    std::fs::create_dir(&stems).map_err(|error| dawg_media::MediaError::io(&stems, error))?;
    let media = lay(&mut song, &demo, &stems, progress)?;
    note_hashes(&mut song, media.iter().map(|landed| &landed.media))?;
    std::fs::remove_dir_all(&stems).map_err(|error| dawg_media::MediaError::io(&stems, error))?;
    song.close()?;
    hidden.publish()
}

/// Imports each stem and puts it on a track of its own, all in one step.
fn lay(song: &mut OpenSong, demo: &Demo, stems: &Path, progress: &Progress) -> Result<Vec<Landed>> {
    let mut intake = Intake::into_song(song)?;
    let mut edits = about(demo)?;
    // Rendering the stems took as long as laying them will.
    let count = demo.stems.len() as u64;
    progress.set_total(count * 2);
    progress.set_done(count);
    for (index, stem) in demo.stems.iter().enumerate() {
        let file = stems.join(format!("{}.wav", stem.name));
        write(stem, demo.rate, &file)?;
        progress.check()?;
        let landed = intake.take(&file, demo.rate, false, &Progress::new())?.clone();
        progress.advance(1);
        let track = track(stem, &landed, index, song.session())?;
        edits.push(Edit::AddMedia { media: landed.media });
        edits.push(Edit::AddTrack { track, at: index });
    }
    song.commit("Make the demo song", edits)?;
    Ok(intake.keep())
}

fn about(demo: &Demo) -> Result<Vec<Edit>> {
    let (beats, unit) = demo.meter;
    let mode = match demo.mode {
        Mode::Major => dawg_session::Mode::Major,
        Mode::Minor => dawg_session::Mode::Minor,
    };
    Ok(vec![
        Edit::SetMeter { meter: Meter { beats, unit } },
        Edit::SetKey { key: Some(Key { tonic: demo.tonic, mode }) },
    ])
}

fn track(stem: &Stem, landed: &Landed, index: usize, session: &Session) -> Result<Track> {
    let bar = session.tempo_map.ticks_at(BarBeatTick { bar: stem.start_bar + 1, beat: 1, tick: 0 });
    let clip = whole_clip(&landed.media, Position::Ticks(bar));
    let layout = if stem.mono { Layout::MONO } else { Layout::STEREO };
    Ok(Track {
        colour: Colour::PALETTE[stem.colour_index % Colour::PALETTE.len()],
        gain: Gain::new(stem.gain)?,
        pan: Pan::new(stem.pan)?,
        ..new_track(name_from(stem.name)?, layout, index, vec![clip])
    })
}

/// Writes a stem as a file, with 24 bits where they hold it.
fn write(stem: &Stem, rate: u32, path: &Path) -> Result<()> {
    let planes: Vec<&[f32]> = stem.channels.iter().map(Vec::as_slice).collect();
    let fits = planes.iter().copied().flatten().all(|sample| sample.abs() < 1.0);
    let format = if fits { SampleFormat::Int24 } else { SampleFormat::Float32 };
    let channels =
        u16::try_from(planes.len()).context("a stem of the demo has too many channels; report this")?;
    let mut wav = WavWriter::create(path, WavSpec { sample_rate: rate, channels, format }, None)?;
    wav.write_planar(&planes)?;
    wav.finish()?;
    Ok(())
}
