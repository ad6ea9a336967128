//! The control plane's document is what there is, and every address in it has the same door.

use jarvis::endpoint::Endpoint;
use serde_json::Value;

use crate::owned::{Owned, ours, start};
use crate::plane::{JSON, ask};

/// Everything that JARVIS.md promises.
const PROMISED: [&str; 15] = [
    "/health",
    "/api/v1/health",
    "/api/v1/modules",
    "/api/v1/execute",
    "/api/v1/intelligence",
    "/api/v1/services",
    "/api/v1/events",
    "/api/v1/alerts",
    "/api/v1/alerts/{id}/acknowledge",
    "/api/v1/audit",
    "/api/v1/audit/verify",
    "/api/v1/autonomy",
    "/openapi.json",
    "/metrics",
    "/api/v1/stream",
];

fn document(endpoint: &Endpoint) -> Value {
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let asked = ask(endpoint.port, "GET", "/openapi.json", &[("Authorization", &bearer)], "");
    assert_eq!((asked.status, asked.kind.as_str()), (200, "application/json"), "{}", asked.body);
    serde_json::from_str(&asked.body).unwrap()
}

/// Method and path of each operation, `{id}` filled in, and its statuses.
fn operations(document: &Value) -> Vec<(String, String, Vec<String>)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(|(method, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys().cloned().collect();
            (method.to_uppercase(), path.replace("{id}", "1"), statuses)
        })
    });
    operations.collect()
}

/// All `$ref`s in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(to) if name == "$ref" => found.push(to.to_owned()),
                    _ => references(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn the_document_names_all_that_is_promised_and_refers_to_what_is_in_it() {
    // Seen red: without `/api/v1/modules`.
    let owned = Owned::new("");
    let document = document(&Endpoint::read(&owned.layout).unwrap().unwrap());
    assert_eq!(document["openapi"], "3.1.0");
    for path in PROMISED {
        assert!(document["paths"][path].is_object(), "{path} is not in the document");
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 30, "{found:?}");
    for to in found {
        assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to} leads nowhere");
    }
    for (method, path, statuses) in operations(&document) {
        let common: &[&str] =
            if path == "/health" { &["403", "405"] } else { &["401", "403", "405", "429", "503"] };
        let sends = if matches!(method.as_str(), "POST" | "PUT") { &["413", "415", "422"][..] } else { &[] };
        for status in common.iter().chain(sends) {
            assert!(statuses.iter().any(|known| known == status), "{method} {path} says nothing of {status}");
        }
    }
}

/// What the document says of an answer to a GET: the names of its headers, in small letters.
fn documented(document: &Value, path: &str, status: u16) -> Vec<String> {
    let answer = &document["paths"][path]["get"]["responses"][status.to_string()];
    let headers = answer["headers"].as_object().unwrap_or_else(|| panic!("{path} says nothing of {status}"));
    headers.keys().map(|name| name.to_lowercase()).collect()
}

