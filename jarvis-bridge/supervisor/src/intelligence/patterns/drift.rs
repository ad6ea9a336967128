//! Latency that grows: the hourly medians of the last week rise (Mann and Kendall's test), and by enough to matter.

use super::{DOUBT, History, Pattern, newest};
use crate::intelligence::statistics::rise;

/// Hours that must have been measured: a day.
const LEAST: usize = 24;
/// From the first quarter of the hours to the last. Less is true, perhaps, but nobody's trouble.
const WORTH: f64 = 1.25;

pub(super) fn find(history: &History<'_>) -> Option<Pattern> {
    let medians = history.medians;
    if medians.len() < LEAST {
        return None;
    }
    let quarter = medians.len() / 4;
    let values: Vec<f64> = medians.iter().map(|(_, median)| *median).collect();
    let (first, last) = (middle(values.get(..quarter)?)?, middle(values.get(values.len() - quarter..)?)?);
    let doubt = rise(&values);
    if doubt >= DOUBT || last < first * WORTH {
        return None;
    }
    let late = medians.iter().skip(values.len() - quarter).filter(|(_, median)| *median >= first * WORTH);
    Some(Pattern {
        service: history.service.to_owned(),
        kind: "latency_drift".to_owned(),
        says: format!(
            "{} answers more and more slowly: from {} to {} within {} measured hours",
            history.service,
            told(first),
            told(last),
            values.len()
        ),
        evidence: newest(late.map(|(hour, _)| *hour)),
        confidence: 1.0 - doubt,
    })
}

fn middle(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn told(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}
