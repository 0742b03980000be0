//! Findings as sentences that a parent understands, in Vietnamese and English.

use std::fmt::{self, Display, Write};

use super::finding::{Finding, Gap, PromotionFinding};
use super::promotion::{excellent_count, excellent_from};
use super::{Missing, MissingCause, SubjectRef, SubjectResult};
use crate::entry::Lang;
use crate::mark::Mark;
use crate::reason::Period;

/// An average in a sentence.
pub(super) struct Shown(pub(super) Mark, pub(super) Lang);

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(mark, lang) = self;
        let (whole, rest) = (mark.hundredths() / 100, mark.hundredths() % 100);
        let point = if *lang == Lang::Vi { ',' } else { '.' };
        if rest % 10 == 0 { write!(f, "{whole}{point}{}", rest / 10) } else { write!(f, "{whole}{point}{rest:02}") }
    }
}

/// A result in a sentence.
pub(super) struct ShownResult(pub(super) SubjectResult, pub(super) Lang);

impl Display for ShownResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            SubjectResult::Average(mark) => Shown(mark, self.1).fmt(f),
            SubjectResult::Pass => f.write_str("Đ"),
            SubjectResult::Fail => f.write_str("CĐ"),
            SubjectResult::Exempt => f.write_str("M"),
        }
    }
}

