//! Whole school years at schools outside of these records. A signed transcript of another installation is checked and becomes a year
//! whose results nobody can change; a paper one is typed. Subjects are named as the former school named them, each beside the subject
//! of the programme that it is.

mod rows;
mod signed;
mod terms;

use crate::facts::{self, ClassFacts, RosterLine};
use crate::people::Names;
use chrono::{DateTime, Utc};
use documents::rendering::beside;
use dto::access::Permission;
use dto::former_years::{FormerYear, FormerYearLearner, FormerYears, PutFormerYear};
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::{Mark, curriculum};
use rows::Stored;
use sea_orm::ConnectionTrait;
pub(crate) use signed::{Checked, check as check_signed, placed, year as year_of};
use std::collections::HashSet;
pub(crate) use terms::is_value;
use transcript::Trust;

/// The former years of a class's learners, by ordinal, the newest first.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, class: ClassId) -> Result<FormerYears> {
    let conn = db.read();
    let class = reached(conn, ctx, Permission::TranscriptRead, class).await?;
    let subjects = facts::subjects(conn, class.id).await?;
    let learners: Vec<RosterLine> = facts::roster(conn, class.school_id, class.id, None).await?;
    let present = || learners.iter().filter(|line| line.left_on.is_none());
    let stored = rows::of(conn, class.school_id, present().map(|line| line.learner_id)).await?;
    let names = Names::of(conn, ctx.lang, stored.iter().map(|row| row.updated_by)).await?;
    let ordinal = |learner: LearnerId| present().find(|line| line.learner_id == learner).map(|line| line.ordinal);
    let mut items: Vec<FormerYear> = stored.into_iter().map(|row| row.told(&class, &subjects, &names)).collect();
    items.sort_by(|a, b| {
        (ordinal(a.learner_id), &b.school_year, a.learner_id).cmp(&(ordinal(b.learner_id), &a.school_year, b.learner_id))
    });
    Ok(FormerYears {
        learners: present()
            .map(|line| FormerYearLearner {
                learner_id: line.learner_id,
                ordinal: line.ordinal,
                full_name: line.full_name.clone(),
                given_name: line.given_name.clone(),
            })
            .collect(),
        items,
        writable: class.writable,
        class_id: class.id,
        class_name: class.name,
        school_year: class.school_year,
        grade: class.grade,
    })
}

async fn reached(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, class: ClassId) -> Result<ClassFacts> {
    facts::class(conn, ctx, permission, Permission::TranscriptPrepare, class).await
}

/// Takes a year from a signed transcript, XML or PDF, after its check; a year that was typed, or taken from another file, gives way to
/// it. `at`: the instant at which certificates without a time-stamp have to be valid.
///
/// Errors: `not_found`; `transcript_not_valid` with what is wrong; `transcript_of_another`; `transcript_of_ours`.
pub async fn take(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    file: Vec<u8>,
    trust: Trust,
    at: DateTime<Utc>,
) -> Result<FormerYear> {
    // Whose class it is comes before what is in the file.
    present(db.read(), &reached(db.read(), ctx, Permission::TranscriptPrepare, class).await?, learner).await?;
    let lang = ctx.lang;
    let (checked, file) = beside(move || Ok((check_signed(&file, &trust, at, lang)?, file))).await?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = writable(tx, class, learner).await?;
        let cards = facts::learner_cards(conn, &[learner]).await?;
        let card = cards.get(&learner).ok_or_else(|| Error::new(Code::NotFound))?;
        if !checked.is_of(card) {
            return Err(Error::new(Code::TranscriptOfAnother).with("name", &checked.learner.full_name));
        }
        if checked.school_code == facts::school_card(conn, class.school_id).await?.code {
            return Err(Error::new(Code::TranscriptOfOurs));
        }
        let was = rows::one(conn, class.school_id, learner, &checked.school_year).await?;
        let row = Stored {
            learner_id: learner,
            school_year: checked.school_year.clone(),
            content: checked.content.clone(),
            signed: Some(checked.signed.clone()),
            version: was.as_ref().map_or(0, |was| was.version) + 1,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Into::into),
        };
        rows::put(conn, class.school_id, &row).await?;
        rows::put_file(conn, class.school_id, &row, &checked.signed.form, &file).await?;
        saved(tx, &class, was, row, "former_year.taken").await
    })
    .await
}

/// Records a year from a paper, or corrects it as a whole; of a signed one, which subjects its results belong to. `version`: of what
/// was read, 0 where there was none.
///
/// Errors: `not_found`, `version_conflict`, `former_year_signed`, `transcript_of_ours` for a year that the class itself is of (but what
/// was taken from a signed transcript of it is mapped), `invalid` with the field.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    school_year: &str,
    version: i64,
    body: &PutFormerYear,
) -> Result<FormerYear> {
    db.write(ctx, async |tx| put_in(tx, class, learner, school_year, version, body).await).await
}

