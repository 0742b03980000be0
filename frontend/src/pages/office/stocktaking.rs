//! The report of a stock-taking: since a day, what was seen, what was not, what the book did not have, in what state.

use super::equipment::{printed, tone};
use super::figures::number;
use crate::api::equipment as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::records::pick::School;
use crate::ui::{Button, Crumb, DateField, Empty, Form, FormFault, Header, Icon, Look, Pill, Tone, file, load, save_as, toast};
use chrono::{Datelike, NaiveDate};
use dto::equipment::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Kiểm kê thiết bị", "Stock-taking";
    UNDER: "Quét nhãn từng món; món nào thấy trong đợt là còn, món chưa thấy là thiếu, món ghi thêm là ngoài sổ.", "Scan the labels: what is seen is found, what is not is missing, what is written in was not in the book.";
    BOOK: "Sổ thiết bị", "Inventory";
    SINCE: "Đợt kiểm kê bắt đầu từ ngày", "Stock-taking began on";
    PAPER: "In biên bản", "Print the report";
    FILE: "Tải Excel", "Excel";
    DRAWING: "Đang lập biên bản…", "Drawing the report…";
    KIND: "Loại", "Kind";
    BOOKED: "Theo sổ", "In the book";
    FOUND: "Còn", "Found";
    MISSING: "Thiếu", "Missing";
    SURPLUS: "Ghi thêm", "Added";
    REPAIR: "Cần sửa", "Repair";
    BROKEN: "Hỏng", "Broken";
    SUM: "Cộng", "Total";
    LINES: "Cần xem lại", "To be seen to";
    NAME: "Tên", "Name";
    PLACE: "Nơi để", "Place";
    RESULT: "Kết quả", "Result";
    STATE: "Tình trạng", "State";
    SEEN: "Thấy lần cuối", "Last seen";
    CODE: "Mã", "Code";
    NONE: "Chưa có thiết bị nào trong sổ", "The inventory is empty";
    ALL_WELL: "Mọi thiết bị đều còn và dùng tốt.", "Everything was found in good order.";
    PICK_SCHOOL: "Hãy chọn trường và ngày bắt đầu", "Choose a school and the day";
    UNTIL: "Đến {day}", "Until {day}";
}

#[component]
pub fn StocktakingPage() -> impl IntoView {
    let school = School::new();
    let since = RwSignal::new(format!("{}-01-01", format::today().year()));
    let asked = move || school.id().zip(since.get().parse::<NaiveDate>().ok());
    let report = load(move || {
        let asked = asked();
        async move {
            match asked {
                Some((school, since)) => api::stocktaking(school, since).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let form = Form::new();
    let take = move |format: StocktakingFormat| {
        Callback::new(move |()| {
            let Some((school, since)) = untrack(asked) else { return };
            toast::say(t(DRAWING));
            form.send(async move { api::stocktaking_file(school, since, format).await }, move |blob| match format {
                StocktakingFormat::Pdf => file::open(&blob, "bien-ban-kiem-ke.pdf"),
                StocktakingFormat::Xlsx => save_as(&blob, "kiem-ke.xlsx"),
            });
        })
    };
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(BOOK).to_owned(), "/office/equipment".to_owned())]>
            <Button label=t(FILE) glyph=Icon::Table disabled=form.busy on_press=take(StocktakingFormat::Xlsx) />
            <Button label=t(PAPER) look=Look::Primary glyph=Icon::Print busy=form.busy on_press=take(StocktakingFormat::Pdf) />
        </Header>
        <FormFault form=form />
        <div class="filters">
            {school.field("stocktaking-school")}
            <DateField label=t(SINCE) name="stocktaking-since" value=since />
        </div>
        {report.show(|found| match found {
            None => view! { <div class="panel"><Empty title=t(PICK_SCHOOL) glyph=Icon::Home /></div> }.into_any(),
            Some(found) if found.counts.is_empty() => view! { <div class="panel"><Empty title=t(NONE) glyph=Icon::Screen /></div> }.into_any(),
            Some(found) => shown(found),
        })}
    }
    .into_any()
}

fn shown(found: Stocktaking) -> AnyView {
    let until = tf(UNTIL, &[("day", &format::date(found.until))]);
    let row = |name: &'static str, c: &StocktakingCount, sum: bool| {
        let cells = [c.booked, c.found, c.missing, c.surplus, c.repair, c.broken]
            .map(|n| view! { <td class="r num">{number(n.into())}</td> });
        view! { <tr class=sum.then_some("sum")><th scope="row">{name}</th>{cells.into_iter().collect_view()}</tr> }
    };
    let mut sum = StocktakingCount::of(EquipmentKind::Other);
    for count in &found.counts {
        sum.booked += count.booked;
        sum.found += count.found;
        sum.missing += count.missing;
        sum.surplus += count.surplus;
        sum.repair += count.repair;
        sum.broken += count.broken;
    }
    let rows = found.counts.iter().map(|count| row(count.kind.label(lang()), count, false)).collect_view();
    let head = [BOOKED, FOUND, MISSING, SURPLUS, REPAIR, BROKEN].map(|text| view! { <th scope="col" class="r">{t(text)}</th> });
    view! {
        <div class="table figures few" tabindex="0" role="region" aria-label=t(TITLE)>
            <table>
                <thead><tr><th scope="col">{t(KIND)}</th>{head.into_iter().collect_view()}</tr></thead>
                <tbody>{rows}{row(t(SUM), &sum, true)}</tbody>
            </table>
        </div>
        <p class="quiet num">{until}</p>
        {lines(found.lines)}
    }
    .into_any()
}

fn lines(all: Vec<StocktakingLine>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="strip ok">{t(ALL_WELL)}</p> }.into_any();
    }
    let rows = all
        .into_iter()
        .map(|line| {
            let fate = match line.fate {
                StocktakingFate::Found => Tone::Ok,
                StocktakingFate::Missing => Tone::Bad,
                StocktakingFate::Surplus => Tone::Info,
            };
            let item = line.item;
            view! {
                <tr>
                    <th scope="row"><A href=format!("/office/equipment/{}", item.code) attr:class="row-link">{item.name}</A><small class="show-narrow">{item.place.clone()}</small></th>
                    <td><Pill label=line.fate.label(lang()) tone=fate /></td>
                    <td class="hide">{item.place}</td>
                    <td><Pill label=item.state.label(lang()) tone=tone(item.state) /></td>
                    <td class="hide num">{item.seen_on.map(format::date)}</td>
                    <td class="hide num muted">{printed(&item.code)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h2>{t(LINES)}</h2>
        <div class="table" tabindex="0" role="region" aria-label=t(LINES)>
            <table>
                <thead><tr>
                    <th scope="col">{t(NAME)}</th><th scope="col">{t(RESULT)}</th><th scope="col" class="hide">{t(PLACE)}</th><th scope="col">{t(STATE)}</th>
                    <th scope="col" class="hide">{t(SEEN)}</th><th scope="col" class="hide">{t(CODE)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
