//! What a school keeps beside its marks: records of staff, plans, facilities, rooms, money, health, consents, news, transfers, what is
//! wrong with the data. It is written by the verbs that the pages use, in the names of those whose work it is, on a clock that is told its time
//! ([`kernel::clock::told`]); so it is as whole as what people enter, and the same seed gives the same rows, but for what is
//! sealed.

mod consents;
mod equipment;
mod facilities;
mod finance;
mod health;
mod news;
mod people;
mod plans;
mod rooms;
mod staff;
mod transfers;
mod words;

use super::generate::Cast;
use super::rng::Rng;
use super::{DemoOptions, Files};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use dto::access::Role;
use dto::quality::PostQualityRun;
use dto::{AccountId, SchoolYearId, UnitId};
use identity::DataKeys;
use kernel::ctx::RoleOn;
use kernel::{Ctx, Db, Result, clock};
pub use people::Site;

/// The school years of the demo.
#[derive(Clone, Copy)]
pub struct Years {
    pub before: SchoolYearId,
    pub this: SchoolYearId,
}

/// What every area is made with.
struct Desk<'a> {
    db: &'a Db,
    keys: &'a DataKeys,
    files: &'a Files<'a>,
    site: &'a Site,
    years: Years,
    /// First calendar year of the school year.
    year: i32,
    seed: u64,
    province: Ctx,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// An hour of a day in Vietnam.
fn at(day: NaiveDate, hour: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::hours(hour - 7)
}

fn pick<T: Copy>(of: &[T], rng: &mut Rng) -> T {
    of[rng.below(of.len())]
}

impl Desk<'_> {
    /// Chance of an area's own, so that no area depends on another.
    fn rng(&self, area: u64) -> Rng {
        Rng::new(self.seed, (2 << 32) + area)
    }

    /// It is this hour of a day of the year in which the school year begins.
    fn on(&self, month: u32, date: u32, hour: i64) -> NaiveDate {
        self.on_of(self.year, month, date, hour)
    }

    fn on_of(&self, year: i32, month: u32, date: u32, hour: i64) -> NaiveDate {
        let day = day(year, month, date);
        clock::tell(at(day, hour) + Duration::minutes(i64::from(date) * 7 % 50));
        day
    }
}

/// Fills the schools of the demo's accounts.
pub async fn fill(db: &Db, keys: &DataKeys, files: &Files<'_>, options: &DemoOptions, cast: &Cast) -> Result<()> {
    let Some(years) = cast.years else { return Ok(()) };
    let from = at(day(options.year, 8, 1), 8);
    clock::told(options.seed, from, async {
        let mut province = Ctx::anonymous(dto::Lang::Vi, "demo".to_owned());
        province.account = cast.province.map(|(account, _)| AccountId(account));
        province.roles =
            cast.province.iter().map(|(_, unit)| RoleOn { role: Role::ProvinceAdmin, unit: Some(UnitId(*unit)) }).collect();
        finance::catalogue(db, &province).await?;
        facilities::campaigns(db, &province, options.year).await?;
        for (nth, site) in cast.sites.iter().enumerate() {
            let seed = options.seed.wrapping_add(nth as u64 * 1_000_003);
            let desk = Desk { db, keys, files, site, years, year: options.year, seed, province: province.clone() };
            staff::fill(&desk).await?;
            plans::fill(&desk).await?;
            let seen = equipment::fill(&desk).await?;
            facilities::fill(&desk, nth == 0).await?;
            // After the counts: from then on the figures of rooms are taken from the register.
            rooms::fill(&desk, &seen).await?;
            finance::fill(&desk, nth == 0).await?;
            health::fill(&desk, nth == 0).await?;
            news::fill(&desk, nth == 0).await?;
        }
        if let Some(site) = cast.sites.first() {
            let desk = Desk { db, keys, files, site, years, year: options.year, seed: options.seed, province };
            consents::fill(&desk).await?;
            if let Some(neighbour) = &cast.neighbour {
                transfers::fill(&desk, neighbour).await?;
            }
        }
        for site in &cast.sites {
            clock::tell(at(day(options.year, 11, 12), 6));
            records::quality::look(db, &site.principal(), &PostQualityRun { school_id: site.school }).await?;
        }
        Ok(())
    })
    .await
}
