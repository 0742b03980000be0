//! What a school shows to the public.

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
