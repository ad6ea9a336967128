//! Streaming decode of every kind of file that can be imported.
//!
//! Start at [`Decoder`]. WAV and AIFF go through our own readers, everything else through symphonia.

use std::path::{Path, PathBuf};

use symphonia::core::codecs::audio::well_known as codec;

use crate::demux::{self, Demux};
use crate::files::Positional;
use crate::pcm_source::{PcmLayout, PcmSource};
use crate::sniff::{Sniffed, sniff};
use crate::wav::Extent;
use crate::{MediaError, Source, aiff, mp4_edit, wav};

/// Frames of an uncompressed file that are handed out at once.
const CHUNK: usize = 16_384;

/// What kind of file it is, by its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// WAV, RF64 or BW64.
    Wav,
    /// AIFF or AIFC.
    Aiff,
    /// FLAC in its own container.
    Flac,
    /// MPEG audio, layer 3 (1 and 2 count as [`FileKind::Other`]).
    Mp3,
    /// AAC in MP4 or ADTS.
    Aac,
    /// Apple Lossless.
    Alac,
    /// Ogg Vorbis.
    Vorbis,
    /// Another kind that can be decoded.
    Other,
}

impl FileKind {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wav => "WAV",
            Self::Aiff => "AIFF",
            Self::Flac => "FLAC",
            Self::Mp3 => "MP3",
            Self::Aac => "AAC",
            Self::Alac => "ALAC",
            Self::Vorbis => "Ogg Vorbis",
            Self::Other => "audio",
        }
    }
}

enum Inner {
    Pcm {
        source: PcmSource,
        extent: Extent,
        bytes: u64,
        frame: u64,
    },
    /// `lead` frames at the start are the encoder's; `skip` of them are still to come.
    Compressed {
        demux: Box<Demux>,
        lead: u64,
        skip: u64,
        limit: u64,
    },
}

/// Decodes a file from start to end, a chunk at a time; the whole never sits in memory.
pub struct Decoder {
    path: PathBuf,
    kind: FileKind,
    inner: Inner,
    planes: Vec<Vec<f32>>,
    at: u64,
    repair: bool,
    bits: Option<u8>,
    filled: u64,
    time_reference: Option<u64>,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("path", &self.path).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Decoder {
    /// Opens a file of any known kind, by content, not by name.
    ///
    /// # Errors
    /// [`MediaError::Missing`], `Empty`, `UnknownKind`, `Damaged`, `Unsupported`, `NoAudio`,
    /// `TooManyChannels`, `UnsupportedRate`, or as the disk says.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let file = Positional::open(path)?;
        let opened = match sniff(&file)? {
            Sniffed::Wav => wav::parse(&file).map(|p| (FileKind::Wav, p.layout, p.extent, p.time_reference)),
            Sniffed::Aiff => aiff::parse(&file).map(|p| (FileKind::Aiff, p.layout, p.extent, None)),
            Sniffed::Flac | Sniffed::Other => return Self::compressed(path, &file),
        };
        match opened {
            Ok((kind, layout, extent, time_reference)) => {
                let mut decoder = Self::uncompressed(file, kind, layout, extent)?;
                decoder.time_reference = time_reference;
                Ok(decoder)
            }
            // ADPCM, A-law and so on inside WAV or AIFF.
            Err(MediaError::Unsupported { path: p, what }) => {
                Self::compressed(path, &file).map_err(|_| MediaError::Unsupported { path: p, what })
            }
            Err(error) => Err(error),
        }
    }

    /// Takes what is there of a file that is cut off or has damaged places (which become silence) instead of
    /// refusing it.
    pub fn repairing(mut self, repair: bool) -> Self {
        self.repair = repair;
        self
    }

    fn uncompressed(
        file: Positional,
        kind: FileKind,
        layout: PcmLayout,
        extent: Extent,
    ) -> Result<Self, MediaError> {
        let path = file.path().to_owned();
        if layout.frames == 0 && extent == Extent::Whole {
            return Err(MediaError::NoAudio { path });
        }
        let bits = (!layout.encoding.is_float()).then(|| layout.encoding.bits());
        let frame = layout.encoding.bytes() as u64 * u64::from(layout.channels);
        let bytes = layout.start;
        let planes = vec![vec![0.0; CHUNK]; usize::from(layout.channels)];
        let inner = Inner::Pcm { source: PcmSource::new(file, layout), extent, bytes, frame };
        Ok(Self { path, kind, inner, planes, at: 0, repair: false, bits, filled: 0, time_reference: None })
    }

