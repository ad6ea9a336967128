//! What a module says it can do.

use serde::Deserialize;
use serde_json::Value;

/// At most so many are read of one module.
const MOST: usize = 200;
/// What the supervisor does itself; a module's action of that name is never reached.
const RESERVED: [&str; 4] = ["start", "stop", "restart", "shutdown"];

/// One action, as the module's `/health` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) path: String,
    /// May be done twice with the effect of once.
    #[serde(default)]
    pub(super) safe: bool,
}

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Parameters are its body; otherwise its query.
    pub(super) fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// The actions in a module's health. What is not one is left out: a module says many things, and may say them wrongly.
pub(super) fn listed(health: &Value) -> Vec<Action> {
    let listed = health.get("actions").and_then(Value::as_array);
    let understood = listed.into_iter().flatten().take(MOST).filter_map(|one| Action::deserialize(one).ok());
    understood.filter(Action::makes_sense).collect()
}

impl Action {
    fn makes_sense(&self) -> bool {
        let named = !self.name.is_empty()
            && self.name.len() <= 64
            && self.name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && !RESERVED.contains(&self.name.as_str());
        let placed = self.path.len() <= 256
            && self.path.starts_with('/')
            && !self.path.starts_with("//")
            && self.path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~".contains(c))
            && self.path.split('/').all(|part| part != "." && part != "..");
        named && placed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_listed_is_understood_and_the_rest_left_out() {
        // Seen red: with `stop` taken for an action of the module.
        let health = json!({ "state": "ready", "actions": [
            { "name": "analyze", "method": "POST", "path": "/api/analyze", "safe": true },
            { "name": "forget", "method": "DELETE", "path": "/api/all" },
            { "name": "stop", "method": "POST", "path": "/stop" },
            { "name": "up", "method": "GET", "path": "/../etc/passwd" },
            { "name": "away", "method": "GET", "path": "//evil.example/" },
            { "name": "away", "method": "GET", "path": "@evil.example/" },
            { "name": "split", "method": "GET", "path": "/a HTTP/1.1\r\nX: y" },
            { "name": "trace", "method": "TRACE", "path": "/a" },
            { "name": "", "method": "GET", "path": "/a" },
            { "name": "no path", "method": "GET" },
            7, null, [],
        ]});
        let names: Vec<_> = listed(&health).into_iter().map(|action| (action.name, action.safe)).collect();
        assert_eq!(names, [("analyze".to_owned(), true), ("forget".to_owned(), false)]);
        for nothing in [json!(null), json!({}), json!({ "actions": "all" }), json!([])] {
            assert_eq!(listed(&nothing), []);
        }
    }
}
