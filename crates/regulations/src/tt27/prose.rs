//! Findings as sentences that a parent understands, in Vietnamese and English.

use std::fmt::{self, Write};

use super::classify::{Criteria, Short};
use super::columns::{Point, PrimarySlot};
use super::finding::{Finding, Missing};
use super::level::{PrimaryAward, TraitLevel};
use super::traits::{TraitKind, trait_at};
use crate::entry::Lang;
use crate::mark::Mark;
use crate::reason::Period;
use crate::tt22::{MissingCause, SubjectRef};

/// So many shortfalls are named in a sentence; of the others it gives the number.
const NAMED: usize = 4;

/// `môn Toán`; an activity has no such word before it.
fn subject(subject: &SubjectRef<'_>, lang: Lang) -> String {
    let name = subject.text(lang);
    match lang {
        Lang::Vi if !subject.code.starts_with("HDTN") => format!("môn {name}"),
        _ => name.to_owned(),
    }
}

fn mark(mark: Mark, lang: Lang) -> String {
    if lang == Lang::Vi { mark.to_vi() } else { mark.to_string() }
}

impl Finding<'_> {
    /// Writes the sentence.
    pub fn write(&self, out: &mut dyn Write, lang: Lang) -> fmt::Result {
        let vi = lang == Lang::Vi;
        match self {
            Finding::Missing(missing) => write_missing(missing, out, lang),
            Finding::Term { period, well, completed, weak } => write_term(*period, *well, *completed, weak, out, lang),
            Finding::GroupUnknown { first: None, .. } => out.write_str(if vi {
                "Cả năm: chưa xếp kết quả giáo dục vì không có môn học nào được đánh giá."
            } else {
                "Whole year: no group, since no subject is assessed."
            }),
            Finding::GroupUnknown { lacking, first: Some(first) } => {
                let name = subject(first, lang);
                if vi {
                    write!(out, "Cả năm: chưa xếp kết quả giáo dục vì còn {lacking} nội dung cuối năm chưa đánh giá, trước hết là {name}.")
                } else {
                    write!(out, "Whole year: no group yet, since {lacking} entries of the end of the year are missing, {name} first.")
                }
            }
            Finding::Excellent { subjects, lowest } => {
                if vi {
                    write!(
                        out,
                        "Cả năm: Hoàn thành xuất sắc, vì cả {subjects} môn học, hoạt động giáo dục đều Hoàn thành tốt, các phẩm chất \
                         và năng lực đều mức Tốt"
                    )?;
                    if let Some((lowest, at)) = lowest {
                        let (name, at) = (lowest.text(lang), mark(*at, lang));
                        write!(out, ", bài kiểm tra cuối năm thấp nhất là {name} {at} điểm (cần từ 9)")?;
                    }
                } else {
                    write!(
                        out,
                        "Whole year: completed with excellence, because all {subjects} subjects and activities are completed well \
                         and all qualities and competencies are good"
                    )?;
                    if let Some((lowest, at)) = lowest {
                        let (name, at) = (lowest.text(lang), mark(*at, lang));
                        write!(out, "; the lowest year-end test is {name} with {at} (9 is needed)")?;
                    }
                }
                out.write_char('.')
            }
            Finding::Group { group, wanted, short } => {
                let (group, next) = (group.text(lang), wanted.group.text(lang));
                if vi {
                    write!(out, "Cả năm: {group}. Chưa được {next} vì ")?;
                } else {
                    write!(out, "Whole year: {}. It is not \"{next}\" because ", group.to_lowercase())?;
                }
                write_short(short, Some(wanted), out, lang)?;
                out.write_char('.')
            }
            Finding::Completed { grade, again } => {
                let after = match (again, vi) {
                    (false, _) => "",
                    (true, true) => " sau khi được hướng dẫn, giúp đỡ và đánh giá bổ sung",
                    (true, false) => " after help and another assessment",
                };
                completed(*grade, after, out, lang)
            }
            Finding::Support { short, wanted } => {
                out.write_str(if vi {
                    "Chưa hoàn thành chương trình lớp học: giáo viên hướng dẫn, giúp đỡ rồi đánh giá bổ sung, vì "
                } else {
                    "The grade is not yet completed: the teacher helps and assesses again, because "
                })?;
                write_short(short, Some(wanted), out, lang)?;
                out.write_char('.')
            }
            Finding::PrincipalDecides { short, .. } if short.is_empty() => out.write_str(if vi {
                "Hiệu trưởng xem xét, quyết định việc hoàn thành chương trình lớp học."
            } else {
                "The principal decides whether the grade is completed."
            }),
            Finding::PrincipalDecides { short, wanted } => {
                out.write_str(if vi {
                    "Đã đánh giá bổ sung mà vẫn chưa hoàn thành, vì "
                } else {
                    "Assessed again and still not completed, because "
                })?;
                write_short(short, Some(wanted), out, lang)?;
                out.write_str(if vi {
                    ". Hiệu trưởng xem xét, quyết định việc lên lớp."
                } else {
                    ". The principal decides whether the pupil goes up."
                })
            }
            Finding::Decided { grade, completed: true } => {
                completed(*grade, if vi { " theo quyết định của hiệu trưởng" } else { " by decision of the principal" }, out, lang)
            }
            Finding::Decided { grade, completed: false } => {
                if vi {
                    write!(out, "Chưa hoàn thành chương trình lớp {grade}, học lại lớp {grade} theo quyết định của hiệu trưởng.")
                } else {
                    write!(out, "Has not completed grade {grade} and repeats it, by decision of the principal.")
                }
            }
            Finding::Award(PrimaryAward::Excellent) => out.write_str(if vi {
                "Được khen thưởng danh hiệu Học sinh Xuất sắc, vì kết quả giáo dục Hoàn thành xuất sắc."
            } else {
                "The title \"Excellent student\" is given for completing the year with excellence."
            }),
            Finding::Award(PrimaryAward::Exemplary) => out.write_str(if vi {
                "Được khen thưởng danh hiệu Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện, vì kết quả giáo dục Hoàn \
                 thành tốt và được tập thể lớp công nhận."
            } else {
                "The title \"Exemplary student\" is given for completing the year well, recognised by the class."
            }),
            Finding::AwardNeedsRecognition => out.write_str(if vi {
                "Danh hiệu Học sinh Tiêu biểu cần thêm thành tích xuất sắc ở ít nhất một môn học hoặc tiến bộ rõ rệt ở ít nhất một \
                 phẩm chất, năng lực, được tập thể lớp công nhận."
            } else {
                "The title \"Exemplary student\" would also need to stand out in a subject, or to progress clearly in a quality or \
                 competency, and to be recognised by the class."
            }),
        }
    }
}

