//! What answers in the service's place while a recorded feed is played: one room, no more, and a plain no to all else.

use serde_json::{Value, json};

use crate::api::answer::Answer;
use crate::api::{Arn, Call, Error, ErrorKind};

use super::NO_SERVICE;

/// The one room.
#[derive(Debug, Clone)]
pub struct StandIn {
    /// Its ARN.
    pub room: Arn,
    /// Its name.
    pub name: String,
}

impl StandIn {
    /// The answer to a call.
    ///
    /// # Errors
    /// If the call is more than a look at the room.
    pub fn answer(&self, call: &Call) -> Result<Answer, Error> {
        let operation = call.spec.name;
        let body = match operation {
            "ListRooms" => json!({ "rooms": [self.room()] }),
            "GetRoom" => self.room(),
            "ListLoggingConfigurations" => json!({ "loggingConfigurations": [] }),
            "ListTagsForResource" => json!({ "tags": {} }),
            _ => {
                let kind = ErrorKind::Unsendable(NO_SERVICE.to_owned());
                return Err(Error { operation, request_id: None, attempts: 0, kind });
            }
        };
        Ok(Answer { status: 200, request_id: None, attempts: 0, body: body.to_string().into_bytes() })
    }

    fn room(&self) -> Value {
        json!({ "arn": self.room, "id": self.room.id(), "name": self.name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Operation;
    use crate::api::answer::decode;
    use crate::api::ops::{DeleteMessage, GetRoom, ListLoggingConfigurations, ListRooms, ListTagsForResource};

    #[test]
    fn there_is_one_room_and_nothing_can_be_done_to_it() {
        let room: Arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap();
        let nobody = StandIn { room: room.clone(), name: "raid.jsonl".into() };
        let rooms = decode::<ListRooms>(nobody.answer(&ListRooms::default().call())).unwrap().rooms;
        assert_eq!((rooms[0].arn.clone(), rooms[0].title()), (room.clone(), "raid.jsonl"));
        let get = GetRoom { identifier: room.clone() };
        assert_eq!(decode::<GetRoom>(nobody.answer(&get.call())).unwrap().summary.arn, room);
        decode::<ListLoggingConfigurations>(nobody.answer(&ListLoggingConfigurations::default().call())).unwrap();
        let tags = ListTagsForResource { resource_arn: room.clone() };
        assert!(decode::<ListTagsForResource>(nobody.answer(&tags.call())).unwrap().tags.is_empty());
        let delete = DeleteMessage { room_identifier: room, id: "AbCdEf123456".into(), reason: None };
        let no = nobody.answer(&delete.call()).unwrap_err();
        assert!(!no.kind.may_have_been_done() && no.to_string().contains("no service behind a replay"), "{no}");
    }
}
