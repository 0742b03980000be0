//! Preschool (giáo dục mầm non): what children are expected to reach, by age group and domain, and their growth. Each outcome is Đạt
//! or Chưa đạt for one child; nothing here compares children, and there is no rank, score or average anywhere.
//!
//! Age groups and domains are those of the programme of preschool education; the wording of its outcomes belongs to a school's own
//! plan and is data. [`standards`] has the standards of the five-year-olds.

use crate::Lang;
use serde::{Deserialize, Serialize};

/// An enumeration with a stable code and its names.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $vi:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The stable code, the same as in JSON.
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code,)+ } }

            /// From the stable code.
            pub fn from_code(code: &str) -> Option<$name> { $name::ALL.iter().copied().find(|one| one.code() == code) }

            /// The Vietnamese name.
            pub const fn vi(self) -> &'static str { match self { $($name::$variant => $vi,)+ } }

            /// An English name.
            pub const fn en(self) -> &'static str { match self { $($name::$variant => $en,)+ } }

            /// The name in the given language.
            pub const fn text(self, lang: Lang) -> &'static str {
                match lang { Lang::Vi => self.vi(), Lang::En => self.en() }
            }
        }
    };
}

pub mod growth;
pub mod standards;

words! {
    /// An age group of the programme.
    AgeGroup {
        N1 = "n1", "Nhà trẻ 3–12 tháng", "Nursery 3–12 months";
        N2 = "n2", "Nhà trẻ 13–24 tháng", "Nursery 13–24 months";
        N3 = "n3", "Nhà trẻ 25–36 tháng", "Nursery 25–36 months";
        K3 = "k3", "Mẫu giáo 3–4 tuổi", "Kindergarten 3–4";
        K4 = "k4", "Mẫu giáo 4–5 tuổi", "Kindergarten 4–5";
        K5 = "k5", "Mẫu giáo 5–6 tuổi", "Kindergarten 5–6";
    }
}

words! {
    /// A domain of development.
    Domain {
        Physical = "physical", "Phát triển thể chất", "Physical development";
        Cognitive = "cognitive", "Phát triển nhận thức", "Cognitive development";
        Language = "language", "Phát triển ngôn ngữ", "Language development";
        Social = "social", "Phát triển tình cảm và kĩ năng xã hội", "Social and emotional development";
        Aesthetic = "aesthetic", "Phát triển thẩm mĩ", "Aesthetic development";
        /// Of nursery groups, where the programme has the two domains as one.
        SocialAesthetic = "social_aesthetic", "Phát triển tình cảm, kĩ năng xã hội và thẩm mĩ", "Social, emotional and aesthetic development";
        /// Of the standards of 2024 alone.
        Approach = "approach", "Tiếp cận với việc học", "Approaches to learning";
    }
}

words! {
    /// How a child stands with an outcome.
    Outcome {
        Achieved = "achieved", "Đạt", "Achieved";
        NotYet = "not_yet", "Chưa đạt", "Not yet";
    }
}

impl AgeGroup {
    /// The domains of the programme for this age group, in order.
    pub const fn domains(self) -> &'static [Domain] {
        use Domain::*;
        match self {
            AgeGroup::N1 | AgeGroup::N2 | AgeGroup::N3 => &[Physical, Cognitive, Language, SocialAesthetic],
            AgeGroup::K3 | AgeGroup::K4 | AgeGroup::K5 => &[Physical, Cognitive, Language, Social, Aesthetic],
        }
    }
}

impl Outcome {
    /// What a teacher types in a cell: `đ`, `d`, `x`, `+`, `1` for Đạt; `c`, `cđ`, `-`, `0` for Chưa đạt. Case and marks do not matter.
    pub fn parse(text: &str) -> Option<Outcome> {
        match crate::fold::fold(text).trim() {
            "d" | "dat" | "x" | "+" | "1" => Some(Outcome::Achieved),
            "c" | "cd" | "chua dat" | "-" | "0" => Some(Outcome::NotYet),
            _ => None,
        }
    }

    /// The sign of a cell.
    pub const fn short(self) -> &'static str {
        match self {
            Outcome::Achieved => "Đ",
            Outcome::NotYet => "CĐ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nursery_merges_two_domains() {
        assert!(AgeGroup::N2.domains().contains(&Domain::SocialAesthetic) && AgeGroup::N2.domains().len() == 4);
        assert!(AgeGroup::K5.domains().contains(&Domain::Aesthetic) && AgeGroup::K5.domains().len() == 5);
    }

    #[test]
    fn what_teachers_type_is_read() {
        for text in ["đ", "Đ", "d", "đạt", "x", "+", "1"] {
            assert_eq!(Outcome::parse(text), Some(Outcome::Achieved), "{text}");
        }
        for text in ["c", "CĐ", "cđ", "chưa đạt", "-", "0"] {
            assert_eq!(Outcome::parse(text), Some(Outcome::NotYet), "{text}");
        }
        assert_eq!((Outcome::parse(""), Outcome::parse("10")), (None, None));
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.short()), Some(*outcome));
        }
    }
}
