//! The JSON Schema of [`Edit`](super::Edit), for whoever writes scripts.

use super::Edit;

/// The JSON Schema of one Edit, as `ai-dawg edit --schema` prints it.
#[must_use]
pub fn edit_schema() -> serde_json::Value {
    schemars::schema_for!(Edit).to_value()
}
