//! The rules by which alerts open, and the budget of restarts, as they are declared: read from the disk, since the owner read them there too.

use jarvis::alert::When;
use jarvis::config::Config;
use jarvis::layout::Layout;

use super::Rule;
use super::happening::{Budget, title};

/// Those that are in force; none where the declarations cannot be read.
pub(super) fn declared(layout: &Layout) -> Option<(Vec<Rule>, Budget)> {
    let config = Config::read(layout).ok()?;
    let budget = Budget {
        most: config.restarts.short as u32,
        window_ms: config.restarts.short_window.as_millis() as u64,
    };
    let rules = config.alerts.into_iter().filter(|rule| rule.on);
    let rules = rules.map(|rule| {
        let of = rule.of.as_deref().map_or_else(String::new, |of| format!(" (of {} alone)", title(of)));
        Rule {
            what: format!("{}{of}", what(rule.when)),
            held_ms: rule.lasting.as_millis() as u64,
            severity: rule.severity,
            name: rule.name,
        }
    });
    Some((rules.collect(), budget))
}

/// What must hold, in words.
fn what(when: When) -> &'static str {
    match when {
        When::HumanNeeded => "JARVIS could not bring a service back: a human must look at it",
        When::Blocked => "A service cannot be started until a human has cleared something",
        When::Flapping => "A service goes up and down too often to be called either",
        When::Down => "A service does not work, or is not ready again since it fell",
        When::Degraded => "A service answers, and not everything is well",
        When::Latency => "The 95th percentile of a service's answers is above the aim",
        When::GaugeFail => "Something measured fails",
        When::GaugeWarn => "Something measured is worth a warning, or fails",
        When::Check => "A deep check of the machine fails",
        When::Locked => "Automatic actions are locked by a value that cannot be read",
    }
}
