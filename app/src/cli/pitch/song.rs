//! Pitch of what a track plays: rendered by itself, before its strip, in song time.
//!
//! Start at [`run`].

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dawg_engine::offline::{RENDER_BLOCK, RenderError, Renderer};
use dawg_media::MediaError;
use dawg_session::{Access, Gain, Monitor, Output as Bus, Pan, Plays, Session, Track, resolve};

use super::Arguments;
use super::file::shown;
use super::teller::Teller;
use super::typed::A4;
use super::voice::Voice;
use crate::cli::output::Output;
use crate::cli::sound::without_loop;
use crate::cli::{lanes, takes};
use crate::song::{OpenSong, missing};

pub(super) fn run(folder: &Path, track: &str, arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(folder, Access::ReadOnly)?;
    crate::cli::notices(&song);
    let track = takes::track_named(song.session(), track)?;
    let (plays, title) = match &arguments.lane {
        Some(lane) => {
            let lane = lanes::find(track, lane)?;
            (Plays::Lane(lane.id), format!("{} of “{}”", lanes::title(lane), track.name))
        }
        None => (track.plays, format!("“{}”", track.name)),
    };
    let alone = alone(song.session(), track, plays)?;
    let Some(frames) = length(&alone) else {
        bail!("nothing is heard of {title}: record on it, import a file, or choose another --lane");
    };
    refuse_missing(&alone, &song.audio_folder())?;
    let rate = alone.sample_rate;
    let a4 = arguments.a4.unwrap_or(A4(f64::from(alone.a4_millihertz) / 1_000.0));
    let form = arguments.form(output.is_json());
    // A mono track comes out on the left alone, as it is.
    let channels = if is_mono(&alone) { 1 } else { 2 };
    let mut voice = Voice::new(arguments, channels, rate, a4).context("the song's rate")?;
    let mut renderer = Renderer::new(&alone, &song.audio_folder(), 0, RENDER_BLOCK)?;
    let mut teller = Teller::begin(output, form, a4, rate)?;
    shown(form, |progress| {
        let mut ended = Ok(true);
        let rendered = renderer.render(frames, progress, |planes| {
            voice.hear(&planes[..usize::from(channels).min(planes.len())], &mut |estimate| {
                teller.take(estimate);
            });
            ended = teller.flush();
            // The one way to end a render early.
            if matches!(ended, Ok(true)) { Ok(()) } else { Err(MediaError::Cancelled) }
        });
        match (ended?, rendered) {
            (false, _) => Ok(()),
            (true, Err(RenderError::Media(error))) => Err(error.into()),
            (true, rendered) => {
                rendered?;
                voice.end(&mut |estimate| teller.take(estimate));
                Ok(())
            }
        }
    })?;
    teller.finish(&title)
}

/// The song with this track alone, unchanged by faders: what was sung is asked, not how loud it is mixed.
fn alone(session: &Arc<Session>, track: &Track, plays: Plays) -> Result<Session> {
    let mut track = track.clone();
    track.plays = plays;
    track.gain = Gain::UNITY;
    // Exactly the samples, where the centre would have them 3 dB lower.
    track.pan = if track.layout.channels() == 1 { Pan::new(-1.0)? } else { Pan::CENTRE };
    track.output = Bus::Master;
    (track.mute, track.solo, track.arm, track.monitor) = (false, false, false, Monitor::Off);
    let mut session = Session::clone(&without_loop(session));
    session.tracks = vec![Arc::new(track)];
    session.master.gain = Gain::UNITY;
    session.master.pan = Pan::CENTRE;
    session.master.mute = false;
    Ok(session)
}

fn is_mono(alone: &Session) -> bool {
    alone.tracks.iter().all(|track| track.layout.channels() == 1)
}

/// Frames from the song's start to the last that is heard; none when nothing is.
fn length(alone: &Session) -> Option<u64> {
    let pieces = alone.tracks.iter().flat_map(|track| resolve(alone, track));
    pieces.map(|piece| piece.to).max().and_then(|end| u64::try_from(end).ok()).filter(|end| *end > 0)
}

/// What is missing would be told as silence.
fn refuse_missing(alone: &Session, audio: &Path) -> Result<()> {
    let gone = missing(alone, audio);
    let pieces = alone.tracks.iter().flat_map(|track| resolve(alone, track));
    let lost = pieces.filter_map(|piece| gone.iter().find(|media| media.id == piece.media));
    let files: std::collections::BTreeSet<&str> = lost.map(|media| media.file.as_str()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let files: Vec<&str> = files.into_iter().collect();
    bail!(
        "audio is missing: {}. `ai-dawg relink SONG FOLDER` mends it when FOLDER has the files",
        files.join(", ")
    )
}
