//! What the signed-in pages share: who is here.

use crate::api::{ApiError, identity, records};
use crate::offline::{self, unsent};
use crate::ui::{Loader, load};
use crate::{format, i18n, prefs};
use dto::Page;
use dto::access::{Permission, Role};
use dto::calendar::{SchoolYear, Term};
use dto::identity::{Me, Person};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Who is signed in; in the context of every page behind the door.
#[derive(Clone, Copy)]
pub struct Who(StoredValue<Me>);

impl Who {
    pub async fn fetch() -> Result<Me, ApiError> {
        let me = match identity::me().await {
            Err(error) if error.no_server() => offline::me().await.ok_or(error)?,
            answer => {
                let me = answer?;
                let account = me.account_id.to_string();
                if !offline::opens(&account).await
                    && let Ok(key) = identity::browser_key().await
                {
                    offline::take_key(&account, &key).await;
                }
                offline::keep_me(&me).await;
                me
            }
        };
        unsent::load().await;
        spawn_local(offline::tidy());
        if !prefs::lang_chosen() {
            i18n::set(me.lang);
        }
        Ok(me)
    }

    pub fn provide(me: Me) -> Who {
        let who = Who(StoredValue::new(me));
        provide_context(who);
        who
    }

    pub fn me(self) -> Me {
        self.0.get_value()
    }

    pub fn with<T>(self, f: impl FnOnce(&Me) -> T) -> T {
        self.0.with_value(f)
    }

    pub fn can(self, permission: Permission) -> bool {
        self.with(|me| me.permissions.contains(&permission))
    }

    pub fn is(self, role: Role) -> bool {
        self.with(|me| me.roles.iter().any(|grant| grant.role == role))
    }

    pub fn learner(self) -> bool {
        self.with(|me| matches!(me.person, Some(Person::Learner(_))))
    }

    /// Sees more than one school.
    pub fn above_schools(self) -> bool {
        self.is(Role::ProvinceAdmin) || self.is(Role::UnitOfficer)
    }

    /// What to write under the name: the roles in words.
    pub fn roles(self) -> String {
        self.with(|me| {
            let mut labels: Vec<&str> = me.roles.iter().map(|grant| grant.role.label(i18n::lang())).collect();
            labels.dedup();
            labels.join(", ")
        })
    }

    /// The name of the unit that the first role is on.
    pub fn unit(self) -> Option<String> {
        self.with(|me| me.roles.iter().find_map(|grant| grant.unit_name.clone()))
    }
}

/// Who is signed in. Only behind the door, where the shell has provided it.
pub fn who() -> Who {
    expect_context::<Who>()
}

/// The school years of the province, read once for all pages.
#[derive(Clone, Copy)]
pub struct Calendar(Loader<Page<SchoolYear>>);

impl Calendar {
    /// Only for those who may read it.
    pub fn provide(who: Who) {
        if who.can(Permission::CalendarRead) {
            provide_context(Calendar(load(records::school_years)));
        }
    }

    /// The years with their states: loading, there, failed.
    pub fn loader(self) -> Loader<Page<SchoolYear>> {
        self.0
    }

    /// Newest first. Tracked; empty while it is read.
    pub fn years(self) -> Vec<SchoolYear> {
        self.0.get().map(|page| page.items).unwrap_or_default()
    }

    pub fn current(self) -> Option<SchoolYear> {
        self.years().into_iter().find(|year| year.current)
    }

    /// The term of today: the last one that has begun. Tracked.
    pub fn term(self) -> Term {
        let today = format::today();
        self.current().and_then(|year| year.terms.iter().rev().find(|t| t.starts_on <= today).map(|t| t.term)).unwrap_or(Term::S1)
    }
}

/// The calendar, where the person may read it.
pub fn calendar() -> Option<Calendar> {
    use_context::<Calendar>()
}

/// The term of today. Tracked.
pub fn term_now() -> Term {
    calendar().map(Calendar::term).unwrap_or(Term::S1)
}
