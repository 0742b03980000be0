//! The vectors of the circular (domain facts, section 2), and the sentences that go with them.

use super::*;
use crate::entry::Lang;
use crate::mark::Mark;
use crate::tt22::{MissingCause, SubjectRef};

const CODES: [&str; 10] = ["TIENG_VIET", "TOAN", "NN1", "LSDL", "KHOA_HOC", "TIN_CN", "DAO_DUC", "GDTC", "NGHE_THUAT", "HDTN"];

fn test(whole: i32) -> Mark {
    Mark::from_hundredths(whole * 100).expect("0 to 10")
}

/// A year in which everything is at its best, with tests of 10.
#[derive(Debug)]
pub(super) struct Year {
    pub(super) grade: u8,
    pub(super) subjects: Vec<YearSubject<'static>>,
    pub(super) traits: Vec<YearTrait>,
    pub(super) recognised: bool,
    pub(super) decision: Option<bool>,
}

impl Year {
    pub(super) fn best(grade: u8) -> Year {
        let choices = Choices::DEFAULT;
        let subjects = CODES
            .into_iter()
            .map(|code| {
                let tested = has_test(code, grade, Point::End, &choices);
                let end = SubjectEnd {
                    subject: SubjectRef { code, name: "" },
                    level: Ended::Given(SubjectLevel::CompletedWell),
                    test: if tested { Ended::Given(test(10)) } else { Ended::NotAsked },
                };
                YearSubject { end, level_again: None, test_again: None }
            })
            .collect();
        let traits = traits_of(grade, &choices)
            .map(|one| YearTrait { end: TraitEnd { one, level: Ended::Given(TraitLevel::Good) }, again: None })
            .collect();
        Year { grade, subjects, traits, recognised: false, decision: None }
    }

    /// Tests of the first subjects in order.
    fn tests(mut self, marks: &[i32]) -> Year {
        for (subject, mark) in self.subjects.iter_mut().zip(marks) {
            subject.end.test = Ended::Given(test(*mark));
        }
        self
    }

    fn level(mut self, code: &str, level: SubjectLevel) -> Year {
        self.subjects.iter_mut().filter(|s| s.end.subject.code == code).for_each(|s| s.end.level = Ended::Given(level));
        self
    }

    fn of_trait(mut self, code: &str, level: TraitLevel) -> Year {
        self.traits.iter_mut().filter(|t| t.end.one.code == code).for_each(|t| t.end.level = Ended::Given(level));
        self
    }

    pub(super) fn outcome(&self) -> YearOutcome<'_> {
        let input = YearInput {
            grade: self.grade,
            subjects: &self.subjects,
            traits: &self.traits,
            recognised: self.recognised,
            decision: self.decision,
        };
        evaluate_year(&input, &Choices::DEFAULT)
    }
}

fn group(year: &Year) -> Option<Group> {
    year.outcome().group
}

#[test]
fn the_groups_of_the_circular() {
    assert_eq!(group(&Year::best(4).tests(&[9, 10, 9])), Some(Group::Excellent));
    assert_eq!(group(&Year::best(4).tests(&[8, 9, 9])), Some(Group::CompletedWell));
    assert_eq!(group(&Year::best(4).of_trait("NL_TINH_TOAN", TraitLevel::Met).tests(&[9, 9, 9])), Some(Group::Completed));
    assert_eq!(group(&Year::best(4).tests(&[4])), Some(Group::NotCompleted));
    // The steps.
    assert_eq!(group(&Year::best(5).tests(&[7, 7, 7])), Some(Group::CompletedWell));
    assert_eq!(group(&Year::best(5).tests(&[6])), Some(Group::Completed));
    assert_eq!(group(&Year::best(5).tests(&[5])), Some(Group::Completed));
    assert_eq!(group(&Year::best(2).level("HDTN", SubjectLevel::Completed)), Some(Group::Completed));
    assert_eq!(group(&Year::best(2).level("HDTN", SubjectLevel::NotCompleted)), Some(Group::NotCompleted));
    assert_eq!(group(&Year::best(3).of_trait("PC_NHAN_AI", TraitLevel::NeedsEffort)), Some(Group::NotCompleted));
    let lenient = Choices { completed_from: test(4), ..Choices::DEFAULT };
    let year = Year::best(4).tests(&[4]);
    let ends: Vec<_> = year.subjects.iter().map(|s| s.end).collect();
    assert_eq!(classify(&ends, &[], &lenient), Some(Group::Completed));
}

