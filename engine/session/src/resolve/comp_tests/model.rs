//! The naive model: every sample asked by itself, every lane searched from its top.

use proptest::prelude::*;

use super::*;

/// What is heard at one sample: clip, file frame and gain.
type Sound = Vec<(ClipId, i64, f64)>;

struct Model<'a> {
    lanes: &'a [Arc<Lane>],
    comp: &'a Comp,
    /// Of each pick that is joined to the one before.
    wishes: Vec<Option<Boundary>>,
}

fn span(clip: &Clip) -> (i64, i64) {
    clip.span(&empty_song().tempo_map, RATE)
}

pub(super) fn rise(shape: FadeShape, at: i64, length: i64) -> f64 {
    let x = (at as f64 + 0.5) / length as f64;
    match shape {
        _ if length == 0 || at >= length => 1.0,
        _ if at < 0 => 0.0,
        FadeShape::Linear => x,
        FadeShape::EqualPower => (x * std::f64::consts::FRAC_PI_2).sin(),
    }
}

fn clip_gain(clip: &Clip, at: i64) -> f64 {
    let (start, end) = span(clip);
    f64::from(clip.gain.get())
        * rise(clip.fade_in.shape, at - start, clip.fade_in.length.0)
        * rise(clip.fade_out.shape, end - 1 - at, clip.fade_out.length.0)
}

fn covers(clip: &Clip, at: i64) -> bool {
    let (start, end) = span(clip);
    start <= at && at < end
}

/// What is heard of a lane: the topmost clip, and the one below where their fades cross.
fn on_lane(lane: &Lane, at: i64) -> Vec<&Arc<Clip>> {
    let mut stack = lane.clips.iter().rev().filter(|clip| !clip.mute && covers(clip, at));
    let Some(top) = stack.next() else { return vec![] };
    let below = stack.next().filter(|below| {
        let zone = span(below).1 - below.fade_out.length.0;
        (span(top).0, top.fade_in.length) == (zone, below.fade_out.length) && at >= zone
    });
    [top].into_iter().chain(below).collect()
}

/// What there is of a lane at `at`, beyond its clips too: of the clip that is heard next in the direction of `step`.
fn beyond(lane: &Lane, at: i64, step: i64) -> Vec<&Arc<Clip>> {
    let heard = on_lane(lane, at);
    if !heard.is_empty() {
        return heard;
    }
    // A muted clip covers nothing that is heard, and ends the way only where nothing is.
    let muted = |at: i64| lane.clips.iter().any(|clip| clip.mute && covers(clip, at));
    let way = (0..500).map(|n| at + n * step).map(|at| (at, on_lane(lane, at)));
    let mut way = way.take_while(|(at, heard)| !heard.is_empty() || !muted(*at));
    let Some((_, next)) = way.find(|(_, heard)| !heard.is_empty()) else { return vec![] };
    let clip = next[0];
    let frame = at - span(clip).0 + clip.offset.0;
    let fade = if step > 0 { clip.fade_in } else { clip.fade_out };
    if fade.length.0 == 0 && (0..FRAMES).contains(&frame) { vec![clip] } else { vec![] }
}

/// How long a lane fades from `at` on in the direction of `step`: 2 ms, or for as long as it is heard.
fn alone(lane: Option<&Lane>, at: i64, step: i64) -> i64 {
    let Some(lane) = lane else { return 0 };
    (0..FADE).take_while(|n| !on_lane(lane, at + n * step).is_empty()).count() as i64
}

/// One boundary: frames of the fade before it, of the fade after it, and whether they cross.
#[derive(Clone, Copy)]
struct Boundary {
    before: i64,
    after: i64,
    crosses: bool,
}

impl<'a> Model<'a> {
    fn new(lanes: &'a [Arc<Lane>], comp: &'a Comp) -> Self {
        let mut model = Self { lanes, comp, wishes: vec![None; comp.picks.len() + 1] };
        for pick in (0..comp.picks.len()).filter(|pick| model.comp.is_joined(*pick)) {
            model.wishes[pick] = Some(model.wish(pick));
        }
        model
    }

