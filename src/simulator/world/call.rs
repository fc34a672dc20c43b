//! Calls of the control plane: which operation, whether it may be, and who answers it.

use jiff::Timestamp;

use crate::api::Request;

use super::id::{Id, Kind};
use super::input::Input;
use super::operation::Operation;
use super::{Answer, Delivery, Echoes, Refusal, World, policy};

impl World {
    /// Answers a request of the control plane as the service would.
    ///
    /// # Errors
    /// The service's modelled and common errors.
    pub fn handle(&mut self, now: Timestamp, request: &Request) -> Result<Answer, Refusal> {
        self.advance(now);
        let (operation, resource) = Operation::of(request)?;
        let input = Input::of(request.body.as_ref())?;
        let resource = resource.unwrap_or_else(|| self.resource(operation, &input));
        let published = self.deliveries.len();
        let answer = self
            .admit(operation, &input, &resource)
            .and_then(|()| self.carry_out_call(operation, input, &resource, request));
        if self.echoes == Echoes::Lost {
            let lost = self.deliveries.extract_if(published.., |delivery| matches!(delivery, Delivery::Frame { .. }));
            lost.for_each(drop);
        }
        answer.map_err(|refusal| if policy::is_of_ivs(&resource) { refusal.of_ivs() } else { refusal })
    }

    /// Says what becomes from now on of the events that calls publish.
    pub fn set_echoes(&mut self, echoes: Echoes) {
        self.echoes = echoes;
    }

    /// Counts a call and checks whether it is allowed; both come before its input is looked at.
    fn admit(&mut self, operation: Operation, input: &Input<'_>, resource: &str) -> Result<(), Refusal> {
        let counted = self.rates.call(operation, self.clock);
        counted.map_err(|limit| Refusal::throttled(operation.kind(), resource, limit))?;
        self.policy.check(operation, resource, &self.home)?;
        let creates = matches!(operation, Operation::CreateRoom | Operation::CreateLoggingConfiguration);
        // Creating something with tags takes the permission to tag as well (Service Authorization Reference).
        if creates && input.raw("tags").is_some() {
            self.policy.check(Operation::TagResource, resource, &self.home)?;
        }
        Ok(())
    }

    /// What a call is about, as access policies see it: the resource that it names, else all of the kind.
    fn resource(&self, operation: Operation, input: &Input<'_>) -> String {
        let named = ["identifier", "roomIdentifier"].into_iter().find_map(|member| input.raw(member)?.as_str());
        named.map_or_else(|| self.home.arn(operation.kind(), "*"), str::to_owned)
    }

    fn carry_out_call(
        &mut self,
        operation: Operation,
        input: Input<'_>,
        resource: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        match operation {
            Operation::CreateChatToken => self.create_chat_token(input),
            Operation::CreateLoggingConfiguration => self.create_logging(input),
            Operation::CreateRoom => self.create_room(input),
            Operation::DeleteLoggingConfiguration => self.delete_logging(input),
            Operation::DeleteMessage => self.delete_message(input),
            Operation::DeleteRoom => self.delete_room(input),
            Operation::DisconnectUser => self.disconnect_user(input),
            Operation::GetLoggingConfiguration => self.get_logging(input),
            Operation::GetRoom => self.get_room(input),
            Operation::ListLoggingConfigurations => self.list_logging(input),
            Operation::ListRooms => self.list_rooms(input),
            Operation::ListTagsForResource => self.list_tags(input, resource),
            Operation::SendEvent => self.send_event(input),
            Operation::TagResource => self.tag(input, resource),
            Operation::UntagResource => self.untag(input, resource, request),
            Operation::UpdateLoggingConfiguration => self.update_logging(input),
            Operation::UpdateRoom => self.update_room(input),
        }
    }

    /// The id of the resource that `arn` names.
    pub(super) fn existing(&self, kind: Kind, arn: &str) -> Result<Id, Refusal> {
        let exists = |id: &Id| match kind {
            Kind::Room => self.rooms.get(*id).is_some(),
            Kind::Logging => self.logging.get(*id).is_some(),
        };
        self.home.id(kind, arn).filter(exists).ok_or_else(|| Refusal::not_found(kind, arn))
    }
}
