//! Labels of equipment: sheets of A4 with 24 labels of 70 x 37 mm, which shops sell as stickers. The QR code of a label opens the item.

use crate::rendering::qr::{Qr, qr};
use crate::rendering::{Extras, Form, make};
use dto::UnitId;
use dto::equipment::EquipmentQuery;
use kernel::{Ctx, Db, Result};
use serde::Serialize;

#[derive(Serialize)]
struct Label {
    code: String,
    name: String,
    number: Option<String>,
    place: String,
    qr: Qr,
}

#[derive(Serialize)]
struct Sheet {
    school: String,
    labels: Vec<Label>,
}

/// Labels of a school's items as PDF. `base` is where people reach Khuê; where nobody has set it, the code alone stands in the QR code.
///
/// Errors: `not_found`, `no_equipment`.
pub async fn sheet(db: &Db, ctx: &Ctx, school: UnitId, query: &EquipmentQuery, base: &str) -> Result<Vec<u8>> {
    let (school, items) = records::equipment::labelled(db, ctx, school, query).await?;
    let base = base.trim_end_matches('/');
    let labels = items
        .into_iter()
        .map(|item| {
            let address = match base {
                "" => item.code.clone(),
                base => format!("{base}/office/equipment/{}", item.code),
            };
            let (left, right) = item.code.split_at(item.code.len() / 2);
            Ok(Label {
                code: format!("{left}-{right}"),
                name: item.name,
                number: item.number,
                place: item.place,
                qr: qr(&address)?,
            })
        })
        .collect::<Result<_>>()?;
    make(Form::Labels, Sheet { school, labels }, Extras::default()).await
}