#[test]
fn every_header_that_is_answered_is_in_the_document() {
    // Seen red: with 426 without `Upgrade`.
    let owned = Owned::with(&[("requests", "30"), ("burst", "30")], "", None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let document = document(&endpoint);
    let bearer = format!("Bearer {}", endpoint.tokens["panel"]);
    let token = ("Authorization", bearer.as_str());
    // Of HTTP itself, and of every body.
    let plain = ["content-type", "content-length", "date"];
    let answers = [
        ("/health", 200, vec![]),
        ("/health", 403, vec![("Origin", "http://evil.example")]),
        ("/api/v1/services", 200, vec![token]),
        ("/api/v1/services", 401, vec![]),
        ("/api/v1/stream", 426, vec![token]),
    ];
    let mut asked: Vec<_> = answers
        .iter()
        .map(|(path, status, headers)| (*path, *status, ask(endpoint.port, "GET", path, headers, "")))
        .collect();
    let too_many = std::iter::repeat_with(|| ask(endpoint.port, "GET", "/api/v1/gauges", &[token], ""));
    asked.push(("/api/v1/gauges", 429, too_many.take(40).find(|asked| asked.status == 429).unwrap()));
    for (path, status, asked) in asked {
        assert_eq!(asked.status, status, "{path}: {}", asked.body);
        let known = documented(&document, path, status);
        for header in asked.headers.iter().filter(|header| !plain.contains(&header.as_str())) {
            assert!(known.contains(header), "{path} {status} says nothing of {header}: {known:?}");
        }
        for header in known.iter().filter(|name| *name != "retry-after") {
            assert!(asked.headers.contains(header), "{path} {status} promises {header}: {:?}", asked.headers);
        }
    }
}

#[test]
fn no_address_is_open_to_strangers_web_pages_or_tokens_of_yesterday() {
    // Seen red: with `Host: localhost` without its port let in.
    let mut owned = Owned::new(&ours("coach", ""));
    let old = Endpoint::read(&owned.layout).unwrap().unwrap();
    drop(owned.owner.take());
    let owner = start(&owned.layout, None);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let yesterday = format!("Bearer {}", old.tokens["cli"]);
    let token = ("Authorization", bearer.as_str());
    let wrong = "Bearer 00000000000000000000000000000000";
    let operations = operations(&document(&endpoint));
    assert!(operations.len() >= PROMISED.len(), "{operations:?}");
    for (method, path, _) in operations {
        let status = |headers: &[(&str, &str)]| {
            let asked = ask(endpoint.port, &method, &path, headers, "");
            assert_eq!(asked.kind, "application/problem+json", "{method} {path}: {}", asked.body);
            asked.status
        };
        for host in ["evil.example", "127.0.0.1:1", "localhost", &format!("127.0.0.1.:{}", endpoint.port)] {
            assert_eq!(status(&[JSON, token, ("Host", host)]), 403, "{method} {path} at {host}");
        }
        for origin in ["http://evil.example", "null", "http://localhost.evil.example", "file://"] {
            assert_eq!(status(&[JSON, token, ("Origin", origin)]), 403, "{method} {path} from {origin}");
        }
        if path == "/health" {
            continue;
        }
        assert_eq!(status(&[JSON]), 401, "{method} {path} without a token");
        assert_eq!(status(&[JSON, ("Authorization", wrong)]), 401, "{method} {path} with a wrong one");
        assert_eq!(status(&[JSON, ("Authorization", &yesterday)]), 401, "{method} {path} with an old one");
        assert_eq!(status(&[JSON, ("Authorization", &bearer[7..])]), 401, "{method} {path} without a scheme");
        let in_url = format!("{path}?token={}", endpoint.tokens["cli"]);
        assert_eq!(ask(endpoint.port, &method, &in_url, &[JSON], "").status, 401, "{method} {in_url}");
    }
    assert!(owner.client().status().unwrap()[0].pid.is_some(), "nothing was stopped");
    assert!(owner.client().autonomy(None, jarvis::by::By::name("test")).unwrap().on, "nor switched");
}

#[test]
fn nothing_that_is_sent_is_believed() {
    // Seen red: with events that could not be read yet, answered 503.
    let owned = Owned::new(&ours("coach", ""));
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["panel"]);
    let document = document(&endpoint);
    let nasty = [
        "'; DROP TABLE events; --",
        "1 OR 1=1",
        "../../../../etc/passwd",
        "<script>alert(1)</script>",
        "\u{0}",
        "-1",
        "1e99",
        "99999999999999999999",
        "",
        "ü",
    ];
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(operation) = methods.get("get").filter(|_| path != "/api/v1/stream") else { continue };
        let words = operation["parameters"].as_array().cloned().unwrap_or_default();
        for word in words.iter().map(|word| word["name"].as_str().unwrap()).chain(["strange"]) {
            for value in nasty {
                let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                // What stands in the path names nothing that there is.
                let place = format!("{{{word}}}");
                let named = path.contains(&place);
                let url = if named {
                    path.replace(&place, &encoded)
                } else {
                    format!("{}?{word}={encoded}", path.replace("{name}", "coach"))
                };
                let asked = ask(endpoint.port, "GET", &url, &[("Authorization", &bearer)], "");
                let fits = if named { asked.status == 404 } else { matches!(asked.status, 200 | 422) };
                assert!(fits, "{url}: {} {}", asked.status, asked.body);
                // Without a query nothing is read of it.
                let asks = words.iter().any(|word| word["in"] == "query");
                let unknown = word == "strange" && asks;
                assert!(!unknown || asked.status == 422, "{url}: {}", asked.body);
                assert!(asked.kind.starts_with("application/") || asked.kind.starts_with("text/plain"));
            }
        }
    }
    for path in
        ["/api/v1/../../etc/passwd", "/api/v1/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/api/v1/alerts/x"]
    {
        let asked = ask(endpoint.port, "GET", path, &[("Authorization", &bearer)], "");
        assert_eq!(asked.status, 404, "{path}: {}", asked.body);
    }
    for (id, status) in [("x", 422), ("-1", 422), ("99999999999999999999", 422), ("7", 404)] {
        let path = format!("/api/v1/alerts/{id}/acknowledge");
        let asked = ask(endpoint.port, "POST", &path, &[("Authorization", &bearer)], "");
        assert_eq!(asked.status, status, "{path}: {}", asked.body);
    }
    let script = r#"{"gauges":[{"name":"<script>","unit":"ms","value":1}]}"#;
    let sent = [
        ("/api/v1/gauges", script),
        ("/api/v1/gauges", r#"{"gauges":[{"name":"a","unit":"","value":1}]}"#),
        ("/api/v1/gauges", r#"{"gauges":[{"name":"a","unit":"ms","value":1e999}]}"#),
        ("/api/v1/gauges", r#"{"gauges":[{"name":"a","unit":"ms","value":"1"}]}"#),
        ("/api/v1/gauges", r#"{"gauges":[],"more":1}"#),
        ("/api/v1/usage", r#"{"usage":{}}"#),
        ("/api/v1/alerts/1/acknowledge", r#"{"more":1}"#),
    ];
    for (path, body) in sent {
        let asked = ask(endpoint.port, "POST", path, &[JSON, ("Authorization", &bearer)], body);
        assert_eq!(asked.status, 422, "{path} {body}: {}", asked.body);
    }
    let told = r#"{"usage":[{"id":"1","at":1,"what":"exported","detail":"<script>alert(1)</script>'; DROP TABLE usage"}]}"#;
    let asked = ask(endpoint.port, "POST", "/api/v1/usage", &[JSON, ("Authorization", &bearer)], told);
    assert_eq!((asked.status, asked.kind.as_str()), (200, "application/json"), "{}", asked.body);
    assert_eq!(asked.body, r#"{"kept":["1"]}"#);
    // What is unfit is refused alone. Seen red: with one that keeps the others from being kept.
    let told = r#"{"usage":[{"id":"2","at":1,"what":"'; DROP TABLE usage; --"},{"id":"","at":1,"what":"exported"},{"id":"3","at":1,"what":"exported"}]}"#;
    let asked = ask(endpoint.port, "POST", "/api/v1/usage", &[JSON, ("Authorization", &bearer)], told);
    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!((asked.status, &body["kept"]), (200, &serde_json::json!(["3"])), "{}", asked.body);
    assert_eq!(
        (&body["refused"][0]["id"], &body["refused"][1]["id"]),
        (&"2".into(), &"".into()),
        "{}",
        asked.body
    );
}

#[test]
fn other_methods_are_told_which_there_are() {
    // Seen red: with no answer of ours to them.
    let owned = Owned::new("");
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["cli"]);
    let document = document(&endpoint);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
            if methods.get(method.to_lowercase()).is_some() {
                continue;
            }
            let path = path.replace("{id}", "1");
            let asked = ask(endpoint.port, method, &path, &[("Authorization", &bearer)], "");
            assert_eq!(
                (asked.status, asked.kind.as_str()),
                (405, "application/problem+json"),
                "{method} {path}"
            );
        }
    }
}