#[test]
fn nothing_is_guessed() {
    let mut year = Year::best(4);
    year.subjects[1].end.test = Ended::Missing(MissingCause::Absent);
    year.traits[3].end.level = Ended::Missing(MissingCause::Empty);
    let outcome = year.outcome();
    assert_eq!((outcome.group, outcome.completion, outcome.award), (None, None, None));
    let reasons = outcome.reasons();
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["test-absent", "level-missing", "group-unknown"]);
    assert_eq!(reasons[0].vi, "Cả năm: môn Toán vắng bài kiểm tra cuối năm, chưa kiểm tra bù.");
    assert_eq!(reasons[1].vi, "Cả năm: chưa đánh giá cuối năm phẩm chất Trung thực.");
    // Exempt: left out.
    let mut year = Year::best(4);
    year.subjects[7].end.level = Ended::NotAsked;
    assert_eq!(group(&year), Some(Group::Excellent));
    assert_eq!(classify(&[], &[], &Choices::DEFAULT), None);
}

#[test]
fn titles() {
    let award = |year: &Year| year.outcome().award;
    assert_eq!(award(&Year::best(3)), Some(PrimaryAward::Excellent));
    let mut year = Year::best(3).tests(&[7]);
    assert_eq!(award(&year), None);
    year.recognised = true;
    assert_eq!(award(&year), Some(PrimaryAward::Exemplary));
    let mut year = Year::best(3).tests(&[5]);
    year.recognised = true;
    assert_eq!(award(&year), None);
}

#[test]
fn help_then_another_assessment_then_the_principal() {
    let mut year = Year::best(2).tests(&[10, 4]).level("TIENG_VIET", SubjectLevel::NotCompleted);
    assert_eq!(year.outcome().completion, Some(Completion::Support));
    year.subjects[1].test_again = Some(test(6));
    // One of two is still open.
    assert_eq!(year.outcome().completion, Some(Completion::Support));
    year.subjects[0].level_again = Some(SubjectLevel::Completed);
    let outcome = year.outcome();
    assert_eq!((outcome.group, outcome.again), (Some(Group::NotCompleted), Some(Group::Completed)));
    assert_eq!((outcome.completion, outcome.award), (Some(Completion::Completed), None));
    year.subjects[0].level_again = Some(SubjectLevel::NotCompleted);
    assert_eq!(year.outcome().completion, Some(Completion::PrincipalDecides));
    for (decision, completion) in [(true, Completion::Completed), (false, Completion::Retained)] {
        year.decision = Some(decision);
        assert_eq!(year.outcome().completion, Some(completion));
    }
    // A decision without need changes nothing.
    let mut year = Year::best(2);
    year.decision = Some(false);
    assert_eq!(year.outcome().completion, Some(Completion::Completed));
}

#[test]
fn grade_five_completes_primary_school() {
    let year = Year::best(5);
    let outcome = year.outcome();
    assert_eq!(outcome.completion, Some(Completion::Completed));
    let text = &outcome.reasons()[1];
    assert_eq!(text.vi, "Hoàn thành chương trình lớp 5 và chương trình tiểu học; nhà trường ghi vào học bạ.");
    let text = Year::best(1).outcome().reasons()[1].vi.clone();
    assert_eq!(text, "Hoàn thành chương trình lớp 1, được lên lớp 2.");
}

