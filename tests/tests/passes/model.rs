//! A transport so simple that it is plainly right: one frame at a time, no blocks, no rings, no threads.

use std::collections::VecDeque;

use dawg_engine::capture::Punch;

/// Frames of a fade at a stop or locate, or from one Plan to the next.
pub(crate) const FADE: usize = 240;

/// What is asked of the transport.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Order {
    Play { from: Option<i64>, count_in: usize, record: Option<Punch> },
    Stop,
    Locate(i64),
    Punch(bool),
    Loop(Option<(i64, i64)>),
    Install,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Stopped,
    CountIn(usize),
    Rolling,
    FadingOut(usize, Then),
    FadingIn(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Stop(Option<i64>),
    Locate(i64),
}

/// What a roll must come to.
#[derive(Debug, Clone)]
pub(crate) struct Roll {
    pub(crate) punch: Punch,
    /// Device frame of the first captured frame.
    pub(crate) began: usize,
    /// Each pass: song position and device frame at which it was played, of what is wanted.
    pub(crate) passes: Vec<Vec<(i64, usize)>>,
    /// Times that somebody punched in.
    pub(crate) punched: usize,
    in_by_hand: bool,
    // Frames of the round trip that are still to come after the stop.
    trail: Option<usize>,
}

/// The transport.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) frame: usize,
    pub(crate) position: i64,
    pub(crate) rolls: Vec<Roll>,
    latency: usize,
    phase: Phase,
    looped: Option<(i64, i64)>,
    orders: VecDeque<Order>,
    // Frames of the fade from the last Plan that are left.
    swapping: usize,
    recording: bool,
    new_pass: bool,
}

impl Model {
    pub(crate) fn new(latency: i64) -> Self {
        Self {
            frame: 0,
            position: 0,
            rolls: Vec::new(),
            latency: usize::try_from(latency).unwrap_or(0),
            phase: Phase::Stopped,
            looped: None,
            orders: VecDeque::new(),
            swapping: 0,
            recording: false,
            new_pass: false,
        }
    }

    pub(crate) fn order(&mut self, order: Order) {
        self.orders.push_back(order);
    }