impl Finding<'_> {
    /// Writes the sentence.
    pub fn write(&self, out: &mut dyn Write, lang: Lang) -> fmt::Result {
        let vi = lang == Lang::Vi;
        match self {
            Finding::Missing(missing) => write_missing(missing, out, lang),
            Finding::LearningUnknown { period, first: None, .. } => {
                start(out, *period, lang)?;
                out.write_str(if vi {
                    "chưa xếp mức kết quả học tập vì không có môn học nào được đánh giá."
                } else {
                    "no level of learning, since no subject is assessed."
                })
            }
            Finding::LearningUnknown { period, subjects, first: Some(first) } => {
                let name = first.text(lang);
                start(out, *period, lang)?;
                match (vi, *subjects) {
                    (true, 1) => write!(out, "chưa xếp mức kết quả học tập vì môn {name} chưa có kết quả."),
                    (true, n) => {
                        write!(out, "chưa xếp mức kết quả học tập vì {n} môn chưa có kết quả, trong đó có {name}.")
                    }
                    (false, 1) => {
                        write!(out, "no level of learning yet, since {name} has no result.")
                    }
                    (false, n) => {
                        write!(out, "no level of learning yet, since {n} subjects have no result, {name} among them.")
                    }
                }
            }
            Finding::LearningGood { period, reach, lowest } => {
                start(out, *period, lang)?;
                if vi {
                    write!(out, "kết quả học tập mức Tốt, vì có {reach} môn từ 8,0 trở lên (cần ít nhất 6 môn)")?;
                    if let Some((subject, mark)) = lowest {
                        let name = subject.text(lang);
                        write!(out, ", môn thấp nhất là {name} {} (cần từ 6,5)", Shown(*mark, lang))?;
                    }
                    out.write_str(", không có môn nhận xét nào Chưa đạt.")
                } else {
                    write!(out, "learning is Good: {reach} subjects are at 8.0 or above (at least 6 are needed)")?;
                    if let Some((subject, mark)) = lowest {
                        let name = subject.text(lang);
                        write!(out, ", the lowest is {name} with {} (6.5 is needed)", Shown(*mark, lang))?;
                    }
                    out.write_str(", and no comment-only subject is Not yet pass.")
                }
            }
            Finding::LearningLevel { period, level, gap } => {
                start(out, *period, lang)?;
                let (level, wanted) = (level.text(lang), gap.wanted.level.text(lang));
                if vi {
                    write!(out, "kết quả học tập mức {level}. Chưa được mức {wanted} vì ")?;
                } else {
                    write!(out, "learning is {level}. It is not {wanted} because ")?;
                }
                write_gap(gap, out, lang)
            }
            Finding::Adjusted { period, base, level, otherwise, culprit, result } => {
                start(out, *period, lang)?;
                let name = culprit.text(lang);
                let (base, level, otherwise) = (base.text(lang), level.text(lang), otherwise.text(lang));
                let result = ShownResult(*result, lang);
                if vi {
                    write!(
                        out,
                        "kết quả học tập được điều chỉnh từ mức {base} lên mức {level}, vì chỉ do một môn {name} ({result}) \
                         mà kết quả thấp hơn mức {otherwise} từ hai mức trở lên."
                    )
                } else {
                    write!(
                        out,
                        "learning is raised from {base} to {level}, because one subject alone, {name} ({result}), \
                         keeps it two or more levels below {otherwise}."
                    )
                }
            }
            Finding::ConductMissing { period } => {
                start(out, *period, lang)?;
                out.write_str(if vi { "chưa có kết quả rèn luyện." } else { "the conduct level has not been given." })
            }
            Finding::ConductYear { semester1, semester2, year } => {
                let (one, two, year) = (semester1.text(lang), semester2.text(lang), year.text(lang));
                if vi {
                    write!(out, "Kết quả rèn luyện cả năm mức {year}: học kì I mức {one}, học kì II mức {two}.")
                } else {
                    write!(out, "Conduct of the year is {year}: semester I {one}, semester II {two}.")
                }
            }
            Finding::Promotion(promotion) => write_promotion(promotion, out, lang),
            Finding::AwardExcellent { nines } => {
                if vi {
                    write!(
                        out,
                        "Danh hiệu Học sinh Xuất sắc: học tập và rèn luyện cả năm mức Tốt, có {nines} môn từ 9,0 trở lên \
                         (cần ít nhất 6 môn)."
                    )
                } else {
                    write!(
                        out,
                        "Excellent student: learning and conduct of the year are Good, and {nines} subjects are at 9.0 or \
                         above (at least 6 are needed)."
                    )
                }
            }
            Finding::AwardGood { nines, nearest } => {
                if vi {
                    write!(
                        out,
                        "Danh hiệu Học sinh Giỏi: học tập và rèn luyện cả năm mức Tốt. Học sinh Xuất sắc cần ít nhất {} môn \
                         từ {} trở lên, hiện có {nines} môn",
                        excellent_count(),
                        Shown(excellent_from(), lang)
                    )?;
                } else {
                    write!(
                        out,
                        "Good student: learning and conduct of the year are Good. Excellent student needs at least {} \
                         subjects at {} or above; there are {nines}",
                        excellent_count(),
                        Shown(excellent_from(), lang)
                    )?;
                }
                write_nearest(*nearest, out, lang)?;
                out.write_char('.')
            }
            Finding::AwardConduct { conduct } => {
                let conduct = conduct.text(lang);
                if vi {
                    write!(
                        out,
                        "Chưa có danh hiệu: học tập cả năm mức Tốt nhưng rèn luyện mức {conduct}, danh hiệu cần rèn luyện mức Tốt."
                    )
                } else {
                    write!(out, "No title: learning is Good but conduct is {conduct}; a title needs Good conduct.")
                }
            }
        }
    }
}

fn start(out: &mut dyn Write, period: Period, lang: Lang) -> fmt::Result {
    out.write_str(if lang == Lang::Vi { period.vi() } else { period.en() })?;
    out.write_str(": ")
}

