//! Who issues a paper, as its head says it (NĐ 30/2020): the body above, the name, the place before the date.

use dto::UnitId;
use dto::units::UnitKind;
use kernel::Result;
use sea_orm::ConnectionTrait;

/// What stands around the name of who issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// "Uỷ ban nhân dân phường Trấn Biên"
    pub over: Option<String>,
    /// "Trấn Biên"
    pub place: Option<String>,
}

/// Of a unit, for callers who have looked whether it may be seen.
pub async fn of(conn: &impl ConnectionTrait, unit: UnitId) -> Result<Issuer> {
    let above = records::units::above_in(conn, unit).await?;
    let commune = above.iter().rev().find(|unit| unit.kind == UnitKind::Commune);
    let over = match above.last() {
        Some(unit) if unit.kind == UnitKind::Commune => Some(format!("Uỷ ban nhân dân {}", lower_first(&unit.name))),
        Some(unit) => Some(unit.name.clone()),
        None => None,
    };
    Ok(Issuer { over, place: commune.map(|unit| bare(&unit.name).to_owned()) })
}

/// The name of a commune without its kind: the place before a date.
fn bare(name: &str) -> &str {
    ["Phường ", "Xã ", "Đặc khu ", "Thị trấn "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name)
}

/// "Phường Trấn Biên" within a sentence.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