    fn compressed(path: &Path, file: &Positional) -> Result<Self, MediaError> {
        let demux = Demux::open(path, true)?;
        let kind = match demux.codec {
            codec::CODEC_ID_FLAC => FileKind::Flac,
            codec::CODEC_ID_MP3 => FileKind::Mp3,
            codec::CODEC_ID_AAC => FileKind::Aac,
            codec::CODEC_ID_ALAC => FileKind::Alac,
            codec::CODEC_ID_VORBIS => FileKind::Vorbis,
            _ => FileKind::Other,
        };
        let is_mp4 = file.array::<8>(0)?.is_some_and(|start| demux::is_mp4(&start));
        let edit = if is_mp4 { mp4_edit::read(file, demux.rate)? } else { mp4_edit::Edit::default() };
        let limit = if edit.frames == 0 { u64::MAX } else { edit.frames };
        let bits = match kind {
            FileKind::Flac => demux.bits.and_then(|bits| u8::try_from(bits).ok()),
            _ => None,
        };
        let inner = Inner::Compressed { demux: Box::new(demux), lead: edit.skip, skip: edit.skip, limit };
        Ok(Self {
            path: path.to_owned(),
            kind,
            inner,
            planes: Vec::new(),
            at: 0,
            repair: false,
            bits,
            filled: 0,
            time_reference: None,
        })
    }

    /// What kind of file it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Channels, 1 to [`crate::MAX_CHANNELS`].
    pub fn channels(&self) -> u16 {
        match &self.inner {
            Inner::Pcm { source, .. } => source.channels(),
            Inner::Compressed { demux, .. } => demux.channels,
        }
    }

    /// Frames a second.
    pub fn sample_rate(&self) -> u32 {
        match &self.inner {
            Inner::Pcm { source, .. } => source.sample_rate(),
            Inner::Compressed { demux, .. } => demux.rate,
        }
    }

    /// Length in frames as far as the header knows it (encoder delay and padding left out); only decoding to
    /// the end makes sure.
    pub fn frames(&self) -> Option<u64> {
        match &self.inner {
            Inner::Pcm { source, .. } => Some(source.frames()),
            Inner::Compressed { demux, lead, limit, .. } => {
                let known = (*limit != u64::MAX).then_some(*limit);
                demux.promised.map(|frames| frames.saturating_sub(*lead).min(*limit)).or(known)
            }
        }
    }

    /// Bits of each sample of WAV, AIFF and FLAC with integers, else `None`.
    pub fn lossless_bits(&self) -> Option<u8> {
        self.bits
    }

    /// Samples from the start of the song to the first frame, where the file is Broadcast Wave.
    pub fn time_reference(&self) -> Option<u64> {
        self.time_reference
    }

    /// Bytes of the file consumed so far, for progress.
    pub fn bytes_read(&self) -> u64 {
        match &self.inner {
            Inner::Pcm { bytes, .. } => *bytes,
            Inner::Compressed { demux, .. } => demux.bytes_read(),
        }
    }

    /// Frames that were silent because the file was damaged there (only when repairing).
    pub fn filled(&self) -> u64 {
        self.filled
    }

    /// The next chunk, one plane a channel, all equally long and not empty; `None` at the end.
    ///
    /// # Errors
    /// [`MediaError::Truncated`] and `Damaged` unless repairing, or as the disk says.
    pub fn next_chunk(&mut self) -> Result<Option<&[Vec<f32>]>, MediaError> {
        let more = match &self.inner {
            Inner::Pcm { .. } => self.next_pcm()?,
            Inner::Compressed { .. } => self.next_compressed()?,
        };
        if !more {
            return Ok(None);
        }
        self.at += self.planes.first().map_or(0, |plane| plane.len() as u64);
        Ok(Some(&self.planes))
    }

    fn next_pcm(&mut self) -> Result<bool, MediaError> {
        let Inner::Pcm { source, extent, bytes, frame } = &mut self.inner else { return Ok(false) };
        if let (Extent::CutOff { expected }, false) = (*extent, self.repair) {
            let readable = source.frames();
            return Err(MediaError::Truncated {
                path: self.path.clone(),
                readable,
                expected: Some(expected),
            });
        }
        self.planes.iter_mut().for_each(|plane| plane.resize(CHUNK, 0.0));
        let mut slices: Vec<&mut [f32]> = self.planes.iter_mut().map(Vec::as_mut_slice).collect();
        let read = source.read(self.at, &mut slices)?;
        if read == 0 && self.at < source.frames() && !self.repair {
            // It became shorter while it was read.
            let expected = Some(source.frames());
            return Err(MediaError::Truncated { path: self.path.clone(), readable: self.at, expected });
        }
        self.planes.iter_mut().for_each(|plane| plane.truncate(read));
        *bytes += read as u64 * *frame;
        Ok(read > 0)
    }

