//! The design system: contrast in every theme, values turned by hand and by keyboard, and in `gallery.rs` a page
//! of all of it as pictures for people.
#![allow(clippy::unwrap_used, reason = "tests")]

mod gallery;

use std::cell::RefCell;
use std::rc::Rc;

use ai_dawg::look::control::{self, Turn};
use ai_dawg::look::{self, Standing, Tokens, contrast};
use ai_dawg::studio::preferences::Theme;
use dawg_session::Colour;
use egui::{Key, Modifiers, Pos2, Ui, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

const THEMES: [(Theme, &str); 3] =
    [(Theme::Dark, "dark"), (Theme::Light, "light"), (Theme::HighContrast, "high-contrast")];

// Seen red: `secondary` of the light theme as light as `faint`.
#[test]
fn text_is_read_in_every_theme() {
    for (theme, name) in THEMES {
        let t = Tokens::of(theme);
        for (ground, at_least, what) in [
            (t.panel, 4.5, "panel"),
            (t.room, 4.5, "room"),
            (t.raised, 4.5, "raised"),
            (t.control, 4.4, "control"),
        ] {
            assert!(contrast(t.text, ground) >= 7.0, "{name}: text on {what}");
            assert!(contrast(t.secondary, ground) >= at_least, "{name}: secondary on {what}");
        }
        for (light, dim, what) in [
            (t.accent, t.accent_dim, "accent"),
            (t.record, t.record_dim, "record"),
            (t.in_tune, t.in_tune_dim, "in tune"),
            (t.attention, t.attention_dim, "attention"),
        ] {
            // What is lit is told by a letter or a glyph of 12 points and more: 3:1 (WCAG 2.2, 1.4.11).
            assert!(contrast(light, dim) >= 3.0, "{name}: {what} lit: {}", contrast(light, dim));
            assert!(contrast(t.on(light), light) >= 4.5, "{name}: text on {what}");
            assert!(contrast(light, t.panel) >= 4.5, "{name}: {what} as text: {}", contrast(light, t.panel));
        }
        // Sung in tune and beside it are told apart without hue.
        let apart = contrast(t.in_tune, t.off_pitch);
        assert!(apart >= 1.5, "{name}: in tune and off pitch: {apart}");
        assert!(contrast(t.off_pitch, t.panel) >= 4.5, "{name}: off pitch as text");
        for colour in Colour::PALETTE {
            let track = look::track_colour(colour);
            for standing in [Standing::Plain, Standing::Selected, Standing::Muted] {
                let clip = t.clip(track, standing);
                let (header, wave) = (contrast(clip.name, clip.header), contrast(clip.wave, clip.body));
                assert!(header >= 4.0, "{name}: the name of a {standing:?} clip in {colour:?}: {header}");
                assert!(wave >= 2.5, "{name}: the wave of a {standing:?} clip in {colour:?}: {wave}");
            }
        }
    }
}

type Turns = Rc<RefCell<Vec<Turn>>>;

/// A fader, a knob and a number that remember what was done to them, with something above them that comes and goes.
struct Desk {
    gain: f32,
    pan: f32,
    tempo: f32,
    above: bool,
    turns: Turns,
}

fn desk() -> (Harness<'static, Desk>, Turns) {
    let turns = Turns::default();
    let desk = Desk { gain: 0.5, pan: 0.0, tempo: 92.0, above: false, turns: Rc::clone(&turns) };
    let show = |ui: &mut Ui, desk: &mut Desk| {
        look::apply(ui.ctx(), Theme::Dark);
        if desk.above {
            ui.label("A notice that came in between");
        }
        let turned = [
            control::fader(ui, "Volume Lead", desk.gain, 200.0).1,
            control::pan_knob(ui, "Pan Lead", desk.pan, 36.0).1,
            control::number(ui, "Tempo", desk.tempo, 20.0..=999.0, 2, "BPM").1,
        ];
        for (turn, value) in turned.into_iter().zip([&mut desk.gain, &mut desk.pan, &mut desk.tempo]) {
            if let Turn::Lands(to) = turn {
                *value = to;
            }
            if turn != Turn::Rests {
                desk.turns.borrow_mut().push(turn);
            }
        }
    };
    let mut harness =
        Harness::builder().with_size(vec2(400.0, 200.0)).with_step_dt(0.02).build_ui_state(show, desk);
    harness.run();
    (harness, turns)
}

fn middle(harness: &Harness<'_, Desk>, role: Role, name: &str) -> Pos2 {
    harness.get_by_role_and_label(role, name).rect().center()
}

// Seen red: the moves of a drag given out as `Lands`; Escape not looked at when a drag stops.
#[test]
fn a_fader_previews_while_it_moves_lands_once_and_is_taken_back() {
    let (mut harness, turns) = desk();
    let at = middle(&harness, Role::Slider, "Volume Lead");
    harness.drag_at(at);
    harness.step();
    for step in 1..=5_u8 {
        harness.hover_at(at + vec2(f32::from(step) * 8.0, 0.0));
        harness.step();
    }
    // What else comes into the window meanwhile takes nothing out of the hand.
    harness.state_mut().above = true;
    harness.step();
    harness.drop_at(at + vec2(40.0, 0.0));
    harness.step();
    {
        let turns = turns.borrow();
        let (last, moves) = turns.split_last().unwrap();
        assert!(moves.len() >= 3 && moves.iter().all(|turn| matches!(turn, Turn::Moves(_))), "{turns:?}");
        assert!(matches!(last, Turn::Lands(to) if *to > 0.5), "{turns:?}");
    }
    let landed = harness.state().gain;
    turns.borrow_mut().clear();
    let at = middle(&harness, Role::Slider, "Volume Lead");
    harness.drag_at(at);
    harness.step();
    harness.hover_at(at - vec2(40.0, 0.0));
    harness.step();
    harness.key_press(Key::Escape);
    harness.step();
    harness.hover_at(at - vec2(60.0, 0.0));
    harness.step();
    harness.drop_at(at - vec2(60.0, 0.0));
    harness.step();
    assert!(matches!(turns.borrow().as_slice(), [Turn::Moves(_), Turn::TakenBack]), "{turns:?}");
    assert_eq!(harness.state().gain.to_bits(), landed.to_bits());
}

fn near(gain: f32, decibels: f32) -> bool {
    (20.0 * gain.log10() - decibels).abs() < 0.01
}

// Seen red: `home` of the fader at silence; a step of a whole decibel; Shift not looked at.
#[test]
fn a_fader_is_reset_stepped_and_typed() {
    let (mut harness, _) = desk();
    let at = middle(&harness, Role::Slider, "Volume Lead");
    for _ in 0..2 {
        harness.drag_at(at);
        harness.drop_at(at);
    }
    harness.run();
    assert!(near(harness.state().gain, 0.0), "{}", harness.state().gain);
    harness.get_by_role_and_label(Role::Slider, "Volume Lead").focus();
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert!(near(harness.state().gain, 0.5), "{}", harness.state().gain);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    harness.run();
    assert!(near(harness.state().gain, 0.4), "{}", harness.state().gain);
    for (words, decibels) in [("-3", -3.0), ("−3.5 dB", -3.5), ("1,5", 1.5)] {
        type_in(&mut harness, "Volume Lead", words, Key::Enter);
        assert!(near(harness.state().gain, decibels), "{words}: {}", harness.state().gain);
    }
    type_in(&mut harness, "Volume Lead", "-inf", Key::Enter);
    assert_eq!(harness.state().gain, 0.0);
    type_in(&mut harness, "Volume Lead", "-12", Key::Escape);
    assert_eq!(harness.state().gain, 0.0, "Escape keeps what was");
    // Seen red: the 24 dB that a song may hold let through.
    type_in(&mut harness, "Volume Lead", "12", Key::Enter);
    assert!(near(harness.state().gain, 6.0), "no further than the way goes: {}", harness.state().gain);
    type_in(&mut harness, "Volume Lead", "-inf", Key::Enter);
    // A person steps out of silence again.
    harness.key_press(Key::PageUp);
    harness.run();
    assert!(harness.state().gain > 0.0);
}

fn type_in(harness: &mut Harness<'_, Desk>, name: &str, words: &str, end: Key) {
    harness.key_press(Key::Enter);
    harness.run();
    let field = format!("Type {name}");
    harness.get_by_label(&field).type_text(words);
    harness.run();
    // It goes on being typed though the window changes around it.
    harness.state_mut().above = !harness.state().above;
    harness.run();
    assert!(harness.get_by_label(&field).is_focused(), "{field} lost the keyboard");
    harness.key_press(end);
    harness.run();
}

// Seen red: "L 30" read as right; the number not held within its range.
#[test]
fn a_knob_and_a_number_take_words() {
    let (mut harness, _) = desk();
    harness.get_by_role_and_label(Role::Slider, "Pan Lead").focus();
    harness.run();
    for (words, pan) in [("L 30", -0.3), ("12", 0.12), ("55r", 0.55), ("c", 0.0), ("-200", -1.0)] {
        type_in(&mut harness, "Pan Lead", words, Key::Enter);
        assert_eq!(harness.state().pan, pan, "{words}");
    }
    harness.get_by_role_and_label(Role::Slider, "Tempo").focus();
    harness.run();
    for (words, tempo) in [("128", 128.0), ("92,5 BPM", 92.5), ("5", 20.0), ("nonsense", 20.0)] {
        type_in(&mut harness, "Tempo", words, Key::Enter);
        assert_eq!(harness.state().tempo, tempo, "{words}");
    }
}

// Seen red: a 1 narrower than the other figures in the medium weight; the style set anew in each frame.
#[test]
fn figures_are_tabular_and_a_still_window_rests() {
    let widths = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&widths);
    let mut harness = Harness::builder().with_size(vec2(300.0, 100.0)).build_ui(move |ui: &mut Ui| {
        look::apply(ui.ctx(), Theme::Dark);
        let width =
            |text: &str, font| ui.painter().layout_no_wrap(text.into(), font, egui::Color32::WHITE).size().x;
        let mut seen = seen.borrow_mut();
        seen.clear();
        for font in [look::regular(12.0), look::medium(12.0), look::semibold(22.0)] {
            seen.push((width("−11.1", font.clone()), width("+48.7", font)));
        }
        ui.label("F♯ min · B♭ · −∞ dB · ¼ · 🎵");
    });
    harness.run();
    for (one, other) in widths.borrow().iter() {
        assert!((one - other).abs() < 0.01, "{one} {other}");
    }
    harness.step();
    let delay = harness.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min();
    assert_eq!(delay, Some(std::time::Duration::MAX), "a still window asks for no frame");
}
