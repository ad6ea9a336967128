//! Nothing lies over anything else, whatever the names.

use crate::made;
use crate::window::{Window, open, read, window};
use ai_dawg::studio::preferences::Theme;
use egui::Vec2;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// What must not lie over each other: buttons, rows, texts of one kind among themselves, all within the window.
fn assert_in_order(harness: &Window, size: [f32; 2], what: &str) {
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, Vec2::from(size));
    for role in [egui::Role::Button, egui::Role::Label, egui::Role::Group] {
        let all: Vec<_> = harness
            .query_all_by_role(role)
            .filter(|node| node.rect().top() >= 57.0)
            .map(|node| {
                let inner = node.accesskit_node();
                (inner.label().or(inner.value()).unwrap_or_default(), node.rect())
            })
            .collect();
        for (at, (name, rect)) in all.iter().enumerate() {
            assert!(rect.left() >= 0.0 && rect.right() <= window.right() + 1.0, "{what}: {name} {rect:?}");
            for (other, beside) in &all[at + 1..] {
                let shared = rect.intersect(*beside);
                let seen = window.intersect(shared);
                assert!(
                    shared.width() < 2.0 || shared.height() < 2.0 || !seen.is_positive(),
                    "{what}: {name:.40} {rect:?} over {other:.40} {beside:?}"
                );
            }
        }
    }
}

// Seen red: with the text as it came. Text that is painted beyond its box it does not see: look at the pictures.
#[test]
fn wild_names_are_plain_text_and_break_nothing() {
    for size in [[1_600.0, 1_000.0], [1_280.0, 720.0], [960.0, 600.0]] {
        let mut harness = window(made::wild(), size, Theme::Dark);
        assert_in_order(&harness, size, "wild names");
        let said = read(&harness);
        assert!(said.iter().any(|words| words.contains("<script>alert(1)</script>")), "as it was given");
        assert!(!said.iter().any(|words| words.contains(['\u{202e}', '\u{2066}'])), "turned round");
        for page in ["Logs", "Alerts", "Audit", "Usage", "Vitals"] {
            open(&mut harness, page);
            assert_in_order(&harness, size, page);
        }
    }
}

#[test]
fn twenty_services_scroll_and_lie_beside_each_other() {
    let size = [1_280.0, 720.0];
    let harness = window(made::many(20), size, Theme::Dark);
    assert_in_order(&harness, size, "twenty services");
    let harness = window(made::many(20), [1_600.0, 2_000.0], Theme::Dark);
    assert_in_order(&harness, [1_600.0, 2_000.0], "twenty services on a tall window");
    assert_eq!(harness.query_all_by_label_contains("Restart Service").count(), 16, "those that run");
    assert_eq!(harness.query_all_by_label_contains("Start Service").count(), 4, "those that are stopped");
}
