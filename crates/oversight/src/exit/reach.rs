//! Which rows belong to a school: its own classes, learners, staff, families, and whatever else its rows name, so that every reference of
//! the export holds.

use super::cells::Cell;
use super::tables::{self, Entity, OF_OWN_ALONE, Rows, Rule};
use dto::UnitId;
use dto::access::Role;
use kernel::db::schema::Table;
use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// As many ids stand in one statement.
const AT_ONCE: usize = 2000;

type Ids = BTreeMap<Entity, BTreeSet<Uuid>>;

/// The ids of a school.
pub struct Reach {
    own: Ids,
    named: Ids,
    /// Rows of other tables that are named by their id.
    others: BTreeMap<String, BTreeSet<Uuid>>,
}

/// A table that goes along.
pub struct Going<'t> {
    pub table: &'t Table,
    pub rows: Rows,
}

/// The tables that go along, in the order of their names.
///
/// Errors: `internal` where nobody has decided what becomes of a table.
pub fn going(schema: &[Table]) -> Result<Vec<Going<'_>>> {
    let mut all = Vec::new();
    for table in schema {
        match tables::rule(table) {
            Some(Rule::Goes(rows)) => all.push(Going { table, rows }),
            Some(Rule::Stays { .. }) => {}
            None => return Err(Error::internal(format!("the exit does not know what to do with the table {}", table.name))),
        }
    }
    Ok(all)
}

fn name(text: &str) -> Alias {
    Alias::new(text)
}

/// The columns of a table that name rows of another by their id, with that table: by foreign keys, else by the house's convention.
fn names(table: &Table) -> Vec<(&str, &str)> {
    let mut named: Vec<(&str, &str)> =
        table.references.iter().filter(|r| r.to == "id").map(|r| (r.column.as_str(), r.table.as_str())).collect();
    for column in &table.columns {
        if let Some(entity) = Entity::of_column(&column.name)
            && !named.iter().any(|(known, _)| *known == column.name)
        {
            named.push((&column.name, entity.table()));
        }
    }
    named
}

async fn ids(conn: &impl ConnectionTrait, table: &str, column: &str, when: Vec<Condition>) -> Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    for condition in when {
        let mut query = Query::select();
        query
            .distinct()
            .column(name(column))
            .from(name(table))
            .and_where(Expr::col(name(column)).is_not_null())
            .cond_where(condition);
        for row in conn.query_all(&query).await? {
            found.insert(row.try_get_by_index::<Uuid>(0)?);
        }
    }
    Ok(found)
}

/// One condition for each handful of ids.
fn among(column: &str, ids: &BTreeSet<Uuid>) -> Vec<Condition> {
    let all: Vec<Uuid> = ids.iter().copied().collect();
    all.chunks(AT_ONCE).map(|some| Condition::all().add(Expr::col(name(column)).is_in(some.iter().copied()))).collect()
}