    /// Whether something that was asked for has yet to be done, or the last round trip of a roll is under way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.orders.is_empty() || self.recording
    }

    pub(crate) fn rolling(&self) -> bool {
        !matches!(self.phase, Phase::Stopped | Phase::CountIn(_))
    }

    pub(crate) fn punched(&self) -> bool {
        self.rolling() && self.roll().is_some_and(|roll| roll.wants(self.position))
    }

    fn roll(&self) -> Option<&Roll> {
        self.rolls.last().filter(|_| self.recording)
    }

    /// Orders are obeyed as soon as they can be.
    fn obey(&mut self) {
        while let Some(order) = self.orders.front().copied() {
            match order {
                Order::Install if self.swapping > 0 => return,
                Order::Play { record: Some(_), .. } if self.recording => return self.end_roll(),
                _ => self.orders.pop_front(),
            };
            match order {
                Order::Install => self.swapping = if self.rolling() { FADE } else { 0 },
                Order::Loop(range) => self.looped = range.filter(|(a, b)| b - a >= 2 * FADE as i64),
                Order::Locate(to) => self.locate(to),
                Order::Stop => self.stop(),
                Order::Punch(on) => self.punch(on),
                Order::Play { from, count_in, record } => self.play(from, count_in, record),
            }
        }
    }

    fn play(&mut self, from: Option<i64>, count_in: usize, record: Option<Punch>) {
        if let Some(punch) = record {
            let (began, passes) = (self.frame, Vec::new());
            self.rolls.push(Roll { punch, began, passes, punched: 0, in_by_hand: false, trail: None });
            self.recording = true;
            self.new_pass = true;
        }
        match (self.phase, from) {
            (Phase::Stopped | Phase::CountIn(_), _) => {
                self.position = from.unwrap_or(self.position);
                self.phase = if count_in > 0 { Phase::CountIn(count_in) } else { Phase::Rolling };
                self.new_pass = true;
            }
            (_, Some(to)) => {
                self.locate(to);
                // What is captured only now is placed from the new place on.
                self.new_pass &= record.is_none();
            }
            (Phase::FadingOut(left, Then::Stop(at)), None) => {
                self.phase = Phase::FadingOut(left, Then::Locate(at.unwrap_or(self.position)));
                self.new_pass = true;
            }
            _ => self.new_pass = true,
        }
    }

    fn locate(&mut self, to: i64) {
        self.phase = match self.phase {
            Phase::Stopped | Phase::CountIn(_) => {
                self.position = to;
                self.phase
            }
            Phase::FadingOut(left, Then::Stop(_)) => Phase::FadingOut(left, Then::Stop(Some(to))),
            Phase::FadingOut(left, Then::Locate(_)) => Phase::FadingOut(left, Then::Locate(to)),
            Phase::Rolling | Phase::FadingIn(_) => Phase::FadingOut(FADE, Then::Locate(to)),
        };
    }

    fn stop(&mut self) {
        match self.phase {
            Phase::Stopped | Phase::CountIn(_) => {
                self.phase = Phase::Stopped;
                self.end_roll();
            }
            Phase::FadingOut(left, Then::Locate(to)) => {
                self.phase = Phase::FadingOut(left, Then::Stop(Some(to)));
            }
            Phase::FadingOut(..) => {}
            Phase::Rolling | Phase::FadingIn(_) => self.phase = Phase::FadingOut(FADE, Then::Stop(None)),
        }
    }

    fn punch(&mut self, on: bool) {
        let recording = self.recording;
        let Some(roll) = self.rolls.last_mut().filter(|_| recording) else { return };
        if roll.punch == Punch::Quick && roll.trail.is_none() && roll.in_by_hand != on {
            roll.in_by_hand = on;
            roll.punched += usize::from(on);
        }
    }

    fn end_roll(&mut self) {
        let (recording, latency) = (self.recording, self.latency);
        if let Some(roll) = self.rolls.last_mut().filter(|_| recording) {
            roll.trail.get_or_insert(latency);
        }
    }

    /// One frame goes by.
    pub(crate) fn step(&mut self) {
        self.obey();
        let (rolling, recording, frame, position) =
            (self.rolling(), self.recording, self.frame, self.position);
        if let Some(roll) = self.rolls.last_mut().filter(|_| recording) {
            if rolling && roll.trail.is_none() {
                if std::mem::take(&mut self.new_pass) {
                    roll.passes.push(Vec::new());
                }
                if let (true, Some(pass)) = (roll.wants(position), roll.passes.last_mut()) {
                    pass.push((position, frame));
                }
            }
            if let Some(trail) = &mut roll.trail {
                *trail = trail.saturating_sub(1);
            }
        }
        self.frame += 1;
        self.swapping = self.swapping.saturating_sub(1);
        self.turn();
        self.recording &= self.rolls.last().is_some_and(|roll| roll.trail != Some(0));
    }

    fn turn(&mut self) {
        if self.rolling() {
            self.position += 1;
            if let Some((start, end)) = self.looped
                && self.position == end
            {
                self.position = start;
                self.new_pass = true;
            }
        }
        match self.phase {
            Phase::Stopped | Phase::Rolling => {}
            Phase::CountIn(1) => {
                self.phase = Phase::Rolling;
                self.new_pass = true;
            }
            Phase::CountIn(left) => self.phase = Phase::CountIn(left - 1),
            Phase::FadingIn(done) if done + 1 == FADE => self.phase = Phase::Rolling,
            Phase::FadingIn(done) => self.phase = Phase::FadingIn(done + 1),
            Phase::FadingOut(1, Then::Stop(at)) => {
                self.position = at.unwrap_or(self.position);
                self.phase = Phase::Stopped;
                self.end_roll();
            }
            Phase::FadingOut(1, Then::Locate(to)) => {
                self.position = to;
                self.phase = Phase::FadingIn(0);
                self.new_pass = true;
            }
            Phase::FadingOut(left, then) => self.phase = Phase::FadingOut(left - 1, then),
        }
    }
}

impl Roll {
    fn wants(&self, position: i64) -> bool {
        self.trail.is_none()
            && match self.punch {
                Punch::All(to) => to.is_none_or(|to| position < to),
                Punch::Range(from, to) => (from..to).contains(&position),
                Punch::Quick => self.in_by_hand,
            }
    }
}
