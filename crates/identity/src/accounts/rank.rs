//! Who may give which role, on which kind of unit. Always strictly below the own role, so that nobody appoints an equal and nobody
//! takes over the account of one; only the province administrator, above whom there is nobody, may.

use super::entity::role_grant;
use super::query::role_of;
use crate::directory;
use dto::access::{Permission, Role};
use dto::identity::Person;
use dto::units::UnitKind;
use dto::{Code, UnitId};
use kernel::{Ctx, Error, Result};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Does the role exist on units of this kind? A principal of a commune would be principal of all its schools.
pub(super) fn fits(role: Role, kind: UnitKind) -> bool {
    match role {
        Role::ProvinceAdmin => matches!(kind, UnitKind::Ministry | UnitKind::Department),
        Role::UnitOfficer => matches!(kind, UnitKind::Department | UnitKind::Commune),
        _ => matches!(kind, UnitKind::School | UnitKind::Campus),
    }
}

/// Can this person have the role? What reaches persons needs one.
pub(super) fn fits_person(role: Role, person: Option<Person>) -> bool {
    match role {
        Role::Guardian => matches!(person, Some(Person::Guardian(_))),
        Role::Learner => matches!(person, Some(Person::Learner(_))),
        Role::HomeroomTeacher | Role::SubjectTeacher => matches!(person, Some(Person::Staff(_))),
        _ => matches!(person, None | Some(Person::Staff(_))),
    }
}

/// The units on which the caller manages accounts with a role that may grant all of `roles`.
fn ranking(ctx: &Ctx, roles: &[Role]) -> Vec<Uuid> {
    if !ctx.can(Permission::AccountWrite) {
        return Vec::new();
    }
    let manages =
        |own: Role| own.permissions().contains(&Permission::AccountWrite) && roles.iter().all(|role| own.may_grant(*role));
    ctx.roles.iter().filter(|on| manages(on.role)).filter_map(|on| on.unit).map(Uuid::from).collect()
}

/// May the caller give or take this role on this unit? `role_not_grantable`, also for units that they do not reach or that do not exist.
pub(super) async fn check_grant(conn: &impl ConnectionTrait, ctx: &Ctx, role: Role, unit: UnitId) -> Result<()> {
    if ctx.is_system() {
        return Ok(());
    }
    if directory::above(conn, &ranking(ctx, &[role]), &[unit.0]).await?.is_empty() {
        return Err(Error::new(Code::RoleNotGrantable));
    }
    Ok(())
}

/// May the caller disable this account, rename it, or give it a one-time code? One role of theirs must both reach the account and rank
/// above all its roles wherever these are: else the clerk of one school could take over the principal of another who
/// teaches there.
pub(super) async fn check_manage(conn: &impl ConnectionTrait, ctx: &Ctx, grants: &[role_grant::Model]) -> Result<()> {
    if ctx.is_system() {
        return Ok(());
    }
    let roles = grants.iter().map(role_of).collect::<Result<Vec<_>>>()?;
    let units: Vec<Uuid> = grants.iter().filter_map(|g| g.unit_id).collect();
    if directory::above(conn, &ranking(ctx, &roles), &units).await?.is_empty() {
        return Err(Error::new(Code::RoleNotGrantable));
    }
    Ok(())
}

/// The one unit on which the caller may give this role, where there is only one: for the roles that need not name it.
pub(super) fn only_unit(ctx: &Ctx, role: Role) -> Option<UnitId> {
    let mut units = ranking(ctx, &[role]);
    units.dedup();
    match units[..] {
        [one] => Some(UnitId(one)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ctx::RoleOn;

    /// The whole table, row by row: who may give what.
    #[test]
    fn nobody_gives_a_role_of_their_own_rank_or_above() {
        use Role::*;
        let staff = [HomeroomTeacher, SubjectTeacher, Nurse, Accountant, Guardian, Learner];
        let all = |more: &[Role]| [more, &staff].concat();
        for (own, expected) in [
            (ProvinceAdmin, Role::ALL.to_vec()),
            (UnitOfficer, all(&[Principal, Deputy, Clerk])),
            (Principal, all(&[Deputy, Clerk])),
            (Deputy, vec![]),
            (Clerk, all(&[])),
            (HomeroomTeacher, vec![]),
            (SubjectTeacher, vec![]),
            (Nurse, vec![]),
            (Accountant, vec![]),
            (Guardian, vec![]),
            (Learner, vec![]),
        ] {
            let given: Vec<Role> = Role::ALL.iter().copied().filter(|role| own.may_grant(*role)).collect();
            assert_eq!(given, expected, "{own}");
            // The table of permissions and this one agree.
            assert_eq!(own.permissions().contains(&Permission::AccountWrite), !expected.is_empty(), "{own}");
        }
    }

    #[test]
    fn one_role_of_the_caller_must_do_both() {
        let (a, b): (UnitId, UnitId) = (kernel::id::new(), kernel::id::new());
        let roles = vec![RoleOn { role: Role::Clerk, unit: Some(a) }, RoleOn { role: Role::Principal, unit: Some(b) }];
        let mut ctx = Ctx::person(kernel::id::new(), kernel::id::new(), None, roles, dto::Lang::Vi, "r".into());
        assert_eq!(ranking(&ctx, &[Role::Nurse]), [a.0, b.0]);
        assert_eq!(ranking(&ctx, &[Role::Nurse, Role::Deputy]), [b.0]);
        assert_eq!((only_unit(&ctx, Role::Guardian), only_unit(&ctx, Role::Deputy)), (None, Some(b)));
        ctx.only = Some(vec![Permission::AccountRead]);
        assert!(ranking(&ctx, &[Role::Nurse]).is_empty());
    }
}
