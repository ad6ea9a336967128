use super::*;
use crate::time::{Meter, Tempo};

fn map() -> TempoMap {
    TempoMap::fixed(Tempo::DEFAULT, Meter::DEFAULT)
}

fn samples(text: &str, rate: u32) -> i64 {
    match parse_time(text, &map(), rate).unwrap() {
        Position::Samples(samples) => samples,
        Position::Ticks(_) => panic!("{text} became ticks"),
    }
}

/// Seen red: with hours of 100 minutes.
#[test]
fn each_form_is_understood() {
    for (text, expected) in [
        ("1:02.5", 3_000_000),
        ("01:02.50", 3_000_000),
        ("1:01:02.5", 175_800_000),
        ("90:00", 259_200_000),
        ("12.25s", 588_000),
        ("12.25", 588_000),
        (" 0 ", 0),
        ("48000smp", 48_000),
        ("-1.5s", -72_000),
        ("-10smp", -10),
    ] {
        assert_eq!(samples(text, 48_000), expected, "{text}");
    }
    assert_eq!(parse_time("5|1|0", &map(), 48_000), Ok(Position::Ticks(4 * 4 * 1_920)));
    assert_eq!(parse_time("0|4|1919", &map(), 48_000), Ok(Position::Ticks(-1)));
}

/// Seen red: with the text parsed as `f64`, multiplied and cut.
#[test]
fn decimals_are_exact_and_rounded_once() {
    assert_eq!(samples("0.0003125s", 96_000), 30);
    assert_eq!(samples("0.5smp".strip_suffix("mp").unwrap(), 3), 2); // 1.5, halves up
    assert_eq!(samples("0.30000000000000004", 48_000), 14_400); // as programs print 0.1 + 0.2
    assert_eq!(samples("46912496118.442666666666666666667s", 192_000), 9_007_199_254_740_992); // 2^53
}

/// Seen red: with `1:75` taken for 2:15; with `+5` left to `parse`; with nothing before the point taken for 0.
#[test]
fn anything_else_is_refused_and_the_message_shows_the_forms() {
    for text in [
        "",
        "x",
        "1:75",
        "1:60:00",
        "1:2:3:4",
        ":5",
        "5:",
        ".5",
        "5.",
        "1.2.3",
        "12.25ms",
        "++5smp",
        "+5",
        "--5",
        "1e3",
        "0x10",
        "NaN",
        "inf",
        "5|1",
        "5|0|0",
        "5|5|0",
        "5|1|1920",
        "5|1|-1",
        "a|b|c",
        "5|1|0|0",
        "٣",
        "99999999999999999999smp",
        "99999999999999999999999999",
        "9223372036854775807|1|0",
        "999999999999:00:00",
        "-9007199254740993smp",
    ] {
        let error = parse_time(text, &map(), 192_000).unwrap_err().to_string();
        for form in [text, "1:02.5", "12.25s", "48000smp", "5|1|0"] {
            assert!(error.contains(form), "{text}: {error}");
        }
    }
}

/// Seen red: with `A..A` allowed.
#[test]
fn a_range_has_its_ends_in_order() {
    let range = parse_range("0:01..1.5s", &map(), 48_000);
    assert_eq!(range, Ok((Position::Samples(48_000), Position::Samples(72_000))));
    assert_eq!(parse_range("1|1|0..48000smp", &map(), 48_000).unwrap().0, Position::Ticks(0));
    for bad in ["5..5", "6..5", "3|1|0..1:00:00.."] {
        assert!(parse_range(bad, &map(), 48_000).is_err(), "{bad}");
    }
    assert!(matches!(parse_range("..5", &map(), 48_000), Err(ParseTimeError::NoRange(_))));
    assert!(matches!(parse_range("5", &map(), 48_000), Err(ParseTimeError::NoRange(_))));
    assert!(matches!(parse_range("3|1|0..1|1|0", &map(), 48_000), Err(ParseTimeError::EmptyRange(_))));
}
