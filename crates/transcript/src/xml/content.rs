//! [`Content`] as elements and back.

use super::tree::{Cursor, Element, Space, is_xml_char, text};
use crate::content::{
    Absences, Assessment, Class, Comment, Content, Entry, FormerTerm, Homeroom, Learner, Outcome, Period, School, Subject,
};
use crate::{Fault, FaultCode};
use chrono::{Datelike, NaiveDate};
use std::collections::HashSet;
use uuid::Uuid;

pub const CONTENT_ID: &str = "content";
/// What binds a subject teacher's signature to the transcript, its learner and its year.
pub const HEADER_ID: &str = "header";

pub fn subject_id(code: &str) -> String {
    format!("subject-{code}")
}

/// No school teaches so many; each may have a signature that is to be checked.
const MAX_SUBJECTS: usize = 100;

/// Can this content be written?
pub fn check(content: &Content) -> Result<(), Fault> {
    let bad = |what: &str| Err(FaultCode::Content.because(what));
    if !(1..=12).contains(&content.class.grade) {
        return bad("grade");
    }
    if !(1000..=9999).contains(&content.learner.birth_date.year()) {
        return bad("birthDate");
    }
    if content.subjects.len() > MAX_SUBJECTS {
        return bad("subjects");
    }
    let mut codes = HashSet::new();
    for subject in &content.subjects {
        let code = subject.code.as_str();
        let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if code.is_empty() || code.len() > 40 || !plain || !codes.insert(code) {
            return bad("subject/code");
        }
    }
    let mut refused = None;
    element(content).walk(&mut |e| {
        if let Ok(text) = text(e)
            && !text.chars().all(is_xml_char)
        {
            refused.get_or_insert_with(|| e.name.clone());
        }
    });
    refused.map_or(Ok(()), |name| bad(&name))
}

fn leaf(name: &str, value: &str) -> Element {
    Element::new(Space::Transcript, name).text(value)
}

fn node(name: &str) -> Element {
    Element::new(Space::Transcript, name)
}

trait Maybe: Sized {
    fn maybe(self, name: &str, value: Option<&str>) -> Self;
}

impl Maybe for Element {
    fn maybe(self, name: &str, value: Option<&str>) -> Element {
        match value {
            Some(value) => self.child(leaf(name, value)),
            None => self,
        }
    }
}

fn period(period: Period) -> &'static str {
    match period {
        Period::S1 => "s1",
        Period::S2 => "s2",
        Period::Year => "year",
        Period::Again => "again",
    }
}

pub fn element(content: &Content) -> Element {
    node("content")
        .with("Id", CONTENT_ID)
        .child(header(content))
        .child(node("subjects").children(content.subjects.iter().map(subject)))
        .child(homeroom(&content.homeroom))
        .child(node("year").children(content.year.iter().map(|o| {
            node("outcome")
                .child(leaf("code", &o.code))
                .child(leaf("name", &o.name))
                .child(leaf("period", period(o.period)))
                .child(leaf("value", &o.value))
        })))
        .child(node("former").children(
            content.former.iter().map(|f| node("term").child(leaf("period", period(f.period))).child(leaf("school", &f.school))),
        ))
}

pub fn header(content: &Content) -> Element {
    let Content { school, learner, class, .. } = content;
    node("header")
        .with("Id", HEADER_ID)
        .child(leaf("id", &content.id.to_string()))
        .maybe("replaces", content.replaces.map(|id| id.to_string()).as_deref())
        .child(leaf("regulation", &content.regulation))
        .child(leaf("schoolYear", &content.school_year))
        .child(
            node("school")
                .child(leaf("code", &school.code))
                .child(leaf("name", &school.name))
                .child(leaf("place", &school.place))
                .child(leaf("principal", &school.principal)),
        )
        .child(
            node("learner")
                .maybe("personalId", learner.personal_id.as_deref())
                .maybe("ministryCode", learner.ministry_code.as_deref())
                .child(leaf("fullName", &learner.full_name))
                .child(leaf("birthDate", &learner.birth_date.format("%Y-%m-%d").to_string()))
                .child(leaf("sex", &learner.sex))
                .maybe("ethnicity", learner.ethnicity.as_deref()),
        )
        .child(
            node("class")
                .child(leaf("name", &class.name))
                .child(leaf("grade", &class.grade.to_string()))
                .child(leaf("homeroomTeacher", &class.homeroom_teacher)),
        )
}

pub fn subject(subject: &Subject) -> Element {
    node("subject")
        .with("Id", subject_id(&subject.code))
        .child(leaf("code", &subject.code))
        .child(leaf("name", &subject.name))
        .child(node("teachers").children(subject.teachers.iter().map(|t| leaf("teacher", t))))
        .child(node("entries").children(subject.entries.iter().map(|e| {
            node("entry").child(leaf("period", period(e.period))).child(leaf("value", &e.value)).maybe("test", e.test.as_deref())
        })))
        .maybe("comment", subject.comment.as_deref())
}

fn homeroom(homeroom: &Homeroom) -> Element {
    let assessments = homeroom.assessments.iter().map(|a| {
        node("assessment")
            .child(leaf("code", &a.code))
            .child(leaf("name", &a.name))
            .child(leaf("period", period(a.period)))
            .child(leaf("value", &a.value))
    });
    let absences = homeroom.absences.map(|a| {
        node("absences")
            .child(leaf("withPermission", &a.with_permission.to_string()))
            .child(leaf("withoutPermission", &a.without_permission.to_string()))
    });
    let comments =
        homeroom.comments.iter().map(|c| node("comment").child(leaf("period", period(c.period))).child(leaf("text", &c.text)));
    node("homeroom")
        .child(node("assessments").children(assessments))
        .children(absences)
        .child(node("comments").children(comments))
}

