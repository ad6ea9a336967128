//! FLAC as an export, streamed: a block is encoded and written as soon as it is full, and the stream header is
//! written again at the end with length, checksum and sizes. Memory does not grow with the piece.

use std::fs::File;
use std::path::{Path, PathBuf};

use dawg_dsp::pcm::{self, Encoding};
use flacenc::bitsink::MemSink;
use flacenc::component::{BitRepr, StreamInfo};
use flacenc::config;
use flacenc::error::{Verified, Verify};
use flacenc::source::{Context, Fill, FrameBuf};

use super::wav::DitherTo16;
use super::{Done, EncodeSpec, Sink};
use crate::MediaError;
use crate::error::OnPath;
use crate::files::write_counted;

/// Frames of a block: what the reference encoder uses.
const BLOCK: usize = 4_096;
const MAX_CHANNELS: u16 = 8;
/// The encoder's limit, not the format's.
const MAX_RATE: u32 = 96_000;
/// `fLaC`, the header of the one metadata block, its 34 bytes.
const HEADER: u64 = 42;

pub(super) struct FlacSink {
    file: File,
    path: PathBuf,
    /// Tried in this order until a block is no larger than its samples: prediction, fixed prediction, none.
    configs: [Verified<config::Encoder>; 3],
    info: StreamInfo,
    /// The block being encoded, and the checksum over all.
    block: (FrameBuf, Context),
    bits: u8,
    channels: usize,
    rate: u32,
    dither: Option<DitherTo16>,
    /// Interleaved little endian samples that wait for a whole block.
    waiting: Vec<u8>,
    frames: u64,
    clipped: u64,
    at: u64,
    /// The smallest and the largest encoded block.
    block_bytes: Option<(u32, u32)>,
}

impl FlacSink {
    pub(super) fn create(
        path: &Path,
        part: &Path,
        file: File,
        spec: &EncodeSpec,
        bits: u8,
    ) -> Result<Self, MediaError> {
        let refuse =
            |reason: &str| MediaError::CannotEncode { path: path.to_owned(), reason: reason.to_owned() };
        if spec.channels > MAX_CHANNELS {
            let (path, channels) = (path.to_owned(), spec.channels.into());
            return Err(MediaError::TooManyChannels { path, channels, limit: MAX_CHANNELS });
        }
        if spec.sample_rate > MAX_RATE {
            return Err(MediaError::UnsupportedRate { path: path.to_owned(), rate: spec.sample_rate });
        }
        if bits != 16 && bits != 24 {
            return Err(refuse("FLAC is exported with 16 or 24 bits: choose one of them"));
        }
        let inside = |_| refuse("the FLAC encoder refused its settings: export WAV, and report this");
        let (rate, channels) = (spec.sample_rate as usize, usize::from(spec.channels));
        let verified = |config: config::Encoder| config.into_verified().map_err(|(_, error)| inside(error));
        let configs = [verified(config::Encoder::default())?, verified(fixed())?, verified(verbatim())?];
        let info = StreamInfo::new(rate, channels, bits.into()).map_err(inside)?;
        let buffer = FrameBuf::with_size(channels, BLOCK).map_err(inside)?;
        write_counted(&file, &[0; HEADER as usize], 0).1.on(part)?;
        Ok(Self {
            file,
            path: part.to_owned(),
            configs,
            info,
            block: (buffer, Context::new(bits.into(), channels)),
            bits,
            channels,
            rate: spec.sample_rate,
            dither: (bits == 16).then(|| DitherTo16::new(spec)),
            waiting: Vec::new(),
            frames: 0,
            clipped: 0,
            at: HEADER,
            block_bytes: None,
        })
    }

    fn frame_bytes(&self) -> usize {
        usize::from(self.bits / 8) * self.channels
    }

    /// Encodes whole blocks of what waits; all of it if `is_end`.
    fn encode(&mut self, is_end: bool) -> Result<(), MediaError> {
        let block = BLOCK * self.frame_bytes();
        let mut done = 0;
        while self.waiting.len() - done >= block || (is_end && self.waiting.len() > done) {
            let end = (done + block).min(self.waiting.len());
            self.encode_block(done, end)?;
            done = end;
        }
        self.waiting.drain(..done);
        Ok(())
    }

