//! Growth of children and pupils by the WHO Child Growth Standards (2006, birth to 60 months) and the WHO Growth Reference
//! (2007, 5 to 19 years), and how often they are measured.
//!
//! This module has the vocabulary and the classes, which are integers and small; the tables with what computes z-scores and
//! curves are in [`z`] and [`curves`], behind the feature `growth`, so that the browser does not carry them.
//!
//! Sources: WHO Multicentre Growth Reference Study Group, WHO Child Growth Standards: Methods and development (2006), chapter 7;
//! de Onis et al., Development of a WHO growth reference for school-aged children and adolescents (Bull. WHO 2007;85:660-7);
//! WHO, Training course on child growth assessment (2008), module C, for the names of the classes.

#[cfg(feature = "growth")]
mod curves;
mod due;
#[cfg(feature = "growth")]
mod tables;
#[cfg(all(test, feature = "growth"))]
mod vectors;
#[cfg(feature = "growth")]
mod z;

#[cfg(feature = "growth")]
pub use curves::{Curves, SD_LINES, curves};
pub use due::{Intervals, half_since};
#[cfg(feature = "growth")]
pub use tables::{Lms, rows};
#[cfg(feature = "growth")]
pub use z::{ZScores, standard_height_mm, z_scores};

use crate::Lang;
use serde::{Deserialize, Serialize};

/// Up to this age in days, the last day before 60 months of 30.4375 days are full, the standards of 2006 hold; above, the
/// reference of 2007.
pub const LAST_DAY_OF_STANDARDS: u32 = 1826;

/// From this age in days on (24 months) a child is measured standing; below, lying.
pub const STANDS_FROM_DAY: u32 = 731;

/// The last day of the reference of 2007 (228 months, 19 years).
pub const LAST_DAY_OF_REFERENCE: u32 = 6939;

words! {
    /// Of whom the tables speak.
    Sex {
        Female = "female", "Nữ", "Female";
        Male = "male", "Nam", "Male";
    }
}

words! {
    /// How a length or height was taken. It makes 0.7 cm of difference.
    MeasuringPosition {
        Lying = "lying", "Đo nằm", "Lying";
        Standing = "standing", "Đo đứng", "Standing";
    }
}

impl MeasuringPosition {
    /// How a child of this age is measured.
    pub const fn usual(age_days: u32) -> MeasuringPosition {
        if age_days < STANDS_FROM_DAY { MeasuringPosition::Lying } else { MeasuringPosition::Standing }
    }
}

words! {
    /// What is compared with children of the same sex.
    Indicator {
        /// Weight by age: birth to 10 years.
        WeightForAge = "weight_for_age", "Cân nặng theo tuổi", "Weight for age";
        /// Length (below 24 months) or height by age: birth to 19 years.
        HeightForAge = "height_for_age", "Chiều cao theo tuổi", "Height for age";
        /// Body mass index by age: birth to 19 years.
        BmiForAge = "bmi_for_age", "BMI theo tuổi", "BMI for age";
        /// Weight by length or height, whatever the age: birth to 60 months.
        WeightForHeight = "weight_for_height", "Cân nặng theo chiều cao", "Weight for height";
    }
}

words! {
    /// What a z-score means. The words are for staff and parents; a diagnosis is a doctor's.
    GrowthClass {
        SeverelyUnderweight = "severely_underweight", "Nhẹ cân mức độ nặng", "Severely underweight";
        Underweight = "underweight", "Nhẹ cân", "Underweight";
        SeverelyStunted = "severely_stunted", "Thấp còi mức độ nặng", "Severely stunted";
        Stunted = "stunted", "Thấp còi", "Stunted";
        SeverelyWasted = "severely_wasted", "Gầy còm mức độ nặng", "Severely wasted";
        Wasted = "wasted", "Gầy còm", "Wasted";
        SeverelyThin = "severely_thin", "Gầy mức độ nặng", "Severely thin";
        Thin = "thin", "Gầy", "Thin";
        Normal = "normal", "Bình thường", "Normal";
        RiskOfOverweight = "risk_of_overweight", "Nguy cơ thừa cân", "Possible risk of overweight";
        Overweight = "overweight", "Thừa cân", "Overweight";
        Obese = "obese", "Béo phì", "Obese";
    }
}

impl GrowthClass {
    /// Needs a look: anything but normal and the mere risk.
    pub const fn is_concern(self) -> bool {
        !matches!(self, GrowthClass::Normal | GrowthClass::RiskOfOverweight)
    }
}

