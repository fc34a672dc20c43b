#!/usr/bin/env python3
"""Lists every room page by page with boto3, which has no paginator for it; start.sh has set the environment."""

import boto3

client = boto3.client("ivschat")
want = {client.create_room(name=f"boto-{n}")["arn"] for n in range(120)}
seen, token, pages = [], None, 0
while True:
    page = client.list_rooms(**({"nextToken": token} if token else {}))
    seen += [room["arn"] for room in page["rooms"]]
    pages += 1
    token = page.get("nextToken")
    if not token:
        break
assert len(seen) == len(set(seen)), "a room came twice"
assert want <= set(seen), "a room is missing"
try:
    client.get_room(identifier="lobby")
    raise SystemExit("FAIL: a name is no ARN")
except client.exceptions.ValidationException as error:
    assert error.response["fieldList"][0]["name"] == "identifier", error.response
    assert error.response["reason"] == "FIELD_VALIDATION_FAILED", error.response
for arn in want:
    client.delete_room(identifier=arn)
print(f"ok   {len(seen)} rooms on {pages} pages, each once")