    fn encode_block(&mut self, from: usize, to: usize) -> Result<(), MediaError> {
        let path = &self.path;
        let inside = || MediaError::CannotEncode {
            path: path.clone(),
            reason: "the FLAC encoder failed: export WAV, and report this".to_owned(),
        };
        let bytes = &self.waiting[from..to];
        self.block.fill_le_bytes(bytes, (self.bits / 8).into()).map_err(|_| inside())?;
        let number = self.block.1.current_frame_number().unwrap_or(0);
        // The encoder's Rice parameters end at 14: residuals of loud 24-bit material can need hundreds of times
        // the room of the samples themselves. A block that is no gain is encoded more simply.
        let samples = bytes.len() * 8;
        let mut smallest = None;
        for config in &self.configs {
            let frame = flacenc::encode_fixed_size_frame(config, &self.block.0, number, &self.info)
                .map_err(|_| inside())?;
            let bits = frame.count_bits();
            if smallest.as_ref().is_none_or(|(least, _)| bits < *least) {
                smallest = Some((bits, frame));
            }
            if bits < samples {
                break;
            }
        }
        let (_, frame) = smallest.ok_or_else(inside)?;
        let mut sink = MemSink::<u8>::with_capacity(frame.count_bits());
        frame.write(&mut sink).map_err(|_| inside())?;
        let encoded = sink.as_slice();
        write_counted(&self.file, encoded, self.at).1.on(path)?;
        self.at += encoded.len() as u64;
        let size = encoded.len() as u32;
        let (smallest, largest) = self.block_bytes.unwrap_or((size, size));
        self.block_bytes = Some((smallest.min(size), largest.max(size)));
        self.frames += ((to - from) / self.frame_bytes()) as u64;
        Ok(())
    }

    /// `fLaC` and STREAMINFO (RFC 9639, section 8.2).
    fn header(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER as usize);
        out.extend_from_slice(b"fLaC");
        out.extend_from_slice(&[0x80, 0, 0, 34]); // the last metadata block, of type 0
        let block = (BLOCK as u16).to_be_bytes();
        out.extend_from_slice(&[block, block].concat());
        let (smallest, largest) = self.block_bytes.unwrap_or_default();
        out.extend_from_slice(&smallest.to_be_bytes()[1..]);
        out.extend_from_slice(&largest.to_be_bytes()[1..]);
        let shape = u64::from(self.rate) << 44
            | (self.channels as u64 - 1) << 41
            | (u64::from(self.bits) - 1) << 36
            | (self.frames & 0xf_ffff_ffff);
        out.extend_from_slice(&shape.to_be_bytes());
        out.extend_from_slice(&self.block.1.md5_digest());
        out
    }
}

/// Prediction by the format's fixed polynomials alone.
fn fixed() -> config::Encoder {
    let mut config = config::Encoder::default();
    config.subframe_coding.use_lpc = false;
    config
}

/// The samples as they are.
fn verbatim() -> config::Encoder {
    let mut config = fixed();
    config.subframe_coding.use_fixed = false;
    config.stereo_coding.use_leftside = false;
    config.stereo_coding.use_rightside = false;
    config.stereo_coding.use_midside = false;
    config
}

impl Sink for FlacSink {
    fn write(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        let frames = planes.first().map_or(0, |plane| plane.len());
        let room = self.waiting.len();
        self.waiting.resize(room + frames * self.frame_bytes(), 0);
        let out = &mut self.waiting[room..];
        match &mut self.dither {
            Some(dither) => {
                let slots = out.as_chunks_mut::<2>().0.iter_mut();
                slots.zip(dither.interleaved(planes)).for_each(|(slot, sample)| *slot = sample.to_le_bytes());
            }
            None => self.clipped += pcm::interleave(Encoding::I24Le, planes, out),
        }
        self.encode(false)
    }

    fn finish(mut self: Box<Self>) -> Result<Done, MediaError> {
        self.encode(true)?;
        write_counted(&self.file, &self.header(), 0).1.on(&self.path)?;
        let clipped = self.clipped + self.dither.as_ref().map_or(0, |dither| dither.clipped);
        Ok(Done { frames: self.frames, clipped, note: None })
    }
}
