//! The kinds that make trackers stumble: what microphones hear besides plain singing.
//!
//! Start at [`piece`].

use std::f64::consts::TAU;

use dawg_dsp::reverb::{Reverb, Settings};

use super::chance::Chance;
use super::line::Line;
use super::melody::Sung;
use super::noise::{band, beat, breath, clap, high_pass, level, pink, sibilant};
use super::singer::{Singer, Vowel, soften};
use super::{Kind, RATE, hertz};

/// The piece of this kind; an empty one if it is one of the plain ones.
pub(super) fn piece(kind: Kind, seed: u64) -> Line {
    let mut chance = Chance::named(seed, kind.name());
    let chance = &mut chance;
    match kind {
        Kind::Phrases => phrases(8, 0.3, 1e-4, chance),
        Kind::Breath => breaths(chance),
        Kind::Sibilants => sibilants(chance),
        Kind::Claps => claps(chance),
        Kind::Room => room(chance),
        Kind::Clipped => clipped(chance),
        Kind::Reverb => reverberant(chance),
        Kind::Bleed => bleed(chance),
        Kind::Thin => thin(chance),
        Kind::Rough => rough(chance),
        Kind::OutOfRange => out_of_range(chance),
        Kind::Steps => steps(chance),
        _ => Line::new(RATE),
    }
}

/// Anybody.
fn somebody(chance: &mut Chance) -> Singer {
    Singer::numbered(RATE, chance.bits())
}

/// A tune of some 4 seconds in the middle of a voice.
fn tune(middle: f64, chance: &mut Chance) -> Vec<Sung> {
    const SCALE: [f64; 8] = [-5.0, -3.0, 0.0, 2.0, 4.0, 5.0, 7.0, 9.0];
    let mut notes = Vec::new();
    for _ in 0..2 {
        for _ in 0..3 + chance.bits() % 3 {
            let off = chance.between(-0.2, 0.2);
            notes.push(Sung::note(middle + chance.one_of(&SCALE) + off, chance.between(0.18, 0.8)));
        }
        notes.push(Sung::rest(chance.between(0.15, 0.4)));
    }
    notes
}

/// `count` people, one after the other, over a floor of noise.
fn phrases(count: u32, loud: f64, floor: f32, chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for _ in 0..count {
        let singer = somebody(chance);
        append(&mut line, &singer.perform(&tune(singer.middle, chance), loud, chance));
    }
    let noise = pink(line.samples.len(), chance);
    line.under(&noise, floor);
    line
}

fn append(line: &mut Line, other: &Line) {
    line.samples.extend_from_slice(&other.samples);
    line.pitch.extend_from_slice(&other.pitch);
}

fn breaths(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for _ in 0..8 {
        let mut singer = somebody(chance);
        // 9 to 18 dB below the tone.
        singer.breath = 0.4 * chance.between(0.12, 0.35);
        let frames = line.frames(chance.between(0.4, 0.9));
        line.unpitched(&breath(frames, RATE, 10.0_f64.powf(chance.between(-52.0, -30.0) / 20.0), chance));
        line.rest(chance.between(0.0, 0.1));
        let notes: Vec<Sung> = tune(singer.middle, chance).into_iter().take(4).collect();
        append(&mut line, &singer.perform(&notes, chance.between(0.05, 0.3), chance));
    }
    let noise = pink(line.samples.len(), chance);
    line.under(&noise, 1e-4);
    line
}

fn sibilants(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    let singer = somebody(chance);
    for _ in 0..20 {
        let frames = line.frames(chance.between(0.08, 0.35));
        line.unpitched(&sibilant(frames, RATE, 10.0_f64.powf(chance.between(-40.0, -14.0) / 20.0), chance));
        if chance.between(0.0, 1.0) < 0.5 {
            line.rest(0.05);
        }
        let note = Sung::note(singer.middle + chance.between(-6.0, 9.0), chance.between(0.2, 0.4));
        let pitch = vec![hertz(note.key.unwrap_or_default()); line.frames(note.seconds)];
        let vowel = chance.one_of(&Vowel::ALL);
        line.sung(&singer.sing(&pitch, vowel, 0.25, chance), &pitch);
    }
    line
}

