//! Worked examples.

use super::*;
use crate::Lang;

fn held(duty: TeachingDuty) -> Held {
    Held { duty, of: String::new(), periods: None, paid: false }
}

fn taught(annual: i32) -> Taught {
    Taught { what: "Toán".into(), annual: Periods::whole(annual), teachers: 1, homeroom: false }
}

fn load(stage: Stage, duties: &[Held], taught: &[Taught], choices: LoadChoices) -> TeachingLoad {
    evaluate(&Input { stage: Some(stage), kind: NormSchool::Ordinary, teacher: NormPost::Teacher, duties, taught, choices })
}

#[test]
fn norms_of_article_7_and_8() {
    use NormSchool::*;
    use Stage::*;
    let of = |stage, kind, teacher| norm(stage, kind, teacher).map(|n| n.0 / 100);
    let teacher = |stage, kind| of(stage, kind, NormPost::Teacher);
    assert_eq!([Primary, LowerSecondary, UpperSecondary].map(|s| teacher(s, Ordinary)), [Some(23), Some(19), Some(17)]);
    assert_eq!([Primary, LowerSecondary, UpperSecondary].map(|s| teacher(s, SemiBoarding)), [Some(21), Some(17), None]);
    assert_eq!([Primary, LowerSecondary, UpperSecondary].map(|s| teacher(s, Boarding)), [None, Some(17), Some(15)]);
    assert_eq!([Primary, LowerSecondary, UpperSecondary].map(|s| teacher(s, Disability)), [Some(21), Some(17), Some(15)]);
    assert_eq!((of(Primary, Ordinary, NormPost::Head), of(UpperSecondary, Boarding, NormPost::Deputy)), (Some(2), Some(4)));
}

#[test]
fn a_homeroom_teacher_of_upper_secondary_has_13_a_week_and_455_a_year() {
    let load = load(Stage::UpperSecondary, &[held(TeachingDuty::Homeroom)], &[taught(455)], LoadChoices::default());
    assert_eq!(load.required_weekly, Some(Periods::whole(13)));
    assert_eq!(load.required_yearly, Some(Periods::whole(455)));
    assert_eq!(load.state, Some(LoadState::Even));
}

#[test]
fn overtime_is_half_of_the_reduced_norm_or_of_the_norm_by_choice() {
    let of = |overtime_base| {
        load(Stage::UpperSecondary, &[held(TeachingDuty::Homeroom)], &[], LoadChoices { overtime_base, ..LoadChoices::default() })
            .cap_weekly
    };
    assert_eq!(of(OvertimeBase::Reduced), Some(Periods(650)));
    assert_eq!(of(OvertimeBase::Norm), Some(Periods(850)));
}

#[test]
fn homeroom_and_computing_in_lower_secondary_leave_12() {
    let load =
        load(Stage::LowerSecondary, &[held(TeachingDuty::Homeroom), held(TeachingDuty::Computing)], &[], LoadChoices::default());
    assert_eq!(load.required_weekly, Some(Periods::whole(12)));
    assert_eq!((load.state, load.findings.is_empty()), (Some(LoadState::Under), true));
}

#[test]
fn the_cap_is_a_year_of_half_the_week() {
    // 13 a week, cap 6.5: 455 + 227.5 = 682.5 a year.
    let of =
        |annual| load(Stage::UpperSecondary, &[held(TeachingDuty::Homeroom)], &[taught(annual)], LoadChoices::default()).state;
    assert_eq!(
        (of(454), of(456), of(682), of(683)),
        (Some(LoadState::Under), Some(LoadState::Over), Some(LoadState::Over), Some(LoadState::OverCap))
    );
}

