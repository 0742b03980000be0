//! Totals of a unit above schools: by the units under it, with the way down, and with the schools that have not signed.

use super::{address, may_manage, number};
use crate::api::figures;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, DateField, Dialog, Empty, Form, FormFault, Icon, Look, Pill, Progress, Tone, icon, toast};
use dto::figures::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    UNIT: "Đơn vị", "Unit";
    SIGNED: "Đã ký duyệt", "Signed";
    SIGNED_OF: "{signed}/{schools} trường đã ký duyệt", "{signed} of {schools} schools have signed";
    TOTAL: "Tổng cộng", "Total";
    AS_OF: "Số liệu ngày {day}, theo cây đơn vị của ngày đó.", "As of {day}, in the tree of units of that day.";
    DUE: "Hạn gửi: {day}.", "Due on {day}.";
    UNSIGNED: "Chưa ký duyệt ({n})", "Not signed yet ({n})";
    ALL_SIGNED: "Mọi trường đã ký duyệt", "Every school has signed";
    NO_SCHOOLS: "Chưa có trường nào ở đây vào ngày đó", "There was no school here on that day";
    ASK: "Mở đợt số liệu", "Ask for figures";
    CHANGE: "Sửa đợt số liệu", "Change what is asked";
    DAY: "Số liệu của ngày", "Figures of the day";
    DUE_ON: "Hạn gửi", "Due on";
    NOTE: "Lời dặn cho các trường", "A word to the schools";
    ASKED: "Đã mở đợt số liệu năm {year}", "The figures of {year} are asked for";
    WHICH: "Nhóm số liệu", "Group of figures";
}

pub fn of_unit(found: YearlyTotals) -> AnyView {
    let (set, year) = (found.set, found.year);
    if found.total.schools == 0 {
        return view! { <div class="panel"><Empty title=t(NO_SCHOOLS) glyph=Icon::Home /></div> }.into_any();
    }
    let asking = RwSignal::new(false);
    let mut told = tf(AS_OF, &[("day", &format::date(found.as_of))]);
    if let Some(campaign) = &found.campaign {
        told = format!("{told} {}", tf(DUE, &[("day", &format::date(campaign.due_on))]));
    }
    let (signed, schools) = (found.total.signed - found.total.reopened, found.total.schools);
    let percent = signed * 100 / schools.max(1);
    let text = tf(SIGNED_OF, &[("signed", &signed.to_string()), ("schools", &schools.to_string())]);
    let campaign = found.campaign.clone();
    let ask = if campaign.is_some() { CHANGE } else { ASK };
    let unsigned = unsigned(set, year, &found.unsigned);
    view! {
        <section class="panel"><div class="body stack">
            <div class="row bar"><b class="num grow">{text.clone()}</b>
                {may_manage(set).then(|| view! { <Button label=t(ask) glyph=Icon::Bell on_press=Callback::new(move |()| asking.set(true)) /> })}
            </div>
            <Progress percent=Signal::stored(percent) label=text />
            <p class="quiet num">{told}</p>
        </div></section>
        {table(found)}
        {unsigned}
        <Dialog open=asking title=t(ask)><Ask set=set year=year campaign=campaign.clone() open=asking /></Dialog>
    }
    .into_any()
}

