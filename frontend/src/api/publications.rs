//! What a school shows to the public.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, get, post, post_empty, post_file};
use dto::files::StoredFile;
use dto::publications::*;
use dto::{Page, PublicationId, UnitId};

pub async fn list(school: UnitId, after: Option<String>) -> Result<Page<Publication>> {
    get(&Query::new().with("after", after).on(&format!("/schools/{school}/publications"))).await
}

/// With the photo, where there is one.
pub async fn publish(school: UnitId, body: PostPublication, photo: Option<web_sys::File>) -> Result<Publication> {
    let photo = match photo {
        None => None,
        Some(file) => {
            let path = Query::new().with("school_id", Some(school)).with("name", Some(file.name())).on("/files");
            Some(post_file::<StoredFile>(&path, file).await?.id)
        }
    };
    post(&format!("/schools/{school}/publications"), &PostPublication { photo, ..body }).await
}

pub async fn withdraw(school: UnitId, id: PublicationId) -> Result<Publication> {
    post_empty(&format!("/schools/{school}/publications/{id}/withdraw")).await
}

/// Back onto the page; refused where a consent is missing today.
pub async fn restore(school: UnitId, id: PublicationId) -> Result<Publication> {
    post_empty(&format!("/schools/{school}/publications/{id}/restore")).await
}

/// Whose public page it is. Needs nobody to be signed in.
pub async fn school(id: UnitId) -> Result<PublicSchool> {
    client::anonymous("GET", &format!("/public/schools/{id}"), Body::Empty).await
}

/// What anybody sees. Needs nobody to be signed in.
pub async fn public(school: UnitId, after: Option<String>) -> Result<Page<PublicItem>> {
    let path = Query::new().with("limit", Some(12)).with("after", after).on(&format!("/public/schools/{school}/publications"));
    client::anonymous("GET", &path, Body::Empty).await
}

/// Where the photo of what anybody sees lies, for a picture on a page.
pub fn photo(school: UnitId, id: PublicationId) -> String {
    client::address(&format!("/public/schools/{school}/publications/{id}/photo"))
}
