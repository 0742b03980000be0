//! Which school, which unit, which learner? One who has one school is not asked.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{t, tx};
use crate::pages::place;
use crate::state::who;
use crate::ui::{Choice, Combo, Icon, load};
use dto::learners::LearnerQuery;
use dto::units::{UnitKind, UnitQuery};
use dto::{Page, UnitId};
use leptos::prelude::*;
use std::str::FromStr;

/// What a person has typed, without blanks around it; nothing where it is empty.
pub fn filled(text: RwSignal<String>) -> Option<String> {
    Some(text.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

/// What is looked for, without blanks around it; nothing where it is empty. Tracked.
pub fn searched(text: RwSignal<String>) -> Option<String> {
    Some(text.read().trim().to_owned()).filter(|text| !text.is_empty())
}

/// A list of the chosen school; empty while none is chosen.
pub async fn of_school<T>(
    school: Option<UnitId>,
    list: impl AsyncFnOnce(UnitId) -> Result<Page<T>, ApiError>,
) -> Result<Page<T>, ApiError> {
    match school {
        Some(school) => list(school).await,
        None => Ok(Page { items: Vec::new(), next: None }),
    }
}

/// Something that is picked by search.
#[derive(Clone, Copy)]
pub struct Picked {
    pub chosen: RwSignal<Option<Choice>>,
    query: RwSignal<String>,
}

impl Default for Picked {
    fn default() -> Picked {
        Picked::new()
    }
}

impl Picked {
    pub fn new() -> Picked {
        Picked { chosen: RwSignal::new(None), query: RwSignal::new(String::new()) }
    }

    /// Tracked.
    pub fn id<T: FromStr>(self) -> Option<T> {
        self.chosen.read().as_ref().and_then(|choice| choice.key.parse().ok())
    }

    /// A unit of one of these kinds (of any where none is named), but for `but`. `name` is unique on the page.
    pub fn unit_field(
        self,
        label: &'static str,
        name: &'static str,
        kinds: &'static [UnitKind],
        but: Option<UnitId>,
        hint: &'static str,
        fault: Signal<Option<String>>,
    ) -> AnyView {
        let hits = load(move || {
            let q = self.query.get().trim().to_owned();
            async move {
                let kind = match kinds {
                    [one] => Some(*one),
                    _ => None,
                };
                let query = UnitQuery { kind, q: Some(q).filter(|q| !q.is_empty()), ..Default::default() };
                let page = records::units(&query, None).await?;
                let fits = |kind: UnitKind| kinds.is_empty() || kinds.contains(&kind);
                let units =
                    page.items.into_iter().filter(|unit| fits(unit.kind) && Some(unit.id) != but && unit.closed_on.is_none());
                Ok(units
                    .take(30)
                    .map(|unit| Choice { key: unit.id.to_string(), label: unit.name, note: unit.code, glyph: Icon::Tree })
                    .collect::<Vec<_>>())
            }
        });
        view! {
            <Combo label=label name=name query=self.query options=Signal::derive(move || hits.get().unwrap_or_default()) chosen=self.chosen hint=hint fault=fault />
        }
        .into_any()
    }

    /// A learner, by name without marks or by code; of one school, or of all that one reaches.
    pub fn learner_field(
        self,
        label: &'static str,
        name: &'static str,
        school: Option<UnitId>,
        hint: &'static str,
        fault: Signal<Option<String>>,
    ) -> AnyView {
        let hits = load(move || {
            let q = self.query.get().trim().to_owned();
            async move {
                if q.is_empty() {
                    return Ok(Vec::new());
                }
                let query = LearnerQuery { q: Some(q), school_id: school, ..LearnerQuery::default() };
                let page = records::learners(&query, 20, None).await?;
                Ok(page
                    .items
                    .into_iter()
                    .map(|learner| Choice {
                        key: learner.id.to_string(),
                        note: [learner.class_name, Some(format::date(learner.birth_date))]
                            .into_iter()
                            .flatten()
                            .collect::<Vec<_>>()
                            .join(" · "),
                        label: learner.full_name,
                        glyph: Icon::Person,
                    })
                    .collect::<Vec<_>>())
            }
        });
        view! {
            <Combo label=label name=name query=self.query options=Signal::derive(move || hits.get().unwrap_or_default()) chosen=self.chosen hint=hint fault=fault />
        }
        .into_any()
    }
}

/// The school that the pages work with: the person's own, or one picked by search.
#[derive(Clone, Copy)]
pub struct School(Picked);

impl Default for School {
    fn default() -> School {
        School::new()
    }
}

impl School {
    pub fn new() -> School {
        let picked = Picked { chosen: RwSignal::new(own_school()), query: RwSignal::new(String::new()) };
        let go = Callback::new(move |school| picked.chosen.set(Some(school)));
        place::about(&[UnitKind::School, UnitKind::Campus], Signal::derive(move || picked.id()), go);
        School(picked)
    }

    /// What is picked, for the filters of a list.
    pub fn chosen(self) -> RwSignal<Option<Choice>> {
        self.0.chosen
    }

    /// Tracked.
    pub fn id(self) -> Option<UnitId> {
        self.0.id()
    }

    /// The field, for those who reach more than one school. `name` is unique on the page.
    pub fn field(self, name: &'static str) -> AnyView {
        if own_school().is_some() && !who().above_schools() {
            return ().into_any();
        }
        self.0.unit_field(t(tx::SCHOOL), name, &[UnitKind::School], None, "", Signal::stored(None))
    }
}

/// The unit of a role that stands on one school.
pub fn own_school() -> Option<Choice> {
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
