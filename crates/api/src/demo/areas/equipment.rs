//! The inventory of a school with its labels, and what was found when somebody stood before an item.

use super::Desk;
use super::words::{FOUND, INVENTORY};
use dto::access::Role;
use dto::equipment::{EquipmentState, PostEquipment, PostSighting, PutEquipment};
use dto::finance::Vnd;
use kernel::Result;
use records::equipment;

/// A thing before which somebody stood, and how they found it.
pub struct Seen {
    pub code: String,
    pub place: &'static str,
    pub state: Option<EquipmentState>,
}

pub async fn fill(desk: &Desk<'_>) -> Result<Vec<Seen>> {
    let ctx = desk.site.office("clerk", Role::Clerk);
    let mut rng = desk.rng(3);
    let mut seen: Vec<Seen> = Vec::new();
    for (nth, (kind, name, place, copies, year, source, price)) in INVENTORY.into_iter().enumerate() {
        // Entered a year before: a stocktaking of this year finds them in the book.
        desk.on_of(desk.year - 1, 9, 8 + nth as u32 % 5, 8 + nth as i64 % 8);
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
        for code in first.into_iter().chain(last.filter(|_| copies > 7)) {
            seen.push(Seen { code, place, state: None });
        }
    }
    // The stocktaking of the autumn, with a telephone before each thing.
    for (nth, thing) in seen.iter_mut().enumerate() {
        desk.on(10, 12 + nth as u32 % 3, 8 + nth as i64 % 9);
        let (state, note) = match nth % 3 {
            0 => FOUND[rng.below(FOUND.len() - 1)],
            _ => ("good", ""),
        };
        let note = (!note.is_empty()).then(|| note.to_owned());
        thing.state = state.parse().ok();
        let sighting = PostSighting { place: None, room_id: None, state: thing.state, note };
        equipment::sight(desk.db, &ctx, &thing.code, &sighting).await?;
    }
    if let Some(thing) = seen.first_mut() {
        desk.on(11, 5, 15);
        let (state, note) = FOUND[FOUND.len() - 1];
        thing.state = state.parse().ok();
        let sighting = PostSighting { place: None, room_id: None, state: thing.state, note: Some(note.to_owned()) };
        equipment::sight(desk.db, &ctx, &thing.code, &sighting).await?;
    }
    Ok(seen)
}
