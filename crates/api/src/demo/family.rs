//! Families of a commune: siblings share their guardians, in whatever schools they are.

use super::names::{self, Generation, Name, People};
use super::rng::{Codes, Ids, Rng};
use super::rows::Guardian;
use dto::learners::{Relation, Sex};
use uuid::Uuid;

pub struct Family {
    pub people: People,
    /// The family name that the children bear.
    pub family: &'static str,
    pub hamlet: i32,
    pub guardians: Vec<(Uuid, Relation)>,
    births: Vec<i32>,
    room: usize,
}

/// The families of one commune, as its schools are filled one after the other.
#[derive(Default)]
pub struct Families {
    all: Vec<Family>,
    /// Families with room for a further child.
    open: Vec<usize>,
    /// Khmer in a thousand: in some communes few, in some most.
    khmer: u32,
}

impl Families {
    pub fn new(rng: &mut Rng) -> Families {
        Families { khmer: (300 + rng.normal(190)).clamp(40, 780) as u32, ..Families::default() }
    }

    pub fn get(&self, at: usize) -> &Family {
        &self.all[at]
    }

    pub fn people(&self, rng: &mut Rng) -> People {
        if rng.chance(self.khmer) {
            return People::Khmer;
        }
        *rng.weighted(&[(People::Kinh, 940), (People::Hoa, 56), (People::Cham, 3), (People::Ede, 1)])
    }

    /// Puts a child born in this year into a family that is there already, if one fits.
    pub fn join(&mut self, rng: &mut Rng, born: i32) -> Option<usize> {
        for _ in 0..6 {
            if self.open.is_empty() {
                return None;
            }
            let slot = rng.below(self.open.len());
            let at = self.open[slot];
            // Brothers and sisters are two years apart or more, and not a generation.
            if self.all[at].births.iter().all(|other| (2..=13).contains(&(other - born).abs())) {
                self.enter(at, born);
                if self.all[at].room == 0 {
                    self.open.swap_remove(slot);
                }
                return Some(at);
            }
        }
        None
    }

    /// Counts a child into a family.
    pub fn enter(&mut self, at: usize, born: i32) {
        let family = &mut self.all[at];
        family.births.push(born);
        family.room = family.room.saturating_sub(1);
    }

    /// A family that was not there before, with its guardians. `whole`: both parents.
    pub fn found(
        &mut self,
        rng: &mut Rng,
        ids: &mut Ids,
        phones: &mut Codes,
        born: i32,
        whole: bool,
        out: &mut Vec<Guardian>,
    ) -> usize {
        let people = self.people(rng);
        let father_family = names::family(rng, people);
        let mother_people = if rng.chance(900) { people } else { self.people(rng) };
        let mother_family = names::family(rng, mother_people);
        // One child in thirty bears the mother's name.
        let family = if rng.chance(970) || mother_people != people { father_family } else { mother_family };
        let mut guardians = Vec::with_capacity(2);
        let mut add = |rng: &mut Rng, ids: &mut Ids, relation, people, sex, family| {
            let name = names::name(rng, people, sex, Generation::Adult, family);
            let id = ids.make();
            let phone = rng.chance(930).then(|| phone(phones));
            out.push(guardian(id, name, phone));
            guardians.push((id, relation));
        };
        let mother = whole || rng.chance(955);
        let father = whole || rng.chance(885);
        if mother {
            add(rng, ids, Relation::Mother, mother_people, Sex::Female, mother_family);
        }
        if father {
            add(rng, ids, Relation::Father, people, Sex::Male, father_family);
        }
        // Where parents work far away the grandparents bring the children up.
        if !mother && !father {
            add(rng, ids, Relation::Grandparent, people, Sex::Female, mother_family);
        }
        let room = *rng.weighted(&[(0, 38), (1, 48), (2, 12), (3, 2)]);
        let at = self.all.len();
        self.all.push(Family { people, family, hamlet: rng.between(1, 9), guardians, births: vec![born], room });
        if room > 0 {
            self.open.push(at);
        }
        at
    }
}

fn guardian(id: Uuid, name: Name, phone: Option<String>) -> Guardian {
    Guardian { id, full_name: name.full(), family: name.family, middle: name.middle, given: name.given, phone }
}

/// A mobile number with prefix 095, that of a network which closed in 2012: well-formed, and meant to reach no one.
pub fn phone(codes: &mut Codes) -> String {
    format!("095{:07}", codes.make())
}