/// The class of a z-score in hundredths; `None` where WHO gives the range no name: weight for age above +1 (whether such a
/// child is too heavy is told by weight for height or BMI).
pub const fn classify(indicator: Indicator, age_days: u32, z: i32) -> Option<GrowthClass> {
    let school_age = age_days > LAST_DAY_OF_STANDARDS;
    Some(match indicator {
        Indicator::WeightForAge => match z {
            i32::MIN..=-301 => GrowthClass::SeverelyUnderweight,
            -300..=-201 => GrowthClass::Underweight,
            -200..=100 => GrowthClass::Normal,
            _ => return None,
        },
        Indicator::HeightForAge => match z {
            i32::MIN..=-301 => GrowthClass::SeverelyStunted,
            -300..=-201 => GrowthClass::Stunted,
            _ => GrowthClass::Normal,
        },
        Indicator::BmiForAge if school_age => match z {
            i32::MIN..=-301 => GrowthClass::SeverelyThin,
            -300..=-201 => GrowthClass::Thin,
            -200..=100 => GrowthClass::Normal,
            101..=200 => GrowthClass::Overweight,
            _ => GrowthClass::Obese,
        },
        Indicator::BmiForAge | Indicator::WeightForHeight => match z {
            i32::MIN..=-301 => GrowthClass::SeverelyWasted,
            -300..=-201 => GrowthClass::Wasted,
            -200..=100 => GrowthClass::Normal,
            101..=200 => GrowthClass::RiskOfOverweight,
            201..=300 => GrowthClass::Overweight,
            _ => GrowthClass::Obese,
        },
    })
}

/// A z-score that is more likely a slip of the scale or the keyboard than a child (the limits of WHO's own software, in
/// hundredths): height beyond ±6, weight below -6 or above +5, the other two beyond ±5.
pub const fn is_implausible(indicator: Indicator, z: i32) -> bool {
    match indicator {
        Indicator::HeightForAge => z < -600 || z > 600,
        Indicator::WeightForAge => z < -600 || z > 500,
        Indicator::BmiForAge | Indicator::WeightForHeight => z < -500 || z > 500,
    }
}

/// Body mass index in hundredths of kg/m², half up. 0 where there is no height.
pub const fn bmi(weight_g: u32, height_mm: u32) -> u32 {
    if height_mm == 0 {
        return 0;
    }
    let square = height_mm as u64 * height_mm as u64;
    // g/mm² is 1000 kg/m².
    ((weight_g as u64 * 100_000 + square / 2) / square) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_mass_index_is_exact() {
        // 20 kg, 1.10 m: 16.5289…; 50.7 kg, 1.537 m: 21.4615… (an example of WHO's).
        assert_eq!((bmi(20_000, 1100), bmi(50_700, 1537)), (1653, 2146));
        assert_eq!((bmi(0, 1100), bmi(1, 0)), (0, 0));
    }

    #[test]
    fn the_edges_belong_to_the_better_class() {
        use Indicator::*;
        let day = 1000;
        assert_eq!(classify(WeightForAge, day, -200), Some(GrowthClass::Normal));
        assert_eq!(classify(WeightForAge, day, -201), Some(GrowthClass::Underweight));
        assert_eq!(classify(WeightForAge, day, -301), Some(GrowthClass::SeverelyUnderweight));
        assert_eq!(classify(WeightForAge, day, 101), None);
        assert_eq!(classify(HeightForAge, day, 500), Some(GrowthClass::Normal));
        assert_eq!(classify(HeightForAge, day, -300), Some(GrowthClass::Stunted));
        assert_eq!(classify(WeightForHeight, day, 150), Some(GrowthClass::RiskOfOverweight));
        assert_eq!(classify(BmiForAge, day, 201), Some(GrowthClass::Overweight));
        assert_eq!(classify(BmiForAge, 3000, 201), Some(GrowthClass::Obese));
        assert_eq!(classify(BmiForAge, 3000, 150), Some(GrowthClass::Overweight));
        assert_eq!(classify(BmiForAge, 3000, -250), Some(GrowthClass::Thin));
        assert!(is_implausible(HeightForAge, 601) && !is_implausible(WeightForAge, 500) && is_implausible(WeightForAge, 501));
    }

    #[test]
    fn codes_are_those_of_the_json() {
        for class in GrowthClass::ALL {
            assert_eq!(serde_json::to_value(class).expect("JSON"), class.code());
            assert_eq!(GrowthClass::from_code(class.code()), Some(*class));
        }
        for indicator in Indicator::ALL {
            assert_eq!(serde_json::to_value(indicator).expect("JSON"), indicator.code());
        }
        assert_eq!(MeasuringPosition::usual(730), MeasuringPosition::Lying);
        assert_eq!(MeasuringPosition::usual(731), MeasuringPosition::Standing);
    }
}
