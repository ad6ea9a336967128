//! `traceparent` (W3C Trace Context, level 1): which span of which trace something is a part of.

use std::fmt::{self, Display, Formatter};

/// The span that others are parts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace, not 0.
    pub trace: u128,
    /// The span in it, not 0.
    pub span: u64,
    /// Its flags; bit 0: somebody records it.
    pub flags: u8,
}

impl TraceParent {
    /// From the header's value. None if it is not one: then a trace begins here.
    #[must_use]
    pub fn read(header: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(header).ok()?;
        let mut parts = text.split('-');
        let mut field = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            let fits = part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            if fits { u128::from_str_radix(part, 16).ok() } else { None }
        };
        let (version, trace) = (field(2)?, field(32)?);
        let (span, flags) = (u64::try_from(field(16)?).ok()?, u8::try_from(field(2)?).ok()?);
        // A later version may say more after these four; version 255 is none.
        let ends = parts.next().is_none() || version > 0;
        (version != 0xff && ends && trace != 0 && span != 0).then_some(Self { trace, span, flags })
    }
}

/// As the header's value.
impl Display for TraceParent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_allows_is_read_and_nothing_else() {
        // Seen red: with upper case let through, with zeros let through, and with more after version 00.
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(TraceParent::read(good.as_bytes()).unwrap().to_string(), good);
        let later = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more";
        assert_eq!(TraceParent::read(later.as_bytes()).unwrap().to_string(), good);
        let bad = [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf9-00f067aa0ba902b7-01",
        ];
        for header in bad {
            assert_eq!(TraceParent::read(header.as_bytes()), None, "{header}");
        }
    }
}
