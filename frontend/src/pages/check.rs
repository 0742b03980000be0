//! The check of a transcript, for anybody: what the school's server says of a code, and what a file in hand says of itself. The file
//! is checked here, in the browser; nothing of it is sent.

use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::shell::Tools;
use crate::ui::{DropZone, Empty, Icon, OfflineBanner, icon, load, mark, toast};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::Utc;
use dto::transcripts::{SigningRole, TranscriptCheck, TranscriptSignature, TranscriptState, TrustList};
use leptos::prelude::*;
use leptos::task::spawn_local;
use transcript::{Fault, Report, Revocation, Role, SignatureReport, Trust, verify};
use wasm_bindgen_futures::JsFuture;

texts! {
    TITLE: "Kiểm tra học bạ số", "Check a transcript";
    LEAD: "Kiểm tra chữ ký và nội dung của học bạ số, không cần tài khoản.", "Check the signatures and the content of a transcript; no account is needed.";
    STANDS: "Học bạ đang có hiệu lực", "This transcript stands";
    REVOKED: "Học bạ đã bị thu hồi", "This transcript was revoked";
    REVOKED_ON: "Thu hồi theo quyết định ngày {day}.", "Revoked by a decision of {day}.";
    SUPERSEDED: "Đã có học bạ khác thay thế.", "Another has taken its place.";
    UNKNOWN: "Không có học bạ nào mang mã này", "No transcript has this code";
    UNKNOWN_TEXT: "Mã có thể bị gõ sai, hoặc học bạ chưa được ban hành.", "The code may be mistyped, or the transcript is not issued yet.";
    LEARNER: "Học sinh", "Learner";
    SCHOOL: "Trường", "School";
    YEAR: "Năm học", "School year";
    ISSUED: "Ban hành", "Issued";
    HASH: "Mã băm nội dung", "Content hash";
    COMPARE: "So mã này với mã in ở chân bản giấy: khác nhau là nội dung đã bị sửa.", "Compare it with what is printed on the paper: if they differ, the content was changed.";
    FILE: "Kiểm tra tệp trong tay", "Check the file in hand";
    DROP: "Kéo tệp XML hoặc PDF vào đây, hoặc chọn tệp", "Drop the XML or PDF here, or choose it";
    STAYS: "Tệp được kiểm tra ngay trên máy này, không gửi đi đâu.", "The file is checked on this device and sent nowhere.";
    CHECKING: "Đang kiểm tra…", "Checking…";
    GOOD: "Học bạ hợp lệ", "The transcript is genuine";
    GOOD_TEXT: "Đủ chữ ký, nội dung còn nguyên vẹn.", "Every signature is there, and nothing was changed.";
    BAD: "Không công nhận được học bạ này", "This transcript cannot be accepted";
    SIGNATURES: "Chữ ký", "Signatures";
    PDF_SEAL: "Dấu của trường trên tệp PDF", "The school's seal on the PDF";
    MISSING: "Còn thiếu chữ ký: {who}", "Signature missing: {who}";
    BY: "{who}, {at}", "{who}, {at}";
    NOT_REVOKED: "Chứng thư số chưa bị thu hồi.", "The certificate is not revoked.";
    NO_TRUST: "Máy chủ này chưa khai báo tổ chức chứng thực nào được tin cậy.", "This server names no authority that it trusts.";
    SIGN_IN: "Đăng nhập", "Sign in";
    UNREADABLE: "Không đọc được tệp này", "The file cannot be read";
}

/// The code in the address; none on the page without one.
fn code() -> Option<String> {
    let path = window().location().pathname().ok()?;
    path.strip_prefix("/check/").map(str::to_owned).filter(|code| !code.is_empty())
}

#[component]
pub fn CheckPage() -> impl IntoView {
    document().set_title(&format!("{} · Khuê", t(TITLE)));
    view! {
        <OfflineBanner />
        <div class="check-page">
            <header class="check-head"><a href="/" class="logo">{mark()}<span><b>{t(tx::APP)}</b><small>{t(tx::PROVINCE)}</small></span></a>
                <Tools><a class="btn" href="/sign-in">{t(SIGN_IN)}</a></Tools></header>
            <main id="main" class="stack" tabindex="-1">
                <div><h1>{t(TITLE)}</h1><p class="quiet">{t(LEAD)}</p></div>
                {code().map(|code| view! { <ByCode code=code /> })}
                <ByFile />
            </main>
        </div>
        <toast::Toasts />
    }
}

