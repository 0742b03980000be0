//! What notices say that Khuê writes itself: kept as data, said in the reader's language.

use chrono::NaiveDate;
use dto::Lang;
use dto::contact::LeaveSessions;
use dto::gradebook::Period;
use dto::transfers::TransferState;
use kernel::text::dmy;
use serde::{Deserialize, Serialize};

/// Why a published result is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A primary pupil was assessed again, or the principal decided.
    Reassessed,
    /// Re-assessment or training in the summer.
    Summer,
    /// The council of the class decided.
    Council,
    /// The period was opened and closed again.
    ClosedAgain,
}

impl Because {
    fn said(self, lang: Lang) -> &'static str {
        match self {
            Because::Reassessed => lang.pick("sau đánh giá lại", "after another assessment"),
            Because::Summer => lang.pick("sau đánh giá lại và rèn luyện trong hè", "after the summer"),
            Because::Council => lang.pick("theo quyết định của hội đồng", "by the council's decision"),
            Because::ClosedAgain => lang.pick("sau khi nhà trường xem xét lại", "after the school looked at it again"),
        }
    }
}

fn period_vi(period: Period) -> &'static str {
    match period {
        Period::S1 => "học kì I",
        Period::S2 => "học kì II",
        Period::Year => "cả năm",
    }
}

fn period_en(period: Period) -> &'static str {
    match period {
        Period::S1 => "semester I",
        Period::S2 => "semester II",
        Period::Year => "the whole year",
    }
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    /// As somebody typed it.
    Words { title: String, body: String },
    /// A learner was absent.
    Absence { on: NaiveDate, sessions: LeaveSessions, excused: bool },
    /// A period of a class was closed.
    Result { class_name: String, period: Period },
    /// The result of a learner, published before, is another one now.
    ResultChanged { class_name: String, period: Period, because: Because },
    /// A request for leave was answered.
    LeaveAnswer { from_on: NaiveDate, to_on: NaiveDate, accepted: bool, answer: Option<String> },
    /// A transfer went on; `said`: a reason, or the class.
    Transfer { from_school: String, to_school: String, state: TransferState, said: Option<String> },
}

fn days(from: NaiveDate, to: NaiveDate, lang: Lang) -> String {
    match (from == to, lang) {
        (true, Lang::Vi) => format!("ngày {}", dmy(from)),
        (true, Lang::En) => format!("on {}", dmy(from)),
        (false, Lang::Vi) => format!("từ {} đến {}", dmy(from), dmy(to)),
        (false, Lang::En) => format!("from {} to {}", dmy(from), dmy(to)),
    }
}

