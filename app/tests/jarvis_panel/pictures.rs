//! Pictures for the eye.

use crate::made;
use crate::window::{large, open, save, window};
use ai_dawg::studio::operator::Seen;
use ai_dawg::studio::preferences::Theme;
use egui_kittest::kittest::Queryable as _;

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
