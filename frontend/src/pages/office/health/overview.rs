//! Figures of a school: what a round found, what is kept, as bars.

use super::words::acuity;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Empty, Icon};
use dto::health::{HealthBand, HealthOverview};
use leptos::prelude::*;

texts! {
    ROUND: "{name} · {day}", "{name} · {day}";
    NO_ROUND: "Chưa có đợt khám nào", "No round of checks yet";
    NO_ROUND_TEXT: "Nhân viên y tế mở đợt khám đầu năm cùng trạm y tế xã (NĐ 165/2026 Điều 5).", "The nurse opens the round of the start of the year with the commune's health station (NĐ 165/2026 Art. 5).";
    CHECKED: "Đã khám", "Examined";
    VISION: "Thị lực (mắt kém hơn)", "Vision (the weaker eye)";
    CARIES: "Răng sâu", "Decayed teeth";
    CARIES_BAND: "{from}–{to} răng", "{from}–{to} teeth";
    CARIES_NONE: "không có", "none";
    SPINE: "Cột sống không bình thường", "Spine not normal";
    FILES: "Hồ sơ đang lưu", "Files kept";
    LEARNERS_WITH: "Số học sinh có", "Learners with";
    FIRST_AID: "Sơ cứu trong năm học", "First aid this school year";
    VACCINATED: "Có thông tin tiêm chủng", "With vaccinations kept";
    BANDS: "Cách chia nhóm chỉ để vẽ, không phải chẩn đoán.", "The bands are a way to draw, no diagnosis.";
}

/// A bar with its name and number; `all` is the whole.
fn bar(name: String, n: u32, all: u32) -> AnyView {
    let share = (n * 100).checked_div(all).unwrap_or(0);
    view! { <li><span>{name}</span><i class="track" aria-hidden="true"><i style:width=format!("{share}%")></i></i><b class="num">{format::count(n.into())}</b></li> }
        .into_any()
}

fn bars(title: &'static str, items: Vec<(String, u32)>, all: u32) -> AnyView {
    let items = items.into_iter().map(|(name, n)| bar(name, n, all)).collect_view();
    view! { <h3>{title}</h3><ul class="hbars">{items}</ul> }.into_any()
}

fn banded(bands: &[HealthBand], name: impl Fn(&HealthBand) -> String) -> (Vec<(String, u32)>, u32) {
    (bands.iter().map(|b| (name(b), b.learners)).collect(), bands.iter().map(|b| b.learners).sum())
}

pub fn panel(found: HealthOverview) -> AnyView {
    let learners = found.learners;
    let (vision, seen) = banded(&found.vision, |b| match (b.from, b.to) {
        (0, to) => format!("< {}", acuity(to + 1)),
        (from, 200) => format!("≥ {}", acuity(from)),
        (from, to) => format!("{} – {}", acuity(from), acuity(to - to % 10)),
    });
    let (caries, teeth) = banded(&found.caries, |b| {
        if b.to == 0 {
            t(CARIES_NONE).to_owned()
        } else {
            tf(CARIES_BAND, &[("from", &b.from.to_string()), ("to", &b.to.to_string())])
        }
    });
    let classes = found.classes.iter().map(|c| (format!("{} {}", t(tx::CLASS), c.class_name), c.checked)).collect();
    let most = found.classes.iter().map(|c| c.learners).max().unwrap_or(0);
    let round = match &found.round {
        None => view! { <Empty title=t(NO_ROUND) text=t(NO_ROUND_TEXT) glyph=Icon::Chart /> }.into_any(),
        Some(round) => view! {
            <p class="muted">{tf(ROUND, &[("name", &round.name), ("day", &format::date(round.held_on))])}</p>
            {bars(t(CHECKED), classes, most)}
            {(seen > 0).then(|| bars(t(VISION), vision, seen))}
            {(teeth > 0).then(|| bars(t(CARIES), caries, teeth))}
            <ul class="hbars">{bar(t(SPINE).to_owned(), found.spine, round.checked)}</ul>
            <p class="hint">{t(BANDS)}</p>
        }
        .into_any(),
    };
    let kept: Vec<(String, u32)> = found
        .conditions
        .iter()
        .map(|c| (c.kind.label(lang()).to_owned(), c.learners))
        .chain([(t(VACCINATED).to_owned(), found.vaccinated)])
        .collect();
    let aid: Vec<(String, u32)> = found.first_aid.iter().map(|f| (f.kind.label(lang()).to_owned(), f.cases)).collect();
    let cases = aid.iter().map(|(_, n)| *n).sum();
    view! {
        <section class="panel"><header><h2>{t(CHECKED)}</h2></header><div class="body stack">{round}</div></section>
        <section class="panel"><header><h2>{t(FILES)}</h2></header><div class="body stack">
            {bars(t(LEARNERS_WITH), kept, learners)}
            {(!aid.is_empty()).then(|| bars(t(FIRST_AID), aid, cases))}
        </div></section>
    }
    .into_any()
}
