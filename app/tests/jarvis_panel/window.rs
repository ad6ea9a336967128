//! The whole window with the panel in it, and what it says.

use std::path::PathBuf;
use std::sync::Arc;

use ai_dawg::look;
use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::Studio;
use ai_dawg::studio::operator::Seen;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::studio::view::Tab;
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use egui::Vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

pub(crate) type Window = Harness<'static, Shell>;

/// A window that shows this.
pub(crate) fn window(seen: Seen, size: [f32; 2], theme: Theme) -> Window {
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
            // Of the system's fonts, which have other scripts, a test knows nothing.
            ui.ctx().set_missing_glyph_policy(egui::epaint::text::MissingGlyphPolicy::Tofu);
            look::apply(ui.ctx(), shell.studio().preferences().theme);
            shell.frame(ui);
        },
        shell,
    );
    harness.run_ok();
    harness.run_ok();
    harness
}

pub(crate) fn large(seen: Seen) -> Window {
    window(seen, [1_600.0, 1_000.0], Theme::Dark)
}

pub(crate) fn open(harness: &mut Window, page: &str) {
    harness.get_by_label(page).click();
    harness.run_ok();
}

/// What is shown, as a screen reader reads it: names and values.
pub(crate) fn read(harness: &Window) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    nodes
        .flat_map(|node| {
            let node = node.accesskit_node();
            [node.label(), node.value()].into_iter().flatten().collect::<Vec<_>>()
        })
        .collect()
}

pub(crate) fn save(harness: &mut Window, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
}
