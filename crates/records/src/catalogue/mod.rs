//! The catalogue of subjects: what `regulations::curriculum` holds of the programme of 2018, as rows that other rows
//! refer to. Code and database agree after [`ensure`], which every start runs.

pub(crate) mod entity;

use dto::calendar::{Grade, Subject, SubjectOffering};
use dto::page::Page;
use entity::{offering, subject};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::SubjectKind;
use regulations::curriculum::{self, Requirement};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};

/// "score" or "comment", as tables keep it.
pub fn kind_text(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Score => "score",
        SubjectKind::Comment => "comment",
    }
}

/// The kind of a table's text.
pub fn kind_of(text: &str) -> Result<SubjectKind> {
    match text {
        "score" => Ok(SubjectKind::Score),
        "comment" => Ok(SubjectKind::Comment),
        _ => Err(Error::internal(format!("unknown kind {text:?} in the database"))),
    }
}

/// A row of the programme for one grade, in the order of the programme.
#[derive(Clone, Debug)]
pub struct Offered {
    pub code: &'static str,
    pub kind: SubjectKind,
    pub annual_periods: u16,
    pub compulsory: bool,
    pub position: i16,
}

/// What the programme offers in a grade; nothing for preschool.
pub fn offered(grade: Grade) -> Vec<Offered> {
    let offerings = grade.number().map(curriculum::offerings).unwrap_or_default();
    let position = |code: &str| curriculum::subjects().iter().position(|s| s.code == code).unwrap_or(0) as i16;
    offerings
        .into_iter()
        .map(|o| Offered {
            code: o.subject.code,
            kind: o.kind(),
            annual_periods: o.annual_periods,
            compulsory: o.requirement == Requirement::Compulsory,
            position: position(o.subject.code),
        })
        .collect()
}

fn wanted() -> (Vec<subject::Model>, Vec<offering::Model>) {
    let subjects = curriculum::subjects()
        .iter()
        .enumerate()
        .map(|(position, s)| subject::Model {
            code: s.code.to_owned(),
            name_vi: s.vi.to_owned(),
            name_en: s.en.to_owned(),
            kind: kind_text(s.kind).to_owned(),
            position: position as i16,
        })
        .collect();
    let offerings = (1..=12u8)
        .flat_map(|grade| curriculum::offerings(grade).into_iter().map(move |o| (grade, o)))
        .map(|(grade, o)| offering::Model {
            subject_code: o.subject.code.to_owned(),
            grade: grade.to_string(),
            annual_periods: o.annual_periods as i16,
            compulsory: o.requirement == Requirement::Compulsory,
            verified: o.verified,
        })
        .collect();
    (subjects, offerings)
}

/// Brings the rows to what the programme says; writes nothing where they agree already. Rows that are no longer in the
/// programme stay, since classes of past years refer to them. Safe to run on every start.
pub async fn ensure(db: &Db) -> Result<()> {
    let (subjects, offerings) = wanted();
    let have_subjects = subject::Entity::find().all(db.read()).await?;
    let have_offerings = offering::Entity::find().all(db.read()).await?;
    if subjects.iter().all(|s| have_subjects.contains(s)) && offerings.iter().all(|o| have_offerings.contains(o)) {
        return Ok(());
    }
    let ctx = Ctx::system("catalogue");
    db.write(&ctx, async |tx| Ok(((), vec![ensure_in(tx).await?]))).await
}

/// The same within a write; answers the event of it.
pub async fn ensure_in(tx: &Tx<'_>) -> Result<Event> {
    let (subjects, offerings) = wanted();
    let counts = (subjects.len(), offerings.len());
    subject::Entity::insert_many(subjects.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::column(subject::Column::Code)
                .update_columns([
                    subject::Column::NameVi,
                    subject::Column::NameEn,
                    subject::Column::Kind,
                    subject::Column::Position,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    offering::Entity::insert_many(offerings.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::columns([offering::Column::SubjectCode, offering::Column::Grade])
                .update_columns([offering::Column::AnnualPeriods, offering::Column::Compulsory, offering::Column::Verified])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(Event::new(None, "catalogue.updated", "subject", "all").after(&counts))
}

/// All subjects with the grades that take them, in the order of the programme.
pub async fn list(db: &Db, _ctx: &Ctx) -> Result<Page<Subject>> {
    Ok(Page { items: subjects_in(db.read()).await?, next: None })
}

pub(crate) async fn subjects_in(conn: &impl ConnectionTrait) -> Result<Vec<Subject>> {
    let subjects =
        subject::Entity::find().order_by_asc(subject::Column::Position).order_by_asc(subject::Column::Code).all(conn).await?;
    let offerings = offering::Entity::find().all(conn).await?;
    subjects
        .into_iter()
        .map(|s| {
            let mut own = offerings
                .iter()
                .filter(|o| o.subject_code == s.code)
                .map(|o| {
                    Ok(SubjectOffering {
                        grade: crate::stored(&o.grade)?,
                        annual_periods: u16::try_from(o.annual_periods).unwrap_or(0),
                        compulsory: o.compulsory,
                        verified: o.verified,
                    })
                })
                .collect::<Result<Vec<_>>>()?;
            own.sort_unstable_by_key(|o| o.grade);
            Ok(Subject { kind: kind_of(&s.kind)?, code: s.code, name_vi: s.name_vi, name_en: s.name_en, offerings: own })
        })
        .collect()
}
