//! Random Edits that mostly fit the song: what the property tests throw.

mod takes;

use std::sync::Arc;

use super::name;
use crate::*;

/// How many kinds of Edit there are.
pub(crate) const KINDS: u64 = 58;

/// A stream of random numbers from one seed (SplitMix64), so that proptest shrinks a case by dropping seeds.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`.
    pub(crate) const fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    const fn range(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as u64) as i64
    }

    const fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    const fn fresh(&mut self) -> u128 {
        ((self.next() as u128) << 64) | self.next() as u128
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len() as u64) as usize])
    }

    fn gain(&mut self) -> Gain {
        // Any bits, brought into range: all of f32's shapes, subnormals too.
        let bits = f32::from_bits(self.next() as u32).abs();
        Gain::new(bits).unwrap_or_else(|_| Gain::new(self.below(15_000) as f32 / 997.0).unwrap())
    }

    fn pan(&mut self) -> Pan {
        Pan::new(self.range(-1000, 1000) as f32 / 1000.0).unwrap()
    }

    fn name(&mut self) -> Name {
        name(["Voice", "项目 🎵", "a \"quoted\" \\ name", "é"][self.below(4) as usize])
    }

    const fn position(&mut self) -> Position {
        if self.flip() {
            Position::Samples(self.range(-100_000, 1_000_000))
        } else {
            Position::Ticks(self.range(-4_000, 40_000))
        }
    }

    fn input(&mut self) -> Input {
        ["none", "1", "1+2", "3"][self.below(4) as usize].parse().unwrap()
    }

    fn fades(&mut self, length: i64) -> (Fade, Fade) {
        let first = self.range(0, length);
        let second = self.range(0, length - first);
        let shape = if self.flip() { FadeShape::EqualPower } else { FadeShape::Linear };
        (Fade { length: Samples(first), shape }, Fade { length: Samples(second), shape: FadeShape::Linear })
    }

    fn channels(&mut self, media: &Media) -> ClipChannels {
        match self.below(3) {
            0 => ClipChannels::AsIs,
            1 => ClipChannels::FoldDown,
            _ => ClipChannels::Pick(vec![self.range(1, i64::from(media.channels)) as u16]),
        }
    }

    fn hash(&mut self) -> Option<String> {
        self.flip().then(|| format!("{:032x}", self.fresh()))
    }

    fn punch(&mut self) -> PunchRange {
        let (start, length) = (self.range(-1_000, 90_000), self.range(0, 90_000));
        let (start, end) = (Position::Samples(start), Position::Samples(start + length));
        let pre_roll = RollTime::Bars(self.below(18) as u8);
        PunchRange {
            on: self.flip(),
            start,
            end,
            pre_roll,
            post_roll: RollTime::Milliseconds(self.below(50_000) as u32),
        }
    }

    fn media(&mut self) -> Media {
        Media {
            id: MediaId::from_u128(self.fresh()),
            file: format!("{:x}.wav", self.next()),
            name: self.name(),
            sample_rate: 48_000,
            channels: self.range(1, 6) as u16,
            frames: Samples(self.range(1, 500_000)),
            hash: self.hash(),
        }
    }

    fn clip(&mut self, session: &Session) -> Option<Clip> {
        let pool: Vec<&Arc<Media>> = session.media.values().collect();
        let media = self.one(&pool)?;
        let offset = self.range(0, media.frames.0 - 1);
        let length = self.range(1, media.frames.0 - offset);
        let (fade_in, fade_out) = self.fades(length);
        Some(Clip {
            id: ClipId::from_u128(self.fresh()),
            name: self.name(),
            media: media.id,
            channels: self.channels(media),
            start: self.position(),
            length: Samples(length),
            offset: Samples(offset),
            gain: self.gain(),
            fade_in,
            fade_out,
            mute: self.below(5) == 0,
        })
    }

    fn track(&mut self, session: &Session) -> Track {
        let lanes: Vec<Arc<Lane>> = (0..=self.below(2)).map(|_| Arc::new(self.lane(session))).collect();
        let (input, comps) = (self.input(), self.comps(&lanes));
        Track {
            id: TrackId::from_u128(self.fresh()),
            name: self.name(),
            colour: Colour::PALETTE[self.below(8) as usize],
            layout: if self.flip() { Layout::MONO } else { Layout::STEREO },
            output: Output::Master,
            plays: self.plays(&lanes, &comps).unwrap(),
            lanes,
            comps,
            shows_lanes: self.flip(),
            gain: self.gain(),
            pan: self.pan(),
            mute: self.flip(),
            solo: self.flip(),
            arm: !input.channels().is_empty() && self.flip(),
            input,
            monitor: Monitor::Auto,
        }
    }
}