fn write_missing(missing: &Missing<'_>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    start(out, missing.period, lang)?;
    let name = missing.subject.text(lang);
    let Some(slot) = missing.slot else {
        return match (missing.cause, lang) {
            (MissingCause::HalfExempt, Lang::Vi) => {
                write!(out, "môn {name} được miễn ở một học kì, nhà trường cần quyết định kết quả cả năm.")
            }
            (MissingCause::HalfExempt, Lang::En) => {
                write!(out, "{name} is exempt in one semester only; the school has to decide its year result.")
            }
            (_, Lang::Vi) => write!(out, "môn {name} chưa có kết quả."),
            (_, Lang::En) => write!(out, "{name} has no result."),
        };
    };
    let column = slot.name(lang);
    match (missing.cause, lang) {
        (MissingCause::Absent, Lang::Vi) => write!(out, "môn {name} vắng lần đánh giá {column}, cần đánh giá bù."),
        (MissingCause::Absent, Lang::En) => {
            write!(out, "{name}: absent from the {column} assessment, which has to be made up.")
        }
        (MissingCause::PartlyExempt, Lang::Vi) => {
            write!(out, "môn {name} ghi miễn ở lần đánh giá {column} nhưng không miễn cả học kì.")
        }
        (MissingCause::PartlyExempt, Lang::En) => {
            write!(out, "{name}: exempt from the {column} assessment, but not from the whole semester.")
        }
        (_, Lang::Vi) => write!(out, "môn {name} chưa có kết quả đánh giá {column}."),
        (_, Lang::En) => write!(out, "{name} has no {column} result."),
    }
}

fn write_nearest(nearest: Option<(SubjectRef<'_>, Mark)>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    let Some((subject, mark)) = nearest else {
        return Ok(());
    };
    let (name, mark) = (subject.text(lang), Shown(mark, lang));
    match lang {
        Lang::Vi => write!(out, " (gần nhất là {name} {mark})"),
        Lang::En => write!(out, " (the nearest is {name} with {mark})"),
    }
}

fn write_gap(gap: &Gap<'_>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    let wanted = gap.wanted;
    let mut between = "";
    if let Some(count) = gap.count {
        let (have, need, reach) = (count.have, wanted.count, Shown(wanted.reach, lang));
        match (lang, have) {
            (Lang::Vi, 0) => write!(out, "chưa có môn nào từ {reach} trở lên, cần ít nhất {need} môn")?,
            (Lang::Vi, _) => write!(out, "mới có {have} môn từ {reach} trở lên, cần ít nhất {need} môn")?,
            (Lang::En, 0) => write!(out, "no subject is at {reach} or above, at least {need} are needed")?,
            (Lang::En, 1) => write!(out, "only 1 subject is at {reach} or above, at least {need} are needed")?,
            (Lang::En, _) => write!(out, "only {have} subjects are at {reach} or above, at least {need} are needed")?,
        }
        write_nearest(count.nearest, out, lang)?;
        between = "; ";
    }
    if let Some(below) = gap.below {
        let (name, mark, floor) = (below.subject.text(lang), Shown(below.mark, lang), Shown(wanted.floor, lang));
        out.write_str(between)?;
        match (lang, below.subjects) {
            (Lang::Vi, 1) => write!(out, "môn {name} {mark}, cần từ {floor}")?,
            (Lang::Vi, n) => write!(out, "{n} môn dưới {floor}, thấp nhất là {name} {mark}")?,
            (Lang::En, 1) => write!(out, "{name} is {mark}, {floor} is needed")?,
            (Lang::En, n) => write!(out, "{n} subjects are below {floor}, the lowest is {name} with {mark}")?,
        }
        between = "; ";
    }
    if let Some((subject, subjects)) = gap.failed {
        let name = subject.text(lang);
        out.write_str(between)?;
        match (lang, subjects) {
            (Lang::Vi, 1) => write!(out, "môn {name} Chưa đạt")?,
            (Lang::Vi, n) => write!(out, "{n} môn nhận xét Chưa đạt, trong đó có {name}")?,
            (Lang::En, 1) => write!(out, "{name} is Not yet pass")?,
            (Lang::En, n) => write!(out, "{n} comment-only subjects are Not yet pass, {name} among them")?,
        }
    }
    out.write_char('.')
}

