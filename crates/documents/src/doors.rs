//! Door labels of rooms: what room it is, who sits there, and a QR code that opens the room.

use crate::rendering::qr::{Qr, qr};
use crate::rendering::{Extras, Form, make};
use dto::rooms::{RoomItem, RoomQuery};
use dto::{Lang, UnitId};
use kernel::{Ctx, Db, Result};
use serde::Serialize;

#[derive(Serialize)]
struct Door {
    code: String,
    name: String,
    /// "Nhà A · Tầng 2"
    place: String,
    classes: String,
    /// "54,5 m² · 40 chỗ"
    facts: String,
    qr: Qr,
}

#[derive(Serialize)]
struct Sheet {
    school: String,
    rooms: Vec<Door>,
}

/// The door labels of a school's rooms that a query asks for, as PDF. `base` is where people reach Khuê; where nobody has set it, the QR
/// code holds the room's code alone.
///
/// Errors: `not_found`, `no_rooms`.
pub async fn sheet(db: &Db, ctx: &Ctx, school: UnitId, query: &RoomQuery, base: &str) -> Result<Vec<u8>> {
    let (school, rooms) = records::rooms::labelled(db, ctx, school, query).await?;
    let base = base.trim_end_matches('/');
    let door = |room: RoomItem| {
        let address = match base {
            "" => room.code.clone(),
            base => format!("{base}/office/rooms/{}/{}", school.id, room.id),
        };
        let floor = format!("Tầng {}", room.floor);
        let place = if room.building.is_empty() { floor } else { format!("{} · {floor}", room.building) };
        let classes: Vec<&str> = room.classes.iter().map(|class| class.name.as_str()).collect();
        let area = room.area_dm2.map(|dm2| format!("{} m²", records::rooms::square_metres(dm2)));
        let seats = room.seats.map(|seats| format!("{seats} chỗ"));
        let facts: Vec<String> = [Some(room.kind.label(Lang::Vi).to_owned()), area, seats].into_iter().flatten().collect();
        Ok(Door {
            qr: qr(&address)?,
            classes: classes.join(", "),
            facts: facts.join(" · "),
            code: room.code,
            name: room.name,
            place,
        })
    };
    let rooms = rooms.into_iter().map(door).collect::<Result<_>>()?;
    make(Form::Doors, Sheet { school: school.name, rooms }, Extras::default()).await
}
