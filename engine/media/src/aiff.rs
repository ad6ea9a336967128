//! AIFF and AIFC: our own reader of their uncompressed forms (Apple, "Audio Interchange File Format" 1.3 and
//! the AIFF-C draft of 1991, with `sowt` and the float forms in use today).

use dawg_dsp::pcm::Encoding;

use crate::MediaError;
use crate::files::Positional;
use crate::pcm_source::{PcmLayout, check_shape};
use crate::wav::Extent;

const MAX_CHUNKS: usize = 10_000;

/// What the chunks say. The layout's frames are what the file really has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parsed {
    pub(crate) layout: PcmLayout,
    pub(crate) extent: Extent,
}

struct Common {
    channels: u16,
    frames: u64,
    rate: u32,
    encoding: Encoding,
}

/// Reads the chunks. The samples may come before their format.
///
/// # Errors
/// `Unsupported` for compressed contents, `Damaged` for contradictions, `Truncated` if the samples' start is
/// not there.
pub(crate) fn parse(file: &Positional) -> Result<Parsed, MediaError> {
    let path = file.path();
    let is_aifc = file.array::<12>(0)?.is_some_and(|start| start.ends_with(b"AIFC"));
    let mut at: u64 = 12;
    let mut common = None;
    let mut sound: Option<(u64, u64)> = None;
    for _ in 0..MAX_CHUNKS {
        let Some([a, b, c, d, size @ ..]) = file.array::<8>(at)? else { break };
        let size = u64::from(u32::from_be_bytes(size));
        let body = at + 8;
        match &[a, b, c, d] {
            b"COMM" => common = Some(read_common(file, body, is_aifc)?),
            b"SSND" => {
                let offset = file.array::<4>(body)?.map_or(0, u32::from_be_bytes);
                sound = Some((body + 8 + u64::from(offset), size.saturating_sub(8 + u64::from(offset))));
            }
            _ => {}
        }
        at = body + size + size % 2;
    }
    let Some(common) = common else {
        return Err(MediaError::damaged(path, "there is no format in it"));
    };
    let Some((start, promised)) = sound else {
        return Err(MediaError::Truncated {
            path: path.to_owned(),
            readable: 0,
            expected: Some(common.frames),
        });
    };
    let frame = common.encoding.bytes() as u64 * u64::from(common.channels);
    let there = file.len().saturating_sub(start) / frame;
    // Either count may have been left at zero by a recorder that stopped hard; the file's length decides then.
    let expected = match (common.frames, promised / frame) {
        (0, 0) => there,
        (0, promised) => promised,
        (frames, _) => frames,
    };
    let extent = if expected > there { Extent::CutOff { expected } } else { Extent::Whole };
    let layout = PcmLayout {
        start,
        frames: expected.min(there),
        channels: common.channels,
        rate: common.rate,
        encoding: common.encoding,
    };
    Ok(Parsed { layout, extent })
}

fn read_common(file: &Positional, at: u64, is_aifc: bool) -> Result<Common, MediaError> {
    let path = file.path();
    let Some(base) = file.array::<18>(at)? else {
        return Err(MediaError::damaged(path, "its format is cut off"));
    };
    let channels = u16::from_be_bytes([base[0], base[1]]);
    let frames = u64::from(u32::from_be_bytes([base[2], base[3], base[4], base[5]]));
    let bits = u16::from_be_bytes([base[6], base[7]]);
    let rate = extended_to_rate(
        [base[8], base[9]],
        [base[10], base[11], base[12], base[13], base[14], base[15], base[16], base[17]],
    );
    let compression = if is_aifc { file.array::<4>(at + 18)?.unwrap_or(*b"NONE") } else { *b"NONE" };
    let bytes = bits.div_ceil(8);
    let encoding = match (&compression, bytes) {
        (b"NONE" | b"twos", 1) | (b"sowt", 1) => Encoding::I8,
        (b"raw ", 1) => Encoding::U8,
        (b"NONE" | b"twos", 2) => Encoding::I16Be,
        (b"NONE" | b"twos" | b"in24", 3) => Encoding::I24Be,
        (b"NONE" | b"twos" | b"in32", 4) => Encoding::I32Be,
        (b"sowt", 2) => Encoding::I16Le,
        (b"sowt", 3) => Encoding::I24Le,
        (b"sowt", 4) => Encoding::I32Le,
        (b"fl32" | b"FL32", _) => Encoding::F32Be,
        (b"fl64" | b"FL64", _) => Encoding::F64Be,
        (b"NONE" | b"twos" | b"sowt", _) => {
            return Err(MediaError::damaged(path, format!("samples of {bits} bits make no sense")));
        }
        (other, _) => {
            let name = String::from_utf8_lossy(other).into_owned();
            return Err(MediaError::unsupported(path, format!("compressed AIFF ({name:?})")));
        }
    };
    check_shape(path, channels, rate)?;
    Ok(Common { channels, frames, rate, encoding })
}

/// An 80-bit IEEE float (sign and exponent, then 64 bits of mantissa with its leading one) as a whole rate;
/// 0 for what is no rate.
fn extended_to_rate(exponent: [u8; 2], mantissa: [u8; 8]) -> u32 {
    let exponent = i32::from(u16::from_be_bytes(exponent)) - 16_383;
    let mantissa = u64::from_be_bytes(mantissa);
    if !(0..32).contains(&exponent) {
        return 0;
    }
    u32::try_from((mantissa >> (62 - exponent)).div_ceil(2)).unwrap_or(0)
}