fn write_promotion(promotion: &PromotionFinding<'_>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    let vi = lang == Lang::Vi;
    match promotion {
        PromotionFinding::Promoted { learning, conduct, absences, max } => {
            let (learning, conduct) = (learning.text(lang), conduct.text(lang));
            if vi {
                write!(
                    out,
                    "Đủ điều kiện lên lớp: học tập mức {learning}, rèn luyện mức {conduct}, nghỉ {absences} buổi (không quá {max} buổi)."
                )
            } else {
                write!(out, "Promoted: learning {learning}, conduct {conduct}, {absences} sessions missed (at most {max}).")
            }
        }
        PromotionFinding::PromotedReassessed { learning } => {
            let learning = learning.text(lang);
            if vi {
                write!(out, "Đủ điều kiện lên lớp sau đánh giá lại trong kì nghỉ hè: học tập mức {learning}.")
            } else {
                write!(out, "Promoted after re-assessment in the summer: learning {learning}.")
            }
        }
        PromotionFinding::PromotedTrained { conduct } => {
            let conduct = conduct.text(lang);
            if vi {
                write!(out, "Đủ điều kiện lên lớp sau rèn luyện trong kì nghỉ hè: rèn luyện mức {conduct}.")
            } else {
                write!(out, "Promoted after training in the summer: conduct {conduct}.")
            }
        }
        PromotionFinding::Absences { absences, max } => {
            if vi {
                write!(out, "Không được lên lớp: nghỉ {absences} buổi, quá {max} buổi trong một năm học.")
            } else {
                write!(out, "Not promoted: {absences} sessions missed, more than {max} in a school year.")
            }
        }
        PromotionFinding::Both => out.write_str(if vi {
            "Không được lên lớp: học tập và rèn luyện cả năm đều ở mức Chưa đạt."
        } else {
            "Not promoted: learning and conduct of the year are both Not yet pass."
        }),
        PromotionFinding::Reassess { subjects, .. } => {
            out.write_str(if vi {
                "Chưa được lên lớp: học tập cả năm mức Chưa đạt, cần đánh giá lại trong kì nghỉ hè"
            } else {
                "Not promoted yet: learning of the year is Not yet pass and has to be re-assessed in the summer"
            })?;
            let mut between = ": ";
            for (subject, result) in subjects {
                write!(out, "{between}{} ({})", subject.text(lang), ShownResult(*result, lang))?;
                between = ", ";
            }
            out.write_char('.')
        }
        PromotionFinding::StillFailed { gap } => {
            out.write_str(if vi {
                "Không được lên lớp: sau đánh giá lại, học tập vẫn ở mức Chưa đạt vì "
            } else {
                "Not promoted: after re-assessment learning is still Not yet pass, because "
            })?;
            write_gap(gap, out, lang)
        }
        PromotionFinding::Training { .. } => out.write_str(if vi {
            "Chưa được lên lớp: rèn luyện cả năm mức Chưa đạt, cần rèn luyện trong kì nghỉ hè."
        } else {
            "Not promoted yet: conduct of the year is Not yet pass and has to be trained in the summer."
        }),
        PromotionFinding::StillUntrained => out.write_str(if vi {
            "Không được lên lớp: sau rèn luyện trong kì nghỉ hè, kết quả rèn luyện vẫn ở mức Chưa đạt."
        } else {
            "Not promoted: after training in the summer conduct is still Not yet pass."
        }),
        PromotionFinding::Unknown { learning, conduct, absences } => {
            out.write_str(if vi {
                "Chưa xét lên lớp được vì thiếu"
            } else {
                "Promotion cannot be decided yet; missing:"
            })?;
            let words = if vi {
                ["kết quả học tập cả năm", "kết quả rèn luyện cả năm", "số buổi nghỉ học"]
            } else {
                ["learning of the year", "conduct of the year", "the number of absences"]
            };
            let mut between = " ";
            for (lacks, word) in [learning, conduct, absences].into_iter().zip(words) {
                if *lacks {
                    write!(out, "{between}{word}")?;
                    between = ", ";
                }
            }
            out.write_char('.')
        }
    }
}
