//! Mending a capture that was never finished.

use std::fs::OpenOptions;
use std::path::Path;

use crate::MediaError;
use crate::error::OnPath;
use crate::files::{Positional, write_counted};
use crate::wav;

/// No capture's header is longer.
const LONGEST_HEADER: u64 = 1_024;

/// Mends a capture after a crash and returns how many frames it has. Trusts the file's length over its header:
/// cuts it to whole frames and writes the sizes anew (also into the room left for RF64). What is recorded is
/// never changed; mending twice changes nothing. A file too short to hold a header has 0 frames and is left
/// as it is.
///
/// # Errors
/// [`MediaError::Missing`], [`MediaError::UnknownKind`] or `Damaged` if it is no WAV file, or as the disk says.
pub fn recover(path: &Path) -> Result<u64, MediaError> {
    let file = Positional::open(path)?;
    let mut start = [0; 12];
    if file.read(&mut start, 0)? < start.len() || start == [0; 12] {
        return Ok(0); // killed before the header was out, or a power cut kept only the length
    }
    let is_short = file.len() < LONGEST_HEADER;
    let written = start.iter().rposition(|byte| *byte != 0).map_or(&start[..0], |last| &start[..=last]);
    if is_short && (b"RIFF".starts_with(written) || start.starts_with(b"RIFF")) && !wav::is_wav(&start) {
        return Ok(0);
    }
    if !wav::is_wav(&start) {
        return Err(MediaError::UnknownKind { path: path.to_owned() });
    }
    let layout = match wav::parse(&file) {
        Ok(parsed) => parsed.layout,
        Err(MediaError::Truncated { .. }) => return Ok(0),
        // Part of a header, or (after a power cut) its length without its contents: no more was written yet.
        Err(_) if is_short => return Ok(0),
        Err(error) => return Err(error),
    };
    let frame = layout.encoding.bytes() as u64 * u64::from(layout.channels);
    let frames = file.len().saturating_sub(layout.start) / frame;
    rewrite(path, &file, layout.start, frames, frame)?;
    Ok(frames)
}

/// Writes the sizes of a file that has `frames` after `start`, in place.
fn rewrite(path: &Path, old: &Positional, start: u64, frames: u64, frame: u64) -> Result<(), MediaError> {
    let data = frames * frame;
    let pad = data % 2;
    let riff = start - 8 + data + pad;
    let has_room = matches!(old.array::<4>(12)?.as_ref(), Some(b"JUNK" | b"ds64"));
    let wide = has_room && riff + 8 >= wav::RF64_FROM;
    let narrow = |size: u64| if wide { u32::MAX } else { u32::try_from(size).unwrap_or(u32::MAX) };
    let file = OpenOptions::new().write(true).open(path).on(path)?;
    let put = |bytes: &[u8], at: u64| write_counted(&file, bytes, at).1.on(path);
    file.set_len(start + data + pad).on(path)?;
    if pad == 1 {
        put(&[0], start + data)?;
    }
    if has_room {
        put(if wide { b"ds64" } else { b"JUNK" }, 12)?;
        let sizes = if wide { [riff, data, frames] } else { [0; 3] };
        put(&sizes.map(u64::to_le_bytes).concat(), 20)?;
    }
    if let Some(at) = fact(old, start)? {
        put(&narrow(frames).to_le_bytes(), at)?;
    }
    put(&narrow(data).to_le_bytes(), start - 4)?;
    put(&narrow(riff).to_le_bytes(), 4)?;
    put(if wide { b"RF64" } else { b"RIFF" }, 0)?;
    file.sync_all().on(path)
}

/// Where the frame count of a `fact` chunk lies.
fn fact(file: &Positional, end: u64) -> Result<Option<u64>, MediaError> {
    let mut at = 12;
    while at + 8 < end {
        let Some([a, b, c, d, size @ ..]) = file.array::<8>(at)? else { break };
        if [a, b, c, d] == *b"fact" {
            return Ok(Some(at + 8));
        }
        let size = u64::from(u32::from_le_bytes(size));
        at += 8 + size + size % 2;
    }
    Ok(None)
}
