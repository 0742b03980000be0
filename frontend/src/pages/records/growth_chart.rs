//! The growth chart: the lines of the standard from -3 to +3 and one child's points among them.

use crate::format;
use crate::i18n::{lang, t, texts, tf};
use dto::growth::{GrowthChart, GrowthEntry};
use leptos::prelude::*;
use regulations::preschool::growth::{Indicator, LAST_DAY_OF_STANDARDS, STANDS_FROM_DAY};

texts! {
    MONTHS: "Tháng tuổi", "Months of age";
    YEARS: "{n} tuổi", "{n} y";
    LENGTH_CM: "Chiều dài nằm (cm)", "Length lying (cm)";
    HEIGHT_CM: "Chiều cao (cm)", "Height (cm)";
    WEIGHT_KG: "Cân nặng (kg)", "Weight (kg)";
    TALL_CM: "Chiều dài, chiều cao (cm)", "Length, height (cm)";
    BMI: "BMI (kg/m²)", "BMI (kg/m²)";
    BY_LENGTH: "Cân nặng theo chiều dài nằm", "Weight for length";
    TO_FIVE: "{name}, 0–5 tuổi", "{name}, 0–5 years";
    FROM_FIVE: "{name}, 5–19 tuổi", "{name}, 5–19 years";
    POINT: "{day}: {value}, điểm z {z}", "{day}: {value}, z-score {z}";
    WHAT: "Biểu đồ {name}: {n} lần đo; số liệu ở bảng bên dưới.", "Chart of {name}: {n} measurements; the figures are in the table below.";
}

/// A whole number of units with `digits` decimals, as people here write it: "12,3"; a real minus sign.
pub fn decimal(value: i64, per_unit: i64, digits: u32) -> String {
    let scale = 10_i64.pow(digits);
    let rounded = (value.abs() * scale * 2 + per_unit) / (per_unit * 2);
    let sign = if value < 0 && rounded > 0 { "−" } else { "" };
    let comma = lang().pick(",", ".");
    if digits == 0 {
        return format!("{sign}{rounded}");
    }
    format!("{sign}{}{comma}{:0width$}", rounded / scale, rounded % scale, width = digits as usize)
}

/// A z-score with its sign: "+1,2", "−0,5", "0,0".
pub fn z_text(z: i32) -> String {
    let text = decimal(z.into(), 100, 1);
    if z >= 5 { format!("+{text}") } else { text }
}

pub fn kg(g: u32) -> String {
    decimal(g.into(), 1000, if g.is_multiple_of(100) { 1 } else { 2 })
}

pub fn cm(mm: u32) -> String {
    decimal(mm.into(), 10, 1)
}

pub fn chart_name(chart: &GrowthChart, both_ages: bool) -> String {
    let name = if chart.lying { t(BY_LENGTH).to_owned() } else { chart.indicator.text(words()).to_owned() };
    match (both_ages && chart.indicator != Indicator::WeightForHeight, chart.school_age) {
        (false, _) => name,
        (true, false) => tf(TO_FIVE, &[("name", &name)]),
        (true, true) => tf(FROM_FIVE, &[("name", &name)]),
    }
}

/// The language of the pages, as `regulations` names it.
pub fn words() -> regulations::Lang {
    lang().pick_lang()
}

trait PickLang {
    fn pick_lang(self) -> regulations::Lang;
}

impl PickLang for dto::Lang {
    fn pick_lang(self) -> regulations::Lang {
        match self {
            dto::Lang::Vi => regulations::Lang::Vi,
            dto::Lang::En => regulations::Lang::En,
        }
    }
}

/// A point of the child on this chart: x, y, and what it says.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    x: f64,
    y: f64,
    text: String,
}