/// An Edit of a random kind that mostly fits the song.
pub(crate) fn edit(dice: &mut Dice, session: &Session) -> Edit {
    if session.media.is_empty() && dice.below(3) == 0 {
        return Edit::SetSampleRate { sample_rate: dice.range(8_000, 192_000) as u32 };
    }
    let kind = dice.below(KINDS);
    let made = match kind {
        0..=14 | 46..=48 => Some(song_edit(dice, session, kind)),
        15..=33 => track_edit(dice, session, kind),
        kind if takes::KINDS_HERE.contains(&kind) => takes::edit(dice, session, kind),
        _ => clip_edit(dice, session, kind),
    };
    // What there is nothing for yet becomes something to have it for.
    made.unwrap_or_else(|| match dice.below(3) {
        0 => Edit::AddTrack { track: dice.track(session), at: session.tracks.len() },
        1 => Edit::AddMedia { media: dice.media() },
        _ => add_clip(dice, session).unwrap_or_else(|| Edit::AddMedia { media: dice.media() }),
    })
}

fn song_edit(dice: &mut Dice, session: &Session, kind: u64) -> Edit {
    let pool: Vec<MediaId> = session.media.keys().copied().collect();
    let media = dice.one(&pool).copied().unwrap_or(MediaId::from_u128(7));
    let used = |id: &MediaId| session.clips().any(|(_, _, clip)| clip.media == *id);
    match kind {
        0 => Edit::SetSongName { name: dice.name() },
        1 => Edit::SetSampleRate { sample_rate: dice.range(7_000, 193_000) as u32 },
        2 => Edit::SetTempo { tempo: Tempo(dice.range(9_000_000, 999_000_000)) },
        3 => Edit::SetMeter { meter: Meter { beats: dice.range(1, 16) as u8, unit: 1 << dice.below(6) } },
        4 => {
            Edit::SetKey { key: dice.flip().then(|| Key { tonic: dice.below(12) as u8, mode: Mode::Minor }) }
        }
        5 => Edit::SetReferencePitch { a4_millihertz: dice.range(414_000, 466_000) as u32 },
        6 => {
            let (start, length) = (dice.range(0, 9_000), dice.range(0, 9_000));
            let range =
                LoopRange { on: true, start: Position::Ticks(start), end: Position::Ticks(start + length) };
            Edit::SetLoop { range }
        }
        7 => {
            let (on, gain, count_in_bars) = (dice.flip(), dice.gain(), dice.below(6) as u8);
            Edit::SetMetronome { metronome: Metronome { on, gain, accent: dice.flip(), count_in_bars } }
        }
        8 => Edit::SetMasterGain { gain: dice.gain() },
        9 => Edit::SetMasterPan { pan: dice.pan() },
        10 => Edit::SetMasterMute { mute: dice.flip() },
        11 => Edit::AddMedia { media: dice.media() },
        12 => Edit::RemoveMedia { media: pool.iter().copied().find(|id| !used(id)).unwrap_or(media) },
        13 => Edit::RelinkMedia { media, file: format!("{}.wav", dice.next()), hash: dice.hash() },
        14 => Edit::SetMediaHash { media, hash: dice.hash() },
        46 => Edit::SetDownbeat { at: dice.range(-100_000, 1_000_000) },
        48 => Edit::SetPunch { punch: dice.punch() },
        _ => {
            let words = ["", "la la\n", "[Verse]\n\tElla 项目 🎵\n", "a \"quoted\" \\ line"];
            Edit::SetLyrics { lyrics: words[dice.below(4) as usize].into() }
        }
    }
}

