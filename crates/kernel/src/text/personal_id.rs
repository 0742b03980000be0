//! The personal identification number (số định danh cá nhân), 12 digits, without a check digit:
//! `PPP` province or country where the birth was registered, `G` century and sex, `YY` year of birth, six random digits.
//! Source: Nghị định 137/2015/NĐ-CP Điều 13 and Thông tư 07/2016/TT-BCA.
//! `PPP` keeps the code of its own time: merged provinces never change it, and it tells nothing of residence.

use chrono::{Datelike, NaiveDate};
use dto::learners::Sex;

/// A well-formed number and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalId {
    /// Twelve ASCII digits.
    pub number: String,
    /// Where the birth was registered: 1-96 a province (codes of that time), above it a country.
    pub province: u16,
    pub sex: Sex,
    pub birth_year: i32,
}

/// Why a text is no personal ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalIdFault {
    /// Something other than digits, spaces, dots and hyphens.
    NotDigits,
    /// So many digits instead of 12. Nine is the number of an old identity card (CMND).
    Length(usize),
}

/// A number that is well-formed but does not fit the person. A warning, since registers do hold such numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalIdWarning {
    /// The number says this sex; the record says the other.
    SexDiffers(Sex),
    /// The number says this year of birth.
    YearDiffers(i32),
    /// No province ever had this code (000).
    ProvinceUnknown,
}

impl PersonalId {
    /// Reads a number, ignoring spaces, dots and hyphens between digits.
    pub fn parse(text: &str) -> Result<PersonalId, PersonalIdFault> {
        let mut number = String::with_capacity(12);
        for c in text.chars() {
            match c {
                '0'..='9' => number.push(c),
                c if c.is_whitespace() || matches!(c, '.' | '-' | '\'') => {}
                _ => return Err(PersonalIdFault::NotDigits),
            }
        }
        if number.len() != 12 {
            return Err(PersonalIdFault::Length(number.len()));
        }
        let value = |digits: &str| digits.bytes().fold(0u16, |n, b| n * 10 + u16::from(b - b'0'));
        let century_and_sex = value(&number[3..4]);
        Ok(PersonalId {
            province: value(&number[..3]),
            sex: if century_and_sex % 2 == 0 { Sex::Male } else { Sex::Female },
            birth_year: 1900 + 100 * i32::from(century_and_sex / 2) + i32::from(value(&number[4..6])),
            number,
        })
    }

    /// What in the number does not fit the record's sex and birth date, where these are known.
    pub fn warnings(&self, birth_date: Option<NaiveDate>, sex: Option<Sex>) -> Vec<PersonalIdWarning> {
        let mut out = Vec::new();
        if sex.is_some_and(|sex| sex != self.sex) {
            out.push(PersonalIdWarning::SexDiffers(self.sex));
        }
        if birth_date.is_some_and(|date| date.year() != self.birth_year) {
            out.push(PersonalIdWarning::YearDiffers(self.birth_year));
        }
        if self.province == 0 {
            out.push(PersonalIdWarning::ProvinceUnknown);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        let id = PersonalId::parse("087084000999").expect("well-formed");
        assert_eq!((id.province, id.sex, id.birth_year), (87, Sex::Male, 1984));
        let id = PersonalId::parse("074209009517").expect("well-formed");
        assert_eq!((id.province, id.sex, id.birth_year), (74, Sex::Male, 2009));
    }

    #[test]
    fn centuries() {
        for (digit, sex, year) in [
            ('0', Sex::Male, 1915),
            ('1', Sex::Female, 1915),
            ('2', Sex::Male, 2015),
            ('3', Sex::Female, 2015),
            ('4', Sex::Male, 2115),
            ('5', Sex::Female, 2115),
            ('6', Sex::Male, 2215),
            ('7', Sex::Female, 2215),
            ('8', Sex::Male, 2315),
            ('9', Sex::Female, 2315),
        ] {
            let id = PersonalId::parse(&format!("026{digit}15123456")).expect("well-formed");
            assert_eq!((id.sex, id.birth_year), (sex, year));
        }
    }

    #[test]
    fn warns_and_does_not_refuse() {
        let id = PersonalId::parse("026 315 498 873").expect("well-formed");
        assert_eq!(id.number, "026315498873");
        let born = NaiveDate::from_ymd_opt(2015, 4, 6);
        assert_eq!(id.warnings(born, Some(Sex::Female)), []);
        assert_eq!(id.warnings(None, None), []);
        assert_eq!(id.warnings(born, Some(Sex::Male)), [PersonalIdWarning::SexDiffers(Sex::Female)]);
        let born = NaiveDate::from_ymd_opt(2016, 4, 6);
        assert_eq!(id.warnings(born, None), [PersonalIdWarning::YearDiffers(2015)]);
    }

    #[test]
    fn refuses_what_is_no_number() {
        assert_eq!(PersonalId::parse("02631549887"), Err(PersonalIdFault::Length(11)));
        assert_eq!(PersonalId::parse("026315498873x"), Err(PersonalIdFault::NotDigits));
        assert_eq!(PersonalId::parse("2,6315E+10"), Err(PersonalIdFault::NotDigits));
        assert_eq!(PersonalId::parse("٠٢٦٣١٥٤٩٨٨٧٣"), Err(PersonalIdFault::NotDigits));
        assert_eq!(PersonalId::parse(""), Err(PersonalIdFault::Length(0)));
    }
}