/// As [`put`].
pub(crate) async fn put_in(
    tx: &Tx<'_>,
    class: ClassId,
    learner: LearnerId,
    school_year: &str,
    version: i64,
    body: &PutFormerYear,
) -> Result<(FormerYear, Vec<Event>)> {
    let conn = tx.conn();
    let class = writable(tx, class, learner).await?;
    if !is_year(school_year) {
        return Err(Error::new(Code::NotFound));
    }
    check(body)?;
    let was = rows::one(conn, class.school_id, learner, school_year).await?;
    if was.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::new(Code::VersionConflict));
    }
    let signed = was.as_ref().and_then(|was| was.signed.clone());
    // What was before in the class's own year is kept by terms ([`crate::former`]), or comes signed and only its subjects are mapped.
    if signed.is_none() && school_year == class.school_year {
        return Err(Error::new(Code::TranscriptOfOurs));
    }
    if let Some(was) = was.as_ref().filter(|was| was.signed.is_some())
        && !signed::only_mapped(&was.content, body)
    {
        return Err(Error::new(Code::FormerYearSigned));
    }
    let row = Stored {
        learner_id: learner,
        school_year: school_year.to_owned(),
        content: if signed.is_some() { body.clone() } else { cleaned(body) },
        signed,
        version: version + 1,
        updated_at: tx.now(),
        updated_by: tx.ctx().account.map(Into::into),
    };
    if !rows::put(conn, class.school_id, &row).await? {
        return Err(Error::new(Code::VersionConflict));
    }
    saved(tx, &class, was, row, "former_year.recorded").await
}

/// A year as an import of a file sees it.
pub(crate) struct Standing {
    pub learner_id: LearnerId,
    pub school_year: String,
    pub content: PutFormerYear,
    pub signed: bool,
    pub version: i64,
}

/// The former years of some learners. For callers who may see them.
pub(crate) async fn standing(
    conn: &impl ConnectionTrait,
    school: UnitId,
    learners: impl Iterator<Item = LearnerId>,
) -> Result<Vec<Standing>> {
    let told = |row: Stored| Standing {
        learner_id: row.learner_id,
        school_year: row.school_year,
        content: row.content,
        signed: row.signed.is_some(),
        version: row.version,
    };
    Ok(rows::of(conn, school, learners).await?.into_iter().map(told).collect())
}

/// The former years of a learner as they are kept, with the signed files that some were taken from. For callers who may see the learner.
pub(crate) async fn of_learner(conn: &impl ConnectionTrait, school: UnitId, learner: LearnerId) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for row in rows::of(conn, school, std::iter::once(learner)).await? {
        let file = rows::file(conn, school, learner, &row.school_year).await?;
        kept.push(Kept { school_year: row.school_year, content: row.content, file });
    }
    Ok(kept)
}

/// A former year, and where it is signed the form (`xml`, `pdf`) and bytes of its file.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub school_year: String,
    pub content: PutFormerYear,
    pub file: Option<(String, Vec<u8>)>,
}

/// Keeps a year of a learner who has none of that year at the school. `signed`: of its file, as [`signed::check`] found it.
///
/// Errors: `invalid` with the field.
pub(crate) async fn keep_in(
    tx: &Tx<'_>,
    school: UnitId,
    learner: LearnerId,
    kept: &Kept,
    signed: Option<&Checked>,
) -> Result<Event> {
    if signed.is_none() {
        check(&kept.content)?;
    }
    let row = Stored {
        learner_id: learner,
        school_year: kept.school_year.clone(),
        content: signed.map_or_else(|| kept.content.clone(), |checked| checked.content.clone()),
        signed: signed.map(|checked| checked.signed.clone()),
        version: 1,
        updated_at: tx.now(),
        updated_by: tx.ctx().account.map(Into::into),
    };
    rows::put(tx.conn(), school, &row).await?;
    if let (Some(checked), Some((_, bytes))) = (signed, &kept.file) {
        rows::put_file(tx.conn(), school, &row, &checked.signed.form, bytes).await?;
    }
    Ok(Event::new(Some(school), "former_year.taken", "learner", learner).after(&row.kept()))
}

/// Takes a year away, its file with it; the log keeps what it said.
///
/// Errors: `not_found`.
pub async fn remove(db: &Db, ctx: &Ctx, class: ClassId, learner: LearnerId, school_year: &str) -> Result<()> {
    db.write(ctx, async |tx| Ok(((), vec![remove_in(tx, class, learner, school_year).await?]))).await
}

