//! The rules, each once: pure functions of what is known of one record. What is not known (a file tells nothing of accounts) is none
//! and breaks no rule. They run on write, over the rows of a file, and nightly over all of a school.

use crate::imports::parse::LearnerFields;
use chrono::{Datelike, NaiveDate};
use dto::access::Role;
use dto::learners::Sex;
use dto::quality::{QualityRule, QualitySubject, QualityWarning};
use dto::units::SchoolLevel;
use kernel::text::{Name, PersonalId, PersonalIdWarning, nfc};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a rule is besides its test.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub subject: QualitySubject,
    /// Whose it is to put right.
    pub owner: Role,
    /// Working days until then.
    pub days: u32,
    /// The program can put it right.
    pub fixable: bool,
    /// It can do so for all findings at once, as nothing is decided by it.
    pub at_once: bool,
}

/// Each rule's owner and time. Times are the house's own: no law sets them.
pub fn terms(rule: QualityRule) -> Terms {
    use QualityRule::*;
    let of = |subject, owner, days| Terms { subject, owner, days, fixable: false, at_once: false };
    match rule {
        NameSpelling | NameCase => Terms { fixable: true, at_once: true, ..of(QualitySubject::Learner, Role::Clerk, 5) },
        PersonalIdMissing => of(QualitySubject::Learner, Role::Clerk, 20),
        PersonalIdSex => Terms { fixable: true, ..of(QualitySubject::Learner, Role::Clerk, 10) },
        PersonalIdYear => Terms { fixable: true, ..of(QualitySubject::Learner, Role::Clerk, 10) },
        // The homeroom teacher asks the family; who may write the record puts it right.
        GuardianPhoneMissing => of(QualitySubject::Learner, Role::Clerk, 10),
        LearnerWithoutClass => of(QualitySubject::Learner, Role::Clerk, 3),
        PossibleDuplicate => of(QualitySubject::Learner, Role::Clerk, 5),
        ClassWithoutHomeroom => of(QualitySubject::Class, Role::Deputy, 3),
        ClassOverSize => of(QualitySubject::Class, Role::Principal, 20),
        ClassEmpty => of(QualitySubject::Class, Role::Clerk, 5),
        StaffWithoutSubject => of(QualitySubject::Staff, Role::Deputy, 5),
        StaffCodeMissing => of(QualitySubject::Staff, Role::Clerk, 20),
    }
}

/// Rules of what hangs on a record. It comes after the record itself (a child is entered, then put into a class), so that they run
/// over whole schools and not on each write.
pub fn comes_after(rule: QualityRule) -> bool {
    matches!(rule, QualityRule::GuardianPhoneMissing | QualityRule::LearnerWithoutClass | QualityRule::StaffWithoutSubject)
}

/// What is known of a learner.
#[derive(Clone, Debug, Default)]
pub struct LearnerFacts {
    pub family: String,
    pub middle: String,
    pub given: String,
    pub birth_date: Option<NaiveDate>,
    pub sex: Option<Sex>,
    pub personal_id: Option<String>,
    /// A guardian can be called; none where that is not known.
    pub reachable: Option<bool>,
    /// In a class of the current year.
    pub in_class: Option<bool>,
    /// Others of the school with the same name and birth date.
    pub namesakes: Option<u32>,
}

impl LearnerFacts {
    /// As far as a row of a file tells.
    pub fn of_file(fields: &LearnerFields) -> LearnerFacts {
        LearnerFacts {
            family: fields.name.family.clone(),
            middle: fields.name.middle.clone(),
            given: fields.name.given.clone(),
            birth_date: fields.birth_date,
            sex: fields.sex,
            personal_id: fields.personal_id.clone(),
            reachable: Some(fields.contact_phone().is_some()),
            in_class: None,
            namesakes: None,
        }
    }
}

/// What is known of a class of the current year.
#[derive(Clone, Debug)]
pub struct ClassFacts {
    pub level: SchoolLevel,
    pub homeroom: bool,
    pub learners: u32,
}

/// What is known of a member of staff.
#[derive(Clone, Debug, Default)]
pub struct StaffFacts {
    pub family: String,
    pub middle: String,
    pub given: String,
    pub code: bool,
    pub teacher: bool,
    /// Teaches something or has a homeroom class; none where that is not known.
    pub assigned: Option<bool>,
}

impl StaffFacts {
    /// As far as a row of a file tells.
    pub fn of_file(name: &Name, code: bool) -> StaffFacts {
        let (family, middle, given) = (name.family.clone(), name.middle.clone(), name.given.clone());
        StaffFacts { family, middle, given, code, teacher: true, assigned: None }
    }
}

