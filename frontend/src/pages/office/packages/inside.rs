//! What is inside a package, whose seal is on it, and that every file is as it was sealed.

use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Icon, Pill, Tone, icon};
use dto::packages::*;
use leptos::prelude::*;

texts! {
    INSIDE: "Có gì trong gói", "What is inside";
    SEAL: "Dấu của {who}, ngày {day}: hợp lệ", "Seal of {who}, {day}: valid";
    SEAL_UNDATED: "Dấu của {who}: hợp lệ", "Seal of {who}: valid";
    WHOLE: "{n} tệp, mã băm đều khớp", "{n} files, every hash fits";
    TO: "Gửi đến {school} · “{reason}”", "For {school} · “{reason}”";
    NUMBER: "Số định danh {n}", "Personal ID {n}";
    NO_NUMBER: "Không có số định danh", "No personal ID";
    PARENTS: "{n} phụ huynh", "{n} guardians";
    YEAR: "{year} · lớp {class} · {school}", "{year} · class {class} · {school}";
    SIGNED: "học bạ số đã ký", "signed transcript";
    TYPED: "kết quả chưa có học bạ số", "results without a transcript";
    HEALTH: "Sức khoẻ (khoá bằng mật khẩu): {growth} lần đo, {checks} lần khám, {shots} mũi tiêm, {conditions}", "Health (locked): {growth} measurements, {checks} checks, {shots} vaccinations, {conditions}";
    CONDITIONS: "{n} bệnh, dị ứng", "{n} conditions";
    WITHHELD: "gia đình chưa đồng ý gửi bệnh, dị ứng", "conditions withheld: no consent";
    NO_HEALTH: "Không kèm hồ sơ sức khoẻ", "No health record inside";
    FILE: "Tệp", "File";
    SIZE: "Cỡ (byte)", "Bytes";
}

/// Seal and hashes in one line; all else behind a press.
pub fn inside(about: &PackageAbout) -> AnyView {
    let seal = match about.seal.signed_at {
        Some(at) => tf(SEAL, &[("who", &about.seal.signer), ("day", &format::instant(at))]),
        None => tf(SEAL_UNDATED, &[("who", &about.seal.signer)]),
    };
    let whole = (!about.files.is_empty()).then(|| format!(" · {}", tf(WHOLE, &[("n", &about.files.len().to_string())])));
    let number = match &about.personal_id {
        Some(number) => tf(NUMBER, &[("n", number)]),
        None => t(NO_NUMBER).to_owned(),
    };
    let person = format!("{} · {number} · {}", about.sex.label(lang()), tf(PARENTS, &[("n", &about.guardians.to_string())]));
    let years = about
        .years
        .iter()
        .map(|year| {
            let text = tf(YEAR, &[("year", &year.school_year), ("class", &year.class_name), ("school", &year.from_school)]);
            let (label, tone) = if year.signed { (t(SIGNED), Tone::Ok) } else { (t(TYPED), Tone::Quiet) };
            view! { <li>{text}" "<Pill label=label tone=tone /></li> }
        })
        .collect_view();
    let files = about
        .files
        .iter()
        .map(|file| {
            view! { <tr><th scope="row">{file.name.clone()}</th><td class="r num">{format::count(file.size)}</td><td><code class="hash">{file.sha256.clone()}</code></td></tr> }
        })
        .collect_view();
    view! {
        <p class="row tight">{icon(Icon::Check)}<span>{seal}{whole}</span></p>
        <details>
            <summary>{t(INSIDE)}</summary>
            <div class="stack">
                <p>{tf(TO, &[("school", &about.to_school), ("reason", &about.reason)])}</p>
                <p>{person}</p>
                <ul>{years}</ul>
                <p>{health(about)}</p>
                <div class="table" tabindex="0" role="region" aria-label=t(FILE)><table>
                    <thead><tr><th scope="col">{t(FILE)}</th><th scope="col" class="r">{t(SIZE)}</th><th scope="col">"SHA-256"</th></tr></thead>
                    <tbody>{files}</tbody>
                </table></div>
            </div>
        </details>
    }
    .into_any()
}

/// How much of a health record is inside.
pub fn health(about: &PackageAbout) -> String {
    let Some(counts) = &about.health else { return t(NO_HEALTH).to_owned() };
    let conditions = match counts.conditions {
        Some(n) => tf(CONDITIONS, &[("n", &n.to_string())]),
        None => t(WITHHELD).to_owned(),
    };
    let [growth, checks, shots] = [counts.growth, counts.checks, counts.vaccinations].map(|n| n.to_string());
    tf(HEALTH, &[("growth", &growth), ("checks", &checks), ("shots", &shots), ("conditions", &conditions)])
}