fn points(chart: &GrowthChart, entries: &[GrowthEntry]) -> Vec<Point> {
    entries
        .iter()
        .filter(|e| (e.age_days > LAST_DAY_OF_STANDARDS) == chart.school_age)
        .filter(|e| chart.indicator != Indicator::WeightForHeight || (e.age_days < STANDS_FROM_DAY) == chart.lying)
        .filter_map(|e| {
            let score = e.scores.iter().find(|s| s.indicator == chart.indicator)?;
            let months = f64::from(e.age_days) / 30.4375;
            let (x, y, value) = match chart.indicator {
                Indicator::WeightForAge => (months, e.weight_g?, format!("{} kg", kg(e.weight_g?))),
                Indicator::HeightForAge => (months, e.chart_height_mm?, format!("{} cm", cm(e.chart_height_mm?))),
                Indicator::BmiForAge => (months, e.bmi?, decimal(e.bmi?.into(), 100, 1)),
                Indicator::WeightForHeight => (f64::from(e.chart_height_mm?), e.weight_g?, format!("{} kg", kg(e.weight_g?))),
            };
            let text = tf(POINT, &[("day", &format::date(e.measured_on)), ("value", &value), ("z", &z_text(score.z))]);
            Some(Point { x, y: f64::from(y), text })
        })
        .collect()
}

/// The smallest of `steps` that gives at most `most` of them in a span.
fn step(span: f64, steps: &[f64], most: f64) -> f64 {
    steps.iter().copied().find(|step| span / step <= most).unwrap_or_else(|| steps.last().copied().unwrap_or(1.0))
}

fn ticks(from: f64, to: f64, step: f64) -> Vec<f64> {
    let first = (from / step).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

/// Where things lie in the picture.
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn x(&self, x: f64) -> f64 {
        self.left + (x - self.x.0) / (self.x.1 - self.x.0) * (self.width - self.left - self.right)
    }

    fn y(&self, y: f64) -> f64 {
        self.height - self.bottom - (y - self.y.0) / (self.y.1 - self.y.0) * (self.height - self.top - self.bottom)
    }

    fn path(&self, x: &[f64], y: &[f64]) -> String {
        x.iter().zip(y).fold(String::new(), |mut path, (x, y)| {
            path.push_str(&format!("{}{:.1} {:.1}", if path.is_empty() { "M" } else { "L" }, self.x(*x), self.y(*y)));
            path
        })
    }

    /// What lies between two lines.
    fn band(&self, x: &[f64], low: &[f64], high: &[f64]) -> String {
        let back: String = x.iter().zip(high).rev().map(|(x, y)| format!("L{:.1} {:.1}", self.x(*x), self.y(*y))).collect();
        format!("{}{back}Z", self.path(x, low))
    }
}

/// The span of x that is shown: the whole chart, or what lies around the child's points.
fn window_of(chart: &GrowthChart, points: &[Point], near: bool) -> (f64, f64) {
    let whole = (chart.x.first().copied().unwrap_or(0), chart.x.last().copied().unwrap_or(1));
    let whole = (f64::from(whole.0), f64::from(whole.1));
    if !near || points.is_empty() {
        return whole;
    }
    let margin = if chart.indicator == Indicator::WeightForHeight { 80.0 } else { 6.0 };
    let least = points.iter().map(|p| p.x).fold(f64::INFINITY, f64::min) - margin;
    let most = points.iter().map(|p| p.x).fold(f64::NEG_INFINITY, f64::max) + margin;
    (least.max(whole.0).min(whole.1 - margin), most.min(whole.1).max(whole.0 + margin))
}

