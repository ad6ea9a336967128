//! A device that vanished, or did not answer: looked for until it is there. A recording that it broke off goes on then, as a
//! new take.
//!
//! Start at [`Lost`]. Whatever a person does about the device or the transport meanwhile counts for more.

use std::time::{Duration, Instant};

use dawg_engine::device::Host;
use dawg_session::store::AUDIO_FOLDER;

use super::complaints::Complaints;
use super::device::{Opened, open};
use super::recording::Wish;
use super::thread::SoundThread;
use super::{DeviceChoice, SoundCommand, SoundEvent};

/// How often it is looked for.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a recording that was broken off waits for a device that hears. Of some the outputs come back first.
const MICROPHONE: Duration = Duration::from_secs(10);
/// Looking may take long with a sound server that hangs; commands wait as long. It never takes more than this share.
const SHARE: u32 = 10;

/// What is looked for.
#[derive(Debug)]
pub(super) struct Lost {
    /// Where it was, or is. Another host would take over in the middle of a session, and keep this one from its sound card.
    host: Host,
    /// The device that vanished, and the recording that it broke off, as it goes on.
    broken_off: Option<(String, Wish)>,
    /// Since when there is one without a microphone.
    deaf: Option<Instant>,
    next: Instant,
}

impl Lost {
    pub(super) fn new(host: Host, broken_off: Option<(String, Wish)>) -> Self {
        Self { host, broken_off, deaf: None, next: Instant::now() + INTERVAL }
    }

    /// The same after a look in vain that began then.
    fn later(self, began: Instant) -> Self {
        Self { next: Instant::now() + INTERVAL.max(began.elapsed() * SHARE), ..self }
    }

    /// Whether it is better not to play yet than to play without a microphone.
    fn lacks_microphone(&mut self, opened: &Opened) -> bool {
        opened.no_microphone.is_some()
            && self.broken_off.is_some()
            && self.deaf.get_or_insert_with(Instant::now).elapsed() < MICROPHONE
    }
}

impl SoundThread {
    /// What a person does counts for more than what would be done for her.
    pub(super) fn heed(&mut self, command: &SoundCommand) {
        match command {
            SoundCommand::Song { .. }
            | SoundCommand::NoSong
            | SoundCommand::Device(_)
            | SoundCommand::End => {
                self.lost = None;
            }
            SoundCommand::Play(_)
            | SoundCommand::Stop
            | SoundCommand::Locate(_)
            | SoundCommand::Record { .. } => {
                if let Some(lost) = &mut self.lost {
                    lost.broken_off = None;
                }
            }
            _ => {}
        }
    }

    /// Looks for the device, when it is time.
    pub(super) fn look_for_lost(&mut self) {
        // The take until then comes into the song first.
        let busy = self.recorder.is_some() || !self.queue.is_empty();
        if busy || self.lost.as_ref().is_none_or(|lost| Instant::now() < lost.next) {
            return;
        }
        let Some(song) = self.song.as_ref().filter(|_| self.engine.is_none()) else {
            self.lost = None;
            return;
        };
        let began = Instant::now();
        let host = self.choice.host.or(self.lost.as_ref().map(|lost| lost.host));
        let choice = DeviceChoice { host, ..self.choice.clone() };
        let found = open(&self.opener, &choice, &song.session, &song.folder.join(AUDIO_FOLDER));
        let Some(mut lost) = self.lost.take() else { return };
        match found {
            Ok(opened) if lost.lacks_microphone(&opened) => {
                drop(opened);
                self.lost = Some(lost.later(began));
            }
            Ok(opened) => {
                self.complaints = Complaints::default();
                self.refused = false;
                let name = opened.engine.format().name.clone();
                let hears = opened.no_microphone.is_none();
                self.put_on(opened);
                self.look_again();
                let same = lost.broken_off.filter(|(broke, _)| hears && *broke == name);
                self.go_on(same.map(|(_, wish)| wish));
            }
            Err(_) => self.lost = Some(lost.later(began)),
        }
    }

    fn go_on(&mut self, wish: Option<Wish>) {
        self.tell(SoundEvent::Back { records: wish.is_some() });
        if let Some(Wish { tracks, from, count_in, punch, until, float }) = wish {
            // It waits in the queue until the device is ready, as any other.
            let record = SoundCommand::Record { tracks, from, count_in, punch, until, float };
            self.queue.push_back(record);
        }
    }
}
