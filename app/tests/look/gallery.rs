//! A page of all controls, icons and clips, and what floats, as pictures for people
//! (`target/pictures/gallery-*.png`): look at them after every change of the look.

use ai_dawg::look::control::{self, Light};
use ai_dawg::look::icon::{self, Icon};
use ai_dawg::look::{self, Standing, tokens};
use ai_dawg::sound::Level;
use dawg_session::Colour;
use egui::{Key, Rect, RichText, Sense, Ui, Vec2, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::THEMES;

#[test]
fn gallery() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (theme, name) in THEMES {
        for (scale, called) in [(1.0, "1x"), (1.5, "1.5x"), (2.0, "2x")] {
            let mut harness = Harness::builder()
                .with_size(vec2(1280.0, 800.0))
                .with_pixels_per_point(scale)
                .build_ui(move |ui| {
                    look::apply(ui.ctx(), theme);
                    egui::CentralPanel::default().show(ui, page);
                });
            harness.run();
            let focused = harness.get_by_label("Focused button");
            focused.focus();
            harness.run();
            let image = harness.render().unwrap();
            image.save(folder.join(format!("gallery-{name}-{called}.png"))).unwrap();
        }
    }
}

fn page(ui: &mut Ui) {
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(400.0);
            buttons(ui);
            ui.add_space(12.0);
            icons(ui);
        });
        ui.add_space(16.0);
        ui.vertical(|ui| {
            ui.set_width(330.0);
            values(ui);
        });
        ui.add_space(16.0);
        ui.vertical(|ui| {
            ui.set_width(380.0);
            forms(ui);
            ui.add_space(12.0);
            clips(ui);
        });
    });
}

fn buttons(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    control::section_title(ui, "Transport");
    ui.horizontal(|ui| {
        control::icon_button(ui, Icon::ToStart, "To the start", "Home");
        control::icon_button(ui, Icon::Stop, "Stop", "");
        control::icon_toggle(ui, Icon::Play, "Play", "Space", true, Light::Accent);
        control::icon_toggle(ui, Icon::Record, "Record", "R", true, Light::Record);
        control::icon_toggle(ui, Icon::Loop, "Loop", "L", true, Light::Accent);
        control::icon_toggle(ui, Icon::Metronome, "Metronome", "K", false, Light::Accent);
        control::icon_toggle(ui, Icon::Headphones, "Monitor", "", true, Light::Green);
        control::icon_toggle(ui, Icon::Warning, "Look", "", true, Light::Amber);
        control::icon_button(ui, Icon::Undo, "Focused button", "");
        ui.add_enabled_ui(false, |ui| control::icon_button(ui, Icon::Redo, "Redo", ""));
    });
    ui.horizontal(|ui| {
        for (letter, light) in
            [("M", Light::Amber), ("S", Light::Accent), ("I", Light::Green), ("R", Light::Record)]
        {
            control::letter_toggle(ui, letter, &format!("{letter} off"), "", false, light);
            control::letter_toggle(ui, letter, &format!("{letter} on"), "", true, light);
        }
    });
    ui.horizontal(|ui| {
        control::text_button(ui, "Export", true);
        control::text_button(ui, "Cancel", false);
        ui.add_enabled_ui(false, |ui| control::text_button(ui, "Not now", true));
        let _ = ui.button("egui’s");
    });
    ui.horizontal(|ui| {
        control::state_dot(ui, t.in_tune, "JARVIS · all well");
        control::chip(ui, Some(t.in_tune), "saved");
        control::chip(ui, None, "round trip 5.3 ms");
        control::key_cap(ui, "⌘K");
        control::key_cap(ui, "Space");
    });
    ui.label(RichText::new("17.3.1").font(look::semibold(22.0)));
    ui.label("F♯ min · B♭ · ♮ · −∞ dB · ¼ delay · ▾ ▴ · 🎵 · Ääß Ελλ Жук → ⌘⇧");
}

fn icons(ui: &mut Ui) {
    control::section_title(ui, "Icons");
    for size in [16.0, 24.0] {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(10.0, 8.0);
            for shape in Icon::ALL {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
                icon::draw(ui.painter(), shape, rect, tokens(ui.ctx()).text);
            }
        });
        ui.add_space(8.0);
    }
}

fn values(ui: &mut Ui) {
    control::section_title(ui, "Values");
    for (name, gain) in [("Volume a", 0.707), ("Volume b", 1.0), ("Volume c", 0.05), ("Volume d", 0.0)] {
        control::fader(ui, name, gain, 220.0);
    }
    ui.horizontal(|ui| {
        for (index, pan) in [-0.09_f32, 0.0, 0.3, 1.0, -1.0].into_iter().enumerate() {
            ui.vertical(|ui| {
                ui.set_width(44.0);
                control::pan_knob(ui, &format!("Pan {index}"), pan, 40.0);
                ui.label(control::pan_words(pan));
            });
        }
        control::pan_knob(ui, "Small pan", 0.5, 26.0);
    });
    ui.horizontal(|ui| {
        control::number(ui, "Tempo", 92.0, 20.0..=999.0, 2, "BPM");
        control::number(ui, "Gain of the clip", -3.5, -60.0..=24.0, 1, "dB");
        control::number(ui, "Bars", 4.0, 1.0..=16.0, 0, "");
    });
    ui.horizontal_top(|ui| {
        for (index, gain) in [0.707_f32, 1.4, 0.2].into_iter().enumerate() {
            control::tall_fader(ui, &format!("Tall {index}"), gain, 260.0);
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 260.0), Sense::hover());
            let peak = gain * 0.95;
            let level = |peak: f32| Level { peak, rms: peak * 0.5, held: peak * 1.15, clipped: index == 1 };
            control::meter(ui, rect, &[level(peak), level(peak * 0.8)]);
        }
    });
    for peak in [0.9_f32, 0.3, 0.02] {
        let (rect, _) = ui.allocate_exact_size(vec2(220.0, 6.0), Sense::hover());
        let level = Level { peak, rms: peak * 0.5, held: peak * 1.2, clipped: peak > 0.8 };
        control::meter(ui, rect, &[level, level]);
        ui.add_space(4.0);
    }
}

