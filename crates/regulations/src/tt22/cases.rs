//! Whole semesters and years: what is missing, what is exempt, the summer, and how results are explained.

use super::*;
use crate::entry::{CellValue, SubjectKind};
use crate::level::{Award, Learning, Level, Promotion};
use crate::policy::{HalfExempt, Policy};
use crate::reason::Reason;
use Level::{Fail, Fair, Good, Pass};

fn mark(text: &str) -> Mark {
    Mark::parse_decimal(text).expect(text)
}

type Cells = Vec<(Slot, CellValue)>;

fn cells(regular: &str, midterm: &str, last: &str) -> Cells {
    let value = |text: &str| match text {
        "Đ" => CellValue::Pass,
        "CĐ" => CellValue::Fail,
        "V" => CellValue::Absent,
        "M" => CellValue::Exempt,
        _ => CellValue::Score(mark(text)),
    };
    let mut cells: Cells = Vec::new();
    for (number, text) in (1..).zip(regular.split_whitespace()) {
        cells.push((Slot::Regular(number), value(text)));
    }
    for (slot, text) in [(Slot::Midterm, midterm), (Slot::Final, last)] {
        if !text.is_empty() {
            cells.push((slot, value(text)));
        }
    }
    cells
}

fn scored<'a>(code: &'a str, cells: &'a [(Slot, CellValue)]) -> TermSubject<'a> {
    TermSubject { code, name: "", kind: SubjectKind::Score, annual_periods: 35, cells }
}

fn term<'a>(subjects: &[TermSubject<'a>], policy: &Policy) -> TermOutcome<'a> {
    evaluate_term(Period::Semester1, subjects, policy)
}

