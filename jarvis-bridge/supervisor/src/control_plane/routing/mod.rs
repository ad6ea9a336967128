//! Routing: `POST /api/v1/execute` `{"module","action","params"?,"idempotency_key"?}` to the module's sidecar.
//!
//! What a module can do is what its `/health` lists, beside `state` and `checks`:
//!
//! ```json
//! {"actions": [{"name": "analyze-rhythm", "method": "POST", "path": "/api/analyze-rhythm", "safe": true}]}
//! ```
//!
//! - `name`: letters, digits, `-`, `_` and `.`, at most 64; not `start`, `stop`, `restart`, which the supervisor does.
//! - `method`: `GET`, `POST`, `PUT` or `DELETE`. Parameters go into the query of GET and DELETE (numbers, texts and truth
//!   values), and are the JSON body of POST and PUT (`{}` without any).
//! - `path`: begins with one `/`; no query, no `..`.
//! - `safe`: it may be done twice with the effect of once, so it is tried again when no answer comes. Left out: false.
//!
//! The sidecar is called with `Authorization: Bearer TOKEN`, `X-Correlation-Id`, `traceparent` if there is one, and
//! `Idempotency-Key` if the client gave one. It answers JSON (`application/json`), or with 4xx and preferably
//! `application/problem+json`. Anything else is its failure.

mod action;
