//! An import that changes nothing: the bytes are copied, then read back to prove them and to draw them.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use super::{ImportTarget, Imported, Landing, stem};
use crate::decode::{Decoder, FileKind};
use crate::error::OnPath;
use crate::files::open_regular;
use crate::peaks::{self, PeakBuilder};
use crate::{MediaError, Progress};

/// Whether a file decodes to its end.
///
/// # Errors
/// [`MediaError::Cancelled`], or as the disk says.
pub(super) fn is_whole(source: &Path, progress: &Progress) -> Result<bool, MediaError> {
    let mut decoder = Decoder::open(source)?;
    loop {
        progress.check()?;
        match decoder.next_chunk() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(true),
            Err(MediaError::Truncated { .. } | MediaError::Damaged { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

/// Copies `source` into the song. Decoding the copy finds what is wrong with it before it is published.
pub(super) fn copy(
    source: &Path,
    to: &ImportTarget<'_>,
    progress: &Progress,
) -> Result<Imported, MediaError> {
    let kind = Decoder::open(source)?.kind();
    let ending = match kind {
        FileKind::Flac => "flac",
        FileKind::Aiff => "aiff",
        _ => "wav",
    };
    let (landing, file) = Landing::create(source, ending, to)?;
    let bytes = copy_bytes(source, file, landing.audio.path(), progress)?;
    let mut decoder = Decoder::open(landing.audio.path()).map_err(|error| about(error, source))?;
    let (channels, rate) = (decoder.channels(), decoder.sample_rate());
    let mut peaks = PeakBuilder::create(&peaks::file_for(to.peaks_folder, to.media_id), channels)?;
    let mut frames = 0;
    loop {
        progress.check()?;
        let done = bytes + decoder.bytes_read();
        let Some(planes) = decoder.next_chunk().map_err(|error| about(error, source))? else { break };
        let slices: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
        peaks.push(&slices)?;
        frames += slices.first().map_or(0, |plane| plane.len() as u64);
        progress.set_done(done);
    }
    let file = landing.publish(peaks, progress)?;
    progress.set_done(bytes * 2);
    Ok(Imported {
        file,
        name: stem(source),
        sample_rate: rate,
        channels,
        frames,
        source_rate: rate,
        copied: true,
        converted: None,
    })
}

/// Copies all bytes, and returns how many. Half of the work: reading them back is the other.
fn copy_bytes(source: &Path, mut to: File, to_path: &Path, progress: &Progress) -> Result<u64, MediaError> {
    let mut from = open_regular(source)?;
    progress.set_total(from.metadata().on(source)?.len() * 2);
    let mut buffer = vec![0; 256 << 10];
    let mut copied = 0;
    loop {
        progress.check()?;
        let read = from.read(&mut buffer).on(source)?;
        if read == 0 {
            return Ok(copied);
        }
        to.write_all(&buffer[..read]).on(to_path)?;
        copied += read as u64;
        progress.set_done(copied);
    }
}

/// People know the original's name, not that of the copy in the making.
fn about(error: MediaError, source: &Path) -> MediaError {
    let path = source.to_owned();
    match error {
        MediaError::Truncated { readable, expected, .. } => {
            MediaError::Truncated { path, readable, expected }
        }
        MediaError::Damaged { reason, .. } => MediaError::Damaged { path, reason },
        MediaError::NoAudio { .. } => MediaError::NoAudio { path },
        MediaError::UnknownKind { .. } => MediaError::UnknownKind { path },
        MediaError::Unsupported { what, .. } => MediaError::Unsupported { path, what },
        error => error,
    }
}
