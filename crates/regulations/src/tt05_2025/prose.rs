//! Lines and findings in words.

use super::{LoadFinding, LoadLine, LoadRule, LoadState};
use crate::Lang;

impl LoadLine {
    /// What the line is, for people: "Chủ nhiệm lớp 6A1".
    pub fn text(&self, lang: Lang) -> String {
        let vi = lang == Lang::Vi;
        let pick = |a: &str, b: &str| if vi { a.to_owned() } else { b.to_owned() };
        let duty = || {
            let name = self.duty.map(|duty| duty.text(lang)).unwrap_or_default();
            if self.what.is_empty() { name.to_owned() } else { format!("{name}: {}", self.what) }
        };
        match self.rule {
            LoadRule::Norm => pick("Định mức tiết dạy", "Norm"),
            LoadRule::Reduced => pick("Giảm: ", "Less: ") + &duty(),
            LoadRule::Paid => duty() + &pick(" (đã hưởng phụ cấp nên không giảm)", " (paid by an allowance, so not less)"),
            LoadRule::Beyond => {
                duty() + &pick(" (quá 2 nhiệm vụ kiêm nhiệm nên không giảm)", " (beyond two duties, so not less)")
            }
            LoadRule::Left => pick("Số tiết phải dạy", "To be taught"),
            LoadRule::Taught => match self.teachers {
                Some(n) if vi => format!("{} (chia đều cho {n} giáo viên)", self.what),
                Some(n) => format!("{} (shared by {n} teachers)", self.what),
                None => self.what.clone(),
            },
            LoadRule::Fixed => {
                if vi {
                    format!("Chào cờ, sinh hoạt lớp không tính vào định mức: {}", self.what)
                } else {
                    format!("Assembly and class hour are not counted: {}", self.what)
                }
            }
            LoadRule::Sum => pick("Được phân công", "Assigned"),
            LoadRule::Difference if self.yearly.0 < 0 => pick("Còn thiếu so với định mức", "Short of the norm"),
            LoadRule::Difference if self.yearly.0 == 0 => pick("Vừa đủ định mức", "Exactly the norm"),
            LoadRule::Difference => pick("Dạy thêm giờ", "Overtime"),
            LoadRule::Cap => pick("Thêm giờ tối đa (50 % định mức tuần)", "Most overtime (50 % of the weekly norm)"),
        }
    }
}

impl LoadState {
    pub const fn text(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            LoadState::Under => ("Thiếu tiết", "Short"),
            LoadState::Even => ("Đủ tiết", "Even"),
            LoadState::Over => ("Thừa giờ", "Overtime"),
            LoadState::OverCap => ("Vượt mức tối đa", "Beyond the limit"),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

impl LoadFinding {
    pub const fn text(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            LoadFinding::TooManyDuties => {
                ("Kiêm nhiệm quá 2 nhiệm vụ (TT 05/2025 Đ.3).", "Holds more than two duties (TT 05/2025 Đ.3).")
            }
            LoadFinding::OverCap => (
                "Số giờ dạy thêm vượt 50 % định mức tuần (TT 05/2025 Đ.3).",
                "Overtime beyond 50 % of the weekly norm (TT 05/2025 Đ.3).",
            ),
            LoadFinding::NoNorm => (
                "Chưa có định mức cho cấp học và loại trường này trong hệ thống.",
                "There is no norm for this stage and kind of school in the system yet.",
            ),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}
