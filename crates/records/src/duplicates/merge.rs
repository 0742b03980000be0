//! Making one record of two, and two of one again.

use super::moving::{Moved, Whereabouts};
use super::{holding, pairs};
use crate::classes::entity::enrolment;
use crate::imports::{self, Followed};
use crate::learners::entity::learner;
use crate::{claims, classes, codes, health, input, learners, places, quality, scope};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::learners::{Learner, LearnerStatus};
use dto::one_record::{CodeKind, LearnerMerge, PostDistinction, PostMerge, PostSplit};
use dto::page::{Page, PageQuery};
use dto::quality::QualitySubject;
use dto::{Code, LearnerId, LearnerMergeId};
use identity::DataKeys;
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a learner's row was, as far as a merge changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Image {
    school_id: Option<Uuid>,
    status: String,
    personal_id: Option<String>,
    ministry_code: Option<String>,
    match_key: Option<String>,
    search_text: String,
}

impl Image {
    fn of(row: &learner::Model) -> Image {
        Image {
            school_id: row.school_id,
            status: row.status.clone(),
            personal_id: row.personal_id.clone(),
            ministry_code: row.ministry_code.clone(),
            match_key: row.match_key.clone(),
            search_text: row.search_text.clone(),
        }
    }
}

/// A line of a class list that could not stay beside the kept record's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    school_id: Uuid,
    class_id: Uuid,
    ordinal: i32,
    enrolled_on: NaiveDate,
    left_on: Option<NaiveDate>,
}

/// All that a split needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    kept: Image,
    merged: Image,
    /// What the kept record became.
    became: Image,
    moved: Vec<Moved>,
    stayed: u32,
    /// Lines of class lists that were taken out.
    lines: Vec<Line>,
    /// Lines that were ended, by school and class.
    ended: Vec<(Uuid, Uuid)>,
    /// Codes that ended, with what they held.
    codes: Vec<(Uuid, Option<String>)>,
    accounts: Vec<Uuid>,
    /// Lines of imports that named the merged record.
    #[serde(default)]
    followed: Vec<Followed>,
}

async fn row_in(tx: &Tx<'_>, id: LearnerId) -> Result<learner::Model> {
    learner::Entity::find_by_id(id.0).one(tx.conn()).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// Moves everything that hangs on one record to another. Where both have something in one place (a mark of the same column), the kept
/// record's stands and the other's stays aside with its own id.
///
/// Errors: `not_found` (either), `learner_merged`, `invalid` with the field.
pub async fn merge(db: &Db, ctx: &Ctx, keys: &DataKeys, body: &PostMerge) -> Result<LearnerMerge> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        if body.kept_id == body.merged_id {
            return Err(Error::field("/merged_id", Code::FieldChoice));
        }
        let reason = input::text("/reason", &body.reason, 1, 500)?;
        let kept_row = row_in(tx, body.kept_id).await?;
        let merged_row = row_in(tx, body.merged_id).await?;
        if kept_row.merged_into.is_some() || merged_row.merged_into.is_some() {
            return Err(Error::new(Code::LearnerMerged));
        }
        let kept = learners::find_in(conn, ctx, Permission::LearnerMerge, body.kept_id).await?;
        let merged = learners::find_in(conn, ctx, Permission::LearnerMerge, body.merged_id).await?;
        let mut state = Kept {
            kept: Image::of(&kept_row),
            merged: Image::of(&merged_row),
            became: Image::of(&kept_row),
            moved: Vec::new(),
            stayed: 0,
            lines: Vec::new(),
            ended: Vec::new(),
            codes: Vec::new(),
            accounts: Vec::new(),
            followed: Vec::new(),
        };
        rows_in(tx, keys, &kept, &merged, &mut state).await?;
        end_lines_in(tx, &kept, &mut state).await?;
        codes_in(tx, &kept, &mut state).await?;
        state.accounts = identity::accounts::hand_over_learner_in(tx, merged.id, kept.id).await?;
        own_rows_in(tx, &kept, &merged, &mut state).await?;
        renumber_in(tx, &kept, &merged).await?;
        pairs::forget_in(tx, &[merged.id.0]).await?;
        pairs::written_in(tx, &[kept.id]).await?;
        look_in(tx, kept.id, merged.id).await?;
        let merge_id: LearnerMergeId = id::new();
        let mut insert = Query::insert();
        insert
            .into_table("learner_merge")
            .columns(["id", "kept_id", "merged_id", "reason", "moved", "merged_at", "merged_by"])
            .values_panic([
                merge_id.0.into(),
                kept.id.0.into(),
                merged.id.0.into(),
                reason.into(),
                serde_json::to_string(&state).map_err(Error::internal)?.into(),
                tx.now().into(),
                tx.ctx().account.map(Uuid::from).into(),
            ]);
        conn.execute(&insert).await?;
        let told = find_in(conn, ctx, merge_id).await?.1;
        let mut events = vec![Event::new(kept.school_id, "learner.merged", "learner", kept.id).before(&merged).after(&told)];
        if merged.school_id != kept.school_id {
            events
                .push(Event::new(merged.school_id, "learner.merged_away", "learner", merged.id).before(&merged).after(&kept.id));
        }
        Ok((told, events))
    })
    .await
}

