//! What a closed year says, in the words of the form.

use super::{UNNAMED, comments, words};
use crate::facts::{self, ClassFacts, LearnerCard, RosterLine, SchoolCard, SubjectFacts};
use crate::reassessment::Again;
use crate::results::book::{Book, Summer};
use crate::results::frozen;
use crate::{council, former, summer};
use dto::LearnerId;
use dto::calendar::Term;
use dto::council::{AbsenceCount, YearDecision};
use dto::gradebook::{self, LearnerResult, SubjectResult};
use dto::transcripts::TranscriptFault;
use kernel::Result;
use regulations::tt27::{SubjectLevel, TraitKind, TraitLevel, traits_of};
use regulations::{CellValue, Lang, Level, Regulation, format_cell};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;
use transcript::{
    Absences, Assessment, Class, Comment, Content, Entry, FormerTerm, Homeroom, Learner, Outcome, Period, School, Subject,
};

/// What the record says of one learner, and what it lacks.
pub(super) struct Gathered {
    pub learner: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub content: Content,
    pub faults: Vec<TranscriptFault>,
}

/// All that the contents of a class are made of.
struct Sources {
    book: Book,
    /// The year as its closing froze it.
    year: HashMap<LearnerId, LearnerResult>,
    decisions: HashMap<LearnerId, YearDecision>,
    summers: HashMap<LearnerId, Summer>,
    school: SchoolCard,
    learners: HashMap<LearnerId, LearnerCard>,
    teachers: HashMap<String, Vec<String>>,
    /// By learner, subject (or sheet of qualities and competencies) and term.
    written: HashMap<(LearnerId, String, usize), String>,
    homeroom: HashMap<LearnerId, (Option<String>, i64)>,
    former: HashMap<LearnerId, Vec<FormerTerm>>,
}

/// The contents of a class, by ordinal. `ready`: its year is closed.
pub(super) async fn gather(conn: &impl ConnectionTrait, class: &ClassFacts, ready: bool) -> Result<Vec<Gathered>> {
    let book = Book::read(conn, class.clone()).await?;
    let year = frozen::read(conn, class, gradebook::Period::Year).await?;
    let decisions = council::frozen_in(conn, class).await?;
    let finishing: Vec<LearnerId> = book.finishing().map(|line| line.learner_id).collect();
    let mut teachers: HashMap<String, Vec<String>> = HashMap::new();
    for (subject, staff) in facts::teachers(conn, class.id, None).await? {
        teachers.entry(subject).or_default().push(staff.full_name);
    }
    let mut former: HashMap<LearnerId, Vec<FormerTerm>> = HashMap::new();
    for (learner, term, school) in former::schools(conn, class).await? {
        former.entry(learner).or_default().push(FormerTerm { period: period(term), school });
    }
    let sources = Sources {
        year: year.into_iter().map(|(_, result)| (result.learner_id, result)).collect(),
        decisions: decisions.into_iter().map(|decision| (decision.learner_id, decision)).collect(),
        summers: summer::of_class(conn, class).await?,
        school: facts::school_card(conn, class.school_id).await?,
        learners: facts::learner_cards(conn, &finishing).await?,
        written: written(conn, class).await?,
        homeroom: comments::of_class(conn, class).await?,
        teachers,
        former,
        book,
    };
    let mut lines: Vec<&RosterLine> = sources.book.finishing().collect();
    lines.sort_by_key(|line| (line.ordinal, line.learner_id));
    Ok(lines.into_iter().filter_map(|line| sources.one(line, ready)).collect())
}

fn period(term: Term) -> Period {
    match term {
        Term::S1 => Period::S1,
        Term::S2 => Period::S2,
    }
}

/// What teachers wrote about the learners of a class.
async fn written(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<(LearnerId, String, usize), String>> {
    let mut query = Query::select();
    query
        .columns(["learner_id", "subject_code", "term", "comment"])
        .from("subject_comment")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("comment").is_not_null());
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| {
            let term = usize::from(row.try_get_by_index::<i16>(2)? == 2);
            Ok(((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, term), row.try_get_by_index(3)?))
        })
        .collect()
}

/// The value of a subject as it is printed; nothing where there is no result.
pub(crate) fn printed(result: &SubjectResult) -> Option<String> {
    let text = match result {
        _ if result.plan => "KHGDCN".to_owned(),
        _ if result.exempt => "Miễn".to_owned(),
        SubjectResult { average: Some(mark), .. } => mark.to_average_vi(),
        SubjectResult { passed: Some(passed), .. } => (if *passed { "Đ" } else { "CĐ" }).to_owned(),
        SubjectResult { level: Some(level), .. } => letter(*level)?.to_owned(),
        _ => return None,
    };
    Some(text)
}

/// The letter of a level in primary school (TT 27/2020 Đ.7, Đ.8).
fn letter(cell: CellValue) -> Option<&'static str> {
    match cell {
        CellValue::Good => Some("T"),
        CellValue::Done => Some("H"),
        CellValue::Weak => Some("C"),
        _ => None,
    }
}