impl Reach {
    /// Finds what belongs to a school.
    pub async fn of(conn: &impl ConnectionTrait, school: UnitId, going: &[Going<'_>]) -> Result<Reach> {
        let mut units = BTreeSet::from([school.0]);
        loop {
            let below = ids(conn, "unit_placement", "unit_id", among("parent_id", &units)).await?;
            let before = units.len();
            units.extend(below);
            if units.len() == before {
                break;
            }
        }
        let mut own = Ids::new();
        own.insert(Entity::Class, ids(conn, "class", "id", among("school_id", &units)).await?);
        own.insert(Entity::Learner, ids(conn, "learner", "id", among("school_id", &units)).await?);
        own.insert(Entity::Staff, ids(conn, "staff_post", "staff_id", among("unit_id", &units)).await?);
        own.insert(Entity::Unit, units);
        let set = |own: &Ids, entity| own.get(&entity).cloned().unwrap_or_default();
        let guardians = ids(conn, "guardian_link", "guardian_id", among("learner_id", &set(&own, Entity::Learner))).await?;
        own.insert(Entity::Guardian, guardians);
        let mut accounts = ids(conn, "role_grant", "account_id", among("unit_id", &set(&own, Entity::Unit))).await?;
        for entity in [Entity::Staff, Entity::Learner, Entity::Guardian] {
            accounts.extend(ids(conn, "account", "id", among("person_id", &set(&own, entity))).await?);
        }
        own.insert(Entity::Account, accounts);
        let mut reach = Reach { named: own.clone(), own, others: BTreeMap::new() };
        let mut first = true;
        while reach.grow(conn, going, first).await? {
            first = false;
        }
        Ok(reach)
    }

    /// Takes in what the rows name that go along so far; tells whether there was anything new.
    async fn grow(&mut self, conn: &impl ConnectionTrait, going: &[Going<'_>], first: bool) -> Result<bool> {
        let mut grown = first;
        for one in going {
            // What hangs on the school's own alone names the same each time; whole tables name nothing of anybody.
            let fixed = !matches!(one.rows, Rows::Named(_) | Rows::OfNamed(..)) && !self.others.contains_key(&one.table.name);
            if one.rows == Rows::All || (fixed && !first) {
                continue;
            }
            for (column, table) in names(one.table) {
                if !going.iter().any(|other| other.table.name == table && other.rows != Rows::All) {
                    continue;
                }
                let found = ids(conn, &one.table.name, column, self.conditions(one)).await?;
                let set = match Entity::of_table(table) {
                    Some(entity) => self.named.entry(entity).or_default(),
                    None => self.others.entry(table.to_owned()).or_default(),
                };
                let before = set.len();
                set.extend(found);
                grown |= set.len() > before;
            }
        }
        Ok(grown)
    }

    fn own(&self, entity: Entity) -> &BTreeSet<Uuid> {
        const NONE: &BTreeSet<Uuid> = &BTreeSet::new();
        self.own.get(&entity).unwrap_or(NONE)
    }

    fn named(&self, entity: Entity) -> &BTreeSet<Uuid> {
        const NONE: &BTreeSet<Uuid> = &BTreeSet::new();
        self.named.get(&entity).unwrap_or(NONE)
    }

    /// The conditions that together find the rows of a table.
    fn conditions(&self, one: &Going<'_>) -> Vec<Condition> {
        let mut all = self.by_rule(one.rows);
        all.extend(self.others.get(&one.table.name).map(|ids| among("id", ids)).unwrap_or_default());
        all
    }

    fn by_rule(&self, rows: Rows) -> Vec<Condition> {
        match rows {
            Rows::School => among("school_id", self.own(Entity::Unit)),
            Rows::Of(column, entity) => among(column, self.own(entity)),
            Rows::OfNamed(column, entity) => among(column, self.named(entity)),
            Rows::Named(entity) => among("id", self.named(entity)),
            Rows::All => vec![Condition::all()],
            Rows::Grants => {
                let family = [Role::Guardian, Role::Learner].map(Role::as_str);
                let here = Condition::any()
                    .add(Expr::col("unit_id").is_in(self.own(Entity::Unit).iter().copied()))
                    .add(Expr::col("unit_id").is_null().and(Expr::col("role").is_in(family)));
                among("account_id", self.own(Entity::Account)).into_iter().map(|some| some.add(here.clone())).collect()
            }
        }
    }

    /// The rows of a table, each with its cells in the order of the columns, in the order of the key.
    pub async fn rows(&self, conn: &impl ConnectionTrait, one: &Going<'_>) -> Result<Vec<Vec<Cell>>> {
        let columns: Vec<_> = one.table.columns.iter().filter(|c| !tables::is_secret(&one.table.name, &c.name)).collect();
        let mut all = Vec::new();
        for condition in self.conditions(one) {
            let mut query = Query::select();
            query.columns(columns.iter().map(|c| name(&c.name))).from(name(&one.table.name)).cond_where(condition);
            for row in conn.query_all(&query).await? {
                let cells = columns.iter().enumerate().map(|(at, column)| Cell::read(&row, at, column.kind));
                all.push(cells.collect::<Result<Vec<_>>>()?);
            }
        }
        let key: Vec<usize> = one.table.key.iter().filter_map(|k| columns.iter().position(|c| c.name == *k)).collect();
        all.sort_unstable_by(|a, b| key.iter().map(|at| &a[*at]).cmp(key.iter().map(|at| &b[*at])));
        // A row may be found by the rule, and by another that names it.
        all.dedup();
        self.keep_to_own(one.table, &columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), &mut all);
        Ok(all)
    }

    /// How to reach somebody is told by the school that they are at.
    fn keep_to_own(&self, table: &Table, columns: &[&str], rows: &mut [Vec<Cell>]) {
        let (Some(entity), Some(id)) = (Entity::of_table(&table.name), columns.iter().position(|c| *c == "id")) else { return };
        let hidden: Vec<usize> = OF_OWN_ALONE
            .iter()
            .filter(|(owner, _)| *owner == table.name)
            .filter_map(|(_, column)| columns.iter().position(|c| c == column))
            .collect();
        for row in rows {
            if !matches!(row[id], Cell::Uuid(id) if self.own(entity).contains(&id)) {
                hidden.iter().for_each(|at| row[*at] = Cell::Null);
            }
        }
    }
}
