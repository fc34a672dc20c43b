//! The service's errors: their names, their HTTP statuses and the members of their bodies.
//!
//! Source: the service model, and the common errors of the API reference.

use serde_json::{Value, json};

use super::Refusal;
use super::id::Kind;

/// One member of an input and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// The member's path, such as `messageReviewHandler.uri`.
    pub(super) name: String,
    pub(super) message: String,
}

impl Refusal {
    fn new(status: u16, error_type: &str, body: Value) -> Self {
        Self { status, error_type: error_type.to_owned(), body }
    }

    /// The same refusal as Amazon IVS itself writes it, which has another name for the message and no other members.
    pub(super) fn of_ivs(self) -> Self {
        Self { body: json!({ "exceptionMessage": self.body["message"] }), ..self }
    }

    /// 404: no operation has this route.
    pub(super) fn unknown_operation() -> Self {
        Self::new(404, "UnknownOperationException", json!({ "message": "The requested operation is not known." }))
    }

    /// 400: members that break the model, all of them.
    pub(super) fn invalid(fields: &[Field]) -> Self {
        let list: Vec<Value> =
            fields.iter().map(|field| json!({ "name": field.name, "message": field.message })).collect();
        let told: Vec<String> = fields
            .iter()
            .map(|field| format!("Value at '{}' failed to satisfy constraint: {}", field.name, field.message))
            .collect();
        let errors = if fields.len() == 1 { "error" } else { "errors" };
        let message = format!("{} validation {errors} detected: {}", fields.len(), told.join("; "));
        let body = json!({ "message": message, "reason": "FIELD_VALIDATION_FAILED", "fieldList": list });
        Self::new(400, "ValidationException", body)
    }

    /// 400: one member breaks a rule.
    pub(super) fn invalid_field(name: &str, message: impl Into<String>) -> Self {
        Self::invalid(&[Field { name: name.to_owned(), message: message.into() }])
    }

    /// 400: the input as a whole makes no sense.
    pub(super) fn invalid_input(message: &str) -> Self {
        Self::new(400, "ValidationException", json!({ "message": message, "reason": "OTHER", "fieldList": [] }))
    }

    /// 404: there is no such resource.
    pub(super) fn not_found(kind: Kind, resource: &str) -> Self {
        let message = format!("Resource: {resource} not found");
        Self::new(404, "ResourceNotFoundException", about(&message, resource, kind))
    }

    /// 409: the resource is not in a state for this.
    pub(super) fn conflict(kind: Kind, resource: &str, message: &str) -> Self {
        Self::new(409, "ConflictException", about(message, resource, kind))
    }

    /// 402: no more of these.
    pub(super) fn too_many(kind: Kind, resource: &str, limit: usize) -> Self {
        let what = match kind {
            Kind::Room => "rooms",
            Kind::Logging => "logging configurations",
        };
        let mut body = about(&format!("Your account may have at most {limit} {what}"), resource, kind);
        body["limit"] = json!(limit);
        Self::new(402, "ServiceQuotaExceededException", body)
    }

    /// 429: too many calls a second.
    pub(super) fn throttled(kind: Kind, resource: &str, limit: u32) -> Self {
        let mut body = about("Rate exceeded", resource, kind);
        body["limit"] = json!(limit);
        Self::new(429, "ThrottlingException", body)
    }

    /// 403: the principal may not do this.
    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new(403, "AccessDeniedException", json!({ "message": message.into() }))
    }

    /// 403: the account is new. The name has no "Exception" behind it.
    pub(crate) fn pending_verification() -> Self {
        let message = "Your account is pending verification";
        Self::new(403, "PendingVerification", json!({ "message": message }))
    }
}

fn about(message: &str, resource: &str, kind: Kind) -> Value {
    json!({ "message": message, "resourceId": resource, "resourceType": kind.in_errors() })
}
