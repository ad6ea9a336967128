//! A singer in the window: the demo song, a microphone, and an armed track for the voice.
//!
//! Start at [`studio`] and [`Window::with_voice`].

use std::time::Duration;

use crate::{Display, JackServer, Microphone, Program, Window};

/// Longer than a device takes to come up on a machine with much to do.
const LIMIT: Duration = Duration::from_secs(60);
/// The song that is sung to.
const SONG: &str = "Night.dawg";
/// The track that is sung on.
const TRACK: &str = "Voice";

/// The program with its window on `display` and its sound from `server`, for somebody who has seen the tour, and with the
/// demo song as `Night.dawg`.
#[track_caller]
pub fn studio(server: &JackServer, display: &Display) -> Program {
    let program = Program::new().with_env(server.env()).with_env(display.env());
    let preferences = r#"{"toured":true,"device":{"host":"jack"}}"#;
    std::fs::write(program.data().join("preferences.json"), preferences).unwrap();
    program.run(&["demo", "--to", SONG]).success();
    program
}

impl<'a> Window<'a> {
    /// Opens `Night.dawg` of a [`studio`] with somebody at its first input who will sing `sung` (from
    /// [`Microphone::go`] on), and arms a new track “Voice” for them.
    #[track_caller]
    pub fn with_voice(
        display: &'a Display,
        program: &Program,
        server: &JackServer,
        sung: Vec<f32>,
    ) -> (Self, Microphone) {
        let microphone = Microphone::feed(server, vec![sung], &["ai-dawg:in_1"]);
        let mut window = Self::open(display, program, &[SONG]);
        window.wait_state("device", "running");
        microphone.wait_connected(LIMIT);
        window.key("ctrl+t");
        window.key("F2");
        window.wait("the name's field", |shown| shown.controls().into_iter().find(|it| it.focused));
        window.type_text(TRACK);
        window.key("Return");
        let arm = format!("Arm {TRACK}");
        window.click(&arm);
        window.wait("the armed track", |shown| shown.find(&arm).filter(|arm| arm.on == Some(true)));
        (window, microphone)
    }
}
