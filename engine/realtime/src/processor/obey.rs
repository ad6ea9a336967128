//! What the Processor does at each command, which of them have to wait, and what it gives back.
//!
//! Start at [`Processor::take_commands`]. Real-time safe: whatever a command replaces goes into the garbage ring.

use super::Processor;
use super::command::{Command, Garbage};
use super::dip::Dip;
use crate::installation::{Installation, Slot};

impl Processor {
    pub(super) fn clear_garbage(&mut self) {
        if let Some(garbage) = self.waiting.take() {
            self.discard(garbage);
        }
    }

    /// Gives something back to be freed elsewhere; never frees it here.
    pub(super) fn discard(&mut self, garbage: Garbage) {
        debug_assert!(self.waiting.is_none(), "garbage made while other garbage waited");
        if let Err(rtrb::PushError::Full(garbage)) = self.garbage.push(garbage) {
            self.waiting = Some(garbage);
        }
    }

    pub(super) fn take_commands(&mut self, frame_time: u64) {
        while self.waiting.is_none() && self.ready_for_next() {
            let Ok(command) = self.commands.pop() else { break };
            self.obey(command, frame_time);
        }
        self.dip_for_next();
        // One roll at a time: the next ends this one, which takes its last round trip.
        if let Ok(Command::Play { taps: Some(_), .. }) = self.commands.peek() {
            self.log_stop();
        }
    }

    /// A new Plan waits until the fade from the last one is over, and with it all that was sent after it.
    fn ready_for_next(&self) -> bool {
        match self.commands.peek() {
            Ok(Command::Install(installation)) => {
                self.retiring.is_none() && self.may_install(&installation.plan)
            }
            // Play starts without a fade.
            Ok(Command::Play { taps, .. }) => {
                self.dip == Dip::Open && (taps.is_none() || self.taps.is_none())
            }
            Ok(Command::Beside(_)) => self.beside.ready(),
            Ok(Command::Measure(_)) => self.measuring.is_none(),
            Ok(_) => true,
            Err(_) => false,
        }
    }

    fn obey(&mut self, command: Command, frame_time: u64) {
        match command {
            Command::Install(installation) => self.install(installation),
            Command::Glide { slot, param, value } => {
                if let Some(Slot::Node { events, .. }) = self.slot_mut(slot.0) {
                    events.glide(param, value);
                }
            }
            Command::Monitor { slot, input, monitor, armed } => {
                if let Some(Slot::Source(source)) = self.slot_mut(slot.0) {
                    let count = input.iter().position(|channel| *channel == 0).unwrap_or(input.len());
                    source.set_input(&input[..count]);
                    source.set_monitor(monitor, armed);
                }
            }
            Command::Metronome(click) => self.click = click,
            Command::Loop(range) => {
                self.transport.set_loop(range);
                if let Some(taps) = &mut self.taps {
                    taps.looped(self.transport.loop_range());
                }
            }
            Command::Measure(run) => self.measuring = Some(run),
            Command::Play { from, count_in, taps } => {
                if let Some(mut taps) = taps {
                    taps.started(frame_time);
                    if let Some(range) = self.transport.loop_range() {
                        taps.looped(Some(range));
                    }
                    self.taps = Some(taps);
                }
                let was_rolling = self.transport.rolling();
                let moves = self.transport.play(from, count_in);
                // A play that becomes a locate has its segment when it arrives.
                if moves && (!was_rolling || from.is_none()) {
                    self.log_segment();
                }
            }
            Command::Stop => {
                self.transport.stop();
                if !self.transport.rolling() {
                    self.log_stop();
                }
            }
            Command::Punch(on) => {
                if let Some(taps) = &mut self.taps {
                    taps.punch(on);
                }
            }
            Command::Locate(to) => self.transport.locate(to),
            Command::Cue(mix) => self.cue.set(mix),
            Command::Listen(bank) => {
                let former = self.listener.listen(bank);
                self.discard(Garbage::Bank(former));
            }
            Command::Follow(feed) => {
                let former = self.follower.follow(feed);
                self.discard(Garbage::Follow(former));
            }
            Command::Beside(feed) => self.beside.put(feed, self.transport.fade_frames()),
        }
    }

    fn slot_mut(&mut self, index: u32) -> Option<&mut Slot> {
        self.table.get_mut(index as usize)?.as_deref_mut()
    }

    /// Puts the new Plan and its slots in place, and what they replace into the same box.
    fn install(&mut self, mut installation: Box<Installation>) {
        if let Some(table) = &mut installation.table {
            for (new, old) in table.iter_mut().zip(&mut self.table) {
                std::mem::swap(new, old);
            }
            std::mem::swap(table, &mut self.table);
        }
        if let Some(scratch) = &mut installation.scratch {
            std::mem::swap(scratch, &mut self.scratch);
        }
        for (index, slot) in &mut installation.dead {
            if let Some(place) = self.table.get_mut(index.0 as usize) {
                std::mem::swap(slot, place);
            }
        }
        for (index, slot) in &mut installation.fresh {
            if let Some(place) = self.table.get_mut(index.0 as usize) {
                std::mem::swap(slot, place);
            }
        }
        // After this, `installation` holds the former Plan beside the dead slots.
        std::mem::swap(&mut installation.plan, &mut self.current.plan);
        self.dip.open(self.current.plan.latency, self.transport.fade_frames());
        if self.transport.rolling() {
            self.retiring = Some((installation, 0));
        } else {
            self.discard(Garbage::Installation(installation));
        }
    }
}