fn claps(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for _ in 0..30 {
        let frames = line.frames(chance.between(0.15, 0.6));
        line.unpitched(&clap(frames, RATE, 10.0_f64.powf(chance.between(-30.0, 0.0) / 20.0), chance));
    }
    in_a_room(&mut line, 0.4, 0.1);
    line.pitch.fill(0.0);
    line
}

/// Pink noise as microphones and air make it, −66 to −46 dBFS, a fan, and mains hum far below it.
fn room(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for decibels in [-66.0, -58.0, -52.0, -46.0] {
        let frames = line.frames(4.0);
        let mut noise = pink(frames, chance);
        let fan = band(frames, RATE, chance.between(200.0, 500.0), 150.0, chance);
        let hum = |n: usize, hertz: f64| (TAU * hertz * n as f64 / f64::from(RATE)).sin();
        for (n, (noise, fan)) in noise.iter_mut().zip(&fan).enumerate() {
            *noise += 0.3 * fan + (0.1 * hum(n, 50.0) + 0.05 * hum(n, 150.0)) as f32;
        }
        level(&mut noise, 10.0_f64.powf(decibels / 20.0));
        line.unpitched(&noise);
    }
    line
}

fn clipped(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for decibels in [-54.0, -48.0, -36.0, -12.0, 0.0, 6.0, 12.0, 20.0] {
        for _ in 0..3 {
            let singer = Singer { breath: 0.004, ..somebody(chance) };
            let pitch = vec![hertz(singer.middle + chance.between(-7.0, 9.0)); line.frames(0.6)];
            let vowel = chance.one_of(&Vowel::ALL);
            // Root mean square at this level: peaks of a voice are some 12 dB higher.
            let loud = 10.0_f64.powf((decibels - 6.0) / 20.0) / 0.4 * 0.5;
            line.sung(&singer.sing(&pitch, vowel, loud, chance), &pitch);
            line.rest(0.15);
        }
    }
    line.samples.iter_mut().for_each(|sample| *sample = sample.clamp(-0.99, 0.99));
    // The noise of a good microphone: −86 dBFS.
    let noise = pink(line.samples.len(), chance);
    line.under(&noise, 5e-5);
    line
}

/// Puts a room around it: so many seconds of decay, the room at this gain beside the direct sound.
fn in_a_room(line: &mut Line, decay: f32, mix: f32) {
    let mut room = Reverb::new(line.rate, 0.4, Settings { decay, damping: 0.6, mix });
    let dry = line.samples.clone();
    let mut other = vec![0.0; dry.len()];
    room.add([&dry, &dry], [&mut line.samples, &mut other]);
}

/// Sung in a live room, 0.4 to 0.8 s, the room 6 to 12 dB below the voice. What rings after a phrase is not asked about.
fn reverberant(chance: &mut Chance) -> Line {
    let mut whole = Line::new(RATE);
    for (decay, mix) in [(0.4, 0.25), (0.6, 0.35), (0.8, 0.5)] {
        let mut line = phrases(2, 0.3, 1e-4, chance);
        line.rest(1.5);
        in_a_room(&mut line, decay, mix);
        let rings = line.frames(f64::from(decay) * 1.2);
        let mut since = usize::MAX;
        for pitch in &mut line.pitch {
            since = if *pitch > 0.0 { 0 } else { since.saturating_add(1) };
            if *pitch == 0.0 && since < rings {
                *pitch = f32::NAN;
            }
        }
        append(&mut whole, &line);
    }
    whole
}

