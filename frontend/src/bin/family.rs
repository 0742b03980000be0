//! The pages of guardians and learners.

fn main() {
    khue_spa::family();
}
