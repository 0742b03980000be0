//! Who asks.

use dto::access::{Permission, Reach, Role};
use dto::identity::Person;
use dto::{AccountId, Lang, SessionId, UnitId};
use uuid::Uuid;

/// A role on a unit, as the access token carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RoleOn {
    pub role: Role,
    pub unit: Option<UnitId>,
}

/// Who asks, in which language, in which request.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub account: Option<AccountId>,
    pub session: Option<SessionId>,
    pub person: Option<Person>,
    pub roles: Vec<RoleOn>,
    /// Narrows the roles' permissions (tokens made for one purpose); `None` leaves them whole.
    pub only: Option<Vec<Permission>>,
    /// The password was given by someone else: nothing but the own account until it is changed.
    pub must_change_password: bool,
    pub lang: Lang,
    pub request_id: String,
    system: bool,
}

impl Ctx {
    /// A signed-in person.
    pub fn person(
        account: AccountId,
        session: SessionId,
        person: Option<Person>,
        roles: Vec<RoleOn>,
        lang: Lang,
        request_id: String,
    ) -> Self {
        Ctx {
            account: Some(account),
            session: Some(session),
            person,
            roles,
            only: None,
            must_change_password: false,
            lang,
            request_id,
            system: false,
        }
    }

    /// Someone who has not signed in (sign-in itself, reset with a code).
    pub fn anonymous(lang: Lang, request_id: String) -> Self {
        Ctx {
            account: None,
            session: None,
            person: None,
            roles: Vec::new(),
            only: None,
            must_change_password: false,
            lang,
            request_id,
            system: false,
        }
    }

    /// The program itself: start-up, synthetic data. Reaches everything.
    pub fn system(what: &str) -> Self {
        Ctx { system: true, ..Ctx::anonymous(Lang::Vi, what.to_owned()) }
    }

    pub fn is_system(&self) -> bool {
        self.system
    }

    /// First gate: has any role this permission?
    pub fn can(&self, permission: Permission) -> bool {
        self.system || self.roles.iter().any(|r| self.grants(r.role, permission))
    }

    fn grants(&self, role: Role, permission: Permission) -> bool {
        role.permissions().contains(&permission) && self.only.as_ref().is_none_or(|only| only.contains(&permission))
    }

    /// Second gate: which rows the roles that have this permission reach.
    pub fn reach(&self, permission: Permission) -> Scope {
        let mut scope = Scope { all: self.system, ..Scope::default() };
        for on in self.roles.iter().filter(|r| self.grants(r.role, permission)) {
            match (on.role.reach(), self.person) {
                (Reach::Subtree, _) => scope.units.extend(on.unit.map(Uuid::from)),
                (Reach::Homeroom, Some(Person::Staff(id))) => scope.homeroom = Some(id.0),
                (Reach::Taught, Some(Person::Staff(id))) => scope.taught = Some(id.0),
                (Reach::Children, Some(Person::Guardian(id))) => scope.guardian = Some(id.0),
                (Reach::Self_, Some(Person::Learner(id))) => scope.learner = Some(id.0),
                _ => {}
            }
        }
        scope.units.sort_unstable();
        scope.units.dedup();
        scope
    }
}

/// The rows that a permission reaches, to be turned into conditions by each domain. Empty reaches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Everything (the program itself).
    pub all: bool,
    /// These units and all under them.
    pub units: Vec<Uuid>,
    /// Classes whose homeroom teacher this staff member is.
    pub homeroom: Option<Uuid>,
    /// Classes and subjects assigned to this staff member.
    pub taught: Option<Uuid>,
    /// This guardian's children.
    pub guardian: Option<Uuid>,
    /// This learner.
    pub learner: Option<Uuid>,
}
