//! The control side: which channels are listened to, how long each is remembered, and copying out of their rings.
//!
//! Start at [`History::listen`]. When the rings must become longer or shorter (another budget, more channels than it
//! suffices for), each channel gets a new one, and what it had moves over: all up to now before the audio thread gets
//! the new ring, and what came into the old one until the swap, after it. Meanwhile memory for both is needed.

use std::collections::BTreeSet;
use std::sync::Arc;

use dawg_session::Session;

use super::listener::Heard;
use super::ring::{Bank, Channel, Clock};
use super::turns::Turns;
use super::{BUDGET, MOST_SECONDS, Retrospect};

/// What is remembered, and of when.
#[derive(Debug)]
pub(crate) struct History {
    pub(super) rate: u32,
    pub(super) budget: u64,
    pub(super) clock: Arc<Clock>,
    pub(super) turns: Turns,
    listened: Vec<Listened>,
    // Frames of each ring.
    capacity: usize,
}

/// One channel that is listened to.
#[derive(Debug)]
struct Listened {
    channel: Arc<Channel>,
    // Until the audio thread has it: the rings before it, oldest first, and what it holds of them, `from..to`.
    before: Vec<Arc<Channel>>,
    carried: (u64, u64),
    // Before this frame what was moved may lie over what came in: none of it is given out.
    trusted_from: u64,
}

impl History {
    pub(crate) fn new(rate: u32, heard: Heard) -> Self {
        let Heard { clock, log } = heard;
        Self { rate, budget: BUDGET, clock, turns: Turns::new(log), listened: Vec::new(), capacity: 0 }
    }

    pub(crate) fn set_budget(&mut self, bytes: u64) {
        self.budget = bytes;
    }

    /// Remembers the armed tracks' channels, of the `inputs` that the device has. Returns what the audio thread is to
    /// write from now on, if that changes.
    pub(crate) fn listen(&mut self, session: &Session, inputs: u16) -> Option<Box<Bank>> {
        let armed = session.tracks.iter().filter(|track| track.arm);
        let channels = armed.flat_map(|track| track.input.channels());
        let wanted: BTreeSet<u16> =
            channels.copied().filter(|channel| (1..=inputs).contains(channel)).collect();
        let capacity = self.frames_each(wanted.len());
        let same = capacity == self.capacity
            && self.listened.iter().map(Listened::number).eq(wanted.iter().copied());
        if same {
            return None;
        }
        self.settle();
        self.capacity = capacity;
        let mut former = std::mem::take(&mut self.listened);
        let wanted = wanted.into_iter().filter(|_| capacity > 0);
        self.listened = wanted
            .filter_map(|number| {
                let place = former.iter().position(|listened| listened.number() == number);
                self.ring_for(number, place.map(|place| former.swap_remove(place)))
            })
            .collect();
        Some(Bank::new(self.listened.iter().map(|listened| Arc::clone(&listened.channel)).collect()))
    }

    /// What has to be done now and then.
    pub(crate) fn tick(&mut self) {
        self.settle();
        let oldest = self.clock.oldest(self.capacity);
        self.turns.collect(oldest);
    }