/// Everything with the learner's id.
async fn rows_in(tx: &Tx<'_>, keys: &DataKeys, kept: &Learner, merged: &Learner, state: &mut Kept) -> Result<()> {
    let at = Whereabouts::of(tx.conn(), &[kept.id, merged.id]).await?;
    for place in places::all() {
        let moved = place.take(tx, merged.id, kept.id, &at).await?;
        if !moved.keys.is_empty() {
            health::follow_in(tx, keys, &moved.table, &moved.pairs(), merged.id, kept.id).await?;
            state.moved.push(moved);
        }
        let stays = place.count(tx.conn(), merged.id, &at).await?;
        if place.table == "enrolment" && stays > 0 {
            // One child stands once in a class list.
            let lines = enrolment::Entity::find().filter(enrolment::Column::LearnerId.eq(merged.id.0)).all(tx.conn()).await?;
            enrolment::Entity::delete_many().filter(enrolment::Column::LearnerId.eq(merged.id.0)).exec(tx.conn()).await?;
            state.lines.extend(lines.into_iter().map(|e| Line {
                school_id: e.school_id,
                class_id: e.class_id,
                ordinal: e.ordinal,
                enrolled_on: e.enrolled_on,
                left_on: e.left_on,
            }));
        }
        state.stayed += stays;
    }
    state.followed = imports::follow_in(tx, merged.id, kept.id, at.schools()).await?;
    Ok(())
}

fn at_school(learner: &Learner) -> bool {
    learner.status.present() || learner.status == LearnerStatus::Suspended
}

/// A child at a school is in that school's classes alone: what came along and is open ends today.
async fn end_lines_in(tx: &Tx<'_>, kept: &Learner, state: &mut Kept) -> Result<()> {
    let came: Vec<(Uuid, Uuid)> = state
        .moved
        .iter()
        .filter(|moved| moved.table == "enrolment")
        .flat_map(|moved| &moved.keys)
        .filter_map(|key| Some((key.first()?.as_str()?.parse().ok()?, key.get(1)?.as_str()?.parse().ok()?)))
        .collect();
    if !at_school(kept) {
        return Ok(());
    }
    let today = clock::day_of(tx.now());
    for open in classes::open_in(tx.conn(), vec![kept.id.0], None).await? {
        if came.contains(&(open.school_id, open.class_id)) && open.left_on.is_none() {
            classes::end_in(tx, &open, today).await?;
            state.ended.push((open.school_id, open.class_id));
        }
    }
    Ok(())
}

/// Of two codes of one kind the kept record's stands; a temporary one ends.
async fn codes_in(tx: &Tx<'_>, kept: &Learner, state: &mut Kept) -> Result<()> {
    let came: Vec<Uuid> = state
        .moved
        .iter()
        .filter(|moved| moved.table == "learner_code")
        .flat_map(|moved| &moved.keys)
        .filter_map(|key| key.first()?.as_str()?.parse().ok())
        .collect();
    let open = codes::open_in(tx.conn(), kept.id).await?;
    let (came, own): (Vec<_>, Vec<_>) = open.into_iter().partition(|line| came.contains(&line.id));
    let ends = came.iter().filter(|line| {
        line.kind == CodeKind::Temporary.as_str()
            || own.iter().any(|o| o.kind == line.kind && o.school_id == line.school_id)
            || (line.kind == CodeKind::PersonalId.as_str() && kept.personal_id.is_some())
            || (line.kind == CodeKind::Ministry.as_str() && kept.ministry_code.is_some())
    });
    state.codes = ends.map(|line| (line.id, line.held.clone())).collect();
    codes::end_in(tx, kept.id, state.codes.iter().map(|(id, _)| *id).collect(), clock::day_of(tx.now())).await
}