fn fact(name: &'static str, value: String) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

#[component]
fn ByCode(code: String) -> impl IntoView {
    let code = StoredValue::new(code);
    let loader = load(move || async move {
        match transcripts::check(&code.get_value()).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    });
    loader.show(|found| match found {
        Some(found) => view! { <Found found=found /> }.into_any(),
        None => view! { <section class="panel"><Empty title=t(UNKNOWN) text=t(UNKNOWN_TEXT) glyph=Icon::Alert /></section> }
            .into_any(),
    })
}

fn signed(one: &TranscriptSignature) -> Option<AnyView> {
    let what = one.subject_name.clone().unwrap_or_else(|| one.role.label(lang()).to_owned());
    let by = tf(BY, &[("who", one.signer.as_deref()?), ("at", &format::instant(one.signed_at?))]);
    Some(view! { <li class="done">{icon(Icon::Check)}<div><b>{what}</b><p class="muted">{by}</p></div></li> }.into_any())
}

#[component]
fn Found(found: TranscriptCheck) -> impl IntoView {
    let stands = found.state == TranscriptState::Issued;
    let (class, glyph, title) = if stands { ("verdict ok", Icon::Check, STANDS) } else { ("verdict bad", Icon::Alert, REVOKED) };
    let revoked = found.revoked_on.map(|day| tf(REVOKED_ON, &[("day", &format::date(day))]));
    let superseded = found.superseded.then(|| t(SUPERSEDED));
    let signatures: Vec<AnyView> = found.signatures.iter().filter_map(signed).collect();
    view! {
        <section class="panel">
            <div class=class>{icon(glyph)}<div><h2>{t(title)}</h2><p>{revoked}" "{superseded}</p></div></div>
            <div class="body stack">
                <dl class="check-facts">
                    {fact(t(LEARNER), found.learner)}{fact(t(SCHOOL), found.school_name)}{fact(t(YEAR), found.school_year)}
                    {found.issued_at.map(|at| fact(t(ISSUED), format::instant(at)))}
                </dl>
                <div><p><b>{t(HASH)}</b></p><code class="hash">{found.content_hash}</code><p class="muted">{t(COMPARE)}</p></div>
                <ol class="signatures">{signatures}</ol>
            </div>
        </section>
    }
    .into_any()
}

/// What a file says of itself.
#[derive(Clone)]
enum Answer {
    Checking,
    Unreadable,
    Report(Box<Report>),
}

#[component]
fn ByFile() -> impl IntoView {
    let trust = load(transcripts::trust);
    let answer = RwSignal::new(None::<Answer>);
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        answer.set(Some(Answer::Checking));
        spawn_local(async move {
            let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
                answer.set(Some(Answer::Unreadable));
                return;
            };
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            let trust = trust.get_untracked().unwrap_or_default();
            answer.set(Some(Answer::Report(Box::new(verify(&bytes, &trusted(&trust), Utc::now())))));
        });
    });
    view! {
        <section class="panel">
            <header><h2>{t(FILE)}</h2></header>
            <div class="body stack">
                <DropZone name="check-file" title=t(DROP) text=t(STAYS) accept=".xml,.pdf,application/xml,application/pdf" on_file=take />
                {move || trust.get().filter(|list| list.anchors.is_empty()).map(|_| view! { <p class="strip">{icon(Icon::Info)}<span class="grow">{t(NO_TRUST)}</span></p> })}
                <div aria-live="polite">{move || answer.get().map(|answer| match answer {
                    Answer::Checking => view! { <p role="status">{t(CHECKING)}</p> }.into_any(),
                    Answer::Unreadable => view! { <p class="strip bad">{icon(Icon::Alert)}<span class="grow">{t(UNREADABLE)}</span></p> }.into_any(),
                    Answer::Report(report) => shown(&report),
                })}</div>
            </div>
        </section>
    }
}