fn one(
    kind: SubjectKind,
    cells: &[(Slot, CellValue)],
    policy: &Policy,
) -> (Option<SubjectResult>, Vec<(&'static str, MissingCause)>) {
    let subject = TermSubject { code: "TOAN", name: "", kind, annual_periods: 35, cells };
    let outcome = term(&[subject], policy);
    let missing = outcome.missing.iter().map(|missing| (missing.slot.map_or("", Slot::code), missing.cause)).collect();
    (outcome.subjects[0].result, missing)
}

#[test]
fn what_is_missing_is_named_and_nothing_is_guessed() {
    use MissingCause::{Absent, Empty, PartlyExempt};
    let policy = Policy::tt22();
    let score = |cells: &Cells| one(SubjectKind::Score, cells, &policy);
    assert_eq!(score(&cells("8 9", "8", "8")), (Some(SubjectResult::Average(mark("8.1"))), vec![]));
    assert_eq!(score(&cells("8 9", "", "8")), (None, vec![("mid", Empty)]));
    assert_eq!(score(&cells("8 9", "8", "")), (None, vec![("fin", Empty)]));
    assert_eq!(score(&cells("8", "8", "8")), (None, vec![("r2", Empty)]));
    assert_eq!(score(&cells("8 V", "8", "8")), (None, vec![("r2", Absent)]));
    assert_eq!(score(&cells("8 M", "8", "8")), (None, vec![("r2", PartlyExempt)]));
    assert_eq!(score(&vec![]).1.len(), 4);
    // One more than needed (a cluster of topics) counts: (8 + 9 + 10 + 16 + 24) / 8 = 8.375.
    assert_eq!(score(&cells("8 9 10", "8", "8")).0, Some(SubjectResult::Average(mark("8.4"))));
    // What was typed to the right of a gap counts too.
    let gap = vec![
        (Slot::Regular(3), CellValue::Score(mark("9"))),
        (Slot::Final, CellValue::Score(mark("8"))),
        (Slot::Regular(1), CellValue::Score(mark("8"))),
        (Slot::Midterm, CellValue::Score(mark("8"))),
    ];
    assert_eq!(score(&gap).0, Some(SubjectResult::Average(mark("8.1"))));
    // A value of the other kind is no value.
    assert_eq!(score(&cells("Đ 9", "8", "8")), (None, vec![("r1", Empty)]));

    let comment = |cells: &Cells| one(SubjectKind::Comment, cells, &policy);
    assert_eq!(comment(&cells("Đ Đ", "Đ", "Đ")).0, Some(SubjectResult::Pass));
    assert_eq!(comment(&cells("Đ CĐ", "Đ", "Đ")).0, Some(SubjectResult::Fail));
    assert_eq!(comment(&cells("CĐ Đ", "Đ", "")), (None, vec![("fin", Empty)]));
}

#[test]
fn absence_counts_zero_only_by_policy() {
    let policy = Policy { absent_counts_zero: true, ..Policy::tt22() };
    let (result, missing) = one(SubjectKind::Score, &cells("8 V", "8", "8"), &policy);
    // (8 + 0 + 16 + 24) / 7 = 6.857.
    assert_eq!((result, missing.len()), (Some(SubjectResult::Average(mark("6.9"))), 0));
    let (result, _) = one(SubjectKind::Comment, &cells("Đ Đ", "V", "Đ"), &policy);
    assert_eq!(result, Some(SubjectResult::Fail));
}

#[test]
fn an_exempt_subject_is_left_out() {
    let policy = Policy::tt22();
    let (eight, exempt) = (cells("8 8", "8", "8"), cells("M M", "M", "M"));
    let codes = ["TOAN", "NGU_VAN", "NN1", "KHTN", "LSDL", "GDCD"];
    let mut subjects: Vec<_> = codes.iter().map(|code| scored(code, &eight)).collect();
    assert_eq!(term(&subjects, &policy).learning.level, Some(Good));
    subjects.push(TermSubject { kind: SubjectKind::Comment, ..scored("GDTC", &exempt) });
    let outcome = term(&subjects, &policy);
    assert_eq!(outcome.subjects[6].result, Some(SubjectResult::Exempt));
    assert_eq!(outcome.learning, Learning { base: Some(Good), level: Some(Good) });
    // If nothing but exempt subjects is left, there is no level.
    let nothing = term(&subjects[6..], &policy);
    assert_eq!(nothing.learning, Learning::default());
    assert_eq!(nothing.reasons()[0].code, "learning-unknown");
}

struct Year {
    subjects: Vec<(String, SubjectKind, Cells, Cells, Option<CellValue>)>,
    conduct: (Option<Level>, Option<Level>),
    absences: Option<u16>,
    summer: Option<Level>,
}

impl Year {
    /// A year in which every subject has the same average in both semesters.
    fn of(averages: &str, comments: &str) -> Year {
        let codes = ["TOAN", "NGU_VAN", "NN1", "KHTN", "LSDL", "GDCD", "TIN_HOC", "CONG_NGHE"];
        let mut subjects = Vec::new();
        for (code, text) in codes.iter().zip(averages.split_whitespace()) {
            let both = cells(&format!("{text} {text}"), text, text);
            subjects.push(((*code).to_owned(), SubjectKind::Score, both.clone(), both, None));
        }
        for (code, text) in ["GDTC", "NGHE_THUAT", "GDDP"].iter().zip(comments.split_whitespace()) {
            let both = cells(&format!("{text} {text}"), text, text);
            subjects.push(((*code).to_owned(), SubjectKind::Comment, both.clone(), both, None));
        }
        Year { subjects, conduct: (Some(Good), Some(Good)), absences: Some(0), summer: None }
    }

    fn again(mut self, code: &str, value: CellValue) -> Year {
        for subject in self.subjects.iter_mut().filter(|subject| subject.0 == code) {
            subject.4 = Some(value);
        }
        self
    }

    fn with<T>(&self, policy: &Policy, see: impl FnOnce(YearOutcome<'_>) -> T) -> T {
        let subjects: Vec<_> = self
            .subjects
            .iter()
            .map(|(code, kind, first, second, reassessment)| YearSubject {
                code,
                name: "",
                kind: *kind,
                annual_periods: 35,
                semester1: Semester::Cells(first),
                semester2: Semester::Cells(second),
                reassessment: *reassessment,
            })
            .collect();
        let input = YearInput {
            subjects: &subjects,
            conduct1: self.conduct.0,
            conduct2: self.conduct.1,
            absences: self.absences,
            summer_conduct: self.summer,
        };
        see(evaluate_year(&input, policy))
    }

    fn promotion(&self) -> (Option<Promotion>, String) {
        self.with(&Policy::tt22(), |year| {
            let codes: Vec<_> = year.findings.iter().filter(|finding| matches!(finding, Finding::Promotion(_))).collect();
            assert_eq!(codes.len(), 1);
            (year.promotion, codes[0].code().to_owned())
        })
    }
}

fn score(text: &str) -> CellValue {
    CellValue::Score(mark(text))
}

#[test]
fn years_are_promoted_re_assessed_trained_or_retained() {
    let failed = || Year::of("4.0 4.0 4.0 7.0 7.0 7.0 7.0 7.0", "Đ Đ Đ");
    let said = |promotion: Promotion, code: &str| (Some(promotion), code.to_owned());
    assert_eq!(Year::of("7 7 7 7 7 7 7 7", "Đ Đ Đ").promotion(), said(Promotion::Promoted, "promoted"));
    assert_eq!(failed().promotion(), said(Promotion::Reassess, "reassess"));
    let done = failed().again("TOAN", score("5.0")).promotion();
    assert_eq!(done, said(Promotion::Promoted, "promoted-after-reassessment"));
    // Nothing that is still open can help any more.
    let mut stuck = failed().again("TOAN", score("3.0")).again("NGU_VAN", score("3.0"));
    assert_eq!(stuck.promotion(), said(Promotion::Retained, "retained-after-reassessment"));
    // One result is not enough, and the others are still open.
    let open = Year::of("4.0 4.0 4.0 4.0 7.0 7.0 7.0 7.0", "Đ Đ Đ").again("TOAN", score("6"));
    assert_eq!(open.promotion(), said(Promotion::Reassess, "reassess"));
    stuck.absences = Some(46);
    assert_eq!(stuck.promotion(), said(Promotion::Retained, "retained-absences"));

    let conduct = |learning: Year, summer| Year { conduct: (Some(Good), Some(Fail)), summer, ..learning };
    let seven = || Year::of("7 7 7 7 7 7 7 7", "Đ Đ Đ");
    assert_eq!(conduct(seven(), None).promotion(), said(Promotion::SummerTraining, "summer-training"));
    assert_eq!(conduct(seven(), Some(Pass)).promotion(), said(Promotion::Promoted, "promoted-after-training"));
    assert_eq!(conduct(seven(), Some(Fail)).promotion(), said(Promotion::Retained, "retained-after-training"));
    let both = conduct(failed().again("TOAN", score("9")), Some(Pass));
    assert_eq!(both.promotion(), said(Promotion::Retained, "retained-learning-and-conduct"));
    let comments = Year::of("7 7 7 7 7 7 7 7", "CĐ CĐ Đ");
    assert_eq!(comments.promotion(), said(Promotion::Reassess, "reassess"));
    let comments = comments.again("GDTC", CellValue::Pass);
    assert_eq!(comments.promotion(), said(Promotion::Promoted, "promoted-after-reassessment"));
    let unknown = Year { conduct: (None, Some(Good)), absences: None, ..seven() };
    assert_eq!(unknown.promotion(), (None, "promotion-unknown".to_owned()));
}

#[test]
fn re_assessment_leaves_the_year_itself_as_it_was() {
    let year = Year::of("4.0 4.0 4.0 7.0 7.0 7.0 7.0 7.0", "Đ Đ Đ").again("TOAN", score("9")).again("KHTN", score("10"));
    year.with(&Policy::tt22(), |year| {
        assert_eq!(year.year.level, Some(Fail));
        assert_eq!(year.reassessed.and_then(|learning| learning.level), Some(Pass));
        assert_eq!(year.subjects[0].year, Some(SubjectResult::Average(mark("4"))));
        assert_eq!(year.subjects[0].reassessed, Some(SubjectResult::Average(mark("9"))));
        // Only what Đ.14 has re-assessed is replaced.
        assert_eq!(year.subjects[3].reassessed, None);
    });
}

#[test]
fn a_comment_subject_has_the_result_of_semester_two() {
    let mut year = Year::of("8 8 8 8 8 8 8 8", "CĐ Đ Đ");
    year.subjects[8].3 = cells("Đ Đ", "Đ", "Đ");
    year.with(&Policy::tt22(), |year| {
        assert_eq!((year.semester1.base, year.semester1.level), (Some(Pass), Some(Fair)));
        assert_eq!((year.year.level, year.award), (Some(Good), Some(Award::Good)));
    });
    year.subjects[8].2.clear();
    year.with(&Policy::tt22(), |year| {
        assert_eq!((year.semester1.level, year.year.level), (None, Some(Good)));
        assert_eq!(year.missing.len(), 4);
    });
}

#[test]
fn half_a_year_of_exemption_is_the_schools_to_decide() {
    let mut year = Year::of("8 8 8 8 8 8 8 8", "Đ Đ Đ");
    year.subjects[0].2 = cells("M M", "M", "M");
    year.with(&Policy::tt22(), |year| {
        assert_eq!((year.subjects[0].year, year.year.level, year.promotion), (None, None, None));
        assert_eq!(year.missing[0].cause, MissingCause::HalfExempt);
    });
    year.with(&Policy { half_exempt: HalfExempt::OtherSemester, ..Policy::tt22() }, |year| {
        assert_eq!((year.subjects[0].year, year.year.level), (Some(SubjectResult::Average(mark("8"))), Some(Good)));
    });
}

#[test]
fn the_year_from_rounded_or_exact_semesters() {
    let mut year = Year::of("8", "");
    // Semesters of exactly 8.25 and 8.05: rounded (8.3 + 2·8.1)/3 = 8.167, exact (8.25 + 2·8.05)/3 = 8.117.
    year.subjects[0].2 = cells("8 8 8", "9", "8");
    year.subjects[0].3 = cells("8 8 8.4", "8", "8");
    let average = |policy| year.with(&policy, |year| year.subjects[0].year.and_then(SubjectResult::average));
    assert_eq!(average(Policy::tt22()), Some(mark("8.2")));
    assert_eq!(average(Policy { year_from_rounded: false, ..Policy::tt22() }), Some(mark("8.1")));
}

#[test]
fn a_closed_semester_stands_as_it_is() {
    let second = cells("8 8", "8", "8");
    let subject = YearSubject {
        code: "TOAN",
        name: "Toán",
        kind: SubjectKind::Score,
        annual_periods: 35,
        semester1: Semester::Closed(SubjectResult::Average(mark("6.5"))),
        semester2: Semester::Cells(&second),
        reassessment: None,
    };
    let input = YearInput { subjects: &[subject], conduct1: None, conduct2: None, absences: None, summer_conduct: None };
    let year = evaluate_year(&input, &Policy::tt22());
    assert_eq!(year.subjects[0].year, Some(SubjectResult::Average(mark("7.5"))));
}

// ---- explanations ----

fn sentences(reasons: &[Reason], code: &str) -> Vec<(String, String)> {
    reasons.iter().filter(|reason| reason.code == code).map(|reason| (reason.vi.clone(), reason.en.clone())).collect()
}

#[test]
fn a_level_is_explained_by_what_the_next_would_have_needed() {
    let explain = |averages: &str, comments: &str| Year::of(averages, comments).with(&Policy::tt22(), |year| year.reasons());
    let fair = explain("8.5 8.2 8.0 9.0 8.4 7.9 7.0 6.5", "Đ Đ Đ");
    let year = fair.iter().find(|reason| reason.code == "learning-level" && reason.params["period"] == "year").expect("year");
    assert_eq!(
        year.vi,
        "Cả năm: kết quả học tập mức Khá. Chưa được mức Tốt vì mới có 5 môn từ 8,0 trở lên, cần ít nhất 6 môn \
         (gần nhất là Giáo dục công dân 7,9)."
    );
    assert_eq!(
        year.en,
        "Whole year: learning is Fair. It is not Good because only 5 subjects are at 8.0 or above, at least 6 are needed \
         (the nearest is Civic education with 7.9)."
    );
    assert_eq!(year.article, "TT 22/2021 Đ.9 k.2b");
    assert_eq!((year.params["nearest"].as_str(), year.params["nearest_mark"].as_str()), ("GDCD", "7.9"));

    let adjusted = explain("8.5 8.2 8.0 9.0 8.4 8.1 7.0 4.9", "Đ Đ Đ");
    let (vi, en) = &sentences(&adjusted, "learning-adjusted")[2];
    assert_eq!(
        vi,
        "Cả năm: kết quả học tập được điều chỉnh từ mức Đạt lên mức Khá, vì chỉ do một môn Công nghệ (4,9) mà kết quả thấp \
         hơn mức Tốt từ hai mức trở lên."
    );
    assert!(en.contains("Technology (4.9)"), "{en}");
    let (vi, _) = &sentences(&adjusted, "learning-level")[2];
    assert_eq!(vi, "Cả năm: kết quả học tập mức Đạt. Chưa được mức Khá vì môn Công nghệ 4,9, cần từ 5,0.");

    let failed = explain("4.0 3.0 3.2 7.0 7.0 7.0 7.0 7.0", "CĐ CĐ Đ");
    let (vi, _) = &sentences(&failed, "learning-level")[2];
    assert_eq!(
        vi,
        "Cả năm: kết quả học tập mức Chưa đạt. Chưa được mức Đạt vì mới có 5 môn từ 5,0 trở lên, cần ít nhất 6 môn (gần \
         nhất là Toán 4,0); 2 môn dưới 3,5, thấp nhất là Ngữ văn 3,0; 2 môn nhận xét Chưa đạt, trong đó có Giáo dục thể chất."
    );
    let (vi, _) = &sentences(&failed, "reassess")[0];
    assert_eq!(
        vi,
        "Chưa được lên lớp: học tập cả năm mức Chưa đạt, cần đánh giá lại trong kì nghỉ hè: Toán (4,0), Ngữ văn (3,0), \
         Ngoại ngữ 1 (3,2), Giáo dục thể chất (CĐ), Nghệ thuật (CĐ)."
    );
}

#[test]
fn what_is_missing_is_said_by_subject_and_column() {
    let nine = cells("9 9", "", "9");
    let subject = TermSubject { name: "Tiếng Anh", ..scored("NN1", &nine) };
    let reasons = term(&[subject], &Policy::tt22()).reasons();
    assert_eq!(reasons[0].vi, "Học kì I: môn Tiếng Anh chưa có kết quả đánh giá giữa kì.");
    assert_eq!(reasons[0].en, "Semester I: Foreign language 1 has no midterm result.");
    assert_eq!(reasons[1].vi, "Học kì I: chưa xếp mức kết quả học tập vì môn Tiếng Anh chưa có kết quả.");
}