    fn next_compressed(&mut self) -> Result<bool, MediaError> {
        let Inner::Compressed { demux, skip, limit, .. } = &mut self.inner else { return Ok(false) };
        loop {
            if self.at >= *limit {
                return Ok(false);
            }
            let Some(block) = demux.next()? else {
                return self.ended().map(|()| false);
            };
            let at = self.at + *skip;
            let gap = u64::try_from(block.at).unwrap_or(0).saturating_sub(at);
            let is_gap = self.kind == FileKind::Flac && gap > 0;
            if (is_gap || block.lost) && !self.repair {
                let seconds = at as f64 / f64::from(demux.rate.max(1));
                return Err(MediaError::damaged(
                    &self.path,
                    format!("{seconds:.2} seconds in, a part cannot be decoded"),
                ));
            }
            std::mem::swap(&mut self.planes, &mut demux.planes);
            if is_gap {
                // A place that was skipped: silence keeps the rest where it belongs. A damaged header may
                // claim any place, so no more than a block's worth at a time.
                let gap = usize::try_from(gap).unwrap_or(usize::MAX).min(1 << 16);
                self.planes
                    .iter_mut()
                    .for_each(|plane| drop(plane.splice(..0, std::iter::repeat_n(0.0, gap))));
                self.filled += gap as u64;
            }
            if block.lost {
                self.filled += block.frames as u64;
            }
            let leave_out = usize::try_from(*skip).unwrap_or(usize::MAX).min(block.frames);
            *skip -= leave_out as u64;
            for plane in &mut self.planes {
                plane.drain(..leave_out);
                plane.truncate(usize::try_from(*limit - self.at).unwrap_or(usize::MAX));
            }
            if self.planes.first().is_some_and(|plane| !plane.is_empty()) {
                return Ok(true);
            }
        }
    }

    /// Compares what was decoded with what was promised.
    fn ended(&mut self) -> Result<(), MediaError> {
        let expected = self.frames();
        let Inner::Compressed { demux, .. } = &mut self.inner else { return Ok(()) };
        if self.repair {
            return Ok(());
        }
        // Headers of lossy files are wrong by a packet now and then (the Xing frame counted, or not).
        let slack = if self.bits.is_some() { 0 } else { 2_304 };
        let short = expected.is_some_and(|expected| self.at + slack < expected);
        if short || (demux.container == "ogg" && !ogg_is_closed(&self.path)?) {
            let path = self.path.clone();
            return Err(MediaError::Truncated {
                path,
                readable: self.at,
                expected: expected.filter(|_| short),
            });
        }
        if demux.verified() == Some(false) {
            return Err(MediaError::damaged(&self.path, "its checksum does not fit its contents"));
        }
        if self.at == 0 {
            return Err(MediaError::NoAudio { path: self.path.clone() });
        }
        Ok(())
    }
}

/// Whether the last page of an Ogg file is whole and says that it is the last (RFC 3533: header type 4; 27
/// bytes, then the segment sizes, then the segments). A page has at most 65,307 bytes.
fn ogg_is_closed(path: &Path) -> Result<bool, MediaError> {
    let file = Positional::open(path)?;
    let from = file.len().saturating_sub(65_307);
    let mut tail = vec![0; (file.len() - from) as usize];
    let read = file.read(&mut tail, from)?;
    let tail = &tail[..read];
    let Some(page) =
        (0..tail.len()).rev().find_map(|at| tail[at..].starts_with(b"OggS\0").then_some(&tail[at..]))
    else {
        return Ok(false);
    };
    let (Some(header), Some(segments)) = (page.get(5), page.get(26)) else { return Ok(false) };
    let Some(sizes) = page.get(27..27 + usize::from(*segments)) else { return Ok(false) };
    let whole = 27 + sizes.len() + sizes.iter().map(|size| usize::from(*size)).sum::<usize>();
    Ok(header & 4 != 0 && page.len() >= whole)
}

#[cfg(test)]
mod tests;
