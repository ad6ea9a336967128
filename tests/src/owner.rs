//! The owner of the sidecars, asked over HTTP as any program may ask it.
//!
//! Start at [`Program::ask_owner`].

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::Program;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(60);

impl Program {
    /// What the owner answers to GET of `path`, or to POST of `body`, with the command line's token.
    ///
    /// # Panics
    ///
    /// If there is no owner, or if it answers no JSON.
    #[track_caller]
    pub fn ask_owner(&self, path: &str, body: Option<&Value>) -> Value {
        let endpoint = std::fs::read(self.data().join("jarvis/endpoint.json")).unwrap();
        let endpoint: Value = serde_json::from_slice(&endpoint).unwrap();
        let (port, token) = (endpoint["port"].as_u64().unwrap(), endpoint["tokens"]["cli"].as_str().unwrap());
        let mut stream = TcpStream::connect(("127.0.0.1", u16::try_from(port).unwrap())).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let (method, body) = body.map_or(("GET", String::new()), |body| ("POST", body.to_string()));
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = &answer[answer.find("\r\n\r\n").unwrap() + 4..];
        let json = body.find(['{', '[']).map(|start| &body[start..=body.rfind(['}', ']']).unwrap()]);
        serde_json::from_str(json.unwrap_or_else(|| panic!("{answer}")))
            .unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}