fn says(rule: QualityRule, field: Option<&str>, vi: impl Into<String>, en: impl Into<String>) -> QualityWarning {
    QualityWarning { rule, field: field.map(str::to_owned), vi: vi.into(), en: en.into() }
}

/// A name as it should stand: composed, single spaces.
pub fn spelt(part: &str) -> String {
    nfc(part).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each word with a capital: "NGUYỄN THỊ ÁNH" as "Nguyễn Thị Ánh".
pub fn cased(part: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + &letters.as_str().to_lowercase()
    };
    part.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn names(parts: [&str; 3]) -> Vec<QualityWarning> {
    let mut out = Vec::new();
    if parts.iter().any(|part| spelt(part) != **part) {
        out.push(says(
            QualityRule::NameSpelling,
            Some("full_name"),
            "Họ tên có khoảng trắng thừa hoặc gõ bằng dấu rời; tìm kiếm và đối chiếu sẽ sai.",
            "The name has stray spaces or loose marks: it will not be found or matched.",
        ));
    }
    let letters: String = parts.concat().chars().filter(|c| c.is_alphabetic()).collect();
    let many = letters.chars().count() > 2;
    if many && (letters.chars().all(char::is_uppercase) || letters.chars().all(char::is_lowercase)) {
        out.push(says(
            QualityRule::NameCase,
            Some("full_name"),
            "Họ tên viết toàn chữ hoa hoặc toàn chữ thường.",
            "The name is all in capitals or all in small letters.",
        ));
    }
    out
}

/// All that a learner's record breaks.
pub fn learner(facts: &LearnerFacts) -> Vec<QualityWarning> {
    let mut out = names([&facts.family, &facts.middle, &facts.given]);
    match facts.personal_id.as_deref().map(PersonalId::parse) {
        None => out.push(says(
            QualityRule::PersonalIdMissing,
            Some("personal_id"),
            "Chưa có số định danh cá nhân; mã học tập suốt đời cần số này trước 01/01/2027 (NĐ 88/2026).",
            "No personal ID; the lifelong learning code needs it before 1 January 2027 (Decree 88/2026).",
        )),
        Some(Ok(number)) => {
            for warning in number.warnings(facts.birth_date, facts.sex) {
                match warning {
                    PersonalIdWarning::SexDiffers(sex) => out.push(says(
                        QualityRule::PersonalIdSex,
                        Some("sex"),
                        format!("Số định danh cho biết {}, hồ sơ ghi khác.", sex.label(dto::Lang::Vi).to_lowercase()),
                        format!("The personal ID says {}, the record another.", sex.label(dto::Lang::En).to_lowercase()),
                    )),
                    PersonalIdWarning::YearDiffers(year) => {
                        let born = facts.birth_date.map_or(0, |day| day.year());
                        out.push(says(
                            QualityRule::PersonalIdYear,
                            Some("birth_date"),
                            format!("Số định danh cho biết sinh năm {year}, hồ sơ ghi {born}."),
                            format!("The personal ID says born in {year}, the record {born}."),
                        ));
                    }
                    PersonalIdWarning::ProvinceUnknown => {}
                }
            }
        }
        // Of another length: refused where it is typed.
        Some(Err(_)) => {}
    }
    if facts.reachable == Some(false) {
        out.push(says(
            QualityRule::GuardianPhoneMissing,
            Some("phone"),
            "Không có số điện thoại nào của phụ huynh.",
            "No guardian has a phone number.",
        ));
    }
    if facts.in_class == Some(false) {
        out.push(says(
            QualityRule::LearnerWithoutClass,
            Some("class_name"),
            "Đang học nhưng chưa ở lớp nào của năm học này.",
            "Studies, and is in no class of this school year.",
        ));
    }
    if let Some(others @ 1..) = facts.namesakes {
        out.push(says(
            QualityRule::PossibleDuplicate,
            Some("full_name"),
            format!("Trường có {others} học sinh khác cùng họ tên và ngày sinh."),
            format!("{others} other learners of the school have this name and birth date."),
        ));
    }
    out
}

/// What a record that is being written breaks; the same rules.
pub fn written(facts: &LearnerFacts) -> Vec<QualityWarning> {
    learner(facts)
}

static SIZES: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut cells = line.split(',');
        Some((cells.next()?, cells.next()?.parse().ok()?))
    };
    include_str!("class_sizes.csv").lines().skip(1).filter_map(line).collect()
});