/// The two rows themselves: the merged one is at no school and found by nothing but its numbers, which lead to the kept one.
async fn own_rows_in(tx: &Tx<'_>, kept: &Learner, merged: &Learner, state: &mut Kept) -> Result<()> {
    let became = &mut state.became;
    let mut left = state.merged.clone();
    (left.school_id, left.match_key) = (None, None);
    if !at_school(kept) && at_school(merged) {
        (became.school_id, became.status) = (state.merged.school_id, state.merged.status.clone());
    }
    if became.personal_id.is_none() {
        became.personal_id = left.personal_id.take();
    }
    if became.ministry_code.is_none() {
        became.ministry_code = left.ministry_code.take();
    }
    let text = learners::search_text(&kept.full_name, became.personal_id.as_deref(), became.ministry_code.as_deref());
    became.search_text = codes::searched_in(tx, kept.id, text).await?;
    let (became, left) = (became.clone(), left);
    // First the one that gives its numbers away.
    write_in(tx, merged.id, &left, Some(kept.id)).await?;
    write_in(tx, kept.id, &became, None).await
}

async fn write_in(tx: &Tx<'_>, id: LearnerId, image: &Image, merged_into: Option<LearnerId>) -> Result<()> {
    let row = learner::ActiveModel {
        school_id: Set(image.school_id),
        status: Set(image.status.clone()),
        personal_id: Set(image.personal_id.clone()),
        ministry_code: Set(image.ministry_code.clone()),
        match_key: Set(image.match_key.clone()),
        search_text: Set(image.search_text.clone()),
        merged_into: Set(merged_into.map(Uuid::from)),
        ..Default::default()
    };
    learner::Entity::update_many()
        .set(row)
        .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
        .filter(learner::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn renumber_in(tx: &Tx<'_>, kept: &Learner, merged: &Learner) -> Result<()> {
    for learner in [kept.id, merged.id] {
        for (school, class) in classes::unfrozen_in(tx.conn(), learner).await? {
            classes::renumber_in(tx, school, class).await?;
        }
    }
    Ok(())
}

/// Splits what was merged: every row that moved goes back, as far as it is still there. What was added since stays with the kept
/// record, and so does whatever of it was changed by hand.
///
/// Errors: `not_found`; `merge_ended` where it was split before, or the kept record has been merged on.
pub async fn split(db: &Db, ctx: &Ctx, keys: &DataKeys, merge: LearnerMergeId, body: &PostSplit) -> Result<LearnerMerge> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let reason = input::text("/reason", &body.reason, 1, 500)?;
        let (state, told) = find_in(conn, ctx, merge).await?;
        let kept_row = row_in(tx, told.kept_id).await?;
        let merged_row = row_in(tx, told.merged_id).await?;
        if told.split_at.is_some() || kept_row.merged_into.is_some() || merged_row.merged_into != Some(told.kept_id.0) {
            return Err(Error::new(Code::MergeEnded));
        }
        // First the kept record gives back what it took, so that each number is there once.
        let now = Image::of(&kept_row);
        let mut kept = now.clone();
        if (now.school_id, &now.status) == (state.became.school_id, &state.became.status) {
            (kept.school_id, kept.status) = (state.kept.school_id, state.kept.status.clone());
        }
        if now.personal_id == state.became.personal_id {
            kept.personal_id.clone_from(&state.kept.personal_id);
        }
        if now.ministry_code == state.became.ministry_code {
            kept.ministry_code.clone_from(&state.kept.ministry_code);
        }
        let text = learners::search_text(&kept_row.full_name, kept.personal_id.as_deref(), kept.ministry_code.as_deref());
        for moved in &state.moved {
            let place = places::of(&moved.table).ok_or_else(|| Error::internal(format!("no place {}", moved.table)))?;
            place.give_back(tx, moved, told.kept_id, told.merged_id).await?;
            health::follow_in(tx, keys, &moved.table, &moved.pairs(), told.kept_id, told.merged_id).await?;
        }
        kept.search_text = codes::searched_in(tx, told.kept_id, text).await?;
        write_in(tx, told.kept_id, &kept, None).await?;
        write_in(tx, told.merged_id, &state.merged, None).await?;
        restore_in(tx, &state, told.merged_id).await?;
        let kept = learners::query::learner(row_in(tx, told.kept_id).await?)?;
        let merged = learners::query::learner(row_in(tx, told.merged_id).await?)?;
        renumber_in(tx, &kept, &merged).await?;
        pairs::written_in(tx, &[kept.id, merged.id]).await?;
        look_in(tx, kept.id, merged.id).await?;
        let mut update = Query::update();
        update
            .table("learner_merge")
            .value("split_at", tx.now())
            .value("split_by", tx.ctx().account.map(Uuid::from))
            .value("split_reason", reason)
            .and_where(Expr::col("id").eq(merge.0));
        conn.execute(&update).await?;
        let told = find_in(conn, ctx, merge).await?.1;
        let mut events = vec![Event::new(kept.school_id, "learner.split", "learner", kept.id).before(&kept).after(&told)];
        if merged.school_id != kept.school_id {
            events.push(Event::new(merged.school_id, "learner.split_off", "learner", merged.id).after(&merged));
        }
        Ok((told, events))
    })
    .await
}

