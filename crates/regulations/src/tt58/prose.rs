//! Sentences that a parent understands, in Vietnamese and English, with code, facts and article.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::average::Lacks;
use super::classify::{Adjusted, Criteria};
use super::year::YearInput;
use super::{Academic, Conduct, Title};
use crate::entry::Lang;
use crate::level::Promotion;
use crate::mark::Mark;
use crate::reason::{Period, Reason};
use crate::tt22::{SubjectRef, SubjectResult};

/// What the next level would have needed.
pub(super) struct Gap<'a> {
    pub(super) wanted: &'static Criteria,
    pub(super) overall: bool,
    pub(super) leading: bool,
    pub(super) short: Vec<(SubjectRef<'a>, SubjectResult)>,
}

fn reason(code: &str, article: &str, params: &[(&str, &dyn Display)], vi: String, en: String) -> Reason {
    let params: BTreeMap<_, _> = params.iter().map(|(key, value)| ((*key).to_owned(), value.to_string())).collect();
    Reason { code: code.to_owned(), params, article: article.to_owned(), vi, en }
}

pub(super) fn missing(subject: SubjectRef<'_>, period: Period, lacks: Lacks) -> Reason {
    let (name_vi, name_en) = (subject.text(Lang::Vi), subject.text(Lang::En));
    let (part, vi, en) = match lacks {
        Lacks::Regular { have, need } => (
            "regular",
            format!("có {have} điểm thường xuyên, cần ít nhất {need}"),
            format!("has {have} regular marks, at least {need} are needed"),
        ),
        Lacks::Periodic { have, need } => (
            "periodic",
            format!("có {have} điểm định kì (giữa kì), cần ít nhất {need}"),
            format!("has {have} periodic (midterm) marks, at least {need} are needed"),
        ),
        Lacks::Final => ("final", "chưa có điểm cuối kì".to_owned(), "has no final mark".to_owned()),
    };
    reason(
        "mark-missing",
        "TT 58/2011 Đ.8, 10",
        &[("period", &period.code()), ("subject", &subject.code), ("part", &part)],
        format!("{}: môn {name_vi} {vi}.", period.vi()),
        format!("{}: {name_en} {en}.", period.en()),
    )
}

pub(super) fn half_exempt(subject: SubjectRef<'_>) -> Reason {
    reason(
        "year-half-exempt",
        "TT 58/2011 Đ.12",
        &[("subject", &subject.code)],
        format!("Cả năm: môn {} được miễn ở một học kì, nhà trường cần quyết định kết quả cả năm.", subject.text(Lang::Vi)),
        format!(
            "Whole year: {} is exempt in one semester only; the school has to decide its year result.",
            subject.text(Lang::En)
        ),
    )
}

pub(super) fn learning_unknown(period: Period, subjects: usize) -> Reason {
    reason(
        "learning-unknown",
        "TT 58/2011 Đ.13",
        &[("period", &period.code()), ("subjects", &subjects)],
        format!("{}: chưa xếp loại học lực được, {subjects} môn chưa có kết quả.", period.vi()),
        format!("{}: no level of learning yet, {subjects} subjects have no result.", period.en()),
    )
}

