//! What leaves the house: preferences of guardians, devices, messages on their way.

use super::{Channel, DeliveryState, EventKind};
use crate::{DeliveryId, PushSubscriptionId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// By which channels a guardian is told of a kind of event, beside the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KindChannels {
    pub kind: EventKind,
    pub channels: Vec<Channel>,
}

/// What a guardian wants to be told of, how, and when not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactPreferences {
    /// Every kind, once.
    pub kinds: Vec<KindChannels>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its owner has typed the code that was mailed to it. Before that no other mail goes there.
    #[serde(default)]
    pub email_confirmed: bool,
    /// The phone number on record, which SMS and Zalo go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Minutes after midnight in Vietnam from which nothing leaves; none: at no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_from: Option<u16>,
    /// … until which it waits. Before `quiet_from`: on the next day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_to: Option<u16>,
    /// The channels that this installation has switched on.
    pub available: Vec<Channel>,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutContactPreferences {
    /// A kind that is left out keeps the default: push.
    #[validate(length(max = 20))]
    pub kinds: Vec<KindChannels>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(email, length(max = 200))]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(max = 1439))]
    pub quiet_from: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(max = 1439))]
    pub quiet_to: Option<u16>,
}

/// The code that was mailed to the address.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostEmailCode {
    /// Six digits; blanks between them are passed over.
    #[validate(length(min = 6, max = 12))]
    pub code: String,
}

/// The key that a browser subscribes with (VAPID, RFC 8292), base64url; none where push is off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushKey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A device that takes push messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushSubscription {
    pub id: PushSubscriptionId,
    pub device: String,
    pub created_at: DateTime<Utc>,
}

/// A subscription as the browser gives it (Push API: `PushSubscription.toJSON()`).
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostPushSubscription {
    /// At one of the push services that the settings name.
    #[validate(length(min = 10, max = 1000))]
    pub endpoint: String,
    /// The browser's public key, 65 bytes in base64url.
    #[validate(length(min = 80, max = 100))]
    pub p256dh: String,
    /// 16 bytes in base64url.
    #[validate(length(min = 20, max = 40))]
    pub auth: String,
    #[validate(length(min = 1, max = 100))]
    pub device: String,
}

/// `?state=` of the outgoing messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DeliveryQuery {
    /// Left out: `dead`.
    pub state: Option<DeliveryState>,
}

/// A message on its way out, without its content and its recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub id: DeliveryId,
    pub school_id: UnitId,
    /// What it tells of: "notice:…", "message:…", "email:…".
    pub event_key: String,
    /// A channel, or `fanout` for the step that finds the recipients.
    pub channel: String,
    pub state: DeliveryState,
    pub attempts: u32,
    pub created_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}
