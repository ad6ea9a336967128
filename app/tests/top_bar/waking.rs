//! The window while other threads want something of egui all the time, as the sound does while it records.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::window::Window;
use egui::{Key, Modifiers};

/// Wants egui's lock until it is dropped. egui panics in this build when one waits for 10 s.
struct Crowd<'a>(&'a AtomicBool);

impl Drop for Crowd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

// Seen red: with egui asked for the window's id while its memory is read (a lock taken within itself: both wait for ever).
#[test]
fn no_frame_asks_egui_while_it_holds_its_lock() {
    let mut harness = Window::open(|_| {}).harness([1_600.0, 1_000.0], 1.0);
    let ctx = harness.ctx.clone();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _crowd = Crowd(&ended);
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                ctx.data_mut(|_| ());
            }
        });
        let control = Modifiers::COMMAND;
        let tabs = [Key::F5, Key::F6, Key::F7, Key::F8].map(|key| (Modifiers::NONE, key));
        let over = [(control, Key::K), (Modifiers::NONE, Key::Escape), (Modifiers::NONE, Key::Tab)];
        for (modifiers, key) in tabs.into_iter().flat_map(|tab| [&[tab][..], &over[..]].concat()) {
            harness.key_press_modifiers(modifiers, key);
            (0..3).for_each(|_| harness.step());
        }
    });
}