pub(super) fn level(period: Period, level: Academic, overall: Mark, gap: Option<Gap<'_>>) -> Reason {
    let (shown_vi, shown_en) = (overall.to_average_vi(), overall.to_average());
    let article = super::criteria(level).map_or("TT 58/2011 Đ.13 k.5", |wanted| wanted.article);
    let mut vi = format!("{}: học lực {}, điểm trung bình các môn {shown_vi}", period.vi(), level.vi());
    let mut en = format!("{}: learning is {}, with an overall average of {shown_en}", period.en(), level.en());
    if let Some(gap) = &gap {
        vi.push_str(&format!(". Chưa được loại {} vì ", gap.wanted.level.vi()));
        en.push_str(&format!(". It is not {} because ", gap.wanted.level.en()));
        let reach = gap.wanted.reach;
        let mut parts: Vec<[String; 2]> = Vec::new();
        if gap.overall {
            parts.push([
                format!("điểm trung bình cần từ {}", reach.to_average_vi()),
                format!("the average has to be {} or above", reach.to_average()),
            ]);
        }
        if gap.leading {
            parts.push([
                format!("cần một trong các môn Toán, Ngữ văn (hoặc môn chuyên, ngoại ngữ theo quy định) từ {} trở lên", reach.to_average_vi()),
                format!("mathematics or literature (or the specialised subject, the foreign language, where it counts) has to be {} or above", reach.to_average()),
            ]);
        }
        for (subject, result) in &gap.short {
            let floor = gap.wanted.floor;
            parts.push(match result {
                SubjectResult::Average(mark) => [
                    format!("môn {} {}, cần từ {}", subject.text(Lang::Vi), mark.to_average_vi(), floor.to_average_vi()),
                    format!("{} is {}, {} is needed", subject.text(Lang::En), mark.to_average(), floor.to_average()),
                ],
                _ => [
                    format!("môn {} chưa đạt yêu cầu", subject.text(Lang::Vi)),
                    format!("{} is Not yet pass", subject.text(Lang::En)),
                ],
            });
        }
        let join = |at: usize| parts.iter().map(|part| part[at].as_str()).collect::<Vec<_>>().join("; ");
        vi.push_str(&join(0));
        en.push_str(&join(1));
    }
    vi.push('.');
    en.push('.');
    let first = gap.as_ref().and_then(|gap| gap.short.first()).map_or("", |(subject, _)| subject.code);
    let params: &[(&str, &dyn Display)] =
        &[("period", &period.code()), ("level", &level.code()), ("overall", &shown_en), ("subject", &first)];
    let params = if first.is_empty() { &params[..3] } else { params };
    reason("learning-level", article, params, vi, en)
}

pub(super) fn adjusted(
    period: Period,
    base: Academic,
    adjusted: &Adjusted,
    subject: SubjectRef<'_>,
    result: SubjectResult,
) -> Reason {
    let (level, reached) = (adjusted.level, adjusted.reached);
    reason(
        "learning-adjusted",
        "TT 58/2011 Đ.13 k.6",
        &[
            ("period", &period.code()),
            ("base", &base.code()),
            ("level", &level.code()),
            ("reached", &reached.code()),
            ("subject", &subject.code),
            ("result", &result.to_text(Lang::En)),
        ],
        format!(
            "{}: học lực được điều chỉnh từ {} lên {}, vì điểm trung bình đạt mức loại {} và chỉ do một môn {} ({}) mà bị xuống loại.",
            period.vi(),
            base.vi(),
            level.vi(),
            reached.vi(),
            subject.text(Lang::Vi),
            result.to_text(Lang::Vi)
        ),
        format!(
            "{}: learning is raised from {} to {}, because the average reaches {} and one subject alone, {} ({}), brings it down.",
            period.en(),
            base.en(),
            level.en(),
            reached.en(),
            subject.text(Lang::En),
            result.to_text(Lang::En)
        ),
    )
}

pub(super) fn conduct(year: Option<Conduct>, given: bool) -> Reason {
    let article = "TT 58/2011 Đ.4";
    match year {
        None => reason(
            "conduct-missing",
            article,
            &[],
            "Cả năm: chưa có xếp loại hạnh kiểm.".to_owned(),
            "Whole year: the conduct level has not been given.".to_owned(),
        ),
        Some(level) => {
            let (vi, en) = if given {
                ("theo quyết định của nhà trường", "as the school decided")
            } else {
                ("chủ yếu theo học kì II", "mainly by semester II")
            };
            reason(
                "conduct-year",
                article,
                &[("year", &level.code())],
                format!("Hạnh kiểm cả năm loại {}, {vi}.", level.vi()),
                format!("Conduct of the year is {}, {en}.", level.en()),
            )
        }
    }
}