fn completed(grade: u8, after: &str, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    match (grade, lang) {
        (5, Lang::Vi) => write!(out, "Hoàn thành chương trình lớp 5 và chương trình tiểu học{after}; nhà trường ghi vào học bạ."),
        (_, Lang::Vi) => write!(out, "Hoàn thành chương trình lớp {grade}{after}, được lên lớp {}.", grade + 1),
        (5, Lang::En) => {
            write!(out, "Has completed grade 5 and primary school{after}; the school writes it into the transcript.")
        }
        (_, Lang::En) => write!(out, "Has completed grade {grade}{after} and goes up to grade {}.", grade + 1),
    }
}

fn write_term(period: Period, well: u16, done: u16, weak: &[Short<'_>], out: &mut dyn Write, lang: Lang) -> fmt::Result {
    if lang == Lang::Vi {
        write!(out, "{}: {well} môn học, hoạt động Hoàn thành tốt, {done} Hoàn thành", period.vi())?;
    } else {
        write!(out, "{}: {well} subjects and activities completed well, {done} completed", period.en())?;
    }
    if weak.is_empty() {
        return out.write_char('.');
    }
    out.write_str(if lang == Lang::Vi { ". Cần giúp đỡ thêm: " } else { ". More help is needed: " })?;
    write_short(weak, None, out, lang)?;
    out.write_char('.')
}

/// What falls short, with what was needed.
fn write_short(short: &[Short<'_>], wanted: Option<&Criteria>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    let vi = lang == Lang::Vi;
    for (at, one) in short.iter().take(NAMED).enumerate() {
        out.write_str(if at == 0 { "" } else { "; " })?;
        match one {
            Short::Subject(of, level) => {
                let (name, level) = (subject(of, lang), level.text(lang));
                let need = wanted.map(|wanted| wanted.level.text(lang));
                match (vi, need) {
                    (true, Some(need)) => write!(out, "{name} ở mức {level} (cần {need})")?,
                    (true, None) => write!(out, "{name} ({level})")?,
                    (false, Some(need)) => write!(out, "{name} is at \"{level}\" (\"{need}\" is needed)")?,
                    (false, None) => write!(out, "{name} ({level})")?,
                }
            }
            Short::Test(of, at) => {
                let (name, at) = (subject(of, lang), mark(*at, lang));
                let need = wanted.map_or(Mark::ZERO, |wanted| wanted.test);
                let need = mark(need, lang);
                if vi {
                    write!(out, "bài kiểm tra cuối năm {name} được {at} điểm (cần từ {need})")?;
                } else {
                    write!(out, "the year-end test in {name} has {at} ({need} is needed)")?;
                }
            }
            Short::Trait(one, level) => {
                let (word, name, level) = (one.kind.word(lang), one.text(lang), level.text(lang));
                let need = wanted.map(|wanted: &Criteria| TraitLevel::text(wanted.traits, lang));
                match (vi, need) {
                    (true, Some(need)) => write!(out, "{word} {name} ở mức {level} (cần {need})")?,
                    (false, Some(need)) => write!(out, "{word} \"{name}\" is at \"{level}\" (\"{need}\" is needed)")?,
                    (true, None) => write!(out, "{word} {name} ({level})")?,
                    (false, None) => write!(out, "{word} \"{name}\" ({level})")?,
                }
            }
        }
    }
    match (short.len().saturating_sub(NAMED), lang) {
        (0, _) => Ok(()),
        (more, Lang::Vi) => write!(out, "; và {more} nội dung khác"),
        (more, Lang::En) => write!(out, "; and {more} more"),
    }
}

fn write_missing(missing: &Missing<'_>, out: &mut dyn Write, lang: Lang) -> fmt::Result {
    let vi = lang == Lang::Vi;
    let period = if vi { missing.period.vi() } else { missing.period.en() };
    let name = subject(&missing.subject, lang);
    let of_trait = match missing.slot {
        PrimarySlot::Trait(point, number) => {
            TraitKind::of_sheet(missing.subject.code).and_then(|kind| trait_at(kind, number)).map(|one| (point, one))
        }
        _ => None,
    };
    let point = |point, vi| match (point, missing.period, vi) {
        (Point::Mid, _, true) => "giữa kì",
        (Point::End, Period::Year, true) => "cuối năm",
        (Point::End, _, true) => "cuối kì",
        (Point::Mid, _, false) => "at midterm",
        (Point::End, Period::Year, false) => "at the end of the year",
        (Point::End, _, false) => "at the end of the term",
    };
    let when = point(missing.slot.point(), vi);
    match (of_trait, missing.slot, vi) {
        (Some((_, one)), _, true) => write!(out, "{period}: chưa đánh giá {when} {} {}.", one.kind.word(lang), one.vi),
        (Some((_, one)), _, false) => write!(out, "{period}: {} \"{}\" is not assessed {when}.", one.kind.word(lang), one.en),
        (None, PrimarySlot::Test(_), true) if missing.cause == MissingCause::Absent => {
            write!(out, "{period}: {name} vắng bài kiểm tra {when}, chưa kiểm tra bù.")
        }
        (None, PrimarySlot::Test(_), false) if missing.cause == MissingCause::Absent => {
            write!(out, "{period}: {name}: absent from the test {when}, not made up yet.")
        }
        (None, PrimarySlot::Test(_), true) => write!(out, "{period}: {name} chưa có điểm kiểm tra {when}."),
        (None, PrimarySlot::Test(_), false) => write!(out, "{period}: {name} has no test mark {when}."),
        (None, _, true) => write!(out, "{period}: {name} chưa có mức đạt được {when}."),
        (None, _, false) => write!(out, "{period}: {name} has no level {when}."),
    }
}
