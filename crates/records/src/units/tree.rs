//! The closure of the tree: who lies under whom today.

use super::entity::{ancestor, placement, unit};
use chrono::NaiveDate;
use kernel::{Ctx, Db, Event, Result, Tx, clock};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Deeper than any tree of units; a chain that is longer is a cycle in the data.
const DEEPEST: usize = 32;

/// Holds the tree until the end of the write: two moves at once could each keep the closure right and together not. Held by
/// its roots, of which there are one or two.
pub(super) async fn lock_in(tx: &Tx<'_>) -> Result<()> {
    let mut placed = Query::select();
    placed.column("unit_id").from("unit_placement");
    unit::Entity::find()
        .filter(unit::Column::Id.not_in_subquery(placed))
        .order_by_asc(unit::Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    Ok(())
}

/// Whether `unit` is `above` or lies under it today.
pub(super) async fn lies_under(conn: &impl ConnectionTrait, unit: Uuid, above: Uuid) -> Result<bool> {
    Ok(ancestor::Entity::find_by_id((above, unit)).one(conn).await?.is_some())
}

/// Puts a new unit, which has nothing under it, into the closure.
pub(super) async fn attach_in(tx: &Tx<'_>, unit: Uuid, parent: Option<Uuid>) -> Result<()> {
    let mut rows = vec![ancestor::Model { ancestor_id: unit, unit_id: unit, depth: 0 }];
    if let Some(parent) = parent {
        let above = ancestor::Entity::find().filter(ancestor::Column::UnitId.eq(parent)).all(tx.conn()).await?;
        rows.extend(above.into_iter().map(|a| ancestor::Model { ancestor_id: a.ancestor_id, unit_id: unit, depth: a.depth + 1 }));
    }
    crate::bulk::insert_many_in(tx, rows).await
}

/// Hangs the unit, with all under it, where its placements put it today.
pub(super) async fn move_in(tx: &Tx<'_>, unit: Uuid) -> Result<()> {
    let places = placement::Entity::find().filter(placement::Column::UnitId.eq(unit)).all(tx.conn()).await?;
    let parent = parents(&places, clock::day_of(tx.now())).get(&unit).copied();
    let below = ancestor::Entity::find().filter(ancestor::Column::AncestorId.eq(unit)).all(tx.conn()).await?;
    let mut subtree = Query::select();
    subtree.column("unit_id").from("unit_ancestor").and_where(Expr::col("ancestor_id").eq(unit));
    let ids: Vec<Uuid> = below.iter().map(|b| b.unit_id).collect();
    ancestor::Entity::delete_many()
        .filter(ancestor::Column::UnitId.in_subquery(subtree.clone()))
        .filter(ancestor::Column::AncestorId.is_not_in(ids))
        .exec(tx.conn())
        .await?;
    let Some(parent) = parent else { return Ok(()) };
    let above = ancestor::Entity::find().filter(ancestor::Column::UnitId.eq(parent)).all(tx.conn()).await?;
    let rows = above
        .iter()
        .flat_map(|a| {
            below.iter().map(|b| ancestor::Model { ancestor_id: a.ancestor_id, unit_id: b.unit_id, depth: a.depth + b.depth + 1 })
        })
        .collect();
    crate::bulk::insert_many_in(tx, rows).await
}

/// The parent of each unit on a day. A unit whose first placement is still to come hangs where that will put it, so that
/// who plans it can reach it.
pub(super) fn parents(places: &[placement::Model], day: NaiveDate) -> HashMap<Uuid, Uuid> {
    let mut first: HashMap<Uuid, &placement::Model> = HashMap::new();
    let mut today = HashMap::new();
    for place in places {
        let earliest = first.entry(place.unit_id).or_insert(place);
        if place.valid_from < earliest.valid_from {
            *earliest = place;
        }
        if place.valid_from <= day && place.valid_to.is_none_or(|end| day < end) {
            today.insert(place.unit_id, place.parent_id);
        }
    }
    for (unit, place) in first {
        if place.valid_from > day {
            today.entry(unit).or_insert(place.parent_id);
        }
    }
    today
}

/// All pairs of the closure of these units.
fn closure(units: &[Uuid], parents: &HashMap<Uuid, Uuid>) -> BTreeSet<(Uuid, Uuid, i16)> {
    let mut pairs = BTreeSet::new();
    for &unit in units {
        let mut at = unit;
        let mut seen = HashSet::new();
        for depth in 0..DEEPEST as i16 {
            if !seen.insert(at) {
                tracing::error!(%unit, "the placements of units go in a circle");
                break;
            }
            pairs.insert((at, unit, depth));
            match parents.get(&at) {
                Some(&parent) => at = parent,
                None => break,
            }
        }
    }
    pairs
}

/// Makes the closure anew from the placements: after rows were loaded in bulk.
pub async fn rebuild_closure_in(tx: &Tx<'_>) -> Result<()> {
    settle_in(tx).await.map(|_| ())
}

/// Brings the closure up to date, for placements that were to begin or end since: at start and after midnight. Writes
/// only what differs; answers how many pairs did.
pub async fn rebuild_closure(db: &Db) -> Result<usize> {
    if differences(db.read(), clock::today()).await?.is_none() {
        return Ok(0);
    }
    let ctx = Ctx::system("units");
    db.write(&ctx, async |tx| {
        let changed = settle_in(tx).await?;
        Ok((changed, vec![Event::new(None, "unit.settled", "unit", "all").after(&changed)]))
    })
    .await
}

/// Keeps the closure up to date while a server runs: placements begin and end at midnight. Never ends.
pub async fn follow_calendar(db: Db) {
    clock::each_day("bring the tree of units up to date", async |_| {
        let changed = rebuild_closure(&db).await?;
        tracing::info!(changed, "the tree of units as placed today");
        Ok(())
    })
    .await;
}

type Pairs = BTreeSet<(Uuid, Uuid, i16)>;

/// What the closure has too much, and what it lacks.
async fn differences(conn: &impl ConnectionTrait, day: NaiveDate) -> Result<Option<(Pairs, Pairs)>> {
    let units: Vec<Uuid> = unit::Entity::find().select_only().column(unit::Column::Id).into_tuple().all(conn).await?;
    let places = placement::Entity::find().all(conn).await?;
    let want = closure(&units, &parents(&places, day));
    let have: Pairs =
        ancestor::Entity::find().all(conn).await?.into_iter().map(|a| (a.ancestor_id, a.unit_id, a.depth)).collect();
    if want == have {
        return Ok(None);
    }
    Ok(Some((have.difference(&want).copied().collect(), want.difference(&have).copied().collect())))
}

async fn settle_in(tx: &Tx<'_>) -> Result<usize> {
    let Some((surplus, missing)) = differences(tx.conn(), clock::day_of(tx.now())).await? else { return Ok(0) };
    let changed = surplus.len() + missing.len();
    for (above, unit, _) in surplus {
        ancestor::Entity::delete_by_id((above, unit)).exec(tx.conn()).await?;
    }
    let rows = missing.into_iter().map(|(ancestor_id, unit_id, depth)| ancestor::Model { ancestor_id, unit_id, depth }).collect();
    crate::bulk::insert_many_in(tx, rows).await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn place(unit: u128, parent: u128, from: &str, to: Option<&str>) -> placement::Model {
        placement::Model {
            unit_id: Uuid::from_u128(unit),
            parent_id: Uuid::from_u128(parent),
            valid_from: day(from),
            valid_to: to.map(day),
        }
    }

    #[test]
    fn the_day_decides_the_parent() {
        let places =
            [place(3, 1, "2020-01-01", Some("2025-07-01")), place(3, 2, "2025-07-01", None), place(4, 2, "2030-01-01", None)];
        let on = |text: &str| parents(&places, day(text));
        assert_eq!(on("2025-06-30")[&Uuid::from_u128(3)], Uuid::from_u128(1));
        assert_eq!(on("2025-07-01")[&Uuid::from_u128(3)], Uuid::from_u128(2));
        assert_eq!(on("2025-07-01")[&Uuid::from_u128(4)], Uuid::from_u128(2));
        assert!(!on("2019-12-31").is_empty());
    }

    #[test]
    fn a_circle_in_the_data_ends() {
        let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let circle = HashMap::from([(ids[0], ids[1]), (ids[1], ids[0])]);
        assert_eq!(closure(&ids, &circle).len(), 4);
    }
}