/// A beat out of headphones 40 to 26 dB below full scale: alone, then under phrases.
fn bleed(chance: &mut Chance) -> Line {
    let mut whole = Line::new(RATE);
    for decibels in [-40.0, -32.0, -26.0] {
        let mut line = Line::new(RATE);
        line.rest(2.4);
        append(&mut line, &phrases(2, 0.3, 1e-4, chance));
        let beat = beat(line.samples.len(), RATE, true, chance);
        let most = beat.iter().fold(1e-9_f32, |most, sample| most.max(sample.abs()));
        line.under(&beat, 10.0_f32.powf(decibels / 20.0) / most);
        append(&mut whole, &line);
    }
    whole
}

fn thin(chance: &mut Chance) -> Line {
    let mut line = phrases(6, 0.3, 0.0, chance);
    for _ in 0..3 {
        high_pass(&mut line.samples, RATE, 350.0);
    }
    let noise = pink(line.samples.len(), chance);
    line.under(&noise, 1e-4);
    line
}

/// Half a percent of jitter from cycle to cycle (healthy voices have up to one), 4 % of shimmer.
fn rough(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for _ in 0..8 {
        let singer = somebody(chance);
        for _ in 0..3 {
            let centre = hertz(singer.middle + chance.between(-6.0, 8.0));
            let frames = line.frames(0.7);
            let (mut turn, mut jitter, mut shimmer) = (0.0, 0.0, 1.0);
            let (mut real, mut loud) = (Vec::with_capacity(frames), Vec::with_capacity(frames));
            for _ in 0..frames {
                turn += centre / f64::from(RATE);
                if turn >= 1.0 {
                    turn -= 1.0;
                    jitter = 0.005 * chance.normal();
                    shimmer = 1.0 + 0.04 * chance.normal();
                }
                real.push(centre * (1.0 + jitter));
                loud.push(shimmer);
            }
            let vowel = chance.one_of(&Vowel::ALL);
            let mut samples = singer.sing(&real, vowel, 0.25, chance);
            samples.iter_mut().zip(&loud).for_each(|(sample, loud)| *sample *= *loud as f32);
            // What is asked for is the note, not each cycle's length.
            line.sung(&samples, &vec![centre; frames]);
            line.rest(0.15);
        }
    }
    line
}

/// E1 to C2 plucked and held, and whistling from E6 to C8.
fn out_of_range(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for _ in 0..6 {
        let bass = Singer { slope: 1.6, ..Singer::plain(RATE) };
        let pitch = vec![hertz(chance.between(28.0, 36.0)); line.frames(0.8)];
        let samples = bass.sing(&pitch, Vowel::O, 0.3, chance);
        line.unpitched(&samples);
        line.rest(0.2);
        let whistled = hertz(chance.between(88.0, 108.0));
        let wave = |n: usize| 0.2 * (TAU * whistled * n as f64 / f64::from(RATE)).sin();
        let mut whistle: Vec<f32> = (0..line.frames(0.8)).map(|n| wave(n) as f32).collect();
        let air = band(whistle.len(), RATE, whistled, 800.0, chance);
        whistle.iter_mut().zip(&air).for_each(|(whistle, air)| *whistle += 0.01 * air);
        soften(&mut whistle, RATE, 0.03, 0.03);
        line.unpitched(&whistle);
        line.rest(0.2);
    }
    line
}

/// Back and forth between keys, one sample to the next, half a second each, in four octaves.
fn steps(chance: &mut Chance) -> Line {
    let mut line = Line::new(RATE);
    for octave in 0..4 {
        let low = 41.0 + 12.0 * f64::from(octave);
        let keys = [0.0, 7.0, 2.0, 4.0, 3.0, 0.0].map(|step| low + step + chance.between(-0.3, 0.3));
        let held = line.frames(0.5);
        let pitch: Vec<f64> = keys.iter().flat_map(|key| vec![hertz(*key); held]).collect();
        let vowel = chance.one_of(&Vowel::ALL);
        line.sung(&Singer::plain(RATE).sing(&pitch, vowel, 0.3, chance), &pitch);
        line.rest(0.3);
    }
    line
}
