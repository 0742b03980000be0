//! Signed figures over the years as stacked bars: rooms by construction, and the condition of equipment.

use super::number;
use crate::api::figures;
use crate::i18n::{t, texts, tf};
use crate::ui::load;
use dto::UnitId;
use dto::figures::*;
use leptos::prelude::*;

texts! {
    ROOMS: "Phòng theo loại xây dựng", "Rooms by construction";
    CONDITION: "Tình trạng thiết bị qua các năm", "Condition of equipment over the years";
    WHAT: "Biểu đồ {title}: {n} năm; số liệu ở bảng bên dưới.", "Chart of {title}: {n} years; the figures are in the table below.";
    YEAR: "Năm", "Year";
    ALL: "Cộng", "Sum";
}

/// What one chart shows: a part of each colour, a bar a year.
struct Stack {
    title: &'static str,
    parts: Vec<String>,
    bars: Vec<(String, Vec<i64>)>,
}

/// The charts of a unit's facilities; finance has none.
pub fn over_years(set: FigureSet, unit: UnitId) -> AnyView {
    if set != FigureSet::Facilities {
        return ().into_any();
    }
    let series = load(move || async move { figures::facility_series(unit).await });
    series
        .show(|series| {
            if series.years.is_empty() {
                return ().into_any();
            }
            let rooms = |item: &FigureItem| item.code.starts_with("rooms.") && !item.code.ends_with(".repair");
            let charts = [
                stack(t(ROOMS), &series, rooms, |item| item.column.clone()),
                stack(t(CONDITION), &series, |item| item.code.starts_with("equipment."), |item| item.row.clone()),
            ];
            view! { <div class="charts">{charts.map(drawn).collect_view()}</div> }.into_any()
        })
        .into_any()
}

/// Sums the items that `takes` takes by the part that each belongs to.
fn stack(
    title: &'static str,
    series: &FigureSeries,
    takes: impl Fn(&FigureItem) -> bool,
    part: impl Fn(&FigureItem) -> String,
) -> Stack {
    let mut parts: Vec<String> = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (n, item) in series.items.iter().enumerate().filter(|(_, item)| takes(item)) {
        let name = part(item);
        let at = parts.iter().position(|known| *known == name).unwrap_or_else(|| {
            parts.push(name);
            parts.len() - 1
        });
        places.push((n, at));
    }
    let bars = series
        .years
        .iter()
        .map(|year| {
            let mut sums = vec![0; parts.len()];
            for (n, at) in &places {
                sums[*at] += year.figures.get(*n).copied().flatten().unwrap_or(0);
            }
            (year_name(series.set, year.year), sums)
        })
        .collect();
    Stack { title, parts, bars }
}

const HEIGHT: i64 = 160;
const WIDTH: i64 = 48;
const GAP: i64 = 24;

fn drawn(stack: Stack) -> AnyView {
    let most = stack.bars.iter().map(|(_, sums)| sums.iter().sum::<i64>()).max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let count = i64::try_from(stack.bars.len()).unwrap_or(1);
    let (width, floor) = (count * (WIDTH + GAP) + GAP, HEIGHT + 20);
    let bars = stack
        .bars
        .iter()
        .zip(0_i64..)
        .map(|((year, sums), n)| {
            let x = GAP + n * (WIDTH + GAP);
            let mut top = floor;
            let total: i64 = sums.iter().sum();
            let parts = sums
                .iter()
                .enumerate()
                .map(|(part, sum)| {
                    let height = sum * HEIGHT / most;
                    top -= height;
                    view! { <rect class=format!("part-{part}") x=x y=top width=WIDTH height=height></rect> }
                })
                .collect_view();
            let (middle, above, below) = (x + WIDTH / 2, top - 5, floor + 18);
            view! {
                <g>{parts}<text class="num" x=middle y=above>{number(total)}</text><text x=middle y=below>{year.clone()}</text></g>
            }
        })
        .collect_view();
    let legend = stack
        .parts
        .iter()
        .enumerate()
        .map(|(part, name)| view! { <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class=format!("part-{part}") width="10" height="10"></rect></svg>{name.clone()}</li> })
        .collect_view();
    let heads = stack.parts.iter().map(|name| view! { <th scope="col" class="r">{name.clone()}</th> }).collect_view();
    let rows = stack
        .bars
        .iter()
        .map(|(year, sums)| {
            let cells = sums.iter().map(|sum| view! { <td class="r num">{number(*sum)}</td> }).collect_view();
            view! { <tr><th scope="row">{year.clone()}</th>{cells}<td class="r num"><b>{number(sums.iter().sum())}</b></td></tr> }
        })
        .collect_view();
    let what = tf(WHAT, &[("title", stack.title), ("n", &count.to_string())]);
    view! {
        <section class="panel"><header><h2>{stack.title}</h2></header><div class="body stack">
            <svg class="stacked" viewBox=format!("0 0 {width} {}", floor + 26) role="img" aria-label=what><line x1="0" x2=width y1=floor y2=floor></line>{bars}</svg>
            <ul class="legend">{legend}</ul>
            <div class="table" tabindex="0" role="region" aria-label=stack.title>
                <table><thead><tr><th scope="col">{t(YEAR)}</th>{heads}<th scope="col" class="r">{t(ALL)}</th></tr></thead><tbody>{rows}</tbody></table>
            </div>
        </div></section>
    }
    .into_any()
}