fn forms(ui: &mut Ui) {
    control::segmented(ui, "View", 1, &["Arrange", "Mix", "Studio", "JARVIS"]);
    ui.add_space(8.0);
    control::card(ui, |ui| {
        ui.heading("Export “Midnight Verse”");
        control::field_label(ui, "Where");
        let mut path = "/home/lena/Music/Midnight Verse.wav".to_owned();
        control::path_field(ui, "Where", &mut path);
        ui.horizontal(|ui| {
            control::combo(ui, "Format", 0, &["WAV, 24 bit", "FLAC", "MP3, 320 kbit/s"], 150.0);
            control::menu_button(ui, "Range", "The whole song and all that follows", 150.0, |_| ());
        });
        control::checkbox(ui, true, "Dither");
        control::checkbox(ui, false, "Tail of the reverb");
        control::switch(ui, true, "Follow the playhead");
        control::switch(ui, false, "High contrast");
        control::progress_bar(ui, "Exporting", Some(0.6), 240.0);
        let (mut on, mut name) = (true, "typed".to_owned());
        ui.horizontal(|ui| {
            ui.checkbox(&mut on, "egui");
            ui.add(egui::TextEdit::singleline(&mut name).desired_width(80.0)).accessible_name("Typed");
        });
        ui.separator();
        ui.horizontal(|ui| {
            control::text_button(ui, "Export", true);
            control::text_button(ui, "Cancel", false);
        });
    });
    ui.add_space(8.0);
    control::empty_hint(
        ui,
        Icon::Wave,
        "Drop a beat here",
        "or arm a microphone and sing. The demo song is one click away.",
    );
}

fn clips(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    control::section_title(ui, "Clips");
    let (rect, _) = ui.allocate_exact_size(vec2(380.0, 170.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.room);
    for (row, standing) in [Standing::Plain, Standing::Selected, Standing::Muted].into_iter().enumerate() {
        for (column, colour) in Colour::PALETTE.into_iter().enumerate() {
            let clip = t.clip(look::track_colour(colour), standing);
            let at = rect.min + vec2(4.0 + column as f32 * 47.0, 4.0 + row as f32 * 55.0);
            let body = Rect::from_min_size(at, vec2(44.0, 50.0));
            ui.painter().rect_filled(body, 5.0, clip.body);
            let head = Rect::from_min_size(at, vec2(44.0, 15.0));
            ui.painter().rect_filled(head, egui::CornerRadius { nw: 5, ne: 5, sw: 0, se: 0 }, clip.header);
            let name = control::elide(ui, "Lead vocal", look::medium(11.0), clip.name, 38.0);
            ui.painter().galley(head.min + vec2(4.0, 1.0), name, clip.name);
            for x in 0..20_u8 {
                let high = 3.0 + 10.0 * (f32::from(x) * 0.7).sin().abs();
                let centre = at + vec2(3.0 + f32::from(x) * 2.0, 32.0);
                ui.painter()
                    .line_segment([centre - vec2(0.0, high), centre + vec2(0.0, high)], (1.5, clip.wave));
            }
            if standing == Standing::Selected {
                ui.painter().rect_stroke(body, 5.0, (1.5, clip.outline), egui::StrokeKind::Inside);
            }
        }
    }
}

/// What floats: an open menu and a tooltip over it, for eyes.
#[test]
fn gallery_of_what_floats() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (theme, name) in THEMES {
        let mut harness =
            Harness::builder().with_size(vec2(520.0, 260.0)).with_pixels_per_point(1.5).build_ui(move |ui| {
                look::apply(ui.ctx(), theme);
                egui::CentralPanel::default().show(ui, |ui| {
                    control::combo(ui, "Format", 1, &["WAV, 24 bit", "FLAC", "MP3, 320 kbit/s"], 160.0);
                    ui.add_space(130.0);
                    control::fader(ui, "Volume Lead vocal", 0.7, 200.0);
                    control::icon_button(ui, Icon::Loop, "Loop", "L");
                });
            });
        harness.run();
        harness.get_by_label("Format").click();
        harness.run();
        harness.render().unwrap().save(folder.join(format!("gallery-menu-{name}.png"))).unwrap();
        harness.get_by_label("Loop").hover();
        for _ in 0..8 {
            harness.step();
        }
        harness.get_by_role_and_label(Role::Slider, "Volume Lead vocal").focus();
        harness.step();
        harness.key_press(Key::Enter);
        harness.run();
        harness.render().unwrap().save(folder.join(format!("gallery-floats-{name}.png"))).unwrap();
    }
}
