//! Windows of their own.

use crate::window::Window;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::view::Tab;
use egui::Modifiers;
use egui_kittest::Harness;

thread_local! {
    /// What is typed into the window of its own.
    static TYPED: std::cell::RefCell<Vec<egui::Event>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Gives the program windows as the system does, without a screen.
fn give_windows(ctx: &egui::Context) {
    ctx.set_embed_viewports(false);
    egui::Context::set_immediate_viewport_renderer(|ctx, mut viewport| {
        let mut input = egui::RawInput {
            viewport_id: viewport.ids.this,
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1_200.0, 760.0))),
            events: TYPED.take(),
            ..egui::RawInput::default()
        };
        let parent = Some(viewport.ids.parent);
        input.viewports.insert(viewport.ids.this, egui::ViewportInfo { parent, ..Default::default() });
        // There is no screen to give the textures to.
        ctx.run_ui(input, |ui| (viewport.viewport_ui_cb)(ui)).textures_delta.clear();
    });
}

// Seen red: with keys listened to in the main window only; with Ctrl+W left to the song, the song is closed.
#[test]
fn a_window_of_its_own_has_its_own_scroll_view_and_keys() {
    let mut harness = Window::open(|_| {}).harness([1_600.0, 1_000.0], 1.0);
    give_windows(&harness.ctx);
    let mut view = ai_dawg::studio::view::View::default();
    harness.state_mut().shell.studio_mut().perform(Action::Detach(Tab::Arrange), &mut view);
    harness.run_ok();
    let shell = &mut harness.state_mut().shell;
    assert_eq!(shell.detached_views().count(), 1);
    let before = shell.detached_views().next().unwrap().timeline.left;
    shell.view_mut().timeline.left += 48_000.0;
    harness.run_ok();
    let shell = &harness.state().shell;
    let left = shell.detached_views().next().unwrap().timeline.left;
    assert!((left - before).abs() < f64::EPSILON, "{left}");
    type_there(&mut harness, egui::Key::F8, Modifiers::NONE);
    let shell = &harness.state().shell;
    assert_eq!(shell.detached_views().next().unwrap().tab, Tab::Jarvis);
    assert_eq!(shell.view().tab, Tab::Arrange);
    type_there(&mut harness, egui::Key::W, Modifiers::COMMAND);
    let shell = &harness.state().shell;
    assert_eq!(shell.detached_views().count(), 0, "Ctrl+W closes this window");
    assert!(shell.studio().work().is_some(), "and leaves the song");
}

/// Presses keys in the window of its own.
fn type_there(harness: &mut Harness<'_, Window>, key: egui::Key, modifiers: Modifiers) {
    let pressed = egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    TYPED.with_borrow_mut(|typed| typed.push(pressed));
    harness.run_ok();
}
