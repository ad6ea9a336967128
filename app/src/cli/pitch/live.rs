//! Pitch of what comes in, while somebody sings.
//!
//! Start at [`run`].

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use dawg_dsp::pitch::Estimate;
use dawg_engine::Engine;
use dawg_session::{Input, Layout, Name, Session, SongId, Tempo, Track, TrackId};

use super::Arguments;
use super::teller::Teller;
use super::typed::A4;
use crate::cli::output::{Output, note};
use crate::cli::sound::{Waited, Watch};
use crate::intake::new_track;

/// How long nothing may come in.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let a4 = arguments.a4.unwrap_or(A4::USUAL);
    let form = arguments.form(output.is_json());
    let input = arguments.input.clone().map_or_else(|| "1".parse(), Ok)?;
    let mut watch = Watch::begin()?;
    let (mut engine, track) = open(arguments, &input)?;
    let interrupted = match watch.settle(&mut engine) {
        Waited::Passed => false,
        Waited::Interrupted => true,
        Waited::Gone => return Err(crate::cli::play::gone(&engine)),
    };
    engine.follow_pitch(&[track]);
    let mut teller = Teller::begin(output, form, a4, engine.session().sample_rate)?;
    // Even then it answers in the form that was asked for: one object, a header.
    let ended = match interrupted {
        true => Ok(()),
        false => listen(&mut engine, track, &mut watch, &mut teller, arguments.seconds),
    };
    if engine.missed_pitch() > 0 {
        note(&format!("{} estimates are missing: the computer was too busy", engine.missed_pitch()));
    }
    drop(engine);
    teller.finish(&format!("input {input}"))?;
    ended
}

/// Prints what is sung until time is up, Ctrl-C is pressed, or nobody reads on.
fn listen(
    engine: &mut Engine,
    track: TrackId,
    watch: &mut Watch,
    teller: &mut Teller<'_>,
    seconds: Option<f64>,
) -> Result<()> {
    let mut last = Instant::now();
    loop {
        let waited = watch.tick(engine);
        let mut over = false;
        engine.heard_pitch(&mut |of, heard| {
            last = Instant::now();
            let estimate: Estimate = heard.estimate;
            over |= seconds.is_some_and(|seconds| estimate.seconds() >= seconds);
            if of == track && !over {
                teller.take(estimate);
            }
        });
        if !teller.flush()? || over {
            return Ok(());
        }
        match waited {
            Waited::Passed if last.elapsed() > PATIENCE => bail!(
                "nothing has come from the device for {} seconds: `ai-dawg doctor` looks at sound, --device chooses \
                 another",
                PATIENCE.as_secs()
            ),
            Waited::Passed => {}
            Waited::Interrupted => return Ok(()),
            Waited::Gone => return Err(crate::cli::play::gone(engine)),
        }
    }
}

/// The device, at its own rate, with a song of one track that hears `input` and is not heard itself.
fn open(arguments: &Arguments, input: &Input) -> Result<(Engine, TrackId)> {
    let engine = start(arguments, input, 48_000)?;
    let rate = engine.0.format().rate;
    if rate == 48_000 {
        return Ok(engine);
    }
    // Without resamplers between, nothing is lost and nothing is late.
    drop(engine);
    start(arguments, input, rate)
}

fn start(arguments: &Arguments, input: &Input, rate: u32) -> Result<(Engine, TrackId)> {
    let channels = input.channels();
    let wanted = channels.iter().copied().max().unwrap_or(1);
    let layout = if channels.len() == 1 { Layout::MONO } else { Layout::STEREO };
    let track = Track { input: input.clone(), ..new_track(Name::new("Voice")?, layout, 0, Vec::new()) };
    let id = track.id;
    let mut session = Session::new(SongId::fresh(), Name::new("Pitch")?, rate, Tempo::DEFAULT);
    session.tracks.push(Arc::new(track));
    let request = arguments.sound.request(rate, wanted)?;
    let engine = Engine::start(Arc::new(session), Path::new(""), &request)?;
    let format = engine.format();
    if format.inputs < wanted {
        return Err(anyhow!(
            "the device {} has {} input(s), and input {wanted} is wanted. Plug a microphone in, or choose another \
             --device or --input; `ai-dawg devices` lists what is there",
            format.name,
            format.inputs
        ));
    }
    Ok((engine, id))
}
