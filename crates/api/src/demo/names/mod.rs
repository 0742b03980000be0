//! Names as they are heard in the Mekong delta: shares of family names, middle and given names by sex and generation,
//! Kinh, Khmer and Hoa, and a few of other peoples. Every name is put together by chance; none is taken from a person.

mod tables;

use super::rng::Rng;
use dto::learners::Sex;
use tables::*;

/// People, as the list of 54 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    Kinh,
    Khmer,
    Hoa,
    Cham,
    Ede,
}

impl People {
    pub fn name(self) -> &'static str {
        match self {
            People::Kinh => "Kinh",
            People::Khmer => "Khmer",
            People::Hoa => "Hoa",
            People::Cham => "Chăm",
            People::Ede => "Ê Đê",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Born after 2005.
    Child,
    /// Born before 2000.
    Adult,
}

/// A name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub family: &'static str,
    pub middle: String,
    pub given: &'static str,
}

impl Name {
    pub fn full(&self) -> String {
        let mut full = String::with_capacity(32);
        for part in [self.family, self.middle.as_str(), self.given] {
            if !part.is_empty() {
                if !full.is_empty() {
                    full.push(' ');
                }
                full.push_str(part);
            }
        }
        full
    }
}

/// A family name of this people.
pub fn family(rng: &mut Rng, people: People) -> &'static str {
    match people {
        People::Kinh => rng.word(KINH_FAMILY),
        People::Khmer => rng.word(KHMER_FAMILY),
        People::Hoa => rng.word(HOA_FAMILY),
        People::Cham => "Chau",
        People::Ede => "",
    }
}

/// A name with this family name.
pub fn name(rng: &mut Rng, people: People, sex: Sex, generation: Generation, family: &'static str) -> Name {
    use Generation::{Adult, Child};
    use Sex::{Female, Male};
    let (middles, givens): (Weighted, Weighted) = match (people, sex, generation) {
        // Names of the highlands are not divided: the whole is the given name.
        (People::Ede, Male, _) => return Name { family: "", middle: String::new(), given: rng.word(EDE_MALE) },
        (People::Ede, Female, _) => return Name { family: "", middle: String::new(), given: rng.word(EDE_FEMALE) },
        (People::Cham, Male, _) => return Name { family, middle: String::new(), given: rng.word(CHAM_MALE) },
        (People::Cham, Female, _) => return Name { family, middle: String::new(), given: rng.word(CHAM_FEMALE) },
        (People::Khmer, Male, _) => (KHMER_MALE_MIDDLE, KHMER_MALE),
        (People::Khmer, Female, _) => (KHMER_FEMALE_MIDDLE, KHMER_FEMALE),
        (People::Hoa, Male, Child) => (HOA_MALE_MIDDLE, HOA_MALE),
        (People::Hoa, Female, Child) => (HOA_FEMALE_MIDDLE, HOA_FEMALE),
        (_, Male, Child) => (BOY_MIDDLE, BOY_GIVEN),
        (_, Female, Child) => (GIRL_MIDDLE, GIRL_GIVEN),
        (_, Male, Adult) => (MAN_MIDDLE, MAN_GIVEN),
        (_, Female, Adult) => (WOMAN_MIDDLE, WOMAN_GIVEN),
    };
    let given = *rng.weighted(givens);
    let mut middle = *rng.weighted(middles);
    // "Anh Anh", "Nguyễn Nguyễn Minh" are not given.
    while middle.split(' ').next_back() == Some(given) || (!middle.is_empty() && middle.starts_with(family)) {
        middle = *rng.weighted(middles);
    }
    Name { family, middle: middle.to_owned(), given }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_composed_text_with_parts_that_differ() {
        let mut rng = Rng::new(7, 7);
        for people in [People::Kinh, People::Khmer, People::Hoa, People::Cham, People::Ede] {
            for _ in 0..500 {
                let sex = if rng.chance(500) { Sex::Male } else { Sex::Female };
                let family = family(&mut rng, people);
                let name = name(&mut rng, people, sex, Generation::Child, family);
                assert_eq!(kernel::text::clean(&name.full()), name.full());
                assert_ne!(name.middle.split(' ').next_back(), Some(name.given));
            }
        }
    }

    #[test]
    fn the_commonest_family_name_has_its_share() {
        let mut rng = Rng::new(3, 1);
        let nguyen = (0..10_000).filter(|_| family(&mut rng, People::Kinh) == "Nguyễn").count();
        assert!((2500..3500).contains(&nguyen), "{nguyen}");
    }
}
