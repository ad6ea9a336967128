//! `ai-dawg record`

mod course;
mod keep_last;
mod landing;
mod report;
mod rolling;
mod tracks;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use dawg_engine::Engine;
use dawg_engine::capture::{Recorded, Roll, RollRequest};
use dawg_engine::device::DeviceRequest;
use dawg_media::wav::SampleFormat;
use dawg_session::{Access, Session, apply_all};

use super::output::{Output, note};
use super::sound::{SoundOptions, Waited, Watch};
use crate::calibration::{RoundTrip, Source, load};
use crate::song::OpenSong;
use crate::space::{SpaceWatch, bytes_per_second};
use course::{Course, Times};
use keep_last::{Wish, keep_last};
use report::{Latency, LatencySource, Report};
use tracks::{Prepared, prepare};

/// Record onto tracks while the song plays: once, round and round, in a punch, or afterwards.
///
/// A track is made if there is none of this name: mono, or stereo with --input 1+2. Each pass becomes a take, a lane of
/// its own (`ai-dawg takes` lists them), and is what is heard from then on where it was sung; what was there before
/// stays on its lane. Takes are moved to where they were sung by the round trip: the one that `ai-dawg calibrate`
/// measured, else the device's own figures, or --latency in place of both. With JACK the ports ai-dawg:in_1, in_2, out_1
/// and out_2 are there half a second before the song rolls; the line `rolling` says that it does. Ctrl-C ends early and
/// keeps what was sung, also half a pass.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg record \"my song.dawg\" --track Voice --seconds 30
  ai-dawg record \"my song.dawg\" --track Voice --loop '5|1|0..13|1|0' --passes 8 --pre-roll 1bar
  ai-dawg record \"my song.dawg\" --track Voice --punch 0:14.5..0:16 --pre-roll 2s --post-roll 1s
  ai-dawg record \"my song.dawg\" --track Voice --keep-last 20
  ai-dawg record \"my song.dawg\" --track Voice --input 1 --track Guitar --input 2 --seconds 60
  ai-dawg record \"my song.dawg\" --track Piano --input 1+2 --seconds 60 --at '5|1|0' --count-in 1")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The track to record on; several record together
    #[arg(long = "track", value_name = "NAME", required = true)]
    tracks: Vec<String>,
    #[command(flatten)]
    times: Times,
    /// The hardware channels: 1, or 1+2 for a stereo track; with several tracks one for each, in order [default: the
    /// track's own; for new tracks 1, 2, and so on]
    #[arg(long = "input", value_name = "INPUT")]
    inputs: Vec<String>,
    /// The whole round trip from loudspeaker to microphone in frames, in place of the device's own figures
    #[arg(long, value_name = "FRAMES", allow_hyphen_values = true)]
    latency: Option<i64>,
    /// Store 32-bit floats, which cannot clip, instead of 24-bit integers
    #[arg(long)]
    float: bool,
    #[command(flatten)]
    sound: SoundOptions,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let mut song = OpenSong::open(&arguments.song, Access::Write)?;
    super::notices(&song);
    refuse_strange_latency(arguments.latency, song.session().sample_rate)?;
    let course = Course::new(&arguments.times, song.session())?;
    let prepared = prepare(song.session(), &arguments.tracks, &arguments.inputs)?;
    // On a device first: where there is none, the song stays as it was.
    let request = arguments.sound.request(song.session().sample_rate, prepared.inputs())?;
    let mut engine = start(&song, &course, &prepared, &request)?;
    refuse_few_inputs(&engine, prepared.inputs())?;
    let mut watch = Watch::begin()?;
    match watch.settle(&mut engine) {
        Waited::Passed => {}
        Waited::Interrupted => bail!("stopped before anything was recorded; the song has no new take"),
        Waited::Gone => return Err(super::play::gone(&engine)),
    }
    let latency = latency(arguments.latency, &engine);
    let format = if arguments.float { SampleFormat::Float32 } else { SampleFormat::Int24 };
    let (recorded, device_gone) = match arguments.times.keep_last {
        Some(seconds) => {
            let wish = Wish { seconds, times: &arguments.times, course: &course, latency, format };
            keep_last(&mut song, &mut engine, &mut watch, &prepared, &wish, output)?
        }
        None => record(&mut song, &mut engine, &mut watch, &prepared, (&course, latency, format), output)?,
    };
    let health = engine.vitals().into();
    let gone = device_gone.then(|| super::play::gone(&engine));
    // The device is let go before the disk is kept busy with hashes.
    drop(engine);
    let tracks = match (landing::land(&mut song, recorded), gone.as_ref()) {
        (Err(error), Some(gone)) => return Err(error.context(gone.to_string())),
        (landed, _) => landed?,
    };
    let report = Report::new(song.session(), &tracks, latency, health);
    song.close()?;
    output.say(&report)?;
    match (gone, tracks.into_iter().find_map(|track| track.error)) {
        (Some(gone), _) => Err(gone.context("the take so far is kept")),
        (None, Some(error)) => Err(anyhow!(error)),
        (None, None) => Ok(()),
    }
}

