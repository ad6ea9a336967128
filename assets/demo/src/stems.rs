//! The session: who plays on which track, and the balance between them.

use crate::filter::block_dc;
use crate::score::lyrics::{HARMONY, HUM, LEAD, Sung};
use crate::score::{BARS, ENDING, Grid, HOOK, VERSE};
use crate::space::{Room, Stereo, add, ping_pong, reverberate};
use crate::units::{Hertz, Seconds, decibels};
use crate::voice::{Singer, sing};
use crate::{Stem, bass, drums, keys, pad};

/// Peak of the mix: loud enough to compare with other songs, with room for a lossy encoder's overshoot.
const PEAK: f32 = -2.0;

const LEAD_SINGER: Singer =
    Singer { seed: 100, formants: 1.04, breath: 0.035, late: Seconds(0.006), detune: 0.0 };
/// The lead again, softly.
const HUMMING: Singer = Singer { seed: 400, breath: 0.09, ..LEAD_SINGER };
const LOW_SINGER: Singer =
    Singer { seed: 200, formants: 0.98, breath: 0.06, late: Seconds(0.017), detune: -0.02 };
const SECOND_TAKE: Singer =
    Singer { seed: 300, formants: 1.06, breath: 0.07, late: Seconds(0.024), detune: 0.05 };
const HALL: Room = Room { decay: Seconds(2.1), predelay: Seconds(0.045), damping: Hertz(5_200.0), size: 1.1 };

/// A track of the mixer, before its sound is cut to the bars in which it plays.
struct Track {
    name: &'static str,
    /// Fader in decibels.
    level: f32,
    pan: f32,
    colour: usize,
    /// From this bar, to before that one.
    bars: (usize, usize),
    channels: Vec<Vec<f32>>,
}

/// All stems, balanced. The band and the voices take as long as each other, so they play side by side.
pub(crate) fn record(grid: Grid) -> Vec<Stem> {
    let (mut stems, voices) = std::thread::scope(|scope| {
        let voices = scope.spawn(|| cut(voices(grid), grid));
        let band = cut(band(grid), grid);
        (band, voices.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    stems.extend(voices);
    balance(&mut stems, grid);
    stems
}

fn track(
    name: &'static str,
    (level, pan, colour): (f32, f32, usize),
    bars: (usize, usize),
    channels: impl Into<Vec<Vec<f32>>>,
) -> Track {
    Track { name, level, pan, colour, bars, channels: channels.into() }
}

fn band(grid: Grid) -> Vec<Track> {
    vec![
        track("Drums", (-5.5, 0.0, 0), (2, BARS), drums::play(grid)),
        track("808", (-8.0, 0.0, 1), (VERSE, 23), [bass::play(grid)]),
        track("Keys", (-8.0, 0.0, 2), (0, BARS), keys::play(grid)),
        track("Pad", (-9.5, 0.0, 3), (0, BARS), pad::play(grid)),
    ]
}

fn voices(grid: Grid) -> Vec<Track> {
    let take = |part: &[Sung], singer: &Singer| sing(part, singer, grid.bar(BARS), grid);
    let mut lead = take(LEAD, &LEAD_SINGER);
    for (lead, hum) in lead.iter_mut().zip(take(HUM, &HUMMING)) {
        *lead += 0.4 * hum;
    }
    let harmony = take(HARMONY, &LOW_SINGER);
    let double = take(in_hook(LEAD), &SECOND_TAKE);
    let room = vocal_room(&lead, &[&harmony, &double], grid);
    vec![
        track("Lead vocal", (0.0, 0.0, 4), (1, 23), [lead]),
        track("Harmony", (-6.5, -0.45, 5), (HOOK - 1, 23), [harmony]),
        track("Double", (-9.0, 0.45, 6), (HOOK - 1, 23), [double]),
        track("Vocal room", (-15.5, 0.0, 7), (1, BARS), room),
    ]
}

fn cut(tracks: Vec<Track>, grid: Grid) -> Vec<Stem> {
    tracks.into_iter().map(|track| stem(track, grid)).collect()
}

/// The notes that are sung twice.
fn in_hook(part: &[Sung]) -> &[Sung] {
    let from = part.partition_point(|note| note.bar < HOOK);
    let to = part.partition_point(|note| note.bar < ENDING);
    &part[from..to]
}

/// A hall and echoes around the voices: more for the ones behind.
fn vocal_room(lead: &[f32], behind: &[&[f32]], grid: Grid) -> Stereo {
    let mut send = lead.to_vec();
    for voice in behind {
        for (sum, sample) in send.iter_mut().zip(*voice) {
            *sum += 0.5 * sample;
        }
    }
    let mut room = ping_pong(&send, grid.moment(3.0), 0.5, grid.rate);
    for sample in room.iter_mut().flatten() {
        *sample *= 0.38;
    }
    let mut sent = [send.clone(), send];
    add(&mut sent, &room, 1.0);
    add(&mut room, &reverberate(&sent, &HALL, grid.rate), 1.0);
    room
}

/// Cut to its bars, without DC, and with both ends silent.
fn stem(track: Track, grid: Grid) -> Stem {
    let (from, to) = track.bars;
    let mut channels = track.channels;
    for channel in &mut channels {
        block_dc(channel, grid.rate);
        channel.truncate(grid.bar(to));
        channel.drain(..grid.bar(from));
        fade_ends(channel, grid.rate);
    }
    Stem {
        name: track.name,
        mono: channels.len() == 1,
        channels,
        gain: decibels(track.level),
        pan: track.pan,
        colour_index: track.colour,
        start_bar: from as i64,
    }
}

/// A few milliseconds in, half a second out: what a tail still has by then is inaudible, but would click.
fn fade_ends(channel: &mut [f32], rate: Hertz) {
    let fade_in = Seconds(0.003).samples(rate).max(1);
    let fade_out = Seconds(0.5).samples(rate).max(1);
    for (n, sample) in channel.iter_mut().take(fade_in).enumerate() {
        *sample *= n as f32 / fade_in as f32;
    }
    for (n, sample) in channel.iter_mut().rev().take(fade_out).enumerate() {
        let way = n as f32 / fade_out as f32;
        *sample *= way * way * (3.0 - 2.0 * way);
    }
}

/// Brings the sound of all stems by one factor to where the mix peaks at [`PEAK`]; the faders stay.
fn balance(stems: &mut [Stem], grid: Grid) {
    let peak = mix(stems, grid).iter().flatten().fold(1e-9f32, |peak, sample| peak.max(sample.abs()));
    let factor = decibels(PEAK) / peak;
    for sample in stems.iter_mut().flat_map(|stem| stem.channels.iter_mut()).flatten() {
        *sample *= factor;
    }
}

/// The mix as faders and pans say it.
pub(crate) fn mix(stems: &[Stem], grid: Grid) -> Stereo {
    let length = grid.bar(BARS);
    let mut mix = [vec![0.0f32; length], vec![0.0f32; length]];
    for stem in stems {
        let start = grid.bar(usize::try_from(stem.start_bar).unwrap_or(0));
        let angle = (stem.pan + 1.0) * std::f32::consts::FRAC_PI_4;
        let sides = if stem.mono { [angle.cos(), angle.sin()] } else { [1.0, 1.0] };
        for ((sum, side), channel) in mix.iter_mut().zip(sides).zip(stem.channels.iter().cycle()) {
            for (sum, sample) in sum.iter_mut().skip(start).zip(channel) {
                *sum += stem.gain * side * sample;
            }
        }
    }
    mix
}
