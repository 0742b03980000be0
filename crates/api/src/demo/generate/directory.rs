//! What lies above the schools, the schools themselves, and the school year.

use super::{Generator, day};
use crate::demo::Marks;
use crate::demo::rows::{Batch, Placement, Term, Unit, Year};
use chrono::{Duration, NaiveDate};
use dto::access::Role;
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
        // A year that ends has one that follows, so that classes can go up.
        if self.options.marks == Marks::Year {
            let next = self.ids.make();
            out.years.push(Year {
                id: next,
                code: format!("{}-{}", self.options.year + 1, self.options.year + 2),
                starts_on: day(self.options.year + 1, 9, 5),
                ends_on: day(self.options.year + 2, 5, 31),
            });
            // 52 weeks later is the same day of the week.
            let later = |day| day + Duration::weeks(52);
            out.terms.extend(self.terms.map(|term| Term {
                year_id: next,
                starts_on: later(term.starts_on),
                ends_on: later(term.ends_on),
                marks_due_on: later(term.marks_due_on),
                ..term
            }));
        }
        let (department, commune) = (self.department, self.communes[0]);
        self.account(&mut out, "quantri", "Quản trị tỉnh Sao Khuê", None, &[(Role::ProvinceAdmin, Some(department))]);
        self.account(&mut out, "canboxa", "Cán bộ xã An Khuê", None, &[(Role::UnitOfficer, Some(commune))]);
        self.credit(Role::ProvinceAdmin, "Sở GD&ĐT tỉnh Sao Khuê", "quantri");
        self.credit(Role::UnitOfficer, "Xã An Khuê", "canboxa");
        out
    }
}