/// All that a class breaks. Its size is data (`class_sizes.csv`), since the rule that now holds is not verified.
pub fn class(facts: &ClassFacts) -> Vec<QualityWarning> {
    let mut out = Vec::new();
    if !facts.homeroom {
        out.push(says(
            QualityRule::ClassWithoutHomeroom,
            Some("homeroom_staff_id"),
            "Lớp chưa có giáo viên chủ nhiệm.",
            "The class has no homeroom teacher.",
        ));
    }
    if facts.learners == 0 {
        out.push(says(QualityRule::ClassEmpty, None, "Lớp chưa có học sinh nào.", "The class has no learners."));
    }
    if let Some(most) = SIZES.get(facts.level.as_str()).filter(|most| facts.learners > **most) {
        let n = facts.learners;
        out.push(says(
            QualityRule::ClassOverSize,
            None,
            format!("Lớp có {n} học sinh, mức của điều lệ là {most}."),
            format!("The class has {n} learners; the rules allow {most}."),
        ));
    }
    out
}

/// All that the record of a member of staff breaks.
pub fn staff(facts: &StaffFacts) -> Vec<QualityWarning> {
    let mut out = Vec::new();
    if !facts.code {
        out.push(says(
            QualityRule::StaffCodeMissing,
            Some("ministry_code"),
            "Chưa có mã định danh ngành nên chưa báo cáo lên CSDL ngành được.",
            "No code of the Ministry, so that the person cannot be reported.",
        ));
    }
    if facts.teacher && facts.assigned == Some(false) {
        out.push(says(
            QualityRule::StaffWithoutSubject,
            None,
            "Giáo viên chưa được phân công dạy môn hay chủ nhiệm lớp nào.",
            "The teacher teaches nothing and has no homeroom class.",
        ));
    }
    out
}

/// What a record of staff that is being written breaks; the same rules.
pub fn written_staff(facts: &StaffFacts) -> Vec<QualityWarning> {
    staff(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(facts: &LearnerFacts) -> Vec<QualityRule> {
        learner(facts).into_iter().map(|w| w.rule).collect()
    }

    fn an() -> LearnerFacts {
        LearnerFacts {
            family: "Lê".into(),
            middle: "Văn".into(),
            given: "An".into(),
            birth_date: Some("2009-04-06".parse().expect("a day")),
            sex: Some(Sex::Male),
            // The number of domain facts: Bình Dương, male, 2009.
            personal_id: Some("074209009517".into()),
            reachable: Some(true),
            in_class: Some(true),
            namesakes: Some(0),
        }
    }

    #[test]
    fn a_good_record_breaks_nothing() {
        assert_eq!(rules(&an()), []);
        assert_eq!(rules(&LearnerFacts { reachable: None, in_class: None, namesakes: None, ..an() }), []);
    }

    #[test]
    fn the_personal_id_warns_and_never_blocks() {
        assert_eq!(rules(&LearnerFacts { sex: Some(Sex::Female), ..an() }), [QualityRule::PersonalIdSex]);
        let born = Some("2010-04-06".parse().expect("a day"));
        assert_eq!(rules(&LearnerFacts { birth_date: born, ..an() }), [QualityRule::PersonalIdYear]);
        assert_eq!(rules(&LearnerFacts { personal_id: None, ..an() }), [QualityRule::PersonalIdMissing]);
    }

    #[test]
    fn names_are_looked_at_as_they_are_stored() {
        assert_eq!(rules(&LearnerFacts { given: "A\u{301}nh".into(), ..an() }), [QualityRule::NameSpelling]);
        assert_eq!(rules(&LearnerFacts { middle: "Văn  B".into(), ..an() }), [QualityRule::NameSpelling]);
        let loud = LearnerFacts { family: "LÊ".into(), middle: "VĂN".into(), given: "ÁNH".into(), ..an() };
        assert_eq!(rules(&loud), [QualityRule::NameCase]);
        assert_eq!((cased("VĂN ĐỨC"), spelt(" A\u{301}nh ")), ("Văn Đức".into(), "Ánh".into()));
    }

    #[test]
    fn a_class_is_measured_by_its_level() {
        let of = |level, learners| class(&ClassFacts { level, homeroom: true, learners }).len();
        assert_eq!((of(SchoolLevel::Primary, 35), of(SchoolLevel::Primary, 36)), (0, 1));
        assert_eq!((of(SchoolLevel::LowerSecondary, 45), of(SchoolLevel::LowerSecondary, 46)), (0, 1));
        assert_eq!(of(SchoolLevel::Preschool, 60), 0);
        assert_eq!(class(&ClassFacts { level: SchoolLevel::Primary, homeroom: false, learners: 0 }).len(), 2);
    }
}
