//! The inventory of a school with its labels, and what was found when somebody stood before an item.

use super::Desk;
use super::words::{FOUND, INVENTORY};
use dto::access::Role;
use dto::equipment::{EquipmentState, PostEquipment, PostSighting, PutEquipment};
use dto::finance::Vnd;
use kernel::Result;
use records::equipment;

pub async fn fill(desk: &Desk<'_>) -> Result<()> {
    let ctx = desk.site.office("clerk", Role::Clerk);
    let mut rng = desk.rng(3);
    let mut seen = Vec::new();
    for (nth, (kind, name, place, copies, year, source, price)) in INVENTORY.into_iter().enumerate() {
        desk.on(9, 8 + nth as u32 % 5, 8 + nth as i64 % 8);
        let item = PutEquipment {
            name: name.to_owned(),
            kind,
            number: Some(format!("TB{:03}", nth + 1)),
            place: place.to_owned(),
            room_id: None,
            state: EquipmentState::Good,
            acquired_year: Some(year),
            source: Some(source.to_owned()),
            price: Some(Vnd(price * 1_000)),
            note: None,
        };
        let made = equipment::create(desk.db, &ctx, desk.site.school, &PostEquipment { item, copies: Some(copies) }).await?;
        let (first, last) = (made.items.first().map(|item| item.code.clone()), made.items.last().map(|item| item.code.clone()));
        seen.extend(first);
        if copies > 7 {
            seen.extend(last);
        }
    }
    // The stocktaking of the autumn, with a telephone before each thing.
    for (nth, code) in seen.iter().enumerate() {
        desk.on(10, 12 + nth as u32 % 3, 8 + nth as i64 % 9);
        let (state, note) = match nth % 3 {
            0 => FOUND[rng.below(FOUND.len() - 1)],
            _ => ("good", ""),
        };
        let note = (!note.is_empty()).then(|| note.to_owned());
        let sighting = PostSighting { place: None, room_id: None, state: state.parse().ok(), note };
        equipment::sight(desk.db, &ctx, code, &sighting).await?;
    }
    if let Some(code) = seen.first() {
        desk.on(11, 5, 15);
        let (state, note) = FOUND[FOUND.len() - 1];
        let sighting = PostSighting { place: None, room_id: None, state: state.parse().ok(), note: Some(note.to_owned()) };
        equipment::sight(desk.db, &ctx, code, &sighting).await?;
    }
    Ok(())
}