#[test]
fn sentences_name_what_decided_and_what_was_needed() {
    let year = Year::best(4).tests(&[6, 9]).level("KHOA_HOC", SubjectLevel::Completed).of_trait("NL_TINH_TOAN", TraitLevel::Met);
    let reasons = year.outcome().reasons();
    assert_eq!(
        reasons[0].vi,
        "Cả năm: Hoàn thành. Chưa được Hoàn thành tốt vì môn Khoa học ở mức Hoàn thành (cần Hoàn thành tốt); bài kiểm tra cuối năm \
         môn Tiếng Việt được 6 điểm (cần từ 7); năng lực Tính toán ở mức Đạt (cần Tốt)."
    );
    assert_eq!(
        reasons[0].en,
        "Whole year: completed. It is not \"Completed well\" because Science is at \"Completed\" (\"Completed well\" is needed); the \
         year-end test in Vietnamese has 6 (7 is needed); the competency \"Calculation\" is at \"Met\" (\"Good\" is needed)."
    );
    assert_eq!(reasons[0].article, "TT 27/2020 Đ.9 k.2c");
    assert_eq!(reasons[0].params["tests"], "TIENG_VIET:6");
    assert_eq!((reasons[0].params["subjects"].as_str(), reasons[0].params["traits"].as_str()), ("KHOA_HOC", "NL_TINH_TOAN"));
    let best = Year::best(4).tests(&[10, 9]).outcome().reasons();
    assert_eq!(
        best[0].vi,
        "Cả năm: Hoàn thành xuất sắc, vì cả 10 môn học, hoạt động giáo dục đều Hoàn thành tốt, các phẩm chất và năng lực đều mức \
         Tốt, bài kiểm tra cuối năm thấp nhất là Toán 9 điểm (cần từ 9)."
    );
    let weak = Year::best(4).level("TOAN", SubjectLevel::NotCompleted).outcome().reasons();
    assert_eq!(weak[1].code, "support");
    assert!(weak[1].vi.contains("đánh giá bổ sung, vì môn Toán ở mức Chưa hoàn thành (cần Hoàn thành)."), "{}", weak[1].vi);
    assert_eq!(weak[0].text(Lang::Vi), weak[0].vi);
}

#[test]
fn a_term_names_every_open_column_and_then_sums_up() {
    use crate::entry::CellValue;
    use crate::reason::Period;
    use crate::slot::Slot;

    let choices = Choices::DEFAULT;
    let sheets = ["TOAN", "HDTN", "PHAM_CHAT", "NL_CHUNG", "NL_DAC_THU"];
    let fill = |code: &str| -> Vec<(Slot, CellValue)> {
        columns(code, 4, false, &choices)
            .into_iter()
            .map(|slot| {
                let value = match slot {
                    Slot::Primary(PrimarySlot::Test(_)) => CellValue::Score(test(8)),
                    Slot::Primary(PrimarySlot::Level(_)) => CellValue::Done,
                    _ => CellValue::Good,
                };
                (slot, value)
            })
            .collect()
    };
    let mut cells: Vec<_> = sheets.into_iter().map(fill).collect();
    let evaluate = |cells: &[Vec<(Slot, CellValue)>]| {
        let sheets: Vec<_> =
            sheets.iter().zip(cells).map(|(code, cells)| TermSheet { subject: SubjectRef { code, name: "" }, cells }).collect();
        let outcome = evaluate_term(&TermInput { period: Period::Semester1, grade: 4, sheets: &sheets, planned: &[] }, &choices);
        (outcome.missing.iter().map(|missing| missing.slot.code()).collect::<Vec<_>>(), outcome.reasons())
    };
    let (missing, reasons) = evaluate(&cells);
    assert_eq!(missing, [""; 0]);
    assert_eq!(reasons[0].vi, "Học kì I: 0 môn học, hoạt động Hoàn thành tốt, 2 Hoàn thành.");
    // The middle of the term counts too; an exempt level takes its test with it.
    cells[0].retain(|(slot, _)| slot.code() != "mt");
    cells[2].clear();
    let (missing, reasons) = evaluate(&cells);
    assert_eq!(missing[0], "mt");
    assert_eq!(missing.len(), 11);
    assert_eq!(reasons[0].vi, "Học kì I: môn Toán chưa có điểm kiểm tra giữa kì.");
    cells[0][0].1 = CellValue::Exempt;
    assert_eq!(evaluate(&cells).0.len(), 10);
    cells[1][1].1 = CellValue::Weak;
    cells[2] = fill("PHAM_CHAT");
    let (_, reasons) = evaluate(&cells);
    assert_eq!(
        reasons[0].vi,
        "Học kì I: 0 môn học, hoạt động Hoàn thành tốt, 1 Hoàn thành. Cần giúp đỡ thêm: Hoạt động trải nghiệm (Chưa hoàn thành)."
    );
    // A sheet that the class does not have is not passed over.
    let sheets = [TermSheet { subject: SubjectRef { code: "TOAN", name: "" }, cells: &cells[0] }];
    let outcome = evaluate_term(&TermInput { period: Period::Semester1, grade: 4, sheets: &sheets, planned: &[] }, &choices);
    assert_eq!(outcome.missing.len(), 30);
}
