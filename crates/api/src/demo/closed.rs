//! What is closed in a demo: the terms of one class, so that a parent sees a result; with marks of a whole year the year of that class
//! too, and beside it a class whose council is still at work. Where every year is asked for, the years of all classes that close one.

use super::Marks;
use super::generate::{Cast, Ready};
use dto::access::Role;
use dto::calendar::Term;
use dto::council::{CouncilMember, PutMinutes, PutOverride, PutSummer, PutSummerItem};
use dto::identity::Person;
use dto::reassessment::{PutReassessment, PutReassessmentItem};
use dto::{AccountId, ClassId, Lang, StaffId};
use gradebook::{council, reassessment, summer};
use kernel::ctx::RoleOn;
use kernel::{Ctx, Db, Result, clock};
use regulations::{CellValue, Level, Mark, Promotion, SubjectKind};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Order, Query};

/// Closes in the principal's name what parents are to see.
pub async fn close(db: &Db, cast: &Cast, marks: Marks) -> Result<()> {
    let Some(class) = cast.closed_class.map(ClassId) else { return Ok(()) };
    let principal = principal(cast);
    match marks {
        Marks::None => Ok(()),
        Marks::Semester1 => gradebook::closing::close(db, &principal, class, Term::S1).await.map(drop),
        Marks::Year => {
            secondary(db, &principal, class).await?;
            match cast.ready {
                Some(ready) => at_work(db, &principal, ready).await,
                None => Ok(()),
            }
        }
    }
}

