//! `ai-dawg record`

mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Recorded, RecordedTrack, Roll, RollRequest, take};
use dawg_media::wav::SampleFormat;
use dawg_session::{Access, ClipId, Edit, Input, Layout, Name, Session, Ticks, Track, TrackId, apply_all};

use super::output::{Output, note};
use super::sound::{SoundOptions, Waited, Watch, frames, place, without_loop};
use crate::intake::{new_track, note_hashes};
use crate::song::OpenSong;
use report::{Latency, LatencySource, Report};

/// Record onto a track while the song plays.
///
/// The track is made if there is none of this name: mono, or stereo with --input 1+2. What is recorded lies above
/// what was there, which comes back with undo. The take is moved to where it was played by the round trip that the
/// device reports, or by --latency. With JACK the ports ai-dawg:in_1, in_2, out_1 and out_2 are there half a second
/// before the song rolls; the line `rolling` says that it does. Ctrl-C ends early and keeps the take.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg record \"my song.dawg\" --track Voice --seconds 30
  ai-dawg record \"my song.dawg\" --track Piano --input 1+2 --seconds 60 --at '5|1|0' --count-in 1")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The track to record on
    #[arg(long, value_name = "NAME")]
    track: String,
    /// How long
    #[arg(long, value_name = "N")]
    seconds: f64,
    /// Where the take starts [default: the song's start]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// The hardware channels: 1, or 1+2 for a stereo track [default: the track's own; 1 for a new track]
    #[arg(long)]
    input: Option<String>,
    /// The whole round trip from loudspeaker to microphone in frames, in place of the device's own figures
    #[arg(long, value_name = "FRAMES", allow_hyphen_values = true)]
    latency: Option<i64>,
    /// Store 32-bit floats, which cannot clip, instead of 24-bit integers
    #[arg(long)]
    float: bool,
    /// Bars of clicks before the song rolls, 0 to 4; they are captured, but not part of the take
    #[arg(long, value_name = "BARS", default_value_t = 0)]
    count_in: u8,
    #[command(flatten)]
    sound: SoundOptions,
}

/// What is to be recorded where.
struct Plan {
    track: TrackId,
    /// What has to be done to the song first.
    edits: Vec<Edit>,
    /// Hardware channels needed.
    inputs: u16,
    from: i64,
    length: i64,
    count_in: i64,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let mut song = OpenSong::open(&arguments.song, Access::Write)?;
    super::notices(&song);
    let plan = plan(arguments, song.session())?;
    // On a device first: where there is none, the song stays as it was.
    let prepared = Arc::new(apply_all(song.session(), &plan.edits)?.session);
    let request = arguments.sound.request(prepared.sample_rate, plan.inputs)?;
    let mut engine = Engine::start(without_loop(&prepared), &song.audio_folder(), &request)?;
    refuse_few_inputs(&engine, plan.inputs)?;
    let mut watch = Watch::begin()?;
    match watch.settle(&mut engine) {
        Waited::Passed => {}
        Waited::Interrupted => bail!("stopped before anything was recorded; the song has no new take"),
        Waited::Gone => return Err(super::play::gone(&engine)),
    }
    if !plan.edits.is_empty() {
        song.commit(&format!("Prepare “{}” to record", arguments.track), plan.edits.clone())?;
    }
    let latency = match arguments.latency {
        Some(frames) => Latency { frames, source: LatencySource::Given },
        None => Latency { frames: engine.driver_latency().round_trip(), source: LatencySource::Driver },
    };
    let request = RollRequest {
        tracks: vec![plan.track],
        from: plan.from,
        punch: Punch::All(Some(plan.from + plan.length)),
        count_in: plan.count_in,
        latency: latency.frames + i64::from(engine.plan_latency()),
        format: if arguments.float { SampleFormat::Float32 } else { SampleFormat::Int24 },
    };
    let (roll, taps) = Roll::begin(song.session(), song.store(), &request)?;
    engine.roll(Some(plan.from), plan.count_in, Some(taps));
    let (recorded, device_gone) = capture(&mut engine, &mut watch, roll, &plan, output)?;
    let health = engine.vitals().into();
    let gone = device_gone.then(|| super::play::gone(&engine));
    // The device is let go before the disk is kept busy with hashes.
    drop(engine);
    let Take { track, clip } = match (keep(&mut song, recorded), gone.as_ref()) {
        (Err(error), Some(gone)) => return Err(error.context(gone.to_string())),
        (kept, _) => kept?,
    };
    let report = Report::new(song.session(), &track, clip, latency, health);
    song.close()?;
    output.say(&report)?;
    match (gone, track.error) {
        (Some(gone), _) => Err(gone.context("the take so far is kept")),
        (None, Some(error)) => Err(anyhow!(error)),
        (None, None) => Ok(()),
    }
}

fn plan(arguments: &Arguments, session: &Session) -> Result<Plan> {
    let rate = session.sample_rate;
    let at = place(arguments.at.as_deref().unwrap_or("0s"), session, rate)?;
    let from = session.tempo_map.to_samples(at, rate).0;
    let length = frames(arguments.seconds, rate)?;
    if let Some(latency) = arguments.latency
        && latency.unsigned_abs() > 10 * u64::from(rate)
    {
        bail!("a latency of {latency} frames is out of range: give the round trip, at most ten seconds");
    }
    let input = arguments.input.as_deref().map(str::parse::<Input>).transpose()?;
    let (track, edits) = prepare(session, &arguments.track, input)?;
    let inputs = track.input.channels().iter().copied().max().unwrap_or(0);
    Ok(Plan {
        track: track.id,
        edits,
        inputs,
        from,
        length,
        count_in: count_in(session, from, arguments.count_in)?,
    })
}

