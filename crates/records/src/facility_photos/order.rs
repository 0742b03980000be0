//! The order of a school's photos: a number for each, the greatest first. Those without one were never arranged and stand by their day.

use super::{Row, ordered, select};
use crate::units;
use dto::access::Permission;
use dto::facility_photos::PutPhotoOrder;
use dto::{Code, UnitId};
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashSet;
use uuid::Uuid;

/// Where a new photo stands: in front, or by its day where nobody has arranged the photos.
pub(super) async fn first_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<i32> {
    let mut greatest = Query::select();
    greatest.expr(Expr::col("position").max()).from("facility_photo").and_where(Expr::col("school_id").eq(school.0));
    let row = conn.query_one(&greatest).await?.ok_or_else(|| Error::internal("a maximum gave no row"))?;
    let greatest = row.try_get_by_index::<Option<i32>>(0)?.unwrap_or(0);
    Ok(if greatest == 0 { 0 } else { greatest.saturating_add(1) })
}

/// Arranges photos of a school: those that are named take the places that they hold together, in the order in which they are named.
///
/// Errors: `not_found`; `invalid` with `field_choice` at `/photo_ids/n` for one that is not the school's or is named twice.
pub async fn arrange(db: &Db, ctx: &Ctx, school: UnitId, body: &PutPhotoOrder) -> Result<()> {
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?.id;
        let mut all = select(school);
        ordered(&mut all);
        let rows = crate::all::<Row>(tx.conn(), &all).await?;
        let before: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let known: HashSet<&Uuid> = before.iter().collect();
        let mut named = HashSet::new();
        for (n, photo) in body.photo_ids.iter().enumerate() {
            if !known.contains(&photo.0) || !named.insert(photo.0) {
                return Err(Error::field(format!("/photo_ids/{n}"), Code::FieldChoice));
            }
        }
        let after = arranged(&before, &body.photo_ids.iter().map(|photo| photo.0).collect::<Vec<_>>());
        let held: std::collections::HashMap<Uuid, i32> = rows.iter().map(|row| (row.id, row.position)).collect();
        for (photo, position) in after.iter().rev().zip(1_i32..) {
            if held.get(photo) == Some(&position) {
                continue;
            }
            let mut update = Query::update();
            update
                .table("facility_photo")
                .value("position", position)
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("id").eq(*photo));
            tx.conn().execute(&update).await?;
        }
        let event = Event::new(Some(school), "facility_photo.arranged", "unit", school).before(&before).after(&after);
        Ok(((), vec![event]))
    })
    .await
}

/// `all` with the places of those that are `named` filled by them in their new order.
fn arranged(all: &[Uuid], named: &[Uuid]) -> Vec<Uuid> {
    let moved: HashSet<&Uuid> = named.iter().collect();
    let mut next = named.iter();
    all.iter().filter_map(|id| if moved.contains(id) { next.next() } else { Some(id) }).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_keep_their_places() {
        let ids: Vec<Uuid> = (1..6).map(Uuid::from_u128).collect();
        let by = |order: &[usize]| order.iter().map(|n| ids[n - 1]).collect::<Vec<_>>();
        assert_eq!(arranged(&ids, &by(&[4, 2])), by(&[1, 4, 3, 2, 5]));
        assert_eq!(arranged(&ids, &by(&[5, 4, 3, 2, 1])), by(&[5, 4, 3, 2, 1]));
        assert_eq!(arranged(&ids, &by(&[3])), ids);
    }
}
