//! Pitch of an audio file, decoded and followed a chunk at a time.
//!
//! Start at [`run`].

use std::path::Path;

use anyhow::{Context, Result};
use dawg_media::decode::Decoder;
use dawg_media::{MediaError, Progress};

use super::Arguments;
use super::teller::{Form, Teller};
use super::typed::A4;
use super::voice::Voice;
use crate::cli::output::{self, Output, note};
use crate::cli::progress;

pub(super) fn run(path: &Path, arguments: &Arguments, output: &mut Output) -> Result<()> {
    let a4 = arguments.a4.unwrap_or(A4::USUAL);
    let form = arguments.form(output.is_json());
    let mut decoder = Decoder::open(path)?.repairing(arguments.repair);
    let rate = decoder.sample_rate();
    let voice =
        Voice::new(arguments, decoder.channels(), rate, a4).with_context(|| path.display().to_string())?;
    let mut teller = Teller::begin(output, form, a4, rate)?;
    shown(form, |progress| {
        progress.set_total(std::fs::metadata(path).map_or(0, |file| file.len()));
        follow(&mut decoder, voice, &mut teller, progress)
    })?;
    if decoder.filled() > 0 {
        note(&format!("{} damaged frames count as silence", decoder.filled()));
    }
    teller.finish(&title(path))
}

/// Follows a file to its end, or until nobody reads on.
fn follow(
    decoder: &mut Decoder,
    mut voice: Voice,
    teller: &mut Teller<'_>,
    progress: &Progress,
) -> Result<()> {
    while let Some(planes) = decoder.next_chunk()? {
        progress.check()?;
        voice.hear(planes, &mut |estimate| teller.take(estimate));
        if !teller.flush()? {
            return Ok(());
        }
        progress.set_done(decoder.bytes_read());
    }
    voice.end(&mut |estimate| teller.take(estimate));
    Ok(())
}

/// Runs a job with its progress on the terminal, unless rows go there.
pub(super) fn shown(form: Form, job: impl FnOnce(&Progress) -> Result<()>) -> Result<()> {
    let done = match form == Form::Rows && output::is_terminal() {
        true => job(&Progress::new()),
        false => progress::shown("listening", job),
    };
    done.map_err(|error| match error.downcast_ref::<MediaError>() {
        Some(MediaError::Cancelled) => error.context("stopped before the end"),
        _ => error,
    })
}

fn title(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