/// A picture of one chart. `wide`: on a desk; a phone gets a smaller picture with letters of the same size.
pub fn chart_view(chart: &GrowthChart, entries: &[GrowthEntry], near: bool, wide: bool) -> AnyView {
    let points = points(chart, entries);
    let span = window_of(chart, &points, near);
    // One row beyond each edge, so that lines run to the frame.
    let inside: Vec<usize> = (0..chart.x.len())
        .filter(|n| {
            let next = chart.x.get(n + 1).map_or(f64::INFINITY, |x| f64::from(*x));
            let before = n.checked_sub(1).and_then(|n| chart.x.get(n)).map_or(f64::NEG_INFINITY, |x| f64::from(*x));
            next > span.0 && before < span.1
        })
        .collect();
    let xs: Vec<f64> = inside.iter().map(|n| f64::from(chart.x[*n])).collect();
    let lines: Vec<Vec<f64>> =
        chart.lines.iter().map(|line| inside.iter().map(|n| line.get(*n).copied().unwrap_or(0).into()).collect()).collect();
    let (Some(lowest), Some(highest)) = (lines.first(), lines.last()) else { return ().into_any() };
    let shown = points.iter().filter(|p| p.x >= span.0 && p.x <= span.1);
    let least = lowest.iter().copied().chain(shown.clone().map(|p| p.y)).fold(f64::INFINITY, f64::min);
    let most = highest.iter().copied().chain(shown.map(|p| p.y)).fold(f64::NEG_INFINITY, f64::max);
    let room = (most - least) * 0.04;
    let (width, height) = if wide { (860.0, 500.0) } else { (344.0, 380.0) };
    let frame = Frame {
        width,
        height,
        left: 38.0,
        right: 30.0,
        top: 22.0,
        bottom: 40.0,
        x: span,
        y: ((least - room).max(0.0), most + room),
    };

    let (unit, y_name, y_steps): (i64, &str, &[f64]) = match chart.indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => {
            (1000, t(WEIGHT_KG), &[500., 1000., 2000., 5000., 10_000., 20_000.])
        }
        Indicator::HeightForAge => (10, t(TALL_CM), &[20., 50., 100., 200., 500.]),
        Indicator::BmiForAge => (100, t(BMI), &[50., 100., 200., 500.]),
    };
    let by_size = chart.indicator == Indicator::WeightForHeight;
    let x_name = match (by_size, chart.lying) {
        (true, true) => t(LENGTH_CM),
        (true, false) => t(HEIGHT_CM),
        _ => t(MONTHS),
    };
    let y_step = step(frame.y.1 - frame.y.0, y_steps, if wide { 10.0 } else { 8.0 });
    let x_steps: &[f64] = if by_size { &[10., 20., 50., 100., 200.] } else { &[1., 2., 3., 6., 12., 24., 36.] };
    let x_step = step(span.1 - span.0, x_steps, if wide { 12.0 } else { 6.0 });

    let clip = format!("growth-{}-{}-{}", chart.indicator.code(), chart.school_age, chart.lying);
    let inner = (frame.width - frame.left - frame.right, frame.height - frame.top - frame.bottom);
    let bands = [("band bad", 0, 1), ("band warn", 1, 2), ("band ok", 2, 4), ("band warn-2", 4, 5), ("band bad", 5, 6)];
    let bands = bands
        .into_iter()
        .filter_map(|(class, low, high)| {
            let path = frame.band(&xs, lines.get(low)?, lines.get(high)?);
            Some(view! { <path class=class d=path></path> })
        })
        .collect_view();
    let curves = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let class = match n {
                3 => "sd median",
                1 | 5 => "sd two",
                0 | 6 => "sd three",
                _ => "sd one",
            };
            view! { <path class=class d=frame.path(&xs, line)></path> }
        })
        .collect_view();
    // Each line says its number where it leaves the frame.
    let names = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let at = at_edge(&xs, line, span.1);
            let sd = n as i64 - 3;
            let name = if sd > 0 { format!("+{sd}") } else { decimal(sd, 1, 0) };
            view! { <text class="sd-name" x=frame.width - frame.right + 5.0 y=frame.y(at) + 4.0>{name}</text> }
        })
        .collect_view();
    let grid_y = ticks(frame.y.0, frame.y.1, y_step)
        .into_iter()
        .map(|y| {
            let text = decimal(y as i64, unit, u32::from((y as i64) % unit != 0));
            view! {
                <path class="grid" d=format!("M{:.1} {:.1}H{:.1}", frame.left, frame.y(y), frame.width - frame.right)></path>
                <text class="tick" text-anchor="end" x=frame.left - 6.0 y=frame.y(y) + 4.0>{text}</text>
            }
        })
        .collect_view();
    let grid_x = ticks(span.0, span.1, x_step)
        .into_iter()
        .map(|x| {
            let n = x as i64;
            let year = !by_size && n % 12 == 0 && n > 0;
            let text = match (by_size, year) {
                (true, _) => decimal(n, 10, 0),
                (_, true) => tf(YEARS, &[("n", &(n / 12).to_string())]),
                _ => n.to_string(),
            };
            let class = if year { "grid year" } else { "grid" };
            view! {
                <path class=class d=format!("M{:.1} {:.1}V{:.1}", frame.x(x), frame.top, frame.height - frame.bottom)></path>
                <text class="tick" text-anchor="middle" x=frame.x(x) y=frame.height - frame.bottom + 15.0>{text}</text>
            }
        })
        .collect_view();
    let own = frame.path(&points.iter().map(|p| p.x).collect::<Vec<_>>(), &points.iter().map(|p| p.y).collect::<Vec<_>>());
    let last = points.len().saturating_sub(1);
    let dots = points
        .iter()
        .enumerate()
        .filter(|(_, p)| p.x >= span.0 && p.x <= span.1)
        .map(|(n, point)| {
            let class = if n == last { "dot last" } else { "dot" };
            let text = point.text.clone();
            view! {
                <circle class=class cx=frame.x(point.x) cy=frame.y(point.y) r=if n == last { 5.5 } else { 4.0 }><title>{text}</title></circle>
            }
        })
        .collect_view();
    let what = tf(WHAT, &[("name", &chart_name(chart, false)), ("n", &points.len().to_string())]);
    view! {
        <svg class="growth-chart" viewBox=format!("0 0 {width} {height}") role="img" aria-label=what>
            <defs><clipPath id=clip.clone()><rect x=frame.left y=frame.top width=inner.0 height=inner.1></rect></clipPath></defs>
            <g clip-path=format!("url(#{clip})")>{bands}</g>
            {grid_y}{grid_x}
            <g clip-path=format!("url(#{clip})")>{curves}<path class="own" d=own></path></g>
            <rect class="edge" x=frame.left y=frame.top width=inner.0 height=inner.1></rect>
            {dots}{names}
            <text class="axis" x=frame.left y=frame.top - 8.0>{y_name}</text>
            <text class="axis" text-anchor="end" x=frame.width - frame.right y=frame.height - 6.0>{x_name}</text>
        </svg>
    }
    .into_any()
}