fn trait_letter(cell: CellValue) -> Option<&'static str> {
    TraitLevel::of_cell(cell).map(TraitLevel::letter)
}

impl Sources {
    fn one(&self, line: &RosterLine, ready: bool) -> Option<Gathered> {
        let learner = line.learner_id;
        let card = self.learners.get(&learner)?;
        let class = &self.book.class;
        let primary = self.book.policy.code == Regulation::Tt27;
        let mut faults = Vec::new();
        if !ready {
            faults.push(words::year_open());
        }
        let taken = self.book.taken(learner);
        let of = |subject: &&SubjectFacts| TraitKind::of_sheet(&subject.code).is_none();
        let subjects: Vec<Subject> = (0..self.book.subjects.len())
            .filter(|at| taken.contains(at) || self.planned(learner, *at))
            .map(|at| &self.book.subjects[at])
            .filter(of)
            .map(|subject| self.subject(learner, subject, primary, ready, &mut faults))
            .collect();
        let homeroom_teacher = class.homeroom.as_ref().map(|staff| staff.full_name.clone());
        if homeroom_teacher.is_none() {
            faults.push(words::homeroom_missing());
        }
        if self.school.principal.is_none() {
            faults.push(words::principal_missing());
        }
        if card.personal_id.is_none() {
            faults.push(words::personal_id_missing());
        }
        let homeroom = self.homeroom_of(learner, primary);
        if homeroom.comments.is_empty() {
            faults.push(words::comment_missing());
        }
        let content = Content {
            id: UNNAMED,
            replaces: None,
            regulation: self.book.policy.code.code().to_owned(),
            school_year: class.school_year.clone(),
            school: School {
                code: self.school.code.clone(),
                name: self.school.name.clone(),
                place: self.school.place.clone(),
                principal: self.school.principal.clone().unwrap_or_default(),
            },
            learner: Learner {
                personal_id: card.personal_id.clone(),
                ministry_code: card.ministry_code.clone(),
                full_name: card.full_name.clone(),
                birth_date: card.birth_date,
                sex: card.sex.label(dto::Lang::Vi).to_owned(),
                ethnicity: card.ethnicity.clone(),
            },
            class: Class {
                name: class.name.clone(),
                grade: class.grade.number().unwrap_or_default(),
                homeroom_teacher: homeroom_teacher.unwrap_or_default(),
            },
            subjects,
            homeroom,
            year: self.outcomes(learner),
            former: self.former.get(&learner).cloned().unwrap_or_default(),
        };
        Some(Gathered {
            learner,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            given_name: line.given_name.clone(),
            content,
            faults,
        })
    }

    /// The subject is assessed by an individual plan (TT 22/2021 Đ.11): it is named, with no result.
    fn planned(&self, learner: LearnerId, at: usize) -> bool {
        let code = &self.book.subjects[at].code;
        let result = self.year.get(&learner).and_then(|year| year.subjects.iter().find(|s| s.subject_code == *code));
        result.is_some_and(|result| result.plan)
    }

    fn subject(
        &self,
        learner: LearnerId,
        subject: &SubjectFacts,
        primary: bool,
        ready: bool,
        faults: &mut Vec<TranscriptFault>,
    ) -> Subject {
        let found = |result: Option<&LearnerResult>, period: Period| -> Option<Entry> {
            let result = result?.subjects.iter().find(|s| s.subject_code == subject.code)?;
            Some(Entry { period, value: printed(result)?, test: result.test.map(|mark| mark.to_vi()) })
        };
        let mut entries: Vec<Entry> = [
            found(self.book.made(0, learner), Period::S1),
            // In primary school the end of the second term is the end of the year (TT 27/2020 Đ.9).
            if primary { None } else { found(self.book.made(1, learner), Period::S2) },
            found(self.year.get(&learner), Period::Year),
        ]
        .into_iter()
        .flatten()
        .collect();
        if ready && !entries.iter().any(|entry| entry.period == Period::Year) {
            faults.push(words::result_missing(&subject.name_vi));
        }
        entries.extend(self.again(learner, &subject.code, primary));
        let teachers = self.teachers.get(&subject.code).cloned().unwrap_or_default();
        if teachers.is_empty() {
            faults.push(words::teacher_missing(&subject.name_vi));
        }
        Subject {
            code: subject.code.clone(),
            name: subject.name_vi.clone(),
            teachers,
            entries,
            comment: self.comment(learner, &subject.code),
        }
    }

    /// What was written at the end of the year, else in the first term.
    fn comment(&self, learner: LearnerId, subject: &str) -> Option<String> {
        let of = |term| self.written.get(&(learner, subject.to_owned(), term)).cloned();
        of(1).or_else(|| of(0))
    }

    /// What the subject came to when it was assessed again.
    fn again(&self, learner: LearnerId, subject: &str, primary: bool) -> Option<Entry> {
        if primary {
            let again: &Again = self.book.again.get(&learner)?;
            let (level, test) = (again.level(subject), again.test(subject));
            if level.is_none() && test.is_none() {
                return None;
            }
            return Some(Entry {
                period: Period::Again,
                value: level.map(SubjectLevel::letter).unwrap_or_default().to_owned(),
                test: test.map(|mark| mark.to_vi()),
            });
        }
        let value = self.summers.get(&learner)?.subjects.get(subject)?;
        Some(Entry { period: Period::Again, value: format_cell(value, Lang::Vi), test: None })
    }