fn track_edit(dice: &mut Dice, session: &Session, kind: u64) -> Option<Edit> {
    let tracks = &session.tracks;
    let owner = dice.one(tracks);
    let track = || owner.map(|owner| owner.id);
    let lane = owner.and_then(|owner| dice.one(&owner.lanes).map(|lane| lane.id));
    Some(match kind {
        15 => Edit::AddTrack { track: dice.track(session), at: dice.below(tracks.len() as u64 + 1) as usize },
        16 => Edit::RemoveTrack { track: track()? },
        17 => Edit::MoveTrack { track: track()?, to: dice.below(tracks.len() as u64 + 1) as usize },
        18 => Edit::RenameTrack { track: track()?, name: dice.name() },
        19 => Edit::SetTrackColour { track: track()?, colour: Colour::PALETTE[dice.below(8) as usize] },
        20 => Edit::SetTrackInput { track: track()?, input: dice.input() },
        21 => {
            let silent = tracks.iter().find(|track| track.input.channels().is_empty())?;
            Edit::RestoreTrackInput { track: silent.id, input: dice.input() }
        }
        22 => {
            let bare = |track: &&Arc<Track>| track.lanes.iter().all(|lane| lane.clips.is_empty());
            let track = tracks.iter().find(bare).or(owner)?.id;
            Edit::SetTrackLayout { track, layout: if dice.flip() { Layout::MONO } else { Layout::STEREO } }
        }
        23 => Edit::SetTrackOutput { track: track()?, output: Output::Master },
        24 => Edit::SetTrackGain { track: track()?, gain: dice.gain() },
        25 => Edit::SetTrackPan { track: track()?, pan: dice.pan() },
        26 => Edit::SetTrackMute { track: track()?, mute: dice.flip() },
        27 => Edit::SetTrackSolo { track: track()?, solo: dice.flip() },
        28 => Edit::SetTrackArm { track: track()?, arm: dice.flip() },
        29 => Edit::SetTrackMonitor { track: track()?, monitor: Monitor::On },
        30 => Edit::AddLane { track: track()?, lane: dice.lane(session), at: dice.below(2) as usize },
        31 => {
            let spare = tracks.iter().flat_map(|track| {
                track.lanes.iter().filter(|lane| track.plays != Plays::Lane(lane.id)).map(|lane| lane.id)
            });
            Edit::RemoveLane { lane: spare.last().or(lane)? }
        }
        32 => Edit::RenameLane { lane: lane?, name: dice.name() },
        _ => Edit::SetPlays { track: track()?, plays: dice.plays(&owner?.lanes, &owner?.comps)? },
    })
}

fn add_clip(dice: &mut Dice, session: &Session) -> Option<Edit> {
    let track = dice.one(&session.tracks)?;
    let lane = dice.one(&track.lanes)?;
    let at = dice.flip().then(|| dice.below(lane.clips.len() as u64 + 1) as usize);
    Some(Edit::AddClip { lane: lane.id, clip: dice.clip(session)?, at })
}

fn clip_edit(dice: &mut Dice, session: &Session, kind: u64) -> Option<Edit> {
    if kind == 34 {
        return add_clip(dice, session);
    }
    let clips: Vec<(&Arc<Track>, &Arc<Lane>, &Arc<Clip>)> = session.clips().collect();
    let (_, _, picked) = *dice.one(&clips)?;
    let clip = picked.id;
    let media = session.media.get(&picked.media)?;
    Some(match kind {
        35 => Edit::RemoveClip { clip },
        36 => {
            let lanes: Vec<&Arc<Lane>> = session.tracks.iter().flat_map(|track| &track.lanes).collect();
            let lane = dice.one(&lanes)?;
            let at = dice.flip().then(|| dice.below(lane.clips.len() as u64 + 1) as usize);
            Edit::MoveClip { clip, to: lane.id, start: dice.position(), at }
        }
        37 => {
            let offset = dice.range(0, media.frames.0 - 1);
            let length = Samples(dice.range(1, media.frames.0 - offset));
            Edit::TrimClip { clip, start: dice.position(), offset: Samples(offset), length }
        }
        38 => {
            Edit::RestoreClip { clip: Clip { id: clip, channels: ClipChannels::AsIs, ..dice.clip(session)? } }
        }
        39 => {
            let (from, to) = picked.span(&session.tempo_map, session.sample_rate);
            Edit::SplitClip { clip, at: dice.range(from, to), new: ClipId::from_u128(dice.fresh()) }
        }
        40 => {
            let lanes = clips.iter().map(|(_, lane, _)| lane);
            let pair = lanes.flat_map(|lane| lane.clips.windows(2)).find(|pair| are_parts(pair, session))?;
            let (fade_in, fade_out) = (pair[0].fade_in, pair[1].fade_out);
            Edit::JoinClips { clip: pair[0].id, right: pair[1].id, fade_in, fade_out }
        }
        41 => Edit::SetClipGain { clip, gain: dice.gain() },
        42 => {
            let (fade_in, fade_out) = dice.fades(picked.length.0);
            Edit::SetClipFades { clip, fade_in, fade_out }
        }
        43 => Edit::RenameClip { clip, name: dice.name() },
        44 => Edit::SetClipMute { clip, mute: dice.flip() },
        _ => Edit::SetClipChannels { clip, channels: dice.channels(media) },
    })
}

fn are_parts(pair: &[Arc<Clip>], session: &Session) -> bool {
    let (left, right) = (&pair[0], &pair[1]);
    let span = |clip: &Clip| clip.span(&session.tempo_map, session.sample_rate);
    (left.media, left.gain, &left.name, &left.channels, left.mute)
        == (right.media, right.gain, &right.name, &right.channels, right.mute)
        && left.offset + left.length == right.offset
        && span(left).1 == span(right).0
}
