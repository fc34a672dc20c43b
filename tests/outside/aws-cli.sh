#!/usr/bin/env bash
# Drives the simulator with the AWS CLI through all 17 operations and checks what comes back.

. "$(dirname "$0")/start.sh"

chat() { aws ivschat "$@" --output text; }
is() { # what, expected, got
    if [ "$2" = "$3" ]; then echo "ok   $1"; else echo "FAIL $1: expected '$2', got '$3'"; exit 1; fi
}
fails() { # the error's name, command
    local name=$1
    shift
    if aws ivschat "$@" >"$scratch/out" 2>"$scratch/err"; then echo "FAIL $1 did not fail"; exit 1; fi
    grep -q "($name)" "$scratch/err" || { echo "FAIL $1: $(cat "$scratch/err")"; exit 1; }
    echo "ok   $1 fails with $name"
}

room=$(chat create-room --name cli-room --tags '{"a b":"c/d","team":"live"}' --query arn)
is create-room "arn:aws:ivschat:$AWS_REGION:123456789012:room/" "${room%/*}/"
is get-room cli-room "$(chat get-room --identifier "$room" --query name)"
is update-room 42 "$(chat update-room --identifier "$room" --maximum-message-length 42 --query maximumMessageLength)"
is list-rooms "$room" "$(chat list-rooms --name cli-room --query 'rooms[0].arn')"

chat tag-resource --resource-arn "$room" --tags '{"x + y":"50% é","team":"night"}'
is list-tags-for-resource 'c/d night 50% é' \
    "$(chat list-tags-for-resource --resource-arn "$room" --query '[tags."a b", tags.team, tags."x + y"]' | tr '\t' ' ')"
chat untag-resource --resource-arn "$room" --tag-keys 'a b' 'x + y' gone
is untag-resource team "$(chat list-tags-for-resource --resource-arn "$room" --query 'keys(tags)')"

logging=$(chat create-logging-configuration --name cli-log \
    --destination-configuration '{"s3":{"bucketName":"chat-logs"}}' --query arn)
is create-logging-configuration "arn:aws:ivschat:$AWS_REGION:123456789012:logging-configuration" "${logging%/*}"
active() {
    until [ "$(chat get-logging-configuration --identifier "$logging" --query state)" = ACTIVE ]; do sleep 0.2; done
}
active
is get-logging-configuration cli-log "$(chat get-logging-configuration --identifier "$logging" --query name)"
chat update-logging-configuration --identifier "$logging" \
    --destination-configuration '{"firehose":{"deliveryStreamName":"chat"}}' >"$scratch/out"
active
is update-logging-configuration chat "$(chat get-logging-configuration --identifier "$logging" \
    --query destinationConfiguration.firehose.deliveryStreamName)"
is list-logging-configurations ACTIVE "$(chat list-logging-configurations \
    --query "loggingConfigurations[?arn=='$logging'].state | [0]")"
chat update-room --identifier "$room" --logging-configuration-identifiers "$logging" >"$scratch/out"
fails ConflictException delete-logging-configuration --identifier "$logging"
chat update-room --identifier "$room" --logging-configuration-identifiers '[]' >"$scratch/out"
chat delete-logging-configuration --identifier "$logging"
echo "ok   delete-logging-configuration"

token=$(chat create-chat-token --room-identifier "$room" --user-id u1 --capabilities SEND_MESSAGE --query token)
[ -n "$token" ] && echo "ok   create-chat-token"
event=$(chat send-event --room-identifier "$room" --event-name app:poll --attributes question=tea --query id)
is send-event 12 "${#event}"
deleted=$(chat delete-message --room-identifier "$room" --id AbCdEf123456 --reason spam --query id)
is delete-message 12 "${#deleted}"
chat disconnect-user --room-identifier "$room" --user-id u1 --reason enough
echo "ok   disconnect-user"

fails ValidationException create-room --name 'no blanks'
chat delete-room --identifier "$room"
echo "ok   delete-room"
fails ResourceNotFoundException get-room --identifier "$room"
AWS_SECRET_ACCESS_KEY=wrong fails InvalidSignatureException list-rooms
AWS_ACCESS_KEY_ID=AKIASOMEBODYELSE0000 fails UnrecognizedClientException list-rooms
curl -sf -X PUT "$AWS_ENDPOINT_URL/_simulator/faults/ListRooms" -d deny
fails AccessDeniedException list-rooms
curl -sf -X DELETE "$AWS_ENDPOINT_URL/_simulator/faults"
echo "all well"
