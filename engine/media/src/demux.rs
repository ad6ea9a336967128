//! symphonia behind one small door: a file in, planar blocks with their place out.
//!
//! What it decodes comes from anywhere, so nothing of it is trusted: a panic inside becomes
//! [`MediaError::Damaged`], a change of shape in the middle too.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symphonia::core::codecs::audio::{AudioCodecId, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::Timestamp;

use crate::MediaError;
use crate::error::OnPath;
use crate::files::open_regular;
use crate::pcm_source::check_shape;

/// Damaged packets in a row after which the rest is given up.
const MAX_BAD: u32 = 64;

/// A file that counts how far it was read, and may deny that it can seek.
struct Counted {
    file: File,
    at: u64,
    furthest: Arc<AtomicU64>,
    len: u64,
    seekable: bool,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.at += read as u64;
        self.furthest.fetch_max(self.at, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl MediaSource for Counted {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.seekable.then_some(self.len)
    }
}

/// An open container and the decoder of its first audio track.
pub(crate) struct Demux {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    pub(crate) codec: AudioCodecId,
    pub(crate) container: &'static str,
    pub(crate) channels: u16,
    pub(crate) rate: u32,
    /// Frames that the container promises, without delay and padding.
    pub(crate) promised: Option<u64>,
    pub(crate) bits: Option<u32>,
    furthest: Arc<AtomicU64>,
    /// The decoded block: one plane a channel.
    pub(crate) planes: Vec<Vec<f32>>,
    /// The block decoded while opening, to learn the shape.
    first: Option<Block>,
    /// Packets that could not be decoded.
    pub(crate) bad: u64,
    broken: bool,
}

/// Where a decoded block lies; its samples are in [`Demux::planes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// Frames since the start, as the container counts them.
    pub(crate) at: i64,
    pub(crate) frames: usize,
    /// Frames of it that were lost (a damaged packet): then the planes are silent.
    pub(crate) lost: bool,
}

impl Demux {
    /// Opens what symphonia recognises. `verify` has lossless streams compare their checksum.
    pub(crate) fn open(path: &Path, verify: bool) -> Result<Self, MediaError> {
        let file = open_regular(path)?;
        let meta = file.metadata().on(path)?;
        if !meta.is_file() {
            return Err(MediaError::UnknownKind { path: path.to_owned() });
        }
        let len = meta.len();
        if len == 0 {
            return Err(MediaError::Empty { path: path.to_owned() });
        }
        let (seekable, is_known) = first_look(&file, path)?;
        let furthest = Arc::new(AtomicU64::new(0));
        let source = Counted { file, at: 0, furthest: furthest.clone(), len, seekable };
        let opened = guarded(path, || Self::probe(path, source, furthest, verify))?;
        opened.map_err(|error| match error {
            // It begins like something known, so that it is not unknown but broken.
            MediaError::UnknownKind { .. } if is_known => {
                MediaError::damaged(path, "what is needed to read it is missing; it may be cut off")
            }
            error => error,
        })
    }