fn trusted(list: &TrustList) -> Trust {
    let mut trust = Trust::new();
    let bytes = |text: &String| BASE64_STANDARD.decode(text).ok();
    // What the server sends was read there; what this program cannot read it does not trust.
    for anchor in list.anchors.iter().filter_map(bytes) {
        let _ = trust.add_anchors(&anchor);
    }
    for revoked in list.revocation_lists.iter().filter_map(bytes) {
        let _ = trust.add_revocation_list(&revoked);
    }
    trust
}

fn words(fault: &Fault) -> String {
    let text = lang().pick(&fault.vi, &fault.en);
    match &fault.detail {
        Some(detail) => format!("{text} ({detail})"),
        None => text.to_owned(),
    }
}

fn role_name(role: &Role, report: &Report) -> String {
    let label = |role: SigningRole| role.label(lang()).to_owned();
    match role {
        Role::Subject(code) => {
            let subjects = report.content.iter().flat_map(|content| &content.subjects);
            subjects
                .into_iter()
                .find(|subject| subject.code == *code)
                .map_or_else(|| code.clone(), |subject| subject.name.clone())
        }
        Role::Homeroom => label(SigningRole::Homeroom),
        Role::Principal => label(SigningRole::Principal),
        Role::Seal => label(SigningRole::Seal),
    }
}

fn line(name: String, one: &SignatureReport) -> AnyView {
    let at = one.time_stamp.as_ref().map(|stamp| stamp.time).or(one.claimed_time).map(format::instant).unwrap_or_default();
    let issuer = one.chain.first().map(|certificate| certificate.issuer.clone()).unwrap_or_default();
    let faults = one.faults.iter().map(|fault| view! { <p class="wrong">{words(fault)}</p> }).collect_view();
    // Where nobody can tell, nothing is said.
    let standing = (one.revocation == Revocation::Good).then(|| view! { <p class="muted">{t(NOT_REVOKED)}</p> });
    let glyph = icon(if one.valid { Icon::Check } else { Icon::Cross });
    view! {
        <li class=if one.valid { "done" } else { "fail" }>{glyph}
            <div><b>{name}</b><p class="muted">{tf(BY, &[("who", &one.signer), ("at", &at)])}<br/>{issuer}</p>{standing}{faults}</div></li>
    }
    .into_any()
}

fn shown(report: &Report) -> AnyView {
    let (class, glyph, title) = if report.valid { ("verdict ok", Icon::Check, GOOD) } else { ("verdict bad", Icon::Cross, BAD) };
    let faults = report.faults.iter().map(|fault| view! { <p>{words(fault)}</p> }).collect_view();
    let fine = report.valid.then(|| view! { <p>{t(GOOD_TEXT)}</p> });
    let missing: Vec<String> = report.missing.iter().map(|role| role_name(role, report)).collect();
    let missing = (!missing.is_empty()).then(|| view! { <p>{tf(MISSING, &[("who", &missing.join(", "))])}</p> });
    // What it says is shown once it may be believed.
    let content = report.content.as_ref().filter(|_| report.valid).map(|content| {
        view! {
            <dl class="check-facts">
                {fact(t(LEARNER), content.learner.full_name.clone())}{fact(t(SCHOOL), content.school.name.clone())}
                {fact(t(YEAR), content.school_year.clone())}
            </dl>
        }
    });
    let hash =
        report.content_hash.clone().map(|hash| view! { <div><p><b>{t(HASH)}</b></p><code class="hash">{hash}</code></div> });
    let mut lines: Vec<AnyView> = report.signatures.iter().map(|one| line(role_name(&one.role, report), one)).collect();
    lines.extend(report.pdf_signature.as_ref().map(|one| line(t(PDF_SEAL).to_owned(), one)));
    let any = !lines.is_empty();
    view! {
        <div class="stack">
            <div class=class>{icon(glyph)}<div><h3>{t(title)}</h3>{fine}{faults}{missing}</div></div>
            {content}
            {hash}
            {any.then(|| view! { <h3>{t(SIGNATURES)}</h3> })}
            <ol class="signatures">{lines}</ol>
        </div>
    }
    .into_any()
}
