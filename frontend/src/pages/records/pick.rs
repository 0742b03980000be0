//! Which school? One who has one school is not asked.

use crate::api::records;
use crate::i18n::{t, tx};
use crate::state::who;
use crate::ui::{Choice, Combo, Icon, load};
use dto::UnitId;
use dto::units::{UnitKind, UnitQuery};
use leptos::prelude::*;

/// The school that the pages work with: the person's own, or one picked by search.
#[derive(Clone, Copy)]
pub struct School {
    chosen: RwSignal<Option<Choice>>,
    query: RwSignal<String>,
}

impl Default for School {
    fn default() -> School {
        School::new()
    }
}

impl School {
    pub fn new() -> School {
        School { chosen: RwSignal::new(own_school()), query: RwSignal::new(String::new()) }
    }

    /// Tracked.
    pub fn id(self) -> Option<UnitId> {
        self.chosen.read().as_ref().and_then(|choice| choice.key.parse().ok())
    }

    /// The field, for those who reach more than one school. `name` is unique on the page.
    pub fn field(self, name: &'static str) -> AnyView {
        if own_school().is_some() && !who().above_schools() {
            return ().into_any();
        }
        let hits = load(move || {
            let q = self.query.get().trim().to_owned();
            async move {
                let query =
                    UnitQuery { kind: Some(UnitKind::School), q: Some(q).filter(|q| !q.is_empty()), ..Default::default() };
                let page = records::units(&query, None).await?;
                Ok(page
                    .items
                    .into_iter()
                    .take(30)
                    .map(|unit| Choice { key: unit.id.to_string(), label: unit.name, note: unit.code, glyph: Icon::Home })
                    .collect::<Vec<_>>())
            }
        });
        view! { <Combo label=t(tx::SCHOOL) name=name query=self.query options=Signal::derive(move || hits.get().unwrap_or_default()) chosen=self.chosen /> }.into_any()
    }
}

/// The unit of a role that stands on one school.
fn own_school() -> Option<Choice> {
    let who = who();
    if who.above_schools() {
        return None;
    }
    who.with(|me| {
        let grant = me.roles.iter().find(|grant| grant.unit_id.is_some())?;
        Some(Choice {
            key: grant.unit_id?.to_string(),
            label: grant.unit_name.clone().unwrap_or_default(),
            note: String::new(),
            glyph: Icon::Home,
        })
    })
}
