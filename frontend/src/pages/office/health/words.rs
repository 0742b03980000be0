//! How findings are written.

use crate::i18n::{lang, t, texts, tf};
use crate::pages::records::growth_chart::decimal;
use dto::health::{HealthFindings, SealedFindings};

texts! {
    PRESSURE: "Huyết áp {value} mmHg", "Blood pressure {value} mmHg";
    PULSE: "Mạch {value}/phút", "Pulse {value}/min";
    VISION: "Thị lực phải {right}, trái {left}", "Vision right {right}, left {left}";
    GLASSES: "có kính", "with glasses";
    CARIES: "Răng sâu: {value}", "Decayed teeth: {value}";
    SPINE: "Cột sống: {value}", "Spine: {value}";
    MENTAL: "Tâm thần: {value}", "Mental health: {value}";
    NONE: "–", "–";
}

/// Acuity as people here say it: 100 is "10/10", 55 is "5,5/10".
pub fn acuity(hundredths: u16) -> String {
    let digits = if hundredths.is_multiple_of(10) { 0 } else { 1 };
    format!("{}/10", decimal(hundredths.into(), 10, digits))
}

pub fn pressure(f: &HealthFindings) -> Option<String> {
    let part = |n: Option<u16>| n.map_or_else(|| t(NONE).to_owned(), |n| n.to_string());
    (f.systolic.is_some() || f.diastolic.is_some()).then(|| format!("{}/{}", part(f.systolic), part(f.diastolic)))
}

/// The findings as short sentences.
pub fn lines(f: &HealthFindings) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(value) = pressure(f) {
        lines.push(tf(PRESSURE, &[("value", &value)]));
    }
    if let Some(pulse) = f.pulse {
        lines.push(tf(PULSE, &[("value", &pulse.to_string())]));
    }
    if f.vision_right.is_some() || f.vision_left.is_some() {
        let eye = |n: Option<u16>| n.map_or_else(|| t(NONE).to_owned(), acuity);
        let mut text = tf(VISION, &[("right", &eye(f.vision_right)), ("left", &eye(f.vision_left))]);
        if f.glasses {
            text = format!("{text}, {}", t(GLASSES));
        }
        lines.push(text);
    }
    if let Some(caries) = f.caries {
        lines.push(tf(CARIES, &[("value", &caries.to_string())]));
    }
    if let Some(spine) = f.spine {
        lines.push(tf(SPINE, &[("value", spine.label(lang()))]));
    }
    lines
}

/// What was sealed, as short sentences.
pub fn opened(f: &SealedFindings) -> Vec<String> {
    let mental = f.mental.map(|mental| tf(MENTAL, &[("value", mental.label(lang()))]));
    mental.into_iter().chain(f.note.clone()).collect()
}
