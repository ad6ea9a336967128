//! The switch: whether one may act without being asked.
//!
//! On only if the environment and what was stored both allow it. Start at [`Switch`].

use serde::{Deserialize, Serialize};

/// The environment variable that wins over what was stored.
pub const VARIABLE: &str = "JARVIS_AUTONOMOUS";

/// Whether one may act without being asked, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Switch {
    /// May one?
    pub on: bool,
    /// What was stored.
    pub stored: bool,
    /// Why it cannot be switched on here; none if it can.
    pub locked: Option<String>,
    /// Why what was chosen last is not on the disk yet; none once it is. An owner that was killed now would not leave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unstored: Option<String>,
}

impl Switch {
    /// From what was stored (on, if nothing was) and the value in the owner's environment, if there is one.
    #[must_use]
    pub fn new(stored: Option<bool>, environment: Option<&str>) -> Self {
        let stored = stored.unwrap_or(true);
        let locked = environment.and_then(lock);
        Self { on: stored && locked.is_none(), stored, locked, unstored: None }
    }

    /// What it is once `on` is stored.
    #[must_use]
    pub fn flipped(self, on: bool) -> Self {
        Self { on: on && self.locked.is_none(), stored: on, ..self }
    }
}

/// True if the value in the environment locks autonomy because it is neither true nor false.
#[must_use]
pub fn is_unreadable(environment: Option<&str>) -> bool {
    let known = ["true", "1", "on", "yes", "", "false", "0", "off", "no"];
    environment.is_some_and(|value| !known.contains(&value.trim().to_ascii_lowercase().as_str()))
}

fn lock(value: &str) -> Option<String> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" | "" => None,
        "false" | "0" | "off" | "no" => Some(format!("{VARIABLE}={value} in the environment")),
        _ => Some(format!(
            "{VARIABLE}={value} in the environment is neither true nor false, and counts as false"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_allow_it_and_the_environment_wins() {
        // Seen red: with a flip, and with what is stored, that the environment does not hold back.
        let on = |stored, environment| Switch::new(stored, environment).on;
        assert!(on(None, None) && on(Some(true), Some("true")) && on(Some(true), Some("ON")));
        assert!(!on(Some(false), None) && !on(Some(false), Some("true")));
        for off in ["false", "0", "off", "no", "NO", " False "] {
            let switch = Switch::new(Some(true), Some(off));
            assert!(!switch.on && switch.stored, "{off}");
            assert!(!switch.flipped(true).on, "the environment wins over a flip");
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_counts_as_false_and_says_so() {
        // Seen red: with such a value taken for true.
        let switch = Switch::new(None, Some("vielleicht"));
        assert!(!switch.on);
        assert!(switch.locked.unwrap().contains("neither true nor false"));
    }
}
