//! The view of the supervisor, from what is known of it to what is shown: by accessible name, in the whole window.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "jarvis_panel/made.rs"]
mod made;

use std::path::PathBuf;
use std::sync::Arc;

use ai_dawg::look;
use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::Studio;
use ai_dawg::studio::operator::Seen;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::studio::view::Tab;
use ai_dawg::supervision::Role;
use ai_dawg::window::Shell;
use ai_dawg::window::jarvis::Page;
use dawg_engine::device::Host;
use egui::Vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jarvis::switch::Switch;

type Window = Harness<'static, Shell>;

/// A window that shows this.
fn window(seen: Seen, size: [f32; 2], theme: Theme) -> Window {
    let folder = tempfile::tempdir().unwrap();
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let preferences = Preferences { toured: true, theme, device, ..Preferences::default() };
    let mut studio = Studio::start(preferences, folder.path().to_owned(), Arc::new(|| {})).unwrap();
    studio.show_operator(seen);
    let mut shell = Shell::new(studio);
    shell.view_mut().tab = Tab::Jarvis;
    let mut harness = Harness::builder().with_size(Vec2::from(size)).with_max_steps(30).build_ui_state(
        move |ui, shell: &mut Shell| {
            let _kept = &folder;
            look::apply(ui.ctx(), shell.studio().preferences().theme);
            shell.frame(ui);
        },
        shell,
    );
    harness.run_ok();
    harness.run_ok();
    harness
}

fn large(seen: Seen) -> Window {
    window(seen, [1_600.0, 1_000.0], Theme::Dark)
}

fn open(harness: &mut Window, page: &str) {
    harness.get_by_label(page).click();
    harness.run_ok();
}

/// What is shown, as a screen reader reads it: names and values.
fn read(harness: &Window) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    nodes
        .flat_map(|node| {
            let node = node.accesskit_node();
            [node.label(), node.value()].into_iter().flatten().collect::<Vec<_>>()
        })
        .collect()
}

fn save(harness: &mut Window, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
}

#[test]
#[ignore = "pictures, to be looked at"]
fn pictures() {
    let sizes = [
        ("1600", [1_600.0, 1_000.0], Theme::Dark),
        ("1280", [1_280.0, 720.0], Theme::Dark),
        ("960", [960.0, 600.0], Theme::Dark),
        ("light", [1_600.0, 1_000.0], Theme::Light),
        ("contrast", [1_280.0, 720.0], Theme::HighContrast),
    ];
    for (name, size, theme) in sizes {
        let mut harness = window(made::usual(), size, theme);
        save(&mut harness, &format!("jarvis-{name}"));
    }
    let mut harness = large(made::usual());
    for page in ["Vitals", "Logs", "Alerts", "Audit", "Usage"] {
        open(&mut harness, page);
        save(&mut harness, &format!("jarvis-{}", page.to_lowercase()));
    }
    save(&mut large(Seen::default()), "jarvis-nothing");
    save(&mut large(made::wild()), "jarvis-wild");
    save(&mut window(made::many(20), [1_280.0, 720.0], Theme::Dark), "jarvis-many");
    let mut harness = large(made::usual());
    harness.get_by_label("Restart Vocal coach").click();
    harness.run_ok();
    save(&mut harness, "jarvis-confirm");
}