    fn lane(&self, pick: usize) -> Option<&Lane> {
        let id = self.comp.picks.get(pick)?.lane;
        self.lanes.iter().find(|lane| lane.id == id).map(|lane| &**lane)
    }

    /// The boundary between the pick and the one before.
    fn wish(&self, pick: usize) -> Boundary {
        let at = self.comp.picks[pick].start.0;
        let (earlier, later) = (self.lane(pick - 1), self.lane(pick));
        let (before, after) = (alone(earlier, at - 1, -1), alone(later, at, 1));
        let apart = Boundary { before, after, crosses: false };
        let none = Boundary { before: 0, after: 0, crosses: false };
        let (Some(earlier), Some(later)) = (earlier, later) else { return apart };
        let joint = self.comp.picks[pick].joint;
        if earlier.id == later.id || joint.length.0 == 0 || goes_on(earlier, later, at) {
            return none;
        }
        if apart.before == 0 || apart.after == 0 {
            return apart;
        }
        let left = (1..=joint.length.0).take_while(|n| !beyond(later, at - n, 1).is_empty()).count() as i64;
        let right =
            (0..joint.length.0).take_while(|n| !beyond(earlier, at + n, -1).is_empty()).count() as i64;
        if left == 0 || right == 0 {
            return apart;
        }
        let fits = |n: &i64| n / 2 <= left && n - n / 2 <= right;
        let length = (0..=joint.length.0).rev().find(fits).unwrap();
        Boundary { before: length / 2, after: length - length / 2, crosses: true }
    }

    fn joined(&self, pick: usize) -> bool {
        self.wishes[pick].is_some()
    }

    fn wished(&self, pick: usize) -> Boundary {
        self.wishes[pick].unwrap()
    }

    /// Frames by which the pick would fade in and out.
    fn wished_inside(&self, pick: usize) -> (i64, i64) {
        let (start, end) = (self.comp.picks[pick].start.0, self.comp.picks[pick].end.0);
        let own = self.lane(pick);
        let left = if self.joined(pick) { self.wished(pick).after } else { alone(own, start, 1) };
        let right =
            if self.joined(pick + 1) { self.wished(pick + 1).before } else { alone(own, end - 1, -1) };
        (left, right)
    }

    fn inside(&self, pick: usize) -> (i64, i64) {
        let (left, right) = self.wished_inside(pick);
        let whole = self.comp.picks[pick].end.0 - self.comp.picks[pick].start.0;
        if left + right <= whole {
            return (left, right);
        }
        let left = whole * left / (left + right);
        (left, whole - left)
    }

    /// The boundary as it becomes.
    fn boundary(&self, pick: usize) -> Boundary {
        let wished = self.wished(pick);
        let (before, after) = (self.inside(pick - 1).1, self.inside(pick).0);
        if !wished.crosses {
            return Boundary {
                before: before.min(wished.before),
                after: after.min(wished.after),
                crosses: false,
            };
        }
        let fits = |n: &i64| n / 2 <= before && n - n / 2 <= after;
        let length = (0..=wished.before + wished.after).rev().find(fits).unwrap();
        Boundary { before: length / 2, after: length - length / 2, crosses: true }
    }

    fn sound(&self, at: i64) -> Sound {
        let mut sound = Sound::new();
        for (number, pick) in self.comp.picks.iter().enumerate() {
            let Some(lane) = self.lane(number) else { continue };
            let (start, end) = (pick.start.0, pick.end.0);
            let (own_in, own_out) = self.inside(number);
            // (fade's start, length, shape) on both sides.
            let mut rising = (start, own_in, FadeShape::Linear);
            let mut falling = (end - own_out, own_out, FadeShape::Linear);
            if self.joined(number) {
                let b = self.boundary(number);
                let shape = if b.crosses { pick.joint.shape } else { FadeShape::Linear };
                let before = if b.crosses { b.before } else { 0 };
                rising = (start - before, before + b.after, shape);
            }
            if self.joined(number + 1) {
                let b = self.boundary(number + 1);
                let shape =
                    if b.crosses { self.comp.picks[number + 1].joint.shape } else { FadeShape::Linear };
                let after = if b.crosses { b.after } else { 0 };
                falling = (end - b.before, b.before + after, shape);
            }
            let clips = if (start..end).contains(&at) {
                on_lane(lane, at)
            } else if (rising.0..start).contains(&at) {
                beyond(lane, at, 1)
            } else if (end..falling.0 + falling.1).contains(&at) {
                beyond(lane, at, -1)
            } else {
                continue;
            };
            let ramps = rise(rising.2, at - rising.0, rising.1)
                * rise(falling.2, falling.0 + falling.1 - 1 - at, falling.1);
            sound.extend(clips.iter().map(|clip| {
                // Beyond an edge there is no fade; inside, the clip's own.
                let own = if covers(clip, at) { clip_gain(clip, at) } else { f64::from(clip.gain.get()) };
                (clip.id, at - span(clip).0 + clip.offset.0, own * ramps)
            }));
        }
        sound.sort_by_key(|(clip, frame, _)| (*clip, *frame));
        sound
    }
}

