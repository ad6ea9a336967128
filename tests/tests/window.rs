//! How the real window behaves: it is there soon, still when nothing happens, and true.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use dawg_tests::{Display, Program, Window};

// Seen red: with `ctx.request_repaint()` in every frame of `App::ui`.
#[test]
fn an_idle_window_paints_nothing_and_costs_nothing() {
    let display = Display::start(1280, 720);
    let program = Program::new().with_env(display.env());
    let mut window = Window::open(&display, &program, &[]);
    window.wait_state("stage", "open");
    std::thread::sleep(Duration::from_secs(2));
    let (before, cost) = (window.shown().frames(), window.processor_time());
    std::thread::sleep(Duration::from_secs(10));
    let painted = window.shown().frames() - before;
    let cost = window.processor_time() - cost;
    window.picture("idle");
    assert_eq!(painted, 0, "frames painted in 10 s of nothing");
    assert!(cost < Duration::from_millis(100), "{cost:?} of processor time in 10 s of nothing");
}