pub(super) fn promotion_unknown(learning: bool, conduct: bool, absences: bool) -> Reason {
    let lacking = |words: [&'static str; 3]| {
        let known = [learning, conduct, absences].into_iter().zip(words);
        known.filter_map(|(lacks, word)| lacks.then_some(word)).collect::<Vec<_>>().join(", ")
    };
    reason(
        "promotion-unknown",
        "TT 58/2011 Đ.15",
        &[("missing", &lacking(["learning", "conduct", "absences"]))],
        format!("Chưa xét lên lớp được vì thiếu {}.", lacking(["học lực cả năm", "hạnh kiểm cả năm", "số buổi nghỉ học"])),
        format!("Promotion cannot be decided yet; missing: {}.", lacking(["learning", "conduct", "absences"])),
    )
}

pub(super) fn promotion(
    decided: Promotion,
    summer: bool,
    academic: Option<Academic>,
    conduct: Option<Conduct>,
    input: &YearInput<'_, '_>,
    max: u16,
) -> Reason {
    let absences = input.absences.unwrap_or_default();
    let (learning_vi, learning_en) = academic.map_or(("", ""), |level| (level.vi(), level.en()));
    let (conduct_vi, conduct_en) = conduct.map_or(("", ""), |level| (level.vi(), level.en()));
    let (code, article, vi, en) = match (decided, summer) {
        (Promotion::Promoted, false) => (
            "promoted",
            "TT 58/2011 Đ.15 k.1",
            format!("Được lên lớp: học lực {learning_vi}, hạnh kiểm {conduct_vi}, nghỉ {absences} buổi (không quá {max} buổi)."),
            format!("Promoted: learning {learning_en}, conduct {conduct_en}, {absences} sessions missed (at most {max})."),
        ),
        (Promotion::Promoted, true) => (
            "promoted-after-summer",
            "TT 58/2011 Đ.15, 16, 17",
            "Được lên lớp sau kiểm tra lại hoặc rèn luyện trong kì nghỉ hè.".to_owned(),
            "Promoted after the summer's tests or training.".to_owned(),
        ),
        (Promotion::Reassess, _) => (
            "reassess",
            "TT 58/2011 Đ.16",
            format!("Học lực {learning_vi}: được kiểm tra lại một số môn trong kì nghỉ hè."),
            format!("Learning is {learning_en}: some subjects may be tested again in the summer."),
        ),
        (Promotion::SummerTraining, _) => (
            "summer-training",
            "TT 58/2011 Đ.17",
            format!("Hạnh kiểm {conduct_vi}: phải rèn luyện trong kì nghỉ hè."),
            format!("Conduct is {conduct_en}: to be trained in the summer."),
        ),
        (Promotion::Retained, _) if absences > max => (
            "retained-absences",
            "TT 58/2011 Đ.15 k.2",
            format!("Không được lên lớp: nghỉ {absences} buổi, quá {max} buổi trong một năm học."),
            format!("Not promoted: {absences} sessions missed, more than {max} in a school year."),
        ),
        (Promotion::Retained, true) => (
            "retained-after-summer",
            "TT 58/2011 Đ.15 k.2",
            "Không được lên lớp: sau kì nghỉ hè vẫn chưa đạt loại Trung bình.".to_owned(),
            "Not promoted: still below Average after the summer.".to_owned(),
        ),
        (Promotion::Retained, false) => (
            "retained",
            "TT 58/2011 Đ.15 k.2",
            format!("Không được lên lớp: học lực {learning_vi}, hạnh kiểm {conduct_vi}."),
            format!("Not promoted: learning {learning_en}, conduct {conduct_en}."),
        ),
    };
    reason(code, article, &[("absences", &absences), ("max", &max)], vi, en)
}

pub(super) fn award(title: Title) -> Reason {
    let (vi, en) = match title {
        Title::Good => ("học lực Giỏi, hạnh kiểm Tốt", "learning Good, conduct Good"),
        Title::Advanced => ("học lực và hạnh kiểm từ Khá trở lên", "learning and conduct Fair or better"),
    };
    reason(
        "award",
        "TT 58/2011 Đ.18",
        &[("title", &title.code())],
        format!("Danh hiệu {}: {vi}.", title.vi()),
        format!("{}: {en}.", title.en()),
    )
}