async fn restore_in(tx: &Tx<'_>, state: &Kept, merged: LearnerId) -> Result<()> {
    let conn = tx.conn();
    let lines = state.lines.iter().map(|line| enrolment::Model {
        school_id: line.school_id,
        class_id: line.class_id,
        learner_id: merged.0,
        ordinal: line.ordinal,
        enrolled_on: line.enrolled_on,
        left_on: line.left_on,
    });
    for line in lines {
        enrolment::Entity::insert(line.into_active_model()).exec_without_returning(conn).await?;
    }
    for (school, class) in &state.ended {
        enrolment::Entity::update_many()
            .col_expr(enrolment::Column::LeftOn, Expr::val(None::<NaiveDate>))
            .filter(enrolment::Column::SchoolId.eq(*school))
            .filter(enrolment::Column::ClassId.eq(*class))
            .filter(enrolment::Column::LearnerId.eq(merged.0))
            .exec(conn)
            .await?;
    }
    for (line, held) in &state.codes {
        codes::reopen_in(tx, merged, *line, held.clone()).await?;
    }
    imports::give_back_in(tx, &state.followed).await?;
    identity::accounts::give_back_learner_in(tx, &state.accounts, merged).await
}

/// What the rules find of both records now: a finding that came along may be put right by the other record, or be of a school where the
/// child no longer is.
async fn look_in(tx: &Tx<'_>, kept: LearnerId, merged: LearnerId) -> Result<()> {
    for learner in [kept, merged] {
        quality::changed_in(tx, QualitySubject::Learner, learner.0).await?;
    }
    Ok(())
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "kept_id", "merged_id", "reason", "moved", "merged_at", "merged_by"].map(|column| ("m", column)))
        .columns(["split_at", "split_by", "split_reason"].map(|column| ("m", column)))
        .from_as("learner_merge", "m");
    query
}

/// Merges whose record the caller reaches. Asked of each merge: there are few, and learners are many.
fn reached(ctx: &Ctx) -> Expr {
    let mut kept = Query::select();
    kept.expr(Expr::val(1))
        .from_as("learner", "l")
        .and_where(Expr::col(("l", "id")).equals(("m", "kept_id")))
        .cond_where(scope::learners(&ctx.reach(Permission::LearnerMerge), "l"));
    Expr::exists(kept)
}

struct Row {
    told: LearnerMerge,
    state: Kept,
    by: (Option<Uuid>, Option<Uuid>),
}

