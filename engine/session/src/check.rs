//! What is true of every song: the one place that states it, for the Edits, the store and the tests.
//!
//! Start at [`Session::check`].

use std::collections::HashSet;
use std::sync::Arc;

use crate::clip::{Clip, ClipChannels, Fade};
use crate::comp::{Joint, Pick};
use crate::id::{ClipId, CompId, LaneId, MediaId, TrackId};
use crate::lane::Lane;
use crate::punch::PunchRange;
use crate::song::{LoopRange, Media, Plays, Session, Track};
use crate::time::{POSITION_LIMIT, Position, Samples, TempoMap};
use crate::value::Layout;

#[cfg(test)]
mod tests;

/// Something that must not be true of a song, and is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The song's rate.
    #[error("a song's rate must be from 8000 to 192000 frames a second; this one has {0}")]
    SampleRate(u32),
    /// The tempo.
    #[error("a song must have one tempo, from 10 to 999 beats a minute (10000000 to 999000000 in an edit)")]
    Tempo,
    /// The meter.
    #[error("a song must have one meter, of 1 to 64 beats of a 1, 2, 4, 8, 16 or 32")]
    Meter,
    /// The key's tonic.
    #[error("a tonic must be from 0 (C) to 11 (B); this one is {0}")]
    Tonic(u8),
    /// The reference pitch.
    #[error("the reference pitch must be from 415 to 466 Hz; this one is {0} mHz")]
    ReferencePitch(u32),
    /// The downbeat of bar 1.
    #[error("bar 1 must begin within reach; frame {0} is not")]
    Downbeat(i64),
    /// Too many words.
    #[error("the lyrics must have at most 65536 bytes; these have {0}")]
    Lyrics(usize),
    /// A character that is none.
    #[error("the lyrics must not have control characters but line ends and tabs; these have U+{:04X}", u32::from(*.0))]
    LyricsCharacter(char),
    /// The loop.
    #[error(
        "the loop must have both ends in samples or both in ticks, in reach, and end after it starts when on"
    )]
    Loop,
    /// Auto-punch.
    #[error(
        "the punch must have both ends in samples or both in ticks, in reach, and end after it starts when on; pre-roll \
         and post-roll at most 16 bars or 60000 ms"
    )]
    Punch,
    /// The count-in.
    #[error("the count-in must have 0 to 4 bars; this one has {0}")]
    CountIn(u8),
    /// An id that two things share, or that is filed under another.
    #[error("two things share the id {0}: give a fresh one")]
    SharedId(String),
    /// A media file name that is not one path component.
    #[error(
        "“{0}” cannot be a file name in the song: give 1 to 200 bytes without separators or control characters"
    )]
    FileName(String),
    /// A medium with an impossible rate, channel count or length.
    #[error("the file {0} has an impossible rate, number of channels or length")]
    MediaShape(MediaId),
    /// A track without lanes.
    #[error("the track {0} must have at least one lane")]
    NoLane(TrackId),
    /// A track that plays a lane which it does not have.
    #[error("the track {track} plays the lane {lane}, which is not one of its own")]
    PlaysNothing {
        /// The track.
        track: TrackId,
        /// What it wants to play.
        lane: LaneId,
    },
    /// A track that plays a comp which it does not have.
    #[error("the track {track} plays the comp {comp}, which is not one of its own")]
    PlaysNoComp {
        /// The track.
        track: TrackId,
        /// What it wants to play.
        comp: CompId,
    },
    /// Picks that overlap, stand out of order, are empty or out of reach.
    #[error(
        "the picks of the comp {0} must be in reach, in order, at least a frame long, and must not overlap"
    )]
    Picks(CompId),
    /// A joint that is too long.
    #[error("a joint of the comp {0} must have 0 to 960000 frames")]
    JointLength(CompId),
    /// A rating out of range.
    #[error("a rating must be from 0 (none) to 5; this one is {0}")]
    Rating(u8),
    /// An armed track that has nothing to record.
    #[error("the track {0} is armed but has no input")]
    ArmedWithoutInput(TrackId),
    /// A clip of a file that the song does not have.
    #[error("the clip {clip} shows the file {media}, which the song does not have")]
    NoMedia {
        /// The clip.
        clip: ClipId,
        /// What it wants to show.
        media: MediaId,
    },
    /// A clip that starts out of reach, is empty, or reaches past its file's end.
    #[error("the clip {0} must start in reach, last at least a frame, and lie within its file")]
    ClipRange(ClipId),
    /// Fades that do not fit.
    #[error("the fades of the clip {0} must not be longer than the clip together")]
    Fades(ClipId),
    /// Channels that the file or the track does not have.
    #[error("the clip {0} must pick channels that its file has: one, or one for each channel of its track")]
    Channels(ClipId),
}

