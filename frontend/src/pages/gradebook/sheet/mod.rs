//! One sheet for marks and for conduct: a table that is worked like a spreadsheet, and on a phone one column at a time.

mod bar;
mod clip;
pub mod courier;
mod editor;
mod grid;
mod kept;
mod live;
mod paste;
mod phone;
mod queue;
mod review;
mod rule;
mod saving;
mod status;
mod store;
mod table;
mod texts;
pub mod value;

pub use crate::offline::unsent::Home;
pub use grid::{Column, Grid, Row};
pub use queue::{ABSENCES, CONDUCT};
pub use rule::{Average, Rule};
pub use store::Sheet;

use crate::i18n::lang;
use leptos::prelude::*;
use regulations::tt22::SubjectResult;
use wasm_bindgen::prelude::*;

/// What the sheet asks its page for: the history of a cell.
pub type OnHistory = Callback<usize>;

/// The name of a column, short for its head and long for a sentence.
pub fn column_name(column: &Column, long: bool) -> String {
    use regulations::Slot;
    let lang = lang();
    if let value::Kind::Primary(slot, of) = column.kind {
        return primary_name(slot, of, long);
    }
    match (column.slot, long) {
        (Some(Slot::TOPICS), true) => lang.pick("Chuyên đề học tập", "Specialised topics").to_owned(),
        (Some(Slot::TOPICS), false) => lang.pick("Chuyên đề", "Topics").to_owned(),
        (Some(Slot::Regular(n)), true) => format!("{} {n}", lang.pick("Thường xuyên", "Regular")),
        (Some(Slot::Regular(n)), false) => n.to_string(),
        (Some(Slot::Midterm), _) => lang.pick("Giữa kì", "Midterm").to_owned(),
        (Some(Slot::Final), _) => lang.pick("Cuối kì", "Final").to_owned(),
        (Some(slot @ Slot::Primary(_)), _) => slot.short_vi().to_owned(),
        (None, _) if column.kind == value::Kind::Conduct => lang.pick("Rèn luyện", "Conduct").to_owned(),
        (None, _) => lang.pick("Số buổi nghỉ", "Half-days absent").to_owned(),
    }
}

/// The name of a column of a primary class; the short one stands under "Giữa kì" or "Cuối kì".
fn primary_name(slot: regulations::PrimarySlot, of: Option<regulations::tt27::TraitKind>, long: bool) -> String {
    use regulations::PrimarySlot;
    let sheet = of.map_or("", |kind| kind.sheet());
    match (slot, long) {
        (PrimarySlot::Trait(..), true) => {
            format!("{}, {}", slot.heading(sheet, value::speak(lang())), point_name(slot.point()).to_lowercase())
        }
        (PrimarySlot::Level(_), false) => lang().pick("Mức", "Level").to_owned(),
        (PrimarySlot::Test(_), false) => lang().pick("Điểm KT", "Test").to_owned(),
        (PrimarySlot::Recognised, false) => lang().pick("Lớp bình chọn", "Recognised").to_owned(),
        _ => slot.heading(sheet, value::speak(lang())).to_owned(),
    }
}

/// The middle or the end of a term.
pub fn point_name(point: regulations::Point) -> &'static str {
    match point {
        regulations::Point::Mid => lang().pick("Giữa kì", "Midterm"),
        regulations::Point::End => lang().pick("Cuối kì", "End of term"),
    }
}

/// `8,3`; `~7,9` while columns are missing; `–`.
pub fn average_text(average: Average) -> String {
    use value::speak;
    match average {
        Average::None => "–".to_owned(),
        Average::SoFar(mark) => format!("~{}", SubjectResult::Average(mark).to_text(speak(lang()))),
        Average::Whole(result) => result.to_text(speak(lang())),
    }
}

fn average_class(average: Average) -> &'static str {
    match average {
        Average::Whole(SubjectResult::Average(mark)) if mark.hundredths() < 500 => "avg low",
        Average::Whole(SubjectResult::Fail) => "avg low",
        Average::Whole(_) => "avg",
        _ => "avg part",
    }
}

/// Tracked: the window is as narrow as a phone's.
fn narrow() -> RwSignal<bool> {
    let narrow = RwSignal::new(false);
    if let Ok(Some(query)) = window().match_media("(max-width: 640px)") {
        narrow.set(query.matches());
        let heard = query.clone();
        let listen = Closure::<dyn Fn()>::new(move || {
            narrow.try_set(heard.matches());
        });
        query.set_onchange(Some(listen.as_ref().unchecked_ref()));
        // One listener a page that has a sheet; the signal is gone with the page.
        listen.forget();
    }
    narrow
}

/// The sheet with its bar, its state and its keys.
#[component]
pub fn SheetView(sheet: Sheet, #[prop(into)] label: String, #[prop(optional)] on_history: Option<OnHistory>) -> impl IntoView {
    let narrow = narrow();
    let empty = sheet.with(|g| g.rows.is_empty());
    if empty {
        return view! { <crate::ui::Empty title=crate::i18n::t(texts::NOBODY) text=crate::i18n::t(texts::NOBODY_TEXT) glyph=crate::ui::Icon::People /> }
            .into_any();
    }
    let label = StoredValue::new(label);
    view! {
        {move || if narrow.get() {
            view! { <phone::PhoneSheet sheet=sheet on_history=on_history /> }.into_any()
        } else {
            view! { <table::TableSheet sheet=sheet label=label.get_value() on_history=on_history /> }.into_any()
        }}
        <review::Review sheet=sheet />
    }
    .into_any()
}

pub use paste::PasteButton;
pub use status::{SaveLine, Tally};