/// As [`remove`].
pub(crate) async fn remove_in(tx: &Tx<'_>, class: ClassId, learner: LearnerId, school_year: &str) -> Result<Event> {
    let class = writable(tx, class, learner).await?;
    let was = rows::one(tx.conn(), class.school_id, learner, school_year).await?;
    let was = was.ok_or_else(|| Error::new(Code::NotFound))?;
    rows::remove(tx.conn(), class.school_id, &was).await?;
    Ok(event(&class, learner, "former_year.removed").before(&was.kept()))
}

/// The signed file that a year was taken from: its form and bytes.
///
/// Errors: `not_found`, also of a year that was typed.
pub async fn file(db: &Db, ctx: &Ctx, class: ClassId, learner: LearnerId, school_year: &str) -> Result<(String, Vec<u8>)> {
    let conn = db.read();
    let class = reached(conn, ctx, Permission::TranscriptRead, class).await?;
    present(conn, &class, learner).await?;
    rows::file(conn, class.school_id, learner, school_year).await?.ok_or_else(|| Error::new(Code::NotFound))
}

async fn present(conn: &impl ConnectionTrait, class: &ClassFacts, learner: LearnerId) -> Result<()> {
    let line = facts::roster_line(conn, class.school_id, class.id, learner).await?;
    line.filter(|line| line.left_on.is_none()).map(|_| ()).ok_or_else(|| Error::new(Code::NotFound))
}

/// The class where a learner's former years may be changed.
async fn writable(tx: &Tx<'_>, class: ClassId, learner: LearnerId) -> Result<ClassFacts> {
    let class = reached(tx.conn(), tx.ctx(), Permission::TranscriptPrepare, class).await?;
    present(tx.conn(), &class, learner).await?;
    Ok(class)
}

fn event(class: &ClassFacts, learner: LearnerId, verb: &'static str) -> Event {
    Event::new(Some(class.school_id), verb, "learner", learner)
}

async fn saved(
    tx: &Tx<'_>,
    class: &ClassFacts,
    was: Option<Stored>,
    row: Stored,
    verb: &'static str,
) -> Result<(FormerYear, Vec<Event>)> {
    let conn = tx.conn();
    let mut event = event(class, row.learner_id, verb).after(&row.kept());
    if let Some(was) = was {
        event = event.before(&was.kept());
    }
    let subjects = facts::subjects(conn, class.id).await?;
    let names = Names::of(conn, tx.ctx().lang, [row.updated_by]).await?;
    Ok((row.told(class, &subjects, &names), vec![event]))
}

/// "2025-2026", of two years that follow each other.
pub(crate) fn is_year(text: &str) -> bool {
    let year = |part: &str| part.parse::<u16>().ok().filter(|year| part.len() == 4 && (1945..2200).contains(year));
    text.split_once('-').and_then(|(first, second)| Some(year(first)? + 1 == year(second)?)).unwrap_or(false)
}

/// Every subject is one of the programme, named once, and every value is one that a transcript can have.
fn check(body: &PutFormerYear) -> Result<()> {
    let mut seen = HashSet::new();
    for (at, subject) in body.subjects.iter().enumerate() {
        if let Some(code) = &subject.subject_code
            && (curriculum::subject(code).is_none() || !seen.insert(code))
        {
            return Err(Error::field(format!("/subjects/{at}/subject_code"), Code::FieldChoice));
        }
        let mut periods = HashSet::new();
        for (n, value) in subject.values.iter().enumerate() {
            if !periods.insert(value.period) {
                return Err(Error::field(format!("/subjects/{at}/values/{n}/period"), Code::FieldChoice));
            }
            if !terms::is_value(&value.value) {
                return Err(Error::field(format!("/subjects/{at}/values/{n}/value"), Code::MarkInvalid));
            }
            if value.test.as_ref().is_some_and(|test| Mark::parse_decimal(test).is_none()) {
                return Err(Error::field(format!("/subjects/{at}/values/{n}/test"), Code::MarkInvalid));
            }
        }
    }
    Ok(())
}

/// As it is kept: without stray spaces, in one normal form.
fn cleaned(body: &PutFormerYear) -> PutFormerYear {
    let mut body = body.clone();
    let clean = |text: &mut String| *text = kernel::text::clean(text);
    clean(&mut body.from_school);
    clean(&mut body.document);
    clean(&mut body.class_name);
    for subject in &mut body.subjects {
        clean(&mut subject.name);
    }
    for outcome in &mut body.outcomes {
        clean(&mut outcome.value);
    }
    body
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_school_year_is_two_years_that_follow_each_other() {
        for (text, good) in [("2025-2026", true), ("2025-2027", false), ("25-26", false), ("2025", false), ("2025-2026 ", false)]
        {
            assert_eq!(super::is_year(text), good, "{text}");
        }
    }
}
