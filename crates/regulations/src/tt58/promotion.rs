//! Promotion and titles (Đ.15-18).

use super::{Academic, Conduct, Title};
use crate::level::Promotion;
use crate::policy::Policy;

/// What follows from the year, before the summer (Đ.15-17; common knowledge, not verified). `None` while a level or the absences
/// that decide are unknown. Kém, or both Yếu, is retained; above the limit of absences that is certain without the levels.
pub fn promotion(
    academic: Option<Academic>,
    conduct: Option<Conduct>,
    absences: Option<u16>,
    policy: &Policy,
) -> Option<Promotion> {
    if absences? > policy.max_absences {
        return Some(Promotion::Retained);
    }
    Some(match (academic?, conduct?) {
        (Academic::Poor, _) | (Academic::Weak, Conduct::Weak) => Promotion::Retained,
        (Academic::Weak, _) => Promotion::Reassess,
        (_, Conduct::Weak) => Promotion::SummerTraining,
        _ => Promotion::Promoted,
    })
}

/// The title of the year (Đ.18): Giỏi and Tốt; or both at least Khá.
pub fn title(academic: Academic, conduct: Conduct) -> Option<Title> {
    match (academic, conduct) {
        (Academic::Good, Conduct::Good) => Some(Title::Good),
        (Academic::Good | Academic::Fair, Conduct::Good | Conduct::Fair) => Some(Title::Advanced),
        _ => None,
    }
}