/// The track as it will be, and the Edits that make it so.
fn prepare(session: &Session, name: &str, input: Option<Input>) -> Result<(Track, Vec<Edit>)> {
    let name = Name::new(name)?;
    let layout = |input: &Input| match input.channels().len() {
        1 => Ok(Layout::MONO),
        2 => Ok(Layout::STEREO),
        _ => Err(anyhow!("a track records one channel (--input 1) or two (--input 1+2)")),
    };
    let Some(track) = session.track_named(name.as_str()) else {
        let input = input.map_or_else(|| "1".parse(), Ok)?;
        let track = new_track(name, layout(&input)?, session.tracks.len(), Vec::new());
        let track = Track { input, ..track };
        return Ok((track.clone(), vec![Edit::AddTrack { track, at: session.tracks.len() }]));
    };
    let mut track = Track::clone(track);
    let mut edits = Vec::new();
    if let Some(input) = input.filter(|input| *input != track.input) {
        let wanted = layout(&input)?;
        if wanted != track.layout && track.lanes.iter().all(|lane| lane.clips.is_empty()) {
            track.layout = wanted;
            edits.push(Edit::SetTrackLayout { track: track.id, layout: wanted });
        }
        track.input = input.clone();
        edits.push(Edit::SetTrackInput { track: track.id, input });
    }
    refuse_misfit(&track)?;
    Ok((track, edits))
}

/// Refused here, so that a record that cannot be leaves no trace in the history.
fn refuse_misfit(track: &Track) -> Result<()> {
    let (channels, layout) = (track.input.channels().len(), track.layout.channels());
    if channels == 0 {
        bail!(
            "the track “{}” has no input: give it one with --input 1, or 1+2 for a stereo track",
            track.name
        );
    }
    if channels != usize::from(layout) {
        bail!(
            "the track “{}” has {layout} channel(s) and clips, the input {} has {channels}: give an input that fits, \
             or record on another track",
            track.name,
            track.input
        );
    }
    Ok(())
}

fn count_in(session: &Session, from: i64, bars: u8) -> Result<i64> {
    if bars > 4 {
        bail!("a count-in of {bars} bars is out of range: give 0 to 4");
    }
    let (map, rate) = (&session.tempo_map, session.sample_rate);
    let start = Ticks(map.samples_to_ticks(from, rate));
    let bar = map.meter_at(map.bar_beat_tick(start.0).bar).bar_ticks();
    let earlier = map.ticks_to_samples(start.0 - bar * i64::from(bars), rate);
    Ok((map.ticks_to_samples(start.0, rate) - earlier).0)
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

/// From Record to the last frame on disk. Also returns whether the device vanished.
fn capture(
    engine: &mut Engine,
    watch: &mut Watch,
    roll: Roll,
    plan: &Plan,
    output: &mut Output,
) -> Result<(Recorded, bool)> {
    let end = plan.from + plan.length;
    let mut rolling = false;
    let mut gone = false;
    loop {
        match watch.tick(engine) {
            Waited::Passed => {}
            Waited::Interrupted => break,
            Waited::Gone => {
                gone = true;
                break;
            }
        }
        let playhead = engine.playhead();
        if playhead.rolling && !rolling {
            rolling = true;
            // Nobody may be reading; the take goes on all the same.
            if let Err(error) = output.now("rolling") {
                note(&format!("{error:#}"));
            }
        }
        if rolling && playhead.position >= end || roll.failed() {
            break;
        }
    }
    engine.stop();
    drain(engine, watch, &roll, gone);
    Ok((roll.finish(), gone))
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

/// What was recorded and is in the song.
struct Take {
    track: RecordedTrack,
    clip: Option<ClipId>,
}

/// Makes a take of what was recorded.
fn keep(song: &mut OpenSong, recorded: Recorded) -> Result<Take> {
    let ids = recorded.ids();
    let Some(track) = recorded.tracks.into_iter().next() else {
        bail!(
            "the capture writer failed; the next command that changes the song makes a take of what is in its audio \
             folder"
        );
    };
    let take::TakeEdits { edits, clips, .. } = take::edits(song.session(), &track.row)?;
    if edits.is_empty() {
        song.store().finish_captures(ids, None).wait()?;
        bail!(
            track.error.unwrap_or_else(
                || "stopped before anything was recorded; the song has no new take".to_owned()
            )
        );
    }
    song.commit_captured(&format!("Record “{}”", track.row.name), edits, ids).with_context(|| {
        format!("the take is safe in audio/{} and comes into the song when it is opened next", track.row.file)
    })?;
    let media = song.session().media.get(&track.row.media).cloned();
    if let Err(error) = note_hashes(song, media.iter().map(AsRef::as_ref)) {
        note(&format!("the take is in the song, but its hash could not be noted ({error:#})"));
    }
    Ok(Take { track, clip: clips.first().copied() })
}
