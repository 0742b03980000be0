//! The pages of who there is: learners, staff, accounts, units.

fn main() {
    khue_spa::people();
}
