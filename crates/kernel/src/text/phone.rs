//! Vietnamese phone numbers.

/// A number in the national form: a mobile is `0` and nine digits (03, 05, 07, 08, 09), a landline `02` and nine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Digits only, from `0`.
    pub number: String,
    /// The text held an eleven-digit mobile number of before September 2018; `number` is its present form.
    pub renumbered: bool,
}

/// Why a text is no phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFault {
    NotDigits,
    /// Digits that are no Vietnamese number: wrong length or prefix.
    NotANumber,
}

/// Prefixes of eleven-digit mobile numbers and what replaced them from 15/09/2018 (plan of the Ministry of
/// Information and Communications).
const RENUMBERED: &[(&str, &str)] = &[
    ("0120", "070"),
    ("0121", "079"),
    ("0122", "077"),
    ("0126", "076"),
    ("0128", "078"),
    ("0123", "083"),
    ("0124", "084"),
    ("0125", "085"),
    ("0127", "081"),
    ("0129", "082"),
    ("0162", "032"),
    ("0163", "033"),
    ("0164", "034"),
    ("0165", "035"),
    ("0166", "036"),
    ("0167", "037"),
    ("0168", "038"),
    ("0169", "039"),
    ("0186", "056"),
    ("0188", "058"),
    ("0199", "059"),
];

/// Reads a number written with spaces, dots, hyphens or brackets, from `0`, `84` or `+84`.
pub fn parse_phone(text: &str) -> Result<Phone, PhoneFault> {
    let mut digits = String::with_capacity(12);
    for c in text.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => {}
            c if c.is_whitespace() || matches!(c, '.' | '-' | '(' | ')' | '–' | '\'') => {}
            _ => return Err(PhoneFault::NotDigits),
        }
    }
    if let Some(rest) = digits.strip_prefix("0084").or_else(|| digits.strip_prefix("84"))
        && rest.len() >= 9
    {
        digits = format!("0{}", rest.trim_start_matches('0'));
    }
    let (prefix, length) = (digits.get(..2).unwrap_or(""), digits.len());
    match (prefix, length) {
        ("03" | "05" | "07" | "08" | "09", 10) | ("02", 11) => Ok(Phone { number: digits, renumbered: false }),
        ("01", 11) => RENUMBERED
            .iter()
            .find_map(|(old, new)| digits.strip_prefix(old).map(|rest| format!("{new}{rest}")))
            .map(|number| Phone { number, renumbered: true })
            .ok_or(PhoneFault::NotANumber),
        _ => Err(PhoneFault::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> String {
        parse_phone(text).expect(text).number
    }

    #[test]
    fn usual_ways_of_writing() {
        for text in ["0912345678", "0912.345.678", "0912 345 678", "+84 912 345 678", "84912345678", "(+84) 0912-345-678"] {
            assert_eq!(ok(text), "0912345678");
        }
        assert_eq!(ok("0273 3871 123"), "02733871123");
    }

    #[test]
    fn old_mobile_numbers_are_carried_over() {
        let phone = parse_phone("0168 123 4567").expect("a number of before 2018");
        assert_eq!((phone.number.as_str(), phone.renumbered), ("0381234567", true));
        assert!(RENUMBERED.iter().all(|(old, new)| old.len() == 4 && new.len() == 3));
    }

    #[test]
    fn refuses_the_rest() {
        assert_eq!(parse_phone("091234567"), Err(PhoneFault::NotANumber));
        assert_eq!(parse_phone("0412345678"), Err(PhoneFault::NotANumber));
        assert_eq!(parse_phone("mẹ: 0912345678"), Err(PhoneFault::NotDigits));
        assert_eq!(parse_phone(""), Err(PhoneFault::NotANumber));
        assert_eq!(parse_phone("+"), Err(PhoneFault::NotANumber));
    }
}