/// The units under it, a group of figures at a time: all of them would be wider than any screen.
fn table(found: YearlyTotals) -> AnyView {
    let (set, year) = (found.set, found.year);
    let mut groups: Vec<String> = Vec::new();
    for item in &found.items {
        if !groups.contains(&item.group) {
            groups.push(item.group.clone());
        }
    }
    let group = RwSignal::new(groups.first().cloned().unwrap_or_default());
    let found = StoredValue::new(found);
    let choose = groups
        .into_iter()
        .map(|name| {
            let (mine, to) = (name.clone(), name.clone());
            view! { <button type="button" aria-pressed=move || (*group.read() == mine).to_string() on:click=move |_| group.set(to.clone())>{name}</button> }
        })
        .collect_view();
    let body = move || {
        let group = group.get();
        found.with_value(|found| {
            let columns: Vec<usize> = (0..found.items.len()).filter(|n| found.items[*n].group == group).collect();
            let heads = columns.iter().map(|n| view! { <th scope="col" class="r">{found.items[*n].title()}</th> }).collect_view();
            let cells = |row: &TotalsRow| {
                columns.iter().map(|n| view! { <td class="r num">{row.figures.get(*n).copied().flatten().map(number)}</td> }).collect_view()
            };
            let rows = found
                .rows
                .iter()
                .map(|row| {
                    let (href, name) = (address(set, row.unit_id, year), row.name.clone());
                    let signed = format!("{}/{}", row.signed - row.reopened, row.schools);
                    view! {
                        <tr>
                            <th scope="row"><A href=href attr:class="row-link">{name}</A></th>
                            <td class="r num">{signed}</td>
                            {cells(row)}
                        </tr>
                    }
                })
                .collect_view();
            let total = view! {
                <tr class="sum"><th scope="row">{t(TOTAL)}</th><td class="r num">{format!("{}/{}", found.total.signed - found.total.reopened, found.total.schools)}</td>{cells(&found.total)}</tr>
            };
            view! {
                <table>
                    <thead><tr><th scope="col">{t(UNIT)}</th><th scope="col" class="r">{t(SIGNED)}</th>{heads}</tr></thead>
                    <tbody>{rows}{total}</tbody>
                </table>
            }
        })
    };
    view! {
        <div class="tally wrap no-print" role="group" aria-label=t(WHICH)>{choose}</div>
        <div class="table figures" tabindex="0" role="region" aria-label=t(UNIT)>{body}</div>
    }
    .into_any()
}

fn unsigned(set: FigureSet, year: i16, schools: &[UnsignedSchool]) -> AnyView {
    if schools.is_empty() {
        return view! { <p class="strip ok">{icon(Icon::Check)}<span>{t(ALL_SIGNED)}</span></p> }.into_any();
    }
    let count = schools.len();
    let lines = schools
        .iter()
        .map(|school| {
            let tone = if school.state == SheetState::Empty { Tone::Bad } else { Tone::Warn };
            let (href, name, under) = (address(set, school.id, year), school.name.clone(), school.under.clone());
            let state = school.state.label(lang());
            view! {
                <li>
                    <div class="grow"><A href=href>{name}</A><span class="quiet">" · "{under}</span></div>
                    <Pill label=state tone=tone />
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel"><header><h2>{tf(UNSIGNED, &[("n", &count.to_string())])}</h2></header><ul class="lines">{lines}</ul></section>
    }
    .into_any()
}

#[component]
fn Ask(set: FigureSet, year: i16, campaign: Option<FigureCampaign>, open: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let today = format::today();
    let soon = today.checked_add_days(chrono::Days::new(30)).unwrap_or(today);
    let as_of = RwSignal::new(campaign.as_ref().map_or(today, |c| c.as_of).to_string());
    let due_on = RwSignal::new(campaign.as_ref().map_or(soon, |c| c.due_on).to_string());
    let note = RwSignal::new(campaign.as_ref().and_then(|c| c.note.clone()).unwrap_or_default());
    let version = campaign.map_or(0, |c| c.version);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let day = |value: RwSignal<String>| value.get_untracked().parse().unwrap_or(today);
        let body = PutFigureCampaign { as_of: day(as_of), due_on: day(due_on), note: filled(note) };
        form.send(async move { figures::put_campaign(set, year, version, &body).await }, move |_| {
            open.set(false);
            toast::say(tf(ASKED, &[("year", &year_name(set, year))]));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <DateField label=t(DAY) name="as-of" value=as_of required=true fault=form.fault("/as_of") />
            <DateField label=t(DUE_ON) name="due-on" value=due_on required=true fault=form.fault("/due_on") />
            <div class="field"><label for="ask-note">{t(NOTE)}</label><textarea id="ask-note" maxlength="500" prop:value=note on:input=move |event| note.set(event_target_value(&event))></textarea></div>
            <FormFault form=form fields=&["/as_of", "/due_on"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
