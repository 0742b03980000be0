//! Filters of lists that a person keeps under a name, on any device that they sign in on.

use crate::SavedFilterId;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// A filter as it was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedFilter {
    pub id: SavedFilterId,
    /// The path of the list in the pages, such as "/office/staff".
    pub page: String,
    pub name: String,
    /// The query string without its "?", such as "position=teacher&q=hoa"; empty: the list without filters.
    pub query: String,
    pub version: i64,
}

/// Keep a filter, or change one.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSavedFilter {
    /// A path without query: it begins with "/".
    #[validate(length(min = 1, max = 200))]
    pub page: String,
    #[validate(length(min = 1, max = 80))]
    pub name: String,
    #[serde(default)]
    #[validate(length(max = 1000))]
    pub query: String,
}

/// `?page=` of one's filters.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SavedFilterQuery {
    /// Those of one list; left out: all.
    #[validate(length(max = 200))]
    pub page: Option<String>,
}