/// The fields of one element, taken in their order.
struct Fields<'a>(Cursor<'a>);

impl<'a> Fields<'a> {
    fn of(element: &'a Element) -> Fields<'a> {
        Fields(Cursor::of(element))
    }

    fn node(&mut self, name: &str) -> Result<&'a Element, Fault> {
        self.0.element(Space::Transcript, name)
    }

    fn text(&mut self, name: &str) -> Result<String, Fault> {
        Ok(text(self.node(name)?)?.to_owned())
    }

    fn optional(&mut self, name: &str) -> Result<Option<String>, Fault> {
        self.0.optional(Space::Transcript, name).map(|e| text(e).map(str::to_owned)).transpose()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Result<T, Fault> {
        self.text(name)?.parse().map_err(|_| FaultCode::Malformed.because(name))
    }

    fn period(&mut self) -> Result<Period, Fault> {
        match self.text("period")?.as_str() {
            "s1" => Ok(Period::S1),
            "s2" => Ok(Period::S2),
            "year" => Ok(Period::Year),
            "again" => Ok(Period::Again),
            _ => Err(FaultCode::Malformed.because("period")),
        }
    }

    fn done(self) -> Result<(), Fault> {
        self.0.finish()
    }
}

fn read<T>(element: &Element, fields: impl FnOnce(&mut Fields) -> Result<T, Fault>) -> Result<T, Fault> {
    let mut cursor = Fields::of(element);
    let value = fields(&mut cursor)?;
    cursor.done()?;
    Ok(value)
}

fn list<T>(element: &Element, name: &str, mut one: impl FnMut(&mut Fields) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    let mut cursor = Fields::of(element);
    let found = cursor.0.many(Space::Transcript, name).into_iter().map(|e| read(e, &mut one)).collect();
    cursor.done()?;
    found
}

/// The content that an element holds.
///
/// # Errors
/// `malformed` with the name of the element where it departs from the form.
pub fn decode(root: &Element) -> Result<Content, Fault> {
    read(root, |f| {
        let header = f.node("header")?;
        let (id, replaces, regulation, school_year, school, learner, class) = read(header, |f| {
            Ok((
                f.parsed::<Uuid>("id")?,
                f.optional("replaces")?
                    .map(|s| s.parse::<Uuid>())
                    .transpose()
                    .map_err(|_| FaultCode::Malformed.because("replaces"))?,
                f.text("regulation")?,
                f.text("schoolYear")?,
                read(f.node("school")?, |f| {
                    Ok(School {
                        code: f.text("code")?,
                        name: f.text("name")?,
                        place: f.text("place")?,
                        principal: f.text("principal")?,
                    })
                })?,
                read(f.node("learner")?, |f| {
                    Ok(Learner {
                        personal_id: f.optional("personalId")?,
                        ministry_code: f.optional("ministryCode")?,
                        full_name: f.text("fullName")?,
                        birth_date: f.parsed::<NaiveDate>("birthDate")?,
                        sex: f.text("sex")?,
                        ethnicity: f.optional("ethnicity")?,
                    })
                })?,
                read(f.node("class")?, |f| {
                    Ok(Class { name: f.text("name")?, grade: f.parsed("grade")?, homeroom_teacher: f.text("homeroomTeacher")? })
                })?,
            ))
        })?;
        Ok(Content {
            id,
            replaces,
            regulation,
            school_year,
            school,
            learner,
            class,
            subjects: list(f.node("subjects")?, "subject", decode_subject)?,
            homeroom: read(f.node("homeroom")?, decode_homeroom)?,
            year: list(f.node("year")?, "outcome", |f| {
                Ok(Outcome { code: f.text("code")?, name: f.text("name")?, period: f.period()?, value: f.text("value")? })
            })?,
            former: list(f.node("former")?, "term", |f| Ok(FormerTerm { period: f.period()?, school: f.text("school")? }))?,
        })
    })
}

fn decode_subject(f: &mut Fields) -> Result<Subject, Fault> {
    Ok(Subject {
        code: f.text("code")?,
        name: f.text("name")?,
        teachers: {
            let mut teachers = Fields::of(f.node("teachers")?);
            let names = teachers.0.many(Space::Transcript, "teacher");
            teachers.done()?;
            names.into_iter().map(|e| text(e).map(str::to_owned)).collect::<Result<_, _>>()?
        },
        entries: list(f.node("entries")?, "entry", |f| {
            Ok(Entry { period: f.period()?, value: f.text("value")?, test: f.optional("test")? })
        })?,
        comment: f.optional("comment")?,
    })
}

fn decode_homeroom(f: &mut Fields) -> Result<Homeroom, Fault> {
    Ok(Homeroom {
        assessments: list(f.node("assessments")?, "assessment", |f| {
            Ok(Assessment { code: f.text("code")?, name: f.text("name")?, period: f.period()?, value: f.text("value")? })
        })?,
        absences: f
            .0
            .optional(Space::Transcript, "absences")
            .map(|e| {
                read(e, |f| {
                    Ok(Absences {
                        with_permission: f.parsed("withPermission")?,
                        without_permission: f.parsed("withoutPermission")?,
                    })
                })
            })
            .transpose()?,
        comments: list(f.node("comments")?, "comment", |f| Ok(Comment { period: f.period()?, text: f.text("text")? }))?,
    })
}
