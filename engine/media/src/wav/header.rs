//! The bytes before the samples, and which of them change as a file grows.
//!
//! Layout: `RIFF`/`RF64`, 28 bytes that are `JUNK` until the file passes 4 GiB and `ds64` from then on, `fmt `,
//! `fact` (floats), `bext` (if wanted), `data`. The length does not depend on how much follows, so that the
//! header can be written again over itself.

use super::{Bext, SampleFormat, WavSpec};

/// From this many bytes on, in the whole file, sizes are 64 bits wide.
pub const RF64_FROM: u64 = u32::MAX as u64;

const BEXT_BYTES: u32 = 602;
const PCM: u16 = 1;
const IEEE_FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
/// The end of the sub-format GUIDs of PCM and float (`KSDATAFORMAT_SUBTYPE_…`), after the two bytes of the tag.
pub(super) const GUID_TAIL: [u8; 14] =
    [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

/// Builds the header of one file, for any number of frames.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) spec: WavSpec,
    pub(crate) bext: Option<Bext>,
    /// File size from which RF64 is used.
    pub(crate) rf64_from: u64,
}

impl Header {
    /// The header of a file with `frames`.
    pub(crate) fn bytes(&self, frames: u64) -> Vec<u8> {
        let data = frames.saturating_mul(self.spec.frame_bytes() as u64);
        let middle = self.middle();
        // Everything after the first 8 bytes: "WAVE", ds64 or JUNK, the middle, "data" and its size, samples, pad.
        let riff = 4 + 36 + middle.len() as u64 + 8 + data + data % 2;
        let wide = riff + 8 >= self.rf64_from;
        let narrow = |size: u64| if wide { u32::MAX } else { u32::try_from(size).unwrap_or(u32::MAX) };
        let mut out = Vec::with_capacity(56 + middle.len());
        out.extend_from_slice(if wide { b"RF64" } else { b"RIFF" });
        out.extend_from_slice(&narrow(riff).to_le_bytes());
        out.extend_from_slice(b"WAVE");
        out.extend_from_slice(if wide { b"ds64" } else { b"JUNK" });
        out.extend_from_slice(&28u32.to_le_bytes());
        let sizes = if wide { [riff, data, frames] } else { [0; 3] };
        sizes.iter().for_each(|size| out.extend_from_slice(&size.to_le_bytes()));
        out.extend_from_slice(&0u32.to_le_bytes()); // no table of other chunks
        let fact = middle.len() - 4;
        out.extend_from_slice(&middle);
        if self.spec.format == SampleFormat::Float32 {
            // The fact chunk ends the middle, before bext; its value is the frame count.
            let at = 48 + fact - self.bext_chunk().len();
            out[at..at + 4].copy_from_slice(&narrow(frames).to_le_bytes());
        }
        out.extend_from_slice(b"data");
        out.extend_from_slice(&narrow(data).to_le_bytes());
        out
    }

    /// `fmt `, `fact` and `bext`: the same however long the file is, but for the value of `fact`.
    fn middle(&self) -> Vec<u8> {
        let WavSpec { sample_rate, channels, format } = self.spec;
        let float = format == SampleFormat::Float32;
        let tag = if float { IEEE_FLOAT } else { PCM };
        let extensible = channels > 2;
        let frame = self.spec.frame_bytes() as u32;
        let mut out = Vec::new();
        out.extend_from_slice(b"fmt ");
        let size: u32 = match (extensible, float) {
            (true, _) => 40,
            (false, true) => 18,
            (false, false) => 16,
        };
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&(if extensible { EXTENSIBLE } else { tag }).to_le_bytes());
        out.extend_from_slice(&channels.to_le_bytes());
        out.extend_from_slice(&sample_rate.to_le_bytes());
        out.extend_from_slice(&sample_rate.saturating_mul(frame).to_le_bytes());
        out.extend_from_slice(&(frame as u16).to_le_bytes());
        out.extend_from_slice(&u16::from(format.bits()).to_le_bytes());
        if extensible {
            out.extend_from_slice(&22u16.to_le_bytes());
            out.extend_from_slice(&u16::from(format.bits()).to_le_bytes());
            out.extend_from_slice(&0u32.to_le_bytes()); // no loudspeaker is meant by any channel
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&GUID_TAIL);
        } else if float {
            out.extend_from_slice(&0u16.to_le_bytes());
        }
        if float {
            out.extend_from_slice(b"fact");
            out.extend_from_slice(&4u32.to_le_bytes());
            out.extend_from_slice(&0u32.to_le_bytes());
        }
        out.extend_from_slice(&self.bext_chunk());
        out
    }

    /// Version 1 of the chunk, without the UMID and the loudness that nobody asked for, and without the date:
    /// the same song gives the same bytes.
    fn bext_chunk(&self) -> Vec<u8> {
        let Some(bext) = &self.bext else { return Vec::new() };
        let mut out = Vec::with_capacity(8 + BEXT_BYTES as usize);
        out.extend_from_slice(b"bext");
        out.extend_from_slice(&BEXT_BYTES.to_le_bytes());
        let mut text = |value: &str, bytes: usize| {
            let end = value.floor_char_boundary(bytes);
            out.extend_from_slice(&value.as_bytes()[..end]);
            out.resize(out.len() + bytes - end, 0);
        };
        text(&bext.description, 256);
        text("AI DAWG", 32);
        text("", 32 + 10 + 8);
        out.extend_from_slice(&bext.time_reference.to_le_bytes());
        out.extend_from_slice(&1u16.to_le_bytes());
        out.resize(8 + BEXT_BYTES as usize, 0);
        out
    }
}