    fn homeroom_of(&self, learner: LearnerId, primary: bool) -> Homeroom {
        let mut assessments = Vec::new();
        let mut comments = Vec::new();
        let terms = [(0, Period::S1), (1, Period::S2)];
        if primary {
            let traits = traits_of(self.book.class.grade.number().unwrap_or_default(), &self.book.policy.tt27);
            for one in traits {
                let of = |result: Option<&LearnerResult>| {
                    let result = result?.subjects.iter().find(|s| s.subject_code == one.code)?;
                    trait_letter(result.level?)
                };
                let again = || self.book.again.get(&learner)?.of_trait(one.kind.sheet(), one.number).map(TraitLevel::letter);
                let made = [
                    (Period::S1, of(self.book.made(0, learner))),
                    (Period::Year, of(self.year.get(&learner))),
                    (Period::Again, again()),
                ];
                assessments.extend(made.into_iter().filter_map(|(period, value)| {
                    Some(Assessment { code: one.code.to_owned(), name: one.vi.to_owned(), period, value: value?.to_owned() })
                }));
            }
            for kind in TraitKind::ALL {
                let text = self.comment(learner, kind.sheet());
                comments.extend(text.map(|text| Comment { period: Period::Year, text }));
            }
        } else {
            let conduct = |period, level: Option<Level>| {
                level.map(|level| Assessment {
                    code: "conduct".to_owned(),
                    name: "Kết quả rèn luyện".to_owned(),
                    period,
                    value: level.vi().to_owned(),
                })
            };
            for (term, period) in terms {
                assessments.extend(conduct(period, self.book.made(term, learner).and_then(|made| made.conduct)));
            }
            assessments.extend(conduct(Period::Year, self.year.get(&learner).and_then(|year| year.conduct)));
        }
        let own = self.homeroom.get(&learner).and_then(|(text, _)| text.clone());
        comments.extend(own.map(|text| Comment { period: Period::Year, text }));
        Homeroom { assessments, absences: self.absences(learner), comments }
    }

    /// Of both terms, where both are kept by date, so that it is known which had permission.
    fn absences(&self, learner: LearnerId) -> Option<Absences> {
        let of = |term| self.book.conduct.by_date(term, learner);
        let (first, second): (AbsenceCount, AbsenceCount) = of(0).zip(of(1))?;
        Some(Absences {
            with_permission: first.excused.saturating_add(second.excused),
            without_permission: first.unexcused.saturating_add(second.unexcused),
        })
    }

    /// What the year came to: as its closing made it, and what it came to after the summer and the council.
    fn outcomes(&self, learner: LearnerId) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut put = |code: &str, name: &str, period, value: Option<&str>| {
            outcomes.extend(value.map(|value| Outcome {
                code: code.to_owned(),
                name: name.to_owned(),
                period,
                value: value.to_owned(),
            }));
        };
        let decided = self.decisions.get(&learner).map(|decision| decision.decided);
        if let Some(year) = self.year.get(&learner) {
            for (term, period) in [(0, Period::S1), (1, Period::S2)] {
                let learning = self.book.made(term, learner).and_then(|made| made.learning);
                put("learning", "Kết quả học tập", period, learning.map(Level::vi));
            }
            put("learning", "Kết quả học tập", Period::Year, year.learning.map(Level::vi));
            put("absences", "Số buổi nghỉ học", Period::Year, year.absences.map(|n| n.to_string()).as_deref());
            if let Some(primary) = &year.primary {
                put("group", "Đánh giá kết quả giáo dục", Period::Year, primary.group.map(|group| group.vi()));
            }
        }
        let Some(decided) = decided else { return outcomes };
        let before = self.year.get(&learner);
        if decided.learning != before.and_then(|year| year.learning) {
            put("learning", "Kết quả học tập", Period::Again, decided.learning.map(Level::vi));
        }
        if decided.conduct != before.and_then(|year| year.conduct) {
            put("conduct", "Kết quả rèn luyện", Period::Again, decided.conduct.map(Level::vi));
        }
        match decided.primary {
            Some(primary) => {
                let group = before.and_then(|year| year.primary.as_ref()).and_then(|primary| primary.group);
                if primary.group != group {
                    put("group", "Đánh giá kết quả giáo dục", Period::Again, primary.group.map(|group| group.vi()));
                }
                let completion = primary.completion.map(|completion| completion.vi());
                put("completion", "Hoàn thành chương trình", Period::Year, completion);
                put("award", "Khen thưởng", Period::Year, primary.award.map(|award| award.vi()));
            }
            None => {
                put("promotion", "Lên lớp", Period::Year, decided.promotion.map(|promotion| promotion.vi()));
                put("award", "Danh hiệu", Period::Year, decided.award.map(|award| award.vi()));
            }
        }
        outcomes
    }
}
