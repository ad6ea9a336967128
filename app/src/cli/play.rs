//! `ai-dawg play`

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dawg_engine::Engine;
use dawg_engine::device::DeviceFormat;
use dawg_session::{Access, Monitor, Session, parse_time};
use serde::Serialize;

use super::format::Time;
use super::output::{Output, note};
use super::sound::{Health, SoundOptions, Waited, Watch, frames, without_loop};
use crate::song::OpenSong;

/// Play a song to its end, or for some seconds (then its loop, if on, is played).
///
/// Changes nothing, and works while the song is open elsewhere. With JACK the ports ai-dawg:out_1 and out_2 are
/// there half a second before the song rolls, so that another client can be connected to them. Ctrl-C stops.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg play \"my song.dawg\"
  ai-dawg play \"my song.dawg\" --from '9|1|0' --seconds 20 --host jack")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// Where to start
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// Stop after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<f64>,
    #[command(flatten)]
    sound: SoundOptions,
}

/// How it went.
#[derive(Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    device: DeviceFormat,
    /// Song sample.
    from: i64,
    /// Frames that were played, at the song's rate (the device may run at another).
    frames: u64,
    #[serde(skip)]
    song_rate: u32,
    seconds: f64,
    ended: Ended,
    #[serde(flatten)]
    health: Health,
}

/// Why it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    AtEnd,
    AfterSeconds,
    Interrupted,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let length = Time { samples: i64::try_from(self.frames).unwrap_or(i64::MAX), rate: self.song_rate };
        write!(f, "played {length}: {}", self.health)
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    super::notices(&song);
    if let Some(missing) = song.silent_clips() {
        note(&missing);
    }
    let session = song.session();
    let from = arguments.from.as_deref().unwrap_or("0s");
    let from = parse_time(from, &session.tempo_map, session.sample_rate)?;
    let from = session.tempo_map.to_samples(from, session.sample_rate).0;
    let length = arguments.seconds.map(|seconds| frames(seconds, session.sample_rate)).transpose()?;
    let report = play(&song, from, length, &arguments.sound, output)?;
    output.say(&report)
}

/// Plays from `from` for `length` frames, or to the song's end.
pub(super) fn play(
    song: &OpenSong,
    from: i64,
    length: Option<i64>,
    sound: &SoundOptions,
    output: &mut Output,
) -> Result<Report> {
    let session = if length.is_some() { Arc::clone(song.session()) } else { without_loop(song.session()) };
    if length.is_none() && session.end().0 <= from {
        bail!(
            "there is nothing to play from there: the song ends at {}. Import or record something, give an earlier \
             --from, or --seconds",
            Time { samples: session.end().0, rate: session.sample_rate }
        );
    }
    let request = sound.request(session.sample_rate, monitored(&session))?;
    let mut engine = Engine::start(Arc::clone(&session), &song.audio_folder(), &request)?;
    let mut watch = Watch::begin()?;
    let ended = match watch.settle(&mut engine) {
        Waited::Passed => {
            output.now(&playing(&engine, &session, from))?;
            engine.play(Some(from));
            roll(&mut engine, &mut watch, from, length)
        }
        Waited::Interrupted => Ok((0, Ended::Interrupted)),
        Waited::Gone => Err(gone(&engine)),
    };
    let (frames, ended) = ended
        .with_context(|| format!("stopped at {}, the song is as it was", place(&mut engine, &session)))?;
    let seconds = frames as f64 / f64::from(session.sample_rate);
    let health = engine.vitals().into();
    Ok(Report {
        device: engine.format().clone(),
        from,
        frames,
        song_rate: session.sample_rate,
        seconds,
        ended,
        health,
    })
}

/// How many inputs the tracks need that are always monitored.
fn monitored(session: &Session) -> u16 {
    let tracks = session.tracks.iter().filter(|track| track.monitor == Monitor::On);
    tracks.flat_map(|track| track.input.channels()).copied().max().unwrap_or(0)
}

/// From Play to standing still. Returns how many frames the device played, and why it ended.
fn roll(engine: &mut Engine, watch: &mut Watch, from: i64, length: Option<i64>) -> Result<(u64, Ended)> {
    // What was rendered last is still on its way to the loudspeaker when the playhead is at the end.
    let way = i64::from(engine.plan_latency()) + i64::from(engine.driver_latency().output);
    let end = engine.session().end().0 + i64::from(engine.plan_tail()) + way;
    let start = engine.vitals().frames;
    let mut rolled = None;
    let ended = loop {
        match watch.tick(engine) {
            Waited::Passed => {}
            Waited::Interrupted => break Ended::Interrupted,
            Waited::Gone => return Err(gone(engine)),
        }
        let (playhead, frames) = (engine.playhead(), engine.vitals().frames);
        if rolled.is_none() && playhead.rolling {
            // Seen a little late: what was played since is known from the song's position.
            let already = u64::try_from(playhead.position - from).unwrap_or(0);
            rolled = Some(frames.saturating_sub(already).max(start));
        }
        let Some(began) = rolled else { continue };
        match length {
            Some(length) if frames.saturating_sub(began) >= length.unsigned_abs() => {
                break Ended::AfterSeconds;
            }
            None if playhead.position >= end => break Ended::AtEnd,
            _ => {}
        }
    };
    let frames = rolled.map_or(0, |began| engine.vitals().frames.saturating_sub(began));
    engine.stop();
    watch.until_stopped(engine);
    Ok((frames, ended))
}

fn playing(engine: &Engine, session: &Session, from: i64) -> String {
    let format = engine.format();
    let rate = session.sample_rate;
    let (from, to) = (Time { samples: from, rate }, Time { samples: session.end().0, rate });
    format!(
        "playing “{}” from {from} of {to} on {} ({} Hz, blocks of {})",
        session.name, format.name, format.rate, format.buffer
    )
}

fn place(engine: &mut Engine, session: &Session) -> String {
    Time { samples: engine.playhead().position, rate: session.sample_rate }.to_string()
}

/// The device vanished.
pub(super) fn gone(engine: &Engine) -> anyhow::Error {
    anyhow::anyhow!(
        "the sound device {} has vanished. Plug it in or start its server again, then repeat the command; `ai-dawg \
         devices` lists what is there",
        engine.format().name
    )
}
