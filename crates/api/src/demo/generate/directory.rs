//! What lies above the schools, the schools themselves, and the school year.

use super::{Generator, day};
use crate::demo::Marks;
use crate::demo::areas::{Site, Years};
use crate::demo::plan::{Part, SchoolPlan};
use crate::demo::rng::Rng;
use crate::demo::rows::{Batch, Placement, Term, Unit, Year};
use chrono::{Duration, NaiveDate};
use dto::SchoolYearId;
use dto::access::Role;
use dto::staff::Position;
use dto::units::{SchoolLevel, UnitKind};
use uuid::Uuid;

/// 1 July 2025: no districts any more.
const REFORM: NaiveDate = day(2025, 7, 1);
const BEFORE: NaiveDate = day(1992, 4, 1);

impl Generator {
    /// What lies above the schools, and the schools themselves.
    pub(super) fn directory(&mut self) -> Batch {
        let mut out = Batch::default();
        let ministry = self.ids.make();
        let unit = |id, kind: UnitKind, name: String, short_name: String, code: String, opened_on| Unit {
            id,
            kind: kind.as_str(),
            name,
            short_name,
            code,
            levels: "",
            opened_on,
            closed_on: None,
        };
        out.units.push(unit(
            ministry,
            UnitKind::Ministry,
            "Bộ Giáo dục và Đào tạo".into(),
            "Bộ GD&ĐT".into(),
            "BO".into(),
            BEFORE,
        ));
        out.units.push(unit(
            self.department,
            UnitKind::Department,
            "Sở Giáo dục và Đào tạo tỉnh Sao Khuê".into(),
            "Sở GD&ĐT Sao Khuê".into(),
            "SO-00".into(),
            BEFORE,
        ));
        let mut place = |unit_id, parent_id, valid_from, valid_to| {
            out.placements.push(Placement { unit_id, parent_id, valid_from, valid_to })
        };
        place(self.department, ministry, BEFORE, None);
        // Districts until the reform: four communes of today in each.
        let districts: Vec<Uuid> = (0..self.communes.len().div_ceil(4)).map(|_| self.ids.make()).collect();
        for (i, &district) in districts.iter().enumerate() {
            let name = self.plan.communes[i * 4];
            let mut row = unit(
                district,
                UnitKind::District,
                format!("Phòng GD&ĐT huyện {name}"),
                format!("PGD {name}"),
                format!("H{:03}", i + 1),
                BEFORE,
            );
            row.closed_on = Some(REFORM);
            out.units.push(row);
            place(district, self.department, BEFORE, Some(REFORM));
        }
        for (i, &commune) in self.communes.iter().enumerate() {
            let name = self.plan.communes[i];
            out.units.push(unit(
                commune,
                UnitKind::Commune,
                format!("Xã {name}"),
                format!("Xã {name}"),
                format!("X{:04}", i + 1),
                REFORM,
            ));
            place(commune, self.department, REFORM, None);
        }
        for (i, (&school, plan)) in self.schools.iter().zip(&self.plan.schools).enumerate() {
            let opened = day(1976 + (i * 7 % 40) as i32, 9, 5).max(BEFORE);
            let code = format!("94{:06}", 10_000 * plan.level as usize + i + 1);
            let mut row = unit(school, UnitKind::School, plan.name.clone(), plan.short_name.clone(), code, opened);
            row.levels = plan.level.as_str();
            out.units.push(row);
            // Upper secondary schools lie under the department, the others under the commune (TT 15/2025).
            if plan.level == SchoolLevel::UpperSecondary {
                place(school, self.department, opened, None);
            } else {
                place(school, districts[plan.commune / 4], opened, Some(REFORM));
                place(school, self.communes[plan.commune], REFORM, None);
            }
        }
        out.years.push(Year {
            id: self.year,
            code: format!("{}-{}", self.options.year, self.options.year + 1),
            starts_on: self.year_start,
            ends_on: day(self.options.year + 1, 5, 31),
        });
        out.terms.extend(self.terms);
        // A year that ends has one that follows, so that classes can go up; and what is kept over years has a year before.
        if self.fills() || self.options.marks == Marks::Year {
            self.year_beside(1, &mut out);
        }
        if self.fills() {
            let before = self.year_beside(-1, &mut out);
            self.neighbour(&mut out);
            self.cast.years = Some(Years { before: SchoolYearId(before), this: SchoolYearId(self.year) });
        }
        let (department, commune) = (self.department, self.communes[0]);
        let province =
            self.account(&mut out, "quantri", "Quản trị tỉnh Sao Khuê", None, &[(Role::ProvinceAdmin, Some(department))]);
        self.account(&mut out, "canboxa", "Cán bộ xã An Khuê", None, &[(Role::UnitOfficer, Some(commune))]);
        self.cast.province = Some((province, department));
        self.credit(Role::ProvinceAdmin, "Sở GD&ĐT tỉnh Sao Khuê", "quantri");
        self.credit(Role::UnitOfficer, "Xã An Khuê", "canboxa");
        out
    }

    /// The school year so many years later, without classes.
    fn year_beside(&mut self, later: i32, out: &mut Batch) -> Uuid {
        let (id, first) = (self.ids.make(), self.options.year + later);
        out.years.push(Year {
            id,
            code: format!("{first}-{}", first + 1),
            starts_on: day(first, 9, 5),
            ends_on: day(first + 1, 5, 31),
        });
        // 52 weeks later is the same day of the week.
        let moved = |day| day + Duration::weeks(52 * i64::from(later));
        out.terms.extend(self.terms.map(|term| Term {
            year_id: id,
            starts_on: moved(term.starts_on),
            ends_on: moved(term.ends_on),
            marks_due_on: moved(term.marks_due_on),
            ..term
        }));
        id
    }

    /// A lower secondary school of the commune of which there is no more than its principal.
    fn neighbour(&mut self, out: &mut Batch) {
        const NAME: &str = "Trường THCS Hoà Khuê";
        let (school, commune) = (self.ids.make(), self.communes[0]);
        out.units.push(Unit {
            id: school,
            kind: UnitKind::School.as_str(),
            name: NAME.to_owned(),
            short_name: "THCS Hoà Khuê".to_owned(),
            code: "94039001".to_owned(),
            levels: SchoolLevel::LowerSecondary.as_str(),
            opened_on: REFORM,
            closed_on: None,
        });
        out.placements.push(Placement { unit_id: school, parent_id: commune, valid_from: REFORM, valid_to: None });
        let mut rng = Rng::new(self.options.seed, u64::MAX - 2);
        let plan = SchoolPlan {
            part: Part::Other,
            commune: 0,
            level: SchoolLevel::LowerSecondary,
            name: NAME.to_owned(),
            short_name: String::new(),
            classes: Vec::new(),
            managers: 1,
            teachers: 0,
            others: Vec::new(),
        };
        let (staff, full_name, code) = self.person(&plan, Position::Principal, school, &mut rng, out);
        self.account(out, &format!("cb{code}"), &full_name, Some(("staff", staff)), &[(Role::Principal, Some(school))]);
        self.cast.neighbour = Some(Site::of(out, school, NAME));
    }
}
