//! A package is accepted: first it is looked whether the child is known here, and what differs; then a class is chosen.

use super::inside;
use crate::api::{one_record, packages, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::filled;
use crate::ui::{
    Button, Check, DateField, Form, FormFault, Icon, Look, Pages, PasswordField, Pill, SelectField, Tone, icon, load, toast,
};
use dto::ClassId;
use dto::classes::ClassQuery;
use dto::one_record::{LearnerOffer, OfferKind, PostOffers};
use dto::packages::*;
use leptos::prelude::*;

texts! {
    FRESH: "Chưa có hồ sơ nào khớp: một hồ sơ mới sẽ được lập.", "Nobody known here fits: a new record is made.";
    KNOWN: "Em đã có hồ sơ trong hệ thống", "The child is known here";
    SIMILAR: "Có hồ sơ cùng họ tên, ngày sinh: hãy xem có phải một em không", "A record has the same name and birth date: see whether it is the same child";
    AT: "{school} · {status}", "{school} · {status}";
    SAME: "Không khác gì so với gói", "Nothing differs from the package";
    DIFFERS: "{field}: hồ sơ ghi “{here}”, gói ghi “{there}”", "{field}: the record says “{here}”, the package “{there}”";
    NAME: "Họ tên", "Name";
    BIRTH: "Ngày sinh", "Birth date";
    SEX: "Giới tính", "Sex";
    ID: "Số định danh", "Personal ID";
    PARENTS: "Số phụ huynh", "Guardians";
    INSTEAD: "Hãy tiếp nhận hoặc xin chuyển hồ sơ đã có, không lập hồ sơ thứ hai.", "Claim or transfer that record; no second one is made.";
    CLAIM: "Đến hồ sơ đã có", "To that record";
    LOGGED: "Lần đối chiếu này được ghi vào nhật ký.", "This look is written into the log.";
    SINCE: "Vào lớp từ ngày", "In the class from";
    LOCK: "Mật khẩu phần sức khoẻ (trường gửi trao riêng)", "Passphrase of the health record (told apart from the file)";
    WITHOUT: "Không có mật khẩu: tiếp nhận không kèm sức khoẻ", "No passphrase: take the child in without health";
    ACCEPT: "Tiếp nhận vào lớp", "Take in";
    DONE: "Đã tiếp nhận {name}", "{name} is taken in";
    NO_CLASS: "Trường chưa có lớp nào", "The school has no class yet";
}

#[component]
pub fn Accept(package: TransferPackage, open: RwSignal<bool>, list: Pages<TransferPackage>) -> impl IntoView {
    let (id, school) = (package.id, package.school_id);
    let about = StoredValue::new(package.about);
    let form = Form::new();
    let (class, lock) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let on = RwSignal::new(format::today().to_string());
    let without = RwSignal::new(false);
    let classes = load(move || async move {
        let query = ClassQuery { school_id: Some(school), ..ClassQuery::default() };
        Ok(records::classes(&query, None).await?.items)
    });
    let known = load(move || async move {
        let about = about.get_value();
        let body = PostOffers {
            school_id: school,
            personal_id: about.personal_id.clone(),
            ministry_code: None,
            full_name: Some(about.full_name.clone()),
            birth_date: Some(about.birth_date),
        };
        let mut found = Vec::new();
        for offer in one_record::offers(&body).await?.items {
            let differs = differences(&about, &offer).await?;
            found.push((offer, differs));
        }
        Ok(found)
    });
    let options = Signal::derive(move || {
        classes.get().unwrap_or_default().into_iter().map(|class| (class.id.to_string(), class.name)).collect::<Vec<_>>()
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // The list shows its first class as chosen where nothing was.
        let picked = class.get_untracked().parse::<ClassId>().ok();
        let first = options.get_untracked().first().and_then(|(key, _)| key.parse::<ClassId>().ok());
        let (Some(class_id), Ok(enrolled_on)) = (picked.or(first), on.get_untracked().parse()) else {
            toast::say(t(NO_CLASS));
            return;
        };
        let body = AcceptTransferPackage {
            class_id,
            enrolled_on,
            health_passphrase: filled(lock).filter(|_| !without.get_untracked()),
            without_health: without.get_untracked(),
        };
        form.send(async move { packages::accept(id, &body).await }, move |done| {
            open.set(false);
            toast::say(tf(DONE, &[("name", &done.about.full_name)]));
            list.reload();
        });
    };
    let (health, locked) = about.with_value(|about| (inside::health(about), about.health.is_some()));
    view! {
        <form class="stack" on:submit=send>
            <p><b>{about.with_value(|about| format!("{} · {}", about.full_name, format::date(about.birth_date)))}</b></p>
            {known.show(|found| match found.is_empty() {
                true => view! { <p class="row tight">{icon(Icon::Check)}{t(FRESH)}</p> }.into_any(),
                false => found.into_iter().map(shown).collect_view().into_any(),
            })}
            <p class="quiet">{t(LOGGED)}</p>
            <SelectField label=t(tx::CLASS) name="package-class" value=class options=options fault=form.fault("/class_id") />
            <DateField label=t(SINCE) name="package-since" value=on required=true fault=form.fault("/enrolled_on") />
            <p>{health}</p>
            {locked.then(|| view! {
                {move || (!without.get()).then(|| view! { <PasswordField label=t(LOCK) name="package-unlock" value=lock autocomplete="off" fault=form.fault("/health_passphrase") /> })}
                <Check label=t(WITHOUT) value=without />
            })}
            <FormFault form=form fields=&["/class_id", "/enrolled_on", "/health_passphrase"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(ACCEPT) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

/// What a record that is known says otherwise than the package: of one's own all of it, of another school's what is told of it.
async fn differences(about: &PackageAbout, offer: &LearnerOffer) -> crate::api::Result<Vec<String>> {
    let mut said = vec![
        (NAME, offer.full_name.clone(), about.full_name.clone()),
        (BIRTH, format::date(offer.birth_date), format::date(about.birth_date)),
    ];
    if let Some(id) = offer.learner_id {
        let own = records::learner(id).await?;
        said.push((SEX, own.learner.sex.label(lang()).to_owned(), about.sex.label(lang()).to_owned()));
        let number = |number: &Option<String>| number.clone().unwrap_or_else(|| "–".to_owned());
        said.push((ID, number(&own.learner.personal_id), number(&about.personal_id)));
        said.push((PARENTS, own.guardians.len().to_string(), about.guardians.to_string()));
    }
    let differ = said.into_iter().filter(|(_, here, there)| here != there);
    Ok(differ.map(|(field, here, there)| tf(DIFFERS, &[("field", t(field)), ("here", &here), ("there", &there)])).collect())
}

fn shown((offer, differs): (LearnerOffer, Vec<String>)) -> AnyView {
    let numbered = offer.found_by.is_some();
    let place = tf(AT, &[("school", offer.school_name.as_deref().unwrap_or("–")), ("status", offer.status.label(lang()))]);
    let differs = match differs.is_empty() {
        true => view! { <p>{t(SAME)}</p> }.into_any(),
        false => view! { <ul>{differs.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul> }.into_any(),
    };
    let to = match (offer.kind, offer.learner_id) {
        (OfferKind::Here, Some(id)) => format!("/learners/{id}"),
        _ => "/office/claim".to_owned(),
    };
    view! {
        <div class="strip" role="status">
            {icon(Icon::Alert)}
            <div class="grow stack">
                <b>{t(if numbered { KNOWN } else { SIMILAR })}</b>
                <p>{offer.full_name}" · "{format::date(offer.birth_date)}" "<Pill label=offer.kind.label(lang()) tone=Tone::Info /></p>
                <p class="quiet">{place}</p>
                {differs}
                <p>{t(INSTEAD)}" "<a href=to>{t(CLAIM)}</a></p>
            </div>
        </div>
    }
    .into_any()
}