/// The rates a song may have, in frames a second.
pub(crate) const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
/// The reference pitches a song may have, in millihertz.
pub const REFERENCE_PITCHES: std::ops::RangeInclusive<u32> = 415_000..=466_000;
/// Most bars of count-in.
pub(crate) const MOST_COUNT_IN: u8 = 4;

impl Session {
    /// States every invariant. Costs a visit to each clip.
    ///
    /// # Errors
    /// Each [`Violation`] found.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut found = Vec::new();
        self.check_song(&mut found);
        let mut ids = HashSet::new();
        for (id, media) in &self.media {
            if *id != media.id {
                found.push(Violation::SharedId(id.to_string()));
            }
            found.extend(media_violation(media));
            unique(&mut ids, media.id.as_u128(), &mut found);
        }
        for track in &self.tracks {
            self.check_track(track, &mut ids, &mut found);
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    fn check_song(&self, found: &mut Vec<Violation>) {
        if !RATES.contains(&self.sample_rate) {
            found.push(Violation::SampleRate(self.sample_rate));
        }
        found.extend(tempo_map_violation(&self.tempo_map));
        found.extend(lyrics_violation(&self.lyrics));
        if let Some(key) = self.key.filter(|key| key.tonic > 11) {
            found.push(Violation::Tonic(key.tonic));
        }
        if !REFERENCE_PITCHES.contains(&self.a4_millihertz) {
            found.push(Violation::ReferencePitch(self.a4_millihertz));
        }
        if !loop_holds(&self.loop_range) {
            found.push(Violation::Loop);
        }
        if !punch_holds(&self.punch) {
            found.push(Violation::Punch);
        }
        if self.metronome.count_in_bars > MOST_COUNT_IN {
            found.push(Violation::CountIn(self.metronome.count_in_bars));
        }
    }

    fn check_track(&self, track: &Track, ids: &mut HashSet<u128>, found: &mut Vec<Violation>) {
        unique(ids, track.id.as_u128(), found);
        found.extend(track_violation(track));
        for comp in &track.comps {
            unique(ids, comp.id.as_u128(), found);
        }
        for lane in &track.lanes {
            unique(ids, lane.id.as_u128(), found);
            for clip in &lane.clips {
                unique(ids, clip.id.as_u128(), found);
                found.extend(clip_violation(clip, self.media.get(&clip.media), track.layout));
            }
        }
    }
}

fn unique(ids: &mut HashSet<u128>, id: u128, found: &mut Vec<Violation>) {
    if !ids.insert(id) {
        found.push(Violation::SharedId(MediaId::from_u128(id).to_string()));
    }
}

fn tempo_map_violation(map: &TempoMap) -> Option<Violation> {
    let tempo_holds = matches!(map.tempos.as_slice(), [only] if only.at == 0 && only.tempo.in_range());
    let meter_holds = matches!(map.meters.as_slice(), [only] if only.bar == 1 && only.meter.is_valid());
    match (tempo_holds, meter_holds) {
        (false, _) => Some(Violation::Tempo),
        (true, false) => Some(Violation::Meter),
        (true, true) => downbeat_violation(map.downbeat),
    }
}

pub(crate) fn downbeat_violation(at: i64) -> Option<Violation> {
    (!Position::Samples(at).in_reach()).then_some(Violation::Downbeat(at))
}

/// Lines end with `\n` alone, so that the same words are the same text.
pub(crate) fn lyrics_violation(lyrics: &str) -> Option<Violation> {
    if lyrics.len() > Session::MOST_LYRICS {
        return Some(Violation::Lyrics(lyrics.len()));
    }
    lyrics.chars().find(|c| !is_lyrics(*c)).map(Violation::LyricsCharacter)
}

pub(crate) fn is_lyrics(c: char) -> bool {
    !c.is_control() || c == '\n' || c == '\t'
}

/// Both ends in one unit, so that a change of tempo can never turn the loop round.
pub(crate) fn loop_holds(range: &LoopRange) -> bool {
    range_holds_together(range.on, range.start, range.end)
}

pub(crate) fn punch_holds(punch: &PunchRange) -> bool {
    range_holds_together(punch.on, punch.start, punch.end)
        && punch.pre_roll.in_range()
        && punch.post_roll.in_range()
}

fn range_holds_together(on: bool, start: Position, end: Position) -> bool {
    let in_order = match (start, end) {
        (Position::Samples(start), Position::Samples(end))
        | (Position::Ticks(start), Position::Ticks(end)) => !on || start < end,
        _ => false,
    };
    in_order && start.in_reach() && end.in_reach()
}

/// One path component that every file system takes.
pub(crate) fn file_name_holds(name: &str) -> bool {
    (1..=200).contains(&name.len())
        && name != "."
        && name != ".."
        && !name.chars().any(|c| c.is_control() || c == '/' || c == '\\')
}

pub(crate) fn media_violation(media: &Media) -> Option<Violation> {
    if !file_name_holds(&media.file) {
        return Some(Violation::FileName(media.file.clone()));
    }
    let holds = (1..=10_000_000).contains(&media.sample_rate)
        && (1..=1_024).contains(&media.channels)
        && (0..=POSITION_LIMIT).contains(&media.frames.0);
    (!holds).then_some(Violation::MediaShape(media.id))
}

/// What is wrong with a track itself, its clips aside.
pub(crate) fn track_violation(track: &Track) -> Option<Violation> {
    if track.lanes.is_empty() {
        return Some(Violation::NoLane(track.id));
    }
    if let Some(violation) = plays_violation(track, track.plays) {
        return Some(violation);
    }
    if let Some(violation) = track.lanes.iter().find_map(|lane| rating_violation(lane)) {
        return Some(violation);
    }
    if let Some(violation) = track.comps.iter().find_map(|comp| picks_violation(comp.id, &comp.picks)) {
        return Some(violation);
    }
    (track.arm && track.input.channels().is_empty()).then_some(Violation::ArmedWithoutInput(track.id))
}

pub(crate) fn plays_violation(track: &Track, plays: Plays) -> Option<Violation> {
    match plays {
        Plays::Lane(lane) => {
            track.lane(lane).is_none().then_some(Violation::PlaysNothing { track: track.id, lane })
        }
        Plays::Comp(comp) => {
            track.comp(comp).is_none().then_some(Violation::PlaysNoComp { track: track.id, comp })
        }
    }
}

pub(crate) fn rating_violation(lane: &Lane) -> Option<Violation> {
    (lane.rating > Lane::BEST).then_some(Violation::Rating(lane.rating))
}

/// What is wrong with neighbouring picks of a comp. Lanes that are gone are no wrong: they are gaps.
pub(crate) fn picks_violation(comp: CompId, picks: &[Pick]) -> Option<Violation> {
    let reach = Pick::FIRST..=Pick::LAST;
    let holds =
        |pick: &Pick| pick.start < pick.end && reach.contains(&pick.start) && reach.contains(&pick.end);
    if !picks.iter().all(holds) || picks.windows(2).any(|pair| pair[0].end > pair[1].start) {
        return Some(Violation::Picks(comp));
    }
    let joint_holds = |pick: &Pick| (Samples::ZERO..=Joint::LONGEST).contains(&pick.joint.length);
    (!picks.iter().all(joint_holds)).then_some(Violation::JointLength(comp))
}

pub(crate) fn clip_violation(clip: &Clip, media: Option<&Arc<Media>>, layout: Layout) -> Option<Violation> {
    let Some(media) = media else { return Some(Violation::NoMedia { clip: clip.id, media: clip.media }) };
    if !range_holds(clip, media) {
        Some(Violation::ClipRange(clip.id))
    } else if !fades_hold(clip) {
        Some(Violation::Fades(clip.id))
    } else if !channels_hold(&clip.channels, media, layout) {
        Some(Violation::Channels(clip.id))
    } else {
        None
    }
}

fn range_holds(clip: &Clip, media: &Media) -> bool {
    let end = clip.offset.0.checked_add(clip.length.0);
    clip.start.in_reach()
        && clip.length.0 >= 1
        && clip.offset.0 >= 0
        && end.is_some_and(|end| end <= media.frames.0)
}

fn fades_hold(clip: &Clip) -> bool {
    let fits = |fade: Fade| (0..=clip.length.0).contains(&fade.length.0);
    fits(clip.fade_in) && fits(clip.fade_out) && (clip.fade_in.length + clip.fade_out.length) <= clip.length
}

fn channels_hold(channels: &ClipChannels, media: &Media, layout: Layout) -> bool {
    match channels {
        ClipChannels::AsIs | ClipChannels::FoldDown => true,
        ClipChannels::Pick(picked) => {
            (picked.len() == 1 || picked.len() == usize::from(layout.channels()))
                && picked.iter().all(|channel| (1..=media.channels).contains(channel))
        }
    }
}
