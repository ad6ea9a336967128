//! What a track plays, ready for the audio thread: pieces of clips with their streams at hand, in voices.
//!
//! Start at [`Timeline`]. Built by the compiler from `dawg_session::resolve`, then only read.

use std::sync::Arc;

use dawg_dsp::fade::Shape;
use dawg_media::cache::{BLOCK_FRAMES, Stream};
use dawg_session::{ClipChannels, Fade, FadeShape, JointRamp, PlayedClip};

/// The pieces that one track plays. What sounds at once, in crossfades and joints, stands in different voices and is
/// added up in their order; a lane without crossfades has one voice.
#[derive(Debug, Default)]
pub struct Timeline {
    voices: Vec<Voice>,
}

/// Pieces of which no two sound at once, by song position.
#[derive(Debug, Default)]
pub struct Voice {
    pieces: Vec<Piece>,
}

/// A piece of a clip, heard at song frames `from..to`.
#[derive(Debug, Clone)]
pub struct Piece {
    /// First song frame.
    pub from: i64,
    /// Song frame after the last.
    pub to: i64,
    /// Song frame at which the whole clip starts; fades are counted from there. In a joint it may lie after `from`.
    pub clip_start: i64,
    /// Frames of the whole clip.
    pub clip_length: i64,
    /// File frame at `clip_start`.
    pub offset: i64,
    /// Linear gain.
    pub gain: f32,
    /// Fade at the clip's start.
    pub fade_in: (Shape, i64),
    /// Fade at the clip's end.
    pub fade_out: (Shape, i64),
    /// The joint in which it rises.
    pub joint_in: Option<Joint>,
    /// The joint in which it falls.
    pub joint_out: Option<Joint>,
    /// The file.
    pub stream: Arc<Stream>,
    /// How the file's channels reach the track's.
    pub routing: Routing,
}

/// One side of a joint: a fade over song frames `from..from + length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joint {
    /// First song frame.
    pub from: i64,
    /// Frames, ≥ 1.
    pub length: i64,
    /// How it rises.
    pub shape: Shape,
}

/// How a file's channels reach a track's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routing {
    /// Track channel n plays file channel `[n]` (from 0).
    Pick(Box<[u16]>),
    /// Every track channel plays the mean of all the file's channels.
    Mean,
}

impl Timeline {
    /// The timeline of these pieces, which are in order of `from`: each goes into the first voice that is free.
    #[must_use]
    pub fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut voices: Vec<Voice> = Vec::new();
        for piece in pieces {
            let free = |voice: &&mut Voice| voice.pieces.last().is_none_or(|last| last.to <= piece.from);
            match voices.iter_mut().find(free) {
                Some(voice) => voice.pieces.push(piece),
                None => voices.push(Voice { pieces: vec![piece] }),
            }
        }
        Self { voices }
    }

    /// The voices, in the order in which they are added up.
    #[must_use]
    pub fn voices(&self) -> &[Voice] {
        &self.voices
    }

    /// Calls `wanted` for each block of each stream that sounds in `from..to`.
    pub fn blocks_between(&self, from: i64, to: i64, mut wanted: impl FnMut(&Arc<Stream>, u64)) {
        for piece in self.voices.iter().flat_map(|voice| voice.between(from, to)) {
            let first = piece.media_frame(from.max(piece.from));
            let last = piece.media_frame(to.min(piece.to) - 1);
            for block in first as u64 / BLOCK_FRAMES as u64..=last as u64 / BLOCK_FRAMES as u64 {
                wanted(&piece.stream, block);
            }
        }
    }
}

impl Voice {
    /// The pieces that sound anywhere in `from..to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> &[Piece] {
        let first = self.pieces.partition_point(|piece| piece.to <= from);
        let rest = &self.pieces[first..];
        &rest[..rest.partition_point(|piece| piece.from < to)]
    }
}

impl Piece {
    /// The piece that `played` describes, on a track of `channels` channels.
    #[must_use]
    pub fn new(played: &PlayedClip, channels: u16, stream: &Arc<Stream>) -> Self {
        Self {
            from: played.from,
            to: played.to,
            clip_start: played.clip_start,
            clip_length: played.clip_length,
            offset: played.offset,
            gain: played.gain,
            fade_in: fade(played.fade_in),
            fade_out: fade(played.fade_out),
            joint_in: played.joint_in.map(joint),
            joint_out: played.joint_out.map(joint),
            stream: Arc::clone(stream),
            routing: routing(&played.channels, channels, stream.channels()),
        }
    }

    /// File frame heard at song frame `position`.
    #[must_use]
    pub fn media_frame(&self, position: i64) -> i64 {
        (position - self.clip_start + self.offset).max(0)
    }
}

fn fade(fade: Fade) -> (Shape, i64) {
    (shape(fade.shape), fade.length.0)
}

fn joint(ramp: JointRamp) -> Joint {
    Joint { from: ramp.from, length: ramp.length, shape: shape(ramp.shape) }
}

fn shape(shape: FadeShape) -> Shape {
    match shape {
        FadeShape::Linear => Shape::Linear,
        FadeShape::EqualPower => Shape::EqualPower,
    }
}

pub(crate) fn routing(chosen: &ClipChannels, track: u16, file: u16) -> Routing {
    match chosen {
        ClipChannels::FoldDown => Routing::Mean,
        ClipChannels::Pick(picked) if !picked.is_empty() => {
            // Counted from 1 by people; one alone goes everywhere.
            Routing::Pick(
                (0..track)
                    .map(|n| {
                        picked.get(usize::from(n)).or(picked.last()).copied().unwrap_or(1).saturating_sub(1)
                    })
                    .collect(),
            )
        }
        _ if track == 1 && file > 1 => Routing::Mean,
        _ if file == 1 => Routing::Pick((0..track).map(|_| 0).collect()),
        _ => Routing::Pick((0..track).collect()),
    }
}
