//! Reading the chunks of a WAV file. No size in it is believed further than the file's length.

use dawg_dsp::pcm::Encoding;

use super::header::GUID_TAIL;
use crate::MediaError;
use crate::files::Positional;
use crate::pcm_source::PcmLayout;

/// Nobody writes this many chunks; a damaged file may have millions of empty ones.
const MAX_CHUNKS: usize = 10_000;

/// How much of what the header promises is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it, or the header makes no promise (size 0 or all ones: written while streaming).
    Whole,
    /// The header promises this many frames, the file has fewer.
    CutOff {
        /// Frames promised.
        expected: u64,
    },
}

/// What the chunks say. The layout's frames are what the file really has.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) layout: PcmLayout,
    pub(crate) extent: Extent,
    /// From `bext`: samples since the start of the song.
    pub(crate) time_reference: Option<u64>,
}

struct Format {
    channels: u16,
    rate: u32,
    encoding: Encoding,
    frame: u16,
}

/// Whether a file begins like a WAV file.
pub(crate) fn is_wav(start: &[u8]) -> bool {
    matches!(start.get(..4), Some(b"RIFF" | b"RF64" | b"BW64")) && start.get(8..12) == Some(b"WAVE")
}

/// Reads the chunks.
///
/// # Errors
/// `Unsupported` for compressed contents, `Damaged` for contradictions, `Truncated` if not even the samples'
/// start is there.
pub(crate) fn parse(file: &Positional) -> Result<Parsed, MediaError> {
    let path = file.path();
    let mut at: u64 = 12;
    let mut format = None;
    let mut wide_data = None;
    let mut time_reference = None;
    for _ in 0..MAX_CHUNKS {
        let Some([a, b, c, d, size @ ..]) = file.array::<8>(at)? else {
            return Err(no_samples(file, format.is_some()));
        };
        let size = u32::from_le_bytes(size);
        let body = at + 8;
        match &[a, b, c, d] {
            b"ds64" => {
                if let Some(sizes) = file.array::<24>(body)? {
                    wide_data = sizes[8..16].try_into().ok().map(u64::from_le_bytes);
                }
            }
            b"fmt " => format = Some(read_format(file, body, size)?),
            b"bext" => time_reference = file.array::<8>(body + 338)?.map(u64::from_le_bytes),
            b"data" => {
                let Some(format) = format else {
                    return Err(MediaError::damaged(path, "the samples come before their format"));
                };
                let promised = match (size, wide_data) {
                    (u32::MAX, Some(wide)) => wide,
                    (size, _) => u64::from(size),
                };
                return Ok(measure(file, &format, body, promised, time_reference));
            }
            _ => {}
        }
        at = body + u64::from(size);
        // Odd chunks are padded to even, except by writers that forget it.
        if size % 2 == 1 && !matches!(file.array::<4>(at)?.as_ref(), Some(b"data" | b"fmt ")) {
            at += 1;
        }
    }
    Err(MediaError::damaged(path, "there are thousands of chunks before the samples"))
}

/// The file ended before its samples began.
fn no_samples(file: &Positional, has_format: bool) -> MediaError {
    let path = file.path().to_owned();
    if has_format {
        MediaError::Truncated { path, readable: 0, expected: None }
    } else {
        MediaError::damaged(&path, "there is no format in it")
    }
}

fn measure(
    file: &Positional,
    format: &Format,
    start: u64,
    promised: u64,
    time_reference: Option<u64>,
) -> Parsed {
    let frame = u64::from(format.frame);
    let there = file.len().saturating_sub(start) / frame;
    let unknown = promised == 0 || promised == u64::from(u32::MAX) || promised == u64::MAX;
    let expected = promised / frame;
    let (frames, extent) = if unknown || expected == there {
        (there, Extent::Whole)
    } else if expected < there {
        (expected, Extent::Whole)
    } else {
        (there, Extent::CutOff { expected })
    };
    let layout =
        PcmLayout { start, frames, channels: format.channels, rate: format.rate, encoding: format.encoding };
    Parsed { layout, extent, time_reference }
}

fn read_format(file: &Positional, at: u64, size: u32) -> Result<Format, MediaError> {
    let path = file.path();
    let word = |bytes: &[u8], at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let Some(base) = file.array::<16>(at)? else { return Err(no_samples(file, true)) };
    let (mut tag, channels, frame, bits) = (word(&base, 0), word(&base, 2), word(&base, 12), word(&base, 14));
    let rate = u32::from_le_bytes([base[4], base[5], base[6], base[7]]);
    if tag == 0xfffe && size >= 40 {
        let Some(guid) = file.array::<16>(at + 24)? else { return Err(no_samples(file, true)) };
        if guid[2..] != GUID_TAIL {
            return Err(MediaError::unsupported(path, "this kind of contents (an unknown WAVE extension)"));
        }
        tag = word(&guid, 0);
    }
    // The container's width counts, not the bits used of it: those lie at the top.
    let width = frame.checked_div(channels).unwrap_or(0);
    let encoding = match (tag, width) {
        (1, 1) => Encoding::U8,
        (1, 2) => Encoding::I16Le,
        (1, 3) => Encoding::I24Le,
        (1, 4) => Encoding::I32Le,
        (3, 4) => Encoding::F32Le,
        (3, 8) => Encoding::F64Le,
        (1 | 3, _) => return Err(MediaError::damaged(path, "its frame size fits no sample size")),
        _ => return Err(MediaError::unsupported(path, format!("compressed WAV (format {tag:#06x})"))),
    };
    if frame != channels * encoding.bytes() as u16 || bits > u16::from(encoding.bits()) {
        return Err(MediaError::damaged(path, "its frame size fits no sample size"));
    }
    crate::pcm_source::check_shape(path, channels, rate)?;
    Ok(Format { channels, rate, encoding, frame })
}
