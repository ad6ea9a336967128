//! The edit list of an MP4 file: how many frames at the start are the encoder's, and how long the piece is.
//!
//! symphonia does not apply it, and without it a beat begins 21 to 50 ms late (AAC encoders put 1,024 to
//! 2,112 frames in front). ISO/IEC 14496-12, 8.6.5 and 8.6.6.

use crate::MediaError;
use crate::files::Positional;

/// Boxes looked at before giving up: a damaged file may nest or repeat them for ever.
const MAX_BOXES: usize = 100_000;

/// What the first audio track's edit list says, in frames of that track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Edit {
    /// Frames to leave out at the start.
    pub(crate) skip: u64,
    /// Length after that; 0 for all.
    pub(crate) frames: u64,
}

#[derive(Default)]
struct Found {
    movie_scale: u64,
    track_scale: u64,
    is_sound: bool,
    skip: u64,
    duration: u64,
    done: Option<Edit>,
    boxes: usize,
}

/// Reads the edit list at `rate` frames a second; nothing to do where there is none.
pub(crate) fn read(file: &Positional, rate: u32) -> Result<Edit, MediaError> {
    let mut found = Found::default();
    walk(file, 0, file.len(), rate, 0, &mut found)?;
    Ok(found.done.unwrap_or_default())
}

fn walk(
    file: &Positional,
    mut at: u64,
    end: u64,
    rate: u32,
    depth: usize,
    found: &mut Found,
) -> Result<(), MediaError> {
    while at + 8 <= end && found.boxes < MAX_BOXES {
        found.boxes += 1;
        let Some([a, b, c, d, kind @ ..]) = file.array::<8>(at)? else { return Ok(()) };
        let (header, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, end - at),
            1 => (16, file.array::<8>(at + 8)?.map_or(0, u64::from_be_bytes)),
            size => (8, u64::from(size)),
        };
        if size < header {
            return Ok(());
        }
        let (body, next) = (at + header, at.saturating_add(size).min(end));
        match &kind {
            b"moov" | b"mdia" | b"edts" if depth < 8 => walk(file, body, next, rate, depth + 1, found)?,
            b"trak" if depth < 8 => {
                (found.track_scale, found.is_sound, found.skip, found.duration) = (0, false, 0, 0);
                walk(file, body, next, rate, depth + 1, found)?;
                if found.is_sound && found.done.is_none() {
                    found.done = Some(found.edit(rate));
                }
            }
            b"mvhd" => found.movie_scale = scale(file, body)?,
            b"mdhd" => found.track_scale = scale(file, body)?,
            b"hdlr" => found.is_sound = file.array::<4>(body + 8)?.as_ref() == Some(b"soun"),
            b"elst" => found.list(file, body)?,
            _ => {}
        }
        at = next;
    }
    Ok(())
}

/// The time scale in an `mvhd` or `mdhd` box.
fn scale(file: &Positional, body: u64) -> Result<u64, MediaError> {
    let is_long = file.array::<1>(body)? == Some([1]);
    let at = body + if is_long { 20 } else { 12 };
    Ok(file.array::<4>(at)?.map_or(0, u32::from_be_bytes).into())
}

impl Found {
    /// Takes the first entry that is no pause. Lists that jump about are films, not songs.
    fn list(&mut self, file: &Positional, body: u64) -> Result<(), MediaError> {
        let is_long = file.array::<1>(body)? == Some([1]);
        let count = file.array::<4>(body + 4)?.map_or(0, u32::from_be_bytes).min(16);
        for entry in 0..u64::from(count) {
            let (duration, media) = if is_long {
                let at = body + 8 + entry * 20;
                let Some(b) = file.array::<8>(at)? else { return Ok(()) };
                (u64::from_be_bytes(b), file.array::<8>(at + 8)?.map_or(-1, i64::from_be_bytes))
            } else {
                let at = body + 8 + entry * 12;
                let Some(b) = file.array::<4>(at)? else { return Ok(()) };
                let media = file.array::<4>(at + 4)?.map_or(-1, i32::from_be_bytes);
                (u64::from(u32::from_be_bytes(b)), i64::from(media))
            };
            if let Ok(media) = u64::try_from(media) {
                (self.skip, self.duration) = (media, duration);
                return Ok(());
            }
        }
        Ok(())
    }

    fn edit(&self, rate: u32) -> Edit {
        let frames = |value: u64, scale: u64| {
            let scale = u128::from(scale.max(1));
            u64::try_from((u128::from(value) * u128::from(rate) + scale / 2) / scale).unwrap_or(u64::MAX)
        };
        // The movie's scale is often milliseconds, too coarse for an end to the frame: round up, and let the
        // decoded length decide between.
        Edit { skip: frames(self.skip, self.track_scale), frames: frames(self.duration, self.movie_scale) }
    }
}