    pub(crate) fn reading(&self) -> Retrospect {
        let frames = if self.listened.is_empty() { 0 } else { self.capacity };
        Retrospect {
            seconds_each: frames as f64 / f64::from(self.rate.max(1)),
            bytes: (frames * self.listened.len() * size_of::<f32>()) as u64,
            channels: self.listened.iter().map(Listened::number).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.listened.is_empty()
    }

    /// Whether the budget is too small to remember anything.
    pub(super) fn is_off(&self) -> bool {
        self.capacity == 0
    }

    pub(super) fn hears(&self, number: u16) -> bool {
        self.listened.iter().any(|listened| listened.number() == number)
    }

    /// The first frame before `until` that is remembered of all of these channels, which are listened to.
    pub(super) fn first(&self, numbers: &[u16], until: u64) -> u64 {
        let firsts = self.of(numbers).map(|listened| listened.first(&self.clock).unwrap_or(until));
        firsts.max().unwrap_or(until).min(until)
    }

    /// The frames from the first of `from..to` that was not overwritten meanwhile, one plane a channel, equally long.
    pub(super) fn copy(&self, numbers: &[u16], from: u64, to: u64) -> (u64, Vec<Vec<f32>>) {
        // The same rings from beginning to end, also when the audio thread has other ones meanwhile.
        let rings: Vec<_> = self.of(numbers).map(|listened| (listened, listened.written())).collect();
        let first = || {
            let firsts =
                rings.iter().map(|(listened, ring)| listened.first_in(ring, &self.clock).unwrap_or(to));
            firsts.max().unwrap_or(to).min(to)
        };
        let from = from.max(first());
        let mut planes: Vec<Vec<f32>> = rings.iter().map(|(_, ring)| ring.read(from, to)).collect();
        let first = from.max(first());
        for plane in &mut planes {
            plane.drain(..((first - from) as usize).min(plane.len()));
        }
        (first, planes)
    }

    fn of(&self, numbers: &[u16]) -> impl Iterator<Item = &Listened> {
        numbers.iter().filter_map(|number| self.listened.iter().find(|listened| listened.number() == *number))
    }

    /// Frames of each ring when so many channels share the budget; less than a second is nothing.
    fn frames_each(&self, channels: usize) -> usize {
        let sample = size_of::<f32>() as u64;
        let most = u64::from(self.rate) * MOST_SECONDS;
        let frames = (self.budget / sample / channels.max(1) as u64).min(most);
        if frames < u64::from(self.rate.max(1)) { 0 } else { frames as usize }
    }

    /// The ring of a channel: the one that it has if that is as long, else a new one with what the former holds.
    fn ring_for(&self, number: u16, former: Option<Listened>) -> Option<Listened> {
        let fresh = |channel| Listened { channel, before: Vec::new(), carried: (0, 0), trusted_from: 0 };
        match former {
            None => Channel::new(number, self.capacity).map(fresh),
            Some(former) if former.channel.frames() == self.capacity => Some(former),
            Some(former) => match Channel::new(number, self.capacity) {
                Some(channel) => Some(former.moves_to(channel, &self.clock)),
                // No memory for another length: the ring that is there is better than none.
                None => Some(former),
            },
        }
    }

    /// Moves over what came into former rings until the audio thread had the new ones.
    fn settle(&mut self) {
        let now = self.clock.written();
        for listened in &mut self.listened {
            listened.settle(now, &self.clock);
        }
    }
}

impl Listened {
    fn number(&self) -> u16 {
        self.channel.number()
    }

    /// The ring that is being written.
    fn written(&self) -> &Channel {
        let newest = self.before.iter().rev().find(|ring| ring.joined().is_some());
        match newest {
            Some(before) if self.channel.joined().is_none() => before,
            _ => &self.channel,
        }
    }

    /// The first frame that may be read from it; none while nothing is written.
    fn first(&self, clock: &Clock) -> Option<u64> {
        self.first_in(self.written(), clock)
    }

    fn first_in(&self, ring: &Channel, clock: &Clock) -> Option<u64> {
        ring.first().map(|first| first.max(clock.oldest(ring.frames())).max(self.trusted_from))
    }

    /// The same channel with another ring, which holds what is there by now.
    fn moves_to(mut self, channel: Arc<Channel>, clock: &Clock) -> Self {
        let until = clock.written();
        // The audio thread may have the ring before only just now.
        self.settle(until, clock);
        let wanted = until.saturating_sub(channel.frames() as u64);
        let first = |listened: &Self| listened.first(clock).unwrap_or(until).clamp(wanted, until);
        let from = first(&self);
        let samples = self.written().read(from, until);
        // Some of it may have been overwritten while it was read.
        let sound = first(&self);
        channel.write(sound, samples.get((sound - from) as usize..).unwrap_or_default());
        self.before.push(std::mem::replace(&mut self.channel, channel));
        Self { carried: (sound, until), ..self }
    }

    /// Moves over what came into the rings before until the audio thread had this one. `now`: frames that were written when
    /// it was last looked, which may be long ago.
    fn settle(&mut self, now: u64, clock: &Clock) {
        let Some(joined) = self.channel.joined() else { return };
        let (from, to) = self.carried;
        // So late that this ring may come round meanwhile: then what was before is given up.
        let in_time = now.saturating_sub(to) < self.channel.frames() as u64 / 2;
        let before = std::mem::take(&mut self.before);
        let Some(oldest) = before.first() else { return };
        let begins = |ring: &Arc<Channel>| ring.joined().unwrap_or(joined).clamp(to, joined);
        // What came in before the audio thread had any of them is nowhere.
        let begun = begins(oldest);
        let from = if begun > to { begun } else { from };
        let ends = before.iter().skip(1).map(begins).chain([joined]);
        let parts: Vec<_> = before.iter().zip(ends).map(|(ring, end)| (ring, begins(ring), end)).collect();
        // Or a ring before came round until then.
        let holds = parts.iter().all(|(ring, begin, end)| end - begin <= ring.frames() as u64);
        if !in_time || !holds {
            return;
        }
        for (ring, begin, end) in parts {
            self.channel.put(begin, &ring.read(begin, end));
        }
        // However soon it was, the machine may have halted this thread just here until the ring had come round, and what is
        // moved lies over what came since.
        let mixed = joined > begun && clock.oldest(self.channel.frames()) > begun;
        if mixed {
            self.trusted_from = clock.oldest(0);
        } else {
            self.channel.carried(from);
        }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