/// Closes the year of every class of grades 1 to 12 in the principal's name. All marks are there.
pub async fn every(db: &Db, cast: &Cast) -> Result<()> {
    let principal = principal(cast);
    let mut query = Query::select();
    query.columns(["id", "grade"]).from("class").order_by("school_id", Order::Asc).order_by("id", Order::Asc);
    let classes = db.read().query_all(&query).await?;
    let bar = super::progress(classes.len());
    for row in classes {
        let class = ClassId(row.try_get_by_index(0)?);
        match row.try_get_by_index::<String>(1)?.parse::<u8>() {
            Ok(1..=5) => primary(db, &principal, class).await?,
            Ok(_) => secondary(db, &principal, class).await?,
            // Preschools close no years.
            Err(_) => {}
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

fn principal(cast: &Cast) -> Ctx {
    let mut principal = Ctx::system("demo");
    principal.account = cast.principal.map(AccountId);
    principal
}

/// A class by TT 22/2021, its summer and its council with it. Who still hangs after the summer repeats the grade.
async fn secondary(db: &Db, principal: &Ctx, class: ClassId) -> Result<()> {
    worked(db, principal, class, true).await?;
    for row in council::get(db, principal, class).await?.rows {
        let promotion = row.decision.decided.promotion;
        if !matches!(promotion, Some(Promotion::Promoted | Promotion::Retained)) {
            let body = retained("Chưa hoàn thành việc rèn luyện trong hè.");
            council::put_override(db, principal, class, row.decision.learner_id, 0, &body).await?;
        }
    }
    council::close(db, principal, class).await.map(drop)
}

/// A class by TT 27/2020: after help, what fell short is there.
async fn primary(db: &Db, principal: &Ctx, class: ClassId) -> Result<()> {
    terms(db, principal, class).await?;
    let mut items = Vec::new();
    for row in reassessment::sheet(db, principal, class).await?.rows {
        items.extend(row.items.into_iter().map(|item| PutReassessmentItem {
            learner_id: row.learner_id,
            subject_code: item.subject_code,
            slot: item.slot,
            value: Some(match item.was {
                CellValue::Score(_) => Mark::from_hundredths(600).map_or(CellValue::Absent, CellValue::Score),
                _ => CellValue::Done,
            }),
            version: item.version,
        }));
    }
    if !items.is_empty() {
        reassessment::put(db, principal, class, &PutReassessment { reason: None, items }).await?;
    }
    council::close(db, principal, class).await.map(drop)
}

fn retained(reason: &str) -> PutOverride {
    PutOverride { learning: None, conduct: None, promotion: Some(Promotion::Retained), reason: reason.to_owned() }
}

/// The year of a class is over, its summer half done, and its teacher proposes one decision that waits for the principal.
async fn at_work(db: &Db, principal: &Ctx, ready: Ready) -> Result<()> {
    let class = ClassId(ready.class);
    worked(db, principal, class, false).await?;
    let mut teacher = Ctx::anonymous(Lang::Vi, "demo".to_owned());
    teacher.account = Some(AccountId(ready.account));
    teacher.person = Some(Person::Staff(StaffId(ready.staff)));
    teacher.roles = vec![RoleOn { role: Role::HomeroomTeacher, unit: None }];
    let rows = council::get(db, &teacher, class).await?.rows;
    let worst = rows.iter().min_by_key(|row| (row.decision.after_summer.learning, row.decision.after_summer.conduct));
    if let Some(row) = worst {
        let body = PutOverride {
            learning: None,
            conduct: Some(Level::Pass),
            promotion: None,
            reason: "Em có tiến bộ rõ trong học kì II, tập thể lớp đề nghị xét lại mức rèn luyện.".to_owned(),
        };
        council::put_override(db, &teacher, class, row.decision.learner_id, 0, &body).await?;
    }
    Ok(())
}

/// Both terms are closed, the summer is over for all or for every second, and the council has met.
async fn worked(db: &Db, principal: &Ctx, class: ClassId, all: bool) -> Result<()> {
    terms(db, principal, class).await?;
    summer(db, principal, class, all).await?;
    minutes(db, principal, class).await
}

async fn terms(db: &Db, principal: &Ctx, class: ClassId) -> Result<()> {
    for term in [Term::S1, Term::S2] {
        gradebook::closing::close(db, principal, class, term).await?;
    }
    Ok(())
}

/// Results of the summer: of all who have to work in it, or of every second.
async fn summer(db: &Db, ctx: &Ctx, class: ClassId, all: bool) -> Result<()> {
    let sheet = summer::sheet(db, ctx, class).await?;
    let mut items = Vec::new();
    for row in sheet.rows.into_iter().enumerate().filter(|(i, _)| all || i % 2 == 0).map(|(_, row)| row) {
        items.extend(row.subjects.into_iter().map(|subject| PutSummerItem {
            learner_id: row.learner_id,
            value: Some(match subject.kind {
                SubjectKind::Score => Mark::from_hundredths(600).map_or(CellValue::Absent, CellValue::Score),
                SubjectKind::Comment => CellValue::Pass,
            }),
            subject_code: Some(subject.subject_code),
            level: None,
            version: subject.version,
        }));
        items.extend(row.conduct.map(|conduct| PutSummerItem {
            learner_id: row.learner_id,
            subject_code: None,
            value: None,
            level: Some(Level::Pass),
            version: conduct.version,
        }));
    }
    if !items.is_empty() {
        summer::put(db, ctx, class, &PutSummer { reason: None, items }).await?;
    }
    Ok(())
}

async fn minutes(db: &Db, ctx: &Ctx, class: ClassId) -> Result<()> {
    let member = |full_name: &str, role: &str| CouncilMember { full_name: full_name.to_owned(), role: role.to_owned() };
    let body = PutMinutes {
        met_on: Some(clock::today()),
        members: vec![
            member("Đại diện Ban giám hiệu", "Chủ tịch hội đồng"),
            member("Giáo viên chủ nhiệm", "Thư ký"),
            member("Đại diện giáo viên bộ môn", "Uỷ viên"),
        ],
        text: "Hội đồng xem xét kết quả cả năm của từng học sinh, kết quả kiểm tra lại và rèn luyện trong hè, thống nhất danh sách lên lớp."
            .to_owned(),
    };
    let version = council::get(db, ctx, class).await?.version;
    council::put_minutes(db, ctx, class, version, &body).await.map(|_| ())
}
