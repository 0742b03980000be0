//! What the page is about, so that the tree beside it can say where one is, and take the page along.

use crate::ui::Choice;
use dto::UnitId;
use dto::units::UnitKind;
use leptos::prelude::*;

/// A page that can be about another unit.
#[derive(Clone, Copy)]
struct Page {
    id: u32,
    kinds: &'static [UnitKind],
    here: Signal<Option<UnitId>>,
    go: Callback<Choice>,
}

/// In the context of every page behind the door.
#[derive(Clone, Copy)]
pub struct Place {
    page: RwSignal<Option<Page>>,
    filters: RwSignal<Vec<(&'static str, RwSignal<String>)>>,
    last: StoredValue<u32>,
}

impl Place {
    pub fn provide() -> Place {
        let place = Place { page: RwSignal::new(None), filters: RwSignal::new(Vec::new()), last: StoredValue::new(0) };
        provide_context(place);
        place
    }

    /// The unit that the page is about. Tracked.
    pub fn here(self) -> Option<UnitId> {
        self.page.get()?.here.try_get().flatten()
    }

    /// Takes the page to a unit; `false` where the page is not about units of this kind.
    pub fn go(self, kind: UnitKind, unit: Choice) -> bool {
        let page = self.page.get_untracked().filter(|page| page.kinds.contains(&kind));
        if let Some(page) = page {
            page.go.run(unit);
        }
        page.is_some()
    }

    /// The filter of the page by "grade" or "class", where it has one. Tracked.
    pub fn filter(self, name: &str) -> Option<RwSignal<String>> {
        self.filters.with(|filters| filters.iter().find(|(of, _)| *of == name).map(|(_, value)| *value))
    }
}

/// The page says that it is about a unit of one of these kinds, and how it goes to another one. It holds as long as the page stands.
pub fn about(kinds: &'static [UnitKind], here: Signal<Option<UnitId>>, go: Callback<Choice>) {
    let Some(place) = use_context::<Place>() else { return };
    let id = place.last.get_value() + 1;
    place.last.set_value(id);
    place.page.set(Some(Page { id, kinds, here, go }));
    on_cleanup(move || {
        if place.page.try_get_untracked().flatten().is_some_and(|page| page.id == id) {
            place.page.set(None);
        }
    });
}

/// The page has a filter that a line of the tree can fill.
pub fn by(name: &'static str, value: RwSignal<String>) {
    let Some(place) = use_context::<Place>() else { return };
    place.filters.update(|filters| filters.push((name, value)));
    on_cleanup(move || _ = place.filters.try_update(|filters| filters.retain(|(_, held)| *held != value)));
}