fn goes_on(earlier: &Lane, later: &Lane, at: i64) -> bool {
    let (a, b) = (on_lane(earlier, at - 1), on_lane(later, at));
    let ([a], [b]) = (a.as_slice(), b.as_slice()) else { return false };
    let plain = |clip: &Clip, at| {
        let (start, end) = span(clip);
        at - start >= clip.fade_in.length.0 && end - at > clip.fade_out.length.0
    };
    (a.media, a.gain) == (b.media, b.gain)
        && a.offset.0 - span(a).0 == b.offset.0 - span(b).0
        && plain(a, at - 1)
        && plain(b, at)
}

/// What the pieces say is heard at `at`, as the source plays them.
fn of_pieces(pieces: &[PlayedClip], at: i64) -> Sound {
    let ramp = |ramp: Option<JointRamp>, rising: bool| {
        ramp.map_or(1.0, |ramp| {
            let from_start = at - ramp.from;
            rise(ramp.shape, if rising { from_start } else { ramp.length - 1 - from_start }, ramp.length)
        })
    };
    let mut sound: Sound = pieces
        .iter()
        .filter(|piece| piece.from <= at && at < piece.to)
        .map(|piece| {
            let own = f64::from(piece.gain)
                * rise(piece.fade_in.shape, at - piece.clip_start, piece.fade_in.length.0)
                * rise(piece.fade_out.shape, piece.clip_end() - 1 - at, piece.fade_out.length.0);
            let gain = own * ramp(piece.joint_in, true) * ramp(piece.joint_out, false);
            (piece.clip, at - piece.file_start(), gain)
        })
        .collect();
    sound.sort_by_key(|(clip, frame, _)| (*clip, *frame));
    sound
}

/// One of a lane's clips: a window into a file, mostly into the one that starts with the song, as takes are; mostly
/// right after the clip before or a little off, at times over it in a crossfade, muted, faded.
fn any_clip() -> impl Strategy<Value = (Clip, i64, u8)> {
    let window = (prop_oneof![4 => Just(1_u128), 1 => 2_u128..4], 1_i64..60, 0_u8..8);
    let place = prop_oneof![2 => Just(0_i64), 3 => -10_i64..25];
    let fades =
        (prop_oneof![3 => Just(0_i64), 1 => 0_i64..30], prop_oneof![3 => Just(0_i64), 1 => 0_i64..30]);
    (window, place, fades, 0_u8..8, 0_u8..6).prop_map(
        |((media, length, aligned), gap, (fade_in, fade_out), mute, join)| {
            let fade_in = fade_in.min(length);
            let fade_out = fade_out.min(length - fade_in);
            let made = Clip {
                fade_in: fade(fade_in),
                fade_out: Fade { shape: FadeShape::EqualPower, ..fade(fade_out) },
                mute: mute == 0,
                gain: if mute == 1 { Gain::HALF } else { Gain::UNITY },
                ..clip(media, 0, length, if aligned > 1 { -1 } else { 70 * i64::from(aligned) })
            };
            (made, gap, join)
        },
    )
}

