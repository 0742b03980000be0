//! Preschool (giáo dục mầm non): what children are expected to reach, by age group and domain, and their growth. Each outcome is Đạt
//! or Chưa đạt for one child; nothing here compares children, and there is no rank, score or average anywhere.

pub mod growth;