#[test]
fn a_third_duty_and_a_paid_one_take_nothing_off() {
    let duties = [
        held(TeachingDuty::GroupDeputy),
        held(TeachingDuty::Homeroom),
        held(TeachingDuty::Library),
        held(TeachingDuty::Probation),
    ];
    let three = load(Stage::LowerSecondary, &duties, &[], LoadChoices::default());
    // Homeroom 4, library 3, probation 2; the deputy's period is beyond two duties.
    assert_eq!(three.required_weekly, Some(Periods::whole(10)));
    assert_eq!(three.findings, [LoadFinding::TooManyDuties]);
    assert_eq!(three.lines[1].rule, LoadRule::Beyond);
    let paid = [Held { paid: true, ..held(TeachingDuty::Homeroom) }];
    let paid = load(Stage::LowerSecondary, &paid, &[], LoadChoices::default());
    assert_eq!((paid.required_weekly, paid.lines[1].rule), (Some(Periods::whole(19)), LoadRule::Paid));
}

#[test]
fn circumstances_of_article_12() {
    let nursing = |stage| load(stage, &[held(TeachingDuty::Nursing)], &[], LoadChoices::default()).required_weekly;
    assert_eq!(nursing(Stage::Primary), Some(Periods::whole(19)));
    assert_eq!(nursing(Stage::UpperSecondary), Some(Periods::whole(14)));
}

#[test]
fn what_a_decision_says_stays_within_the_circular() {
    let with = |duty, periods| {
        let held = Held { periods: Some(Periods::whole(periods)), ..held(duty) };
        load(Stage::LowerSecondary, &[held], &[], LoadChoices::default()).required_weekly
    };
    assert_eq!(with(TeachingDuty::Secretary, 9), Some(Periods::whole(15)));
    assert_eq!(with(TeachingDuty::Secretary, 1), Some(Periods::whole(16)));
    assert_eq!(with(TeachingDuty::Other, 2), Some(Periods::whole(17)));
    assert_eq!(with(TeachingDuty::Other, 99), Some(Periods::ZERO));
}

#[test]
fn shared_and_fixed_periods() {
    let science = Taught { what: "KHTN 7A".into(), annual: Periods::whole(140), teachers: 3, homeroom: false };
    let own = Taught { what: "HĐTN 7A".into(), annual: Periods::whole(105), teachers: 1, homeroom: true };
    let counted = load(Stage::LowerSecondary, &[], &[science.clone(), own.clone()], LoadChoices::default());
    assert_eq!((counted.taught_yearly, counted.taught_weekly), (Periods(15167), Periods(433)));
    let choices = LoadChoices { homeroom_periods_count: false, ..LoadChoices::default() };
    let not = load(Stage::LowerSecondary, &[], &[science, own], choices);
    assert_eq!(not.taught_yearly, Periods(8167));
}

#[test]
fn without_a_norm_nothing_is_guessed() {
    let load = evaluate(&Input {
        stage: Some(Stage::Primary),
        kind: NormSchool::Boarding,
        teacher: NormPost::Teacher,
        duties: &[held(TeachingDuty::Homeroom)],
        taught: &[taught(105)],
        choices: LoadChoices::default(),
    });
    assert_eq!((load.required_weekly, load.state, load.taught_yearly), (None, None, Periods::whole(105)));
    assert_eq!(load.findings, [LoadFinding::NoNorm]);
}

#[test]
fn lines_read_as_a_person_would_say_it() {
    let mut homeroom = held(TeachingDuty::Homeroom);
    homeroom.of = "10A1".into();
    let load = load(Stage::UpperSecondary, &[homeroom], &[taught(105)], LoadChoices::default());
    let told: Vec<String> =
        load.lines.iter().map(|l| format!("{} {} {}", l.text(Lang::Vi), l.weekly.text(Lang::Vi), l.article)).collect();
    assert_eq!(
        told,
        [
            "Định mức tiết dạy 17 Đ.7 k.3",
            "Giảm: Chủ nhiệm lớp: 10A1 −4 Đ.9",
            "Số tiết phải dạy 13 ",
            "Toán 3 ",
            "Được phân công 3 ",
            "Còn thiếu so với định mức −10 ",
            "Thêm giờ tối đa (50 % định mức tuần) 6,5 Đ.3",
        ]
    );
}