impl Said {
    /// Title and body; `names`: the given names of the reader's children whom it concerns.
    pub(crate) fn say(&self, lang: Lang, names: &str) -> (String, String) {
        match (self, lang) {
            (Said::Words { title, body }, _) => (title.clone(), body.clone()),
            (Said::Absence { on, sessions, excused }, Lang::Vi) => {
                let when = match sessions {
                    LeaveSessions::Morning => "buổi sáng ",
                    LeaveSessions::Afternoon => "buổi chiều ",
                    LeaveSessions::Day => "",
                };
                let how = if *excused { "có phép" } else { "không phép" };
                (
                    format!("{names} vắng học {how}"),
                    format!("{names} vắng {when}ngày {}, {how}. Nếu chưa đúng, xin nhắn cho giáo viên chủ nhiệm.", dmy(*on)),
                )
            }
            (Said::Absence { on, sessions, excused }, Lang::En) => {
                let when = match sessions {
                    LeaveSessions::Morning => "in the morning ",
                    LeaveSessions::Afternoon => "in the afternoon ",
                    LeaveSessions::Day => "",
                };
                let how = if *excused { "with permission" } else { "without permission" };
                (
                    format!("{names} was absent {how}"),
                    format!("{names} was absent {when}on {}, {how}. If this is wrong, write to the homeroom teacher.", dmy(*on)),
                )
            }
            (Said::Result { class_name, period }, Lang::Vi) => {
                let what = period_vi(*period);
                (
                    format!("Đã có kết quả {what} của {names}"),
                    format!(
                        "Lớp {class_name} đã chốt kết quả {what}. Mời gia đình xem điểm, mức xếp loại và lí do trong trang của con."
                    ),
                )
            }
            (Said::Result { class_name, period }, Lang::En) => {
                let what = period_en(*period);
                (
                    format!("{names}: results of {what} are out"),
                    format!("Class {class_name} has closed {what}. The child's page shows marks, levels and the reasons."),
                )
            }
            (Said::ResultChanged { class_name, period, because }, Lang::Vi) => {
                let (what, because) = (period_vi(*period), because.said(lang));
                (
                    format!("Kết quả {what} của {names} đã thay đổi {because}"),
                    format!(
                        "Lớp {class_name} đã cập nhật kết quả {what} của {names} {because}. Mời gia đình xem kết quả mới và lí do \
                         trong trang của con."
                    ),
                )
            }
            (Said::ResultChanged { class_name, period, because }, Lang::En) => {
                let (what, because) = (period_en(*period), because.said(lang));
                (
                    format!("{names}: results of {what} have changed {because}"),
                    format!(
                        "Class {class_name} has new results of {what} for {names}, {because}. The child's page shows them with the \
                         reasons."
                    ),
                )
            }
            (Said::Transfer { from_school, to_school, state, said }, lang) => {
                let title = match lang {
                    Lang::Vi => format!("Chuyển trường của {names}: {}", state.label(lang).to_lowercase()),
                    Lang::En => format!("Transfer of {names}: {}", state.label(lang).to_lowercase()),
                };
                let way = match lang {
                    Lang::Vi => format!("Từ {from_school} đến {to_school}."),
                    Lang::En => format!("From {from_school} to {to_school}."),
                };
                match said {
                    Some(said) => (title, format!("{way}\n{said}")),
                    None => (title, way),
                }
            }
            (Said::LeaveAnswer { from_on, to_on, accepted, answer }, lang) => {
                let when = days(*from_on, *to_on, lang);
                let (title, body) = match (accepted, lang) {
                    (true, Lang::Vi) => (
                        format!("Giáo viên đồng ý cho {names} nghỉ học"),
                        format!("Đơn xin nghỉ {when} đã được đồng ý, tính là nghỉ có phép."),
                    ),
                    (false, Lang::Vi) => {
                        (format!("Đơn xin nghỉ của {names} không được đồng ý"), format!("Đơn xin nghỉ {when} không được đồng ý."))
                    }
                    (true, Lang::En) => (
                        format!("Leave for {names} was accepted"),
                        format!("The request for leave {when} was accepted and counts as permitted absence."),
                    ),
                    (false, Lang::En) => {
                        (format!("Leave for {names} was declined"), format!("The request for leave {when} was declined."))
                    }
                };
                match answer {
                    Some(text) => (title, format!("{body}\n{text}")),
                    None => (title, body),
                }
            }
        }
    }
}

/// "An", "An và Bình", "An, Bình và Cúc".
pub(crate) fn list(names: &[&str], lang: Lang) -> String {
    let and = lang.pick(" và ", " and ");
    match names {
        [] => lang.pick("con", "your child").to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{}{and}{last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_said_in_both_languages() {
        let on = NaiveDate::from_ymd_opt(2026, 10, 12).expect("a day");
        let said = Said::Absence { on, sessions: LeaveSessions::Morning, excused: false };
        let kept: Said = serde_json::from_str(&serde_json::to_string(&said).expect("JSON")).expect("the same");
        assert_eq!(kept, said);
        let (title, body) = kept.say(Lang::Vi, "An");
        assert_eq!(title, "An vắng học không phép");
        assert!(body.starts_with("An vắng buổi sáng ngày 12/10/2026, không phép."));
        assert!(kept.say(Lang::En, "An").1.contains("in the morning on 12/10/2026"));
    }

    #[test]
    fn names_are_joined_as_people_join_them() {
        assert_eq!(list(&["An"], Lang::Vi), "An");
        assert_eq!(list(&["An", "Bình", "Cúc"], Lang::Vi), "An, Bình và Cúc");
        assert_eq!(list(&["An", "Bình"], Lang::En), "An and Bình");
    }
}