pub(super) fn any_lane() -> impl Strategy<Value = Vec<Clip>> {
    (prop::collection::vec(any_clip(), 1..6), -10_i64..40).prop_map(|(clips, mut at)| {
        let mut lane: Vec<Clip> = Vec::new();
        for (mut clip, gap, join) in clips {
            at += gap;
            if let Some(below) = lane.last().filter(|below| join == 0 && below.fade_out.length.0 > 0) {
                let fade = below.fade_out.length.min(clip.length);
                at = span(below).1 - fade.0;
                (clip.fade_in.length, clip.fade_out.length) = (fade, Samples(0));
            }
            clip.start = Position::Samples(at);
            if clip.offset.0 < 0 {
                clip.offset = Samples((at + 20).clamp(0, FRAMES - clip.length.0));
            }
            at += clip.length.0;
            lane.push(clip);
        }
        lane
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Seen red: with the crossfade on lanes left out, and with the share left out.
    #[test]
    fn each_sample_is_as_the_model_says(
        lanes in prop::collection::vec(any_lane(), 3),
        cuts in prop::collection::vec((-20_i64..150, 1_u128..4, prop_oneof![0_i64..50, 20_i64..50], 0_u8..9), 3..8),
        power in any::<bool>(),
    ) {
        let shape = if power { FadeShape::EqualPower } else { FadeShape::Linear };
        let mut cuts = cuts;
        cuts.sort_unstable();
        cuts.dedup_by_key(|cut| cut.0);
        let picks: Vec<_> = cuts
            .windows(2)
            .map(|pair| (pair[0].0, pair[1].0, if pair[0].3 == 1 { GONE } else { pair[0].1 }, pair[0].2, pair[0].3))
            .filter(|pick| pick.4 > 0)
            .map(|(start, end, lane, joint, _)| (start, end, lane, joint))
            .collect();
        let (session, owner, comp) = song(lanes, &picks, shape);
        let pieces = resolve(&session, &owner);
        let model = Model::new(&owner.lanes, &comp);
        prop_assert!(pieces.windows(2).all(|pair| pair[0].from <= pair[1].from));
        for piece in &pieces {
            prop_assert!(piece.from < piece.to, "{:?}", piece);
            let frames = (piece.from - piece.file_start(), piece.to - piece.file_start());
            prop_assert!(frames.0 >= 0 && frames.1 <= FRAMES, "{:?} of {:?}", frames, piece);
        }
        let other = unlike(&pieces, &model);
        prop_assert!(other.is_none(), "{:?}\n{:#?}", other, pieces);
    }
}

/// The first sample at which the pieces are not as the model says: what they are, and should be.
fn unlike(pieces: &[PlayedClip], model: &Model<'_>) -> Option<(i64, Sound, Sound)> {
    let both = |at: i64| (at, of_pieces(pieces, at), model.sound(at));
    let same = |found: &Sound, expected: &Sound| {
        let alike = |(a, b): (&(ClipId, i64, f64), &(ClipId, i64, f64))| {
            (a.0, a.1) == (b.0, b.1) && (a.2 - b.2).abs() < 1e-9
        };
        found.len() == expected.len() && found.iter().zip(expected).all(alike)
    };
    (-60..260).map(both).find(|(_, found, expected)| !same(found, expected))
}

// Once found by chance. Seen red: with a model whose way ends at the muted clip.
#[test]
fn a_muted_clip_over_one_that_is_heard_is_no_wall() {
    let heard = Clip {
        gain: Gain::HALF,
        fade_out: Fade { shape: FadeShape::EqualPower, ..fade(8) },
        ..clip(1, 36, 8, 70)
    };
    let muted = Clip { mute: true, fade_in: fade(8), ..clip(1, 36, 8, 0) };
    let earlier = Clip { gain: Gain::HALF, ..clip(1, 25, 18, 0) };
    let lanes = vec![vec![heard, muted], vec![earlier]];
    let (session, owner, comp) = song(lanes, &[(0, 36, 2, 0), (36, 51, 1, 1)], FadeShape::Linear);
    let pieces = resolve(&session, &owner);
    assert_eq!(unlike(&pieces, &Model::new(&owner.lanes, &comp)), None, "{pieces:#?}");
}
