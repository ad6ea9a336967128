//! Planted patterns are found, and chance is not called a pattern.

use super::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A Monday, 2026-11-16 00:00 UTC.
const FROM: i64 = 1_794_787_200_000;

/// splitmix64 (Steele, Lea, Flood, 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Falls at any time, one in `mean` hours.
    fn falls(&mut self, until: i64, mean: f64) -> Vec<i64> {
        let mut falls = Vec::new();
        let mut at = FROM;
        loop {
            at += (-self.next().max(1e-12).ln() * mean * HOUR as f64) as i64;
            if at >= until {
                return falls;
            }
            falls.push(at);
        }
    }
}

struct Planted {
    failures: Vec<i64>,
    lived: Vec<Lived>,
    versions: Vec<(i64, String)>,
    medians: Vec<(i64, f64)>,
    days: i64,
}

impl Planted {
    fn new(days: i64, mut failures: Vec<i64>) -> Self {
        failures.sort_unstable();
        let until = FROM + days * DAY;
        let lived = vec![Lived { since: FROM, until, how: How::Healthy }];
        Self { failures, lived, versions: Vec::new(), medians: Vec::new(), days }
    }

    fn found(&self) -> Vec<Pattern> {
        find(&History {
            service: "producer",
            failures: &self.failures,
            lived: &self.lived,
            versions: &self.versions,
            medians: &self.medians,
            from: FROM,
            until: FROM + self.days * DAY,
            offset: 0,
        })
    }

    fn kinds(&self) -> Vec<String> {
        self.found().into_iter().map(|pattern| pattern.kind).collect()
    }
}

#[test]
fn six_of_seven_nights_are_found_among_other_falls() {
    // Seen red: with a day of twelve hours.
    for seed in 0..50 {
        let mut failures = Chance(seed).falls(FROM + 7 * DAY, 30.0);
        failures.extend((1..7).map(|day| FROM + day * DAY + 3 * HOUR + 7 * MINUTE));
        let found = Planted::new(7, failures).found();
        let hour = found.iter().find(|pattern| pattern.kind == "failures_by_hour");
        assert!(
            hour.is_some_and(|pattern| pattern.says.contains("between 3:00 and 4:00")),
            "seed {seed}: {found:?}"
        );
    }
}

#[test]
fn mondays_are_found() {
    // Seen red: with 1970 beginning on a Monday.
    for seed in 0..50 {
        let mut chance = Chance(seed);
        let mut failures = Vec::new();
        for week in 0..8 {
            failures.push(FROM + week * 7 * DAY + (chance.next() * DAY as f64) as i64);
        }
        failures.extend(chance.falls(FROM + 56 * DAY, 500.0));
        let found = Planted::new(56, failures).found();
        let day = found.iter().find(|pattern| pattern.kind == "failures_by_weekday");
        assert!(
            day.is_some_and(|pattern| pattern.says.contains("fails on Mondays: on 8 of 8")),
            "seed {seed}: {found:?}"
        );
    }
}

#[test]
fn a_crash_loop_is_one_accident_and_no_habit() {
    // Seen red: with falls counted in place of episodes, and of hours that saw one.
    let failures = (0..40).map(|number| FROM + 20 * DAY + 3 * HOUR + number * MINUTE).collect();
    assert_eq!(Planted::new(56, failures).kinds(), [""; 0]);
}

#[test]
fn a_drift_of_latency_is_found_and_a_jitter_is_not() {
    // Seen red: with medians that were sorted by length.
    for seed in 0..100 {
        let mut chance = Chance(seed);
        let mut planted = Planted::new(7, Vec::new());
        planted.medians = (0..168).map(|hour| (FROM + hour * HOUR, 4.0 + chance.next() * 2.0)).collect();
        assert_eq!(planted.kinds(), [""; 0], "seed {seed}");
        for (hour, (_, median)) in planted.medians.iter_mut().enumerate() {
            *median += hour as f64 / 168.0 * 5.0;
        }
        let found = planted.found();
        assert_eq!(found.len(), 1, "seed {seed}: {found:?}");
        assert_eq!((found[0].kind.as_str(), found[0].evidence.len()), ("latency_drift", EVIDENCE));
    }
}

#[test]
fn crashes_after_a_new_version_are_found_also_when_it_was_quickly_given_up() {
    // Seen red: with an hour of the old version's time counted, and no more.
    let version = |day: i64, name: &str| (FROM + day * DAY, name.to_owned());
    for seed in 0..50 {
        let mut failures: Vec<i64> = Chance(seed).falls(FROM + 20 * DAY, 200.0);
        let at = FROM + 20 * DAY;
        failures.extend([1, 2, 4, 8].map(|minute| at + minute * MINUTE));
        let mut planted = Planted::new(20, failures);
        planted.days = 21;
        // After the fourth it stays down.
        planted.lived.push(Lived { since: at, until: at + 8 * MINUTE, how: How::Healthy });
        planted.lived.push(Lived { since: at + 8 * MINUTE, until: at + DAY, how: How::Down });
        planted.versions = vec![version(0, "1.0"), version(20, "1.1")];
        let found = planted.found();
        let crash = found.iter().find(|pattern| pattern.kind == "crash_after_version");
        assert!(
            crash.is_some_and(|pattern| pattern.says.contains("after version 1.0 became 1.1")),
            "seed {seed}: {found:?}"
        );
        assert_eq!(crash.map(|pattern| pattern.evidence.len()), Some(4));
    }
}

/// 2,000 services whose falls, versions and latency are pure chance: what is called a pattern is a false alarm. By the tests'
/// design at most 16 (3 kinds × 2 + 10); counted here, so that the claim is no mere claim.
#[test]
fn chance_is_not_called_a_pattern() {
    // Seen red: without Bonferroni's correction of hours and weekdays, 29 alarms.
    let mut alarms = Vec::new();
    for seed in 0..2000 {
        let mut chance = Chance(seed * 7919 + 1);
        let mean = [3.0, 12.0, 48.0, 160.0][(seed % 4) as usize];
        let mut planted = Planted::new(56, chance.falls(FROM + 56 * DAY, mean));
        planted.versions = (0..5).map(|number| (FROM + number * 11 * DAY, format!("1.{number}"))).collect();
        planted.medians = (0..168).map(|hour| (FROM + hour * HOUR, 3.0 / (0.2 + chance.next()))).collect();
        alarms.extend(planted.found().into_iter().map(|pattern| (seed, pattern.kind, pattern.says)));
    }
    assert!(alarms.len() <= 16, "{} false alarms: {alarms:?}", alarms.len());
    println!("{} false alarms in 2,000 services of chance: {alarms:?}", alarms.len());
}