    fn probe(
        path: &Path,
        source: Counted,
        furthest: Arc<AtomicU64>,
        verify: bool,
    ) -> Result<Self, MediaError> {
        let stream = MediaSourceStream::new(Box::new(source), Default::default());
        let (options, meta) = (FormatOptions::default(), MetadataOptions::default());
        let format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, options, meta)
            .map_err(|error| opening(path, error))?;
        let no_audio = || MediaError::NoAudio { path: path.to_owned() };
        let track = format.default_track(TrackType::Audio).ok_or_else(no_audio)?;
        let params = track.codec_params.as_ref().and_then(|p| p.audio()).ok_or_else(no_audio)?;
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default().verify(verify))
            .map_err(|error| match error {
                Error::Unsupported(what) => MediaError::unsupported(path, what),
                error => MediaError::damaged(path, error.to_string()),
            })?;
        let (id, codec, promised, bits) = (track.id, params.codec, track.num_frames, params.bits_per_sample);
        let container = format.format_info().short_name;
        let mut demux = Self {
            path: path.to_owned(),
            format,
            decoder,
            track: id,
            codec,
            container,
            channels: 0,
            rate: 0,
            promised,
            bits,
            furthest,
            planes: Vec::new(),
            first: None,
            bad: 0,
            broken: false,
        };
        // The first block says what the container may not know or may have wrong.
        match demux.decode_next()? {
            Some(block) if !block.lost => demux.first = Some(block),
            Some(_) => return Err(MediaError::damaged(path, "its first packets cannot be decoded")),
            None => return Err(no_audio()),
        }
        Ok(demux)
    }

    /// Bytes of the file read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.furthest.load(Ordering::Relaxed)
    }

    /// The next block, `None` at the end. Its samples are in [`Demux::planes`].
    pub(crate) fn next(&mut self) -> Result<Option<Block>, MediaError> {
        if let Some(block) = self.first.take() {
            return Ok(Some(block));
        }
        self.whole(Self::decode_next)
    }

    /// Goes to a block at or before `frame`.
    pub(crate) fn seek(&mut self, frame: u64) -> Result<(), MediaError> {
        self.first = None;
        self.whole(|demux| {
            let ts = Timestamp::new(i64::try_from(frame).unwrap_or(i64::MAX));
            let to = SeekTo::Timestamp { ts, track_id: demux.track };
            demux.format.seek(SeekMode::Accurate, to).map_err(|error| reading(&demux.path, error))?;
            demux.decoder.reset();
            Ok(())
        })
    }

    /// Whether the stream's own checksum fits; `None` if it has none.
    pub(crate) fn verified(&mut self) -> Option<bool> {
        self.decoder.finalize().verify_ok
    }

    fn whole<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, MediaError>) -> Result<T, MediaError> {
        if self.broken {
            return Err(MediaError::damaged(&self.path, "decoding failed before"));
        }
        let path = self.path.clone();
        let outcome = guarded(&path, || work(self));
        self.broken = outcome.is_err();
        outcome?
    }

    fn decode_next(&mut self) -> Result<Option<Block>, MediaError> {
        let mut bad_in_a_row = 0;
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(None),
                // Cut off in the middle of a packet: what came before counts; the caller compares lengths.
                Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(Error::ResetRequired) => return Ok(None), // another piece follows (chained Ogg): not ours
                Err(error) => return Err(reading(&self.path, error)),
            };
            if packet.track_id != self.track {
                continue;
            }
            let at = packet.pts.get() + packet.trim_start.get() as i64;
            match self.decoder.decode(&packet) {
                Ok(buffer) => {
                    let spec = buffer.spec();
                    let (channels, rate) = (spec.channels().count(), spec.rate());
                    buffer.copy_to_vecs_planar::<f32>(&mut self.planes);
                    let frames = self.planes.first().map_or(0, Vec::len);
                    self.shape(channels, rate)?;
                    if frames > 0 {
                        return Ok(Some(Block { at, frames, lost: false }));
                    }
                }
                Err(Error::DecodeError(reason)) => {
                    self.bad += 1;
                    bad_in_a_row += 1;
                    if bad_in_a_row > MAX_BAD {
                        return Err(MediaError::damaged(&self.path, reason));
                    }
                    let frames = usize::try_from(packet.dur.get()).unwrap_or(0).min(1 << 16);
                    if self.channels > 0 && frames > 0 {
                        self.planes.iter_mut().for_each(|plane| {
                            plane.clear();
                            plane.resize(frames, 0.0);
                        });
                        return Ok(Some(Block { at, frames, lost: true }));
                    }
                }
                Err(error) => return Err(reading(&self.path, error)),
            }
        }
    }

    fn shape(&mut self, channels: usize, rate: u32) -> Result<(), MediaError> {
        if self.channels == 0 {
            let channels = u16::try_from(channels).unwrap_or(u16::MAX);
            check_shape(&self.path, channels, rate)?;
            (self.channels, self.rate) = (channels, rate);
        }
        if channels != usize::from(self.channels) || rate != self.rate {
            return Err(MediaError::damaged(&self.path, "its channels or its rate change in the middle"));
        }
        Ok(())
    }
}

/// Whether the container needs to seek, and whether it begins like one that is known.
///
/// Only containers whose index may lie at the end are allowed to seek. Given a file that can, the MP3 reader
/// guesses the length of a stream without a Xing header and then cuts off what lies behind its guess.
fn first_look(mut file: &File, path: &Path) -> Result<(bool, bool), MediaError> {
    let mut start = [0; 12];
    let read = file.read(&mut start).on(path)?;
    file.seek(SeekFrom::Start(0)).on(path)?;
    let start = &start[..read];
    let containers: [&[u8]; 6] = [b"OggS", b"fLaC", b"RIFF", b"FORM", b"caff", &[0x1a, 0x45, 0xdf, 0xa3]];
    let seekable = containers.iter().any(|magic| start.starts_with(magic)) || is_mp4(start);
    Ok((seekable, (seekable && read == 12) || start.starts_with(b"ID3")))
}

pub(crate) fn is_mp4(start: &[u8]) -> bool {
    start.get(4..8) == Some(b"ftyp")
}

/// Runs third-party decoding; a panic in it means that the file is not what it says.
fn guarded<T>(path: &Path, work: impl FnOnce() -> T) -> Result<T, MediaError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| MediaError::damaged(path, "the decoder gave up on it"))
}

fn opening(path: &Path, error: Error) -> MediaError {
    match error {
        Error::Unsupported(_) => MediaError::UnknownKind { path: path.to_owned() },
        Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            MediaError::UnknownKind { path: path.to_owned() }
        }
        error => reading(path, error),
    }
}

fn reading(path: &Path, error: Error) -> MediaError {
    match error {
        Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            MediaError::damaged(path, "it ends in the middle")
        }
        // symphonia reports its own limits as `Other`; those are the file's fault, not the disk's.
        Error::IoError(error) if error.raw_os_error().is_some() => MediaError::io(path, error),
        error => MediaError::damaged(path, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen red: `guarded` calling without catching.
    #[test]
    fn a_panic_inside_is_the_files_fault() {
        let told = guarded::<()>(Path::new("beat.xyz"), || panic!("index out of bounds"));
        assert!(matches!(told, Err(MediaError::Damaged { path, .. }) if path == Path::new("beat.xyz")));
    }
}