/// Rolls and records. Also returns whether the device vanished.
fn record(
    song: &mut OpenSong,
    engine: &mut Engine,
    watch: &mut Watch,
    prepared: &Prepared,
    (course, latency, format): (&Course, Latency, SampleFormat),
    output: &mut Output,
) -> Result<(Recorded, bool)> {
    if !prepared.edits.is_empty() {
        song.commit(&format!("Prepare {} to record", prepared.names()), prepared.edits.clone())?;
    }
    engine.prepare_to_record(&prepared.ids())?;
    let request = RollRequest {
        tracks: prepared.ids(),
        from: course.from,
        punch: course.punch,
        count_in: course.count_in,
        latency: latency.frames + i64::from(engine.plan_latency()),
        format,
    };
    let (roll, taps) = Roll::begin(song.session(), song.store(), &request)?;
    engine.roll(Some(course.from), course.count_in, Some(taps));
    let channels = roll.rows().iter().map(|row| u64::from(row.channels)).sum();
    let bytes = bytes_per_second(channels, song.session().sample_rate, format == SampleFormat::Float32);
    // A disk that cannot be watched is no reason not to record.
    let space = SpaceWatch::begin(&song.audio_folder(), bytes, false).ok();
    Ok(rolling::capture(engine, watch, roll, course, space.as_ref(), output))
}

/// The engine on the song as it will be, with these tracks armed.
fn start(song: &OpenSong, course: &Course, prepared: &Prepared, request: &DeviceRequest) -> Result<Engine> {
    let session: Session = apply_all(song.session(), &prepared.edits)?.session;
    let mut session = course.session(&session);
    prepared.armed(&mut session);
    Ok(Engine::start(Arc::new(session), &song.audio_folder(), request)?)
}

/// The round trip that takes are moved by.
fn latency(given: Option<i64>, engine: &Engine) -> Latency {
    match given {
        Some(frames) => Latency { frames, source: LatencySource::Given },
        None => measured(engine),
    }
}

/// The round trip by calibration, if there was one, else by the driver.
fn measured(engine: &Engine) -> Latency {
    let (calibrations, notice) = super::data_folder().map_or_else(|_| Default::default(), |data| load(&data));
    notice.iter().for_each(|notice| note(notice));
    let RoundTrip { frames, source } = calibrations.of(engine);
    let source = match source {
        Source::Calibrated { .. } => LatencySource::Calibrated,
        Source::Driver => LatencySource::Driver,
    };
    Latency { frames, source }
}

fn refuse_strange_latency(latency: Option<i64>, rate: u32) -> Result<()> {
    match latency {
        Some(latency) if latency.unsigned_abs() > 10 * u64::from(rate) => {
            bail!("a latency of {latency} frames is out of range: give the round trip, at most ten seconds")
        }
        _ => Ok(()),
    }
}

fn refuse_few_inputs(engine: &Engine, wanted: u16) -> Result<()> {
    let format = engine.format();
    if format.inputs < wanted {
        bail!(
            "the device {} has {} input(s), and input {wanted} is wanted. Plug a microphone in, or choose another \
             --device or --input; `ai-dawg devices` lists what is there",
            format.name,
            format.inputs
        );
    }
    Ok(())
}