fn read(row: &QueryResult) -> Result<Row> {
    let state: String = row.try_get_by_index(4)?;
    let state: Kept = serde_json::from_str(&state).map_err(|e| Error::internal(format!("a merge cannot be read: {e}")))?;
    let counted = |moved: &Moved| Some((places::of(&moved.table)?.name?, u32::try_from(moved.keys.len()).unwrap_or(u32::MAX)));
    let split_at: Option<DateTime<Utc>> = row.try_get_by_index(7)?;
    Ok(Row {
        told: LearnerMerge {
            id: LearnerMergeId(row.try_get_by_index(0)?),
            kept_id: LearnerId(row.try_get_by_index(1)?),
            kept_name: String::new(),
            merged_id: LearnerId(row.try_get_by_index(2)?),
            merged_name: String::new(),
            birth_date: NaiveDate::default(),
            reason: row.try_get_by_index(3)?,
            moved: state.moved.iter().filter_map(counted).map(|(name, rows)| holding(name, rows)).collect(),
            stayed: state.stayed,
            merged_at: row.try_get_by_index(5)?,
            merged_by: String::new(),
            split_at,
            split_by: None,
            split_reason: row.try_get_by_index(9)?,
        },
        state,
        by: (row.try_get_by_index(6)?, row.try_get_by_index(8)?),
    })
}

async fn told(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<(Kept, LearnerMerge)>> {
    let names = Names::of(conn, ctx.lang, rows.iter().flat_map(|row| [row.by.0, row.by.1])).await?;
    let people = claims::shown(conn, rows.iter().flat_map(|row| [row.told.kept_id, row.told.merged_id])).await?;
    let name = |id: &LearnerId| people.get(id).map(|shown| shown.full_name.clone()).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|Row { told, state, by }| {
            let told = LearnerMerge {
                kept_name: name(&told.kept_id),
                merged_name: name(&told.merged_id),
                birth_date: people.get(&told.kept_id).map(|shown| shown.birth_date).unwrap_or_default(),
                merged_by: names.name(by.0),
                split_by: told.split_at.map(|_| names.name(by.1)),
                ..told
            };
            (state, told)
        })
        .collect())
}

/// A merge whose kept record the caller's merging reaches.
async fn find_in(conn: &impl ConnectionTrait, ctx: &Ctx, merge: LearnerMergeId) -> Result<(Kept, LearnerMerge)> {
    let mut query = select();
    query.and_where(Expr::col(("m", "id")).eq(merge.0)).and_where(reached(ctx));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut found = told(conn, ctx, vec![read(&row)?]).await?;
    found.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// What was merged, the newest first.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, page: &PageQuery) -> Result<Page<LearnerMerge>> {
    let conn = db.read();
    let mut query = select();
    query
        .and_where(reached(ctx))
        .and_where_option(page::decode::<Uuid>(page.after.as_deref())?.map(|last| Expr::col(("m", "id")).lt(last)))
        .order_by(("m", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rows = conn.query_all(&query).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    let rows = page::of(rows, page.limit(), |row| row.told.id.0, |row| row);
    let items = told(conn, ctx, rows.items).await?.into_iter().map(|(_, told)| told).collect();
    Ok(Page { items, next: rows.next })
}

/// Remembers that two who look like one child are two.
///
/// Errors: `not_found` (neither is reached), `invalid` with `/right_id` where they are one.
pub async fn distinguish(db: &Db, ctx: &Ctx, body: &PostDistinction) -> Result<()> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        if body.left_id == body.right_id {
            return Err(Error::field("/right_id", Code::FieldChoice));
        }
        let reason = input::text_opt("/reason", body.reason.as_deref(), 500)?;
        let left = row_in(tx, body.left_id).await?;
        let right = row_in(tx, body.right_id).await?;
        // Whose record one of them is may say so: the other school sees it in the list no more either, and the log has it.
        let mut own = None;
        for side in [&left, &right] {
            if learners::find_in(conn, ctx, Permission::LearnerMerge, LearnerId(side.id)).await.is_ok() {
                own = Some(side);
            }
        }
        let own = own.ok_or_else(|| Error::new(Code::NotFound))?;
        let (low, high) = (Ord::min(left.id, right.id), Ord::max(left.id, right.id));
        let mut insert = Query::insert();
        insert
            .into_table("learner_distinct")
            .columns(["low_id", "high_id", "reason", "said_at", "said_by"])
            .values_panic([low.into(), high.into(), reason.into(), tx.now().into(), tx.ctx().account.map(Uuid::from).into()])
            .on_conflict(OnConflict::columns(["low_id", "high_id"]).update_columns(["reason", "said_at", "said_by"]).to_owned());
        conn.execute(&insert).await?;
        let school = own.school_id.map(dto::UnitId);
        Ok(((), vec![Event::new(school, "learner.told_apart", "learner", own.id).after(body)]))
    })
    .await
}