/// The value of a line at the edge of the frame.
fn at_edge(xs: &[f64], line: &[f64], edge: f64) -> f64 {
    let Some(after) = xs.iter().position(|x| *x >= edge) else { return line.last().copied().unwrap_or(0.0) };
    if after == 0 || xs[after] == edge {
        return line[after];
    }
    let part = (edge - xs[after - 1]) / (xs[after] - xs[after - 1]);
    line[after - 1] + part * (line[after] - line[after - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_here() {
        assert_eq!((kg(12_300).as_str(), kg(12_350).as_str(), cm(873).as_str()), ("12,3", "12,35", "87,3"));
        assert_eq!(
            (z_text(123).as_str(), z_text(-50).as_str(), z_text(0).as_str(), z_text(-4).as_str()),
            ("+1,2", "−0,5", "0,0", "0,0")
        );
        assert_eq!((decimal(1512, 100, 1).as_str(), decimal(-3, 1, 0).as_str()), ("15,1", "−3"));
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(step(60.0, &[1., 3., 6., 12.], 6.0), 12.0);
        assert_eq!(ticks(0.0, 60.0, 12.0), [0.0, 12.0, 24.0, 36.0, 48.0, 60.0]);
        assert_eq!(ticks(1.5, 9.0, 2.0), [2.0, 4.0, 6.0, 8.0]);
    }

    #[test]
    fn a_line_is_read_at_the_edge() {
        assert_eq!(at_edge(&[0.0, 10.0], &[0.0, 100.0], 5.0), 50.0);
        assert_eq!(at_edge(&[0.0, 10.0], &[0.0, 100.0], 10.0), 100.0);
        assert_eq!(at_edge(&[0.0, 10.0], &[0.0, 100.0], 12.0), 100.0);
    }
}
