//! Purposes and the texts that are put before families. The first text of each is data of the program (`purposes.csv`), to be
//! looked over by the province's lawyers; what the province publishes later takes its place.

use dto::Code;
use dto::consents::{ConsentPurpose, PostConsentPurpose};
use dto::page::Page;
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Order, Query};
use std::collections::BTreeMap;
use uuid::Uuid;

fn built_in() -> BTreeMap<String, ConsentPurpose> {
    include_str!("purposes.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut parts = line.split('|').map(str::to_owned);
            let purpose = ConsentPurpose {
                code: parts.next()?,
                version: 1,
                title_vi: parts.next()?,
                title_en: parts.next()?,
                text_vi: parts.next()?,
                text_en: parts.next()?,
                holds_from: 1,
            };
            Some((purpose.code.clone(), purpose))
        })
        .collect()
}

/// The texts in force, by code.
pub(super) async fn in_force(conn: &impl ConnectionTrait) -> Result<Vec<ConsentPurpose>> {
    let mut found = built_in();
    let mut query = Query::select();
    query
        .columns(["code", "version", "holds_from", "title_vi", "title_en", "text_vi", "text_en"])
        .from("consent_purpose")
        .order_by("code", Order::Asc)
        .order_by("version", Order::Asc);
    for row in conn.query_all(&query).await? {
        let number = |at: usize| -> Result<u32> { Ok(u32::try_from(row.try_get_by_index::<i32>(at)?).unwrap_or(0)) };
        let purpose = ConsentPurpose {
            code: row.try_get_by_index(0)?,
            version: number(1)?,
            holds_from: number(2)?,
            title_vi: row.try_get_by_index(3)?,
            title_en: row.try_get_by_index(4)?,
            text_vi: row.try_get_by_index(5)?,
            text_en: row.try_get_by_index(6)?,
        };
        found.insert(purpose.code.clone(), purpose);
    }
    Ok(found.into_values().collect())
}

/// A purpose by its code.
///
/// Errors: `invalid` at `/purpose`.
pub(super) async fn find(conn: &impl ConnectionTrait, code: &str) -> Result<ConsentPurpose> {
    let found = in_force(conn).await?.into_iter().find(|purpose| purpose.code == code);
    found.ok_or_else(|| Error::field("/purpose", Code::FieldChoice))
}

/// The purposes in force, by code.
pub async fn list(db: &Db, _ctx: &Ctx) -> Result<Page<ConsentPurpose>> {
    Ok(Page { items: in_force(db.read()).await?, next: None })
}

/// A new text of a purpose, or a new purpose.
///
/// Errors: `invalid` with the field.
pub async fn publish(db: &Db, ctx: &Ctx, body: &PostConsentPurpose) -> Result<ConsentPurpose> {
    if !body.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Error::field("/code", Code::FieldFormat));
    }
    let text = |pointer: &str, value: &str, max: usize| crate::input::text(pointer, value, 1, max);
    let (title_vi, title_en) = (text("/title_vi", &body.title_vi, 120)?, text("/title_en", &body.title_en, 120)?);
    let (text_vi, text_en) = (text("/text_vi", &body.text_vi, 2000)?, text("/text_en", &body.text_en, 2000)?);
    db.write(ctx, async |tx| {
        let was = in_force(tx.conn()).await?.into_iter().find(|purpose| purpose.code == body.code);
        let version = was.as_ref().map_or(1, |was| was.version + 1);
        let holds_from = was.as_ref().filter(|_| !body.ask_again).map_or(version, |was| was.holds_from);
        let made = ConsentPurpose {
            code: body.code.clone(),
            version,
            title_vi: title_vi.clone(),
            title_en: title_en.clone(),
            text_vi: text_vi.clone(),
            text_en: text_en.clone(),
            holds_from,
        };
        let number = |n: u32| i32::try_from(n).map_err(Error::internal);
        let mut insert = Query::insert();
        insert
            .into_table("consent_purpose")
            .columns([
                "code",
                "version",
                "holds_from",
                "title_vi",
                "title_en",
                "text_vi",
                "text_en",
                "published_at",
                "published_by",
            ])
            .values_panic([
                made.code.clone().into(),
                number(version)?.into(),
                number(holds_from)?.into(),
                made.title_vi.clone().into(),
                made.title_en.clone().into(),
                made.text_vi.clone().into(),
                made.text_en.clone().into(),
                tx.now().into(),
                tx.ctx().account.map(Uuid::from).into(),
            ]);
        tx.conn().execute(&insert).await?;
        let event = Event::new(None, "consent_purpose.published", "consent_purpose", &made.code).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_a_purpose() {
        let lines = include_str!("purposes.csv").lines().count() - 1;
        assert_eq!(super::built_in().len(), lines);
        for purpose in super::built_in().values() {
            assert!(purpose.title_vi.chars().count() <= 120 && purpose.text_vi.chars().count() <= 2000, "{}", purpose.code);
        }
    }
}
