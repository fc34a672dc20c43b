// Drives the simulator with AWS's own JavaScript chat SDK and the JavaScript SDK for the control plane.
// chat-sdk.sh starts both the simulator and this.

import assert from "node:assert/strict";
import { ChatRoom, DeleteMessageRequest, DisconnectUserRequest, SendMessageRequest } from "amazon-ivs-chat-messaging";
import { CreateChatTokenCommand, CreateRoomCommand, IvschatClient, SendEventCommand } from "@aws-sdk/client-ivschat";
import WebSocket from "ws";

globalThis.WebSocket = WebSocket;

const account = new IvschatClient({ endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION });
const capabilities = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"];

async function createRoom(more = {}) {
  return (await account.send(new CreateRoomCommand({ maximumMessageRatePerSecond: 100, ...more }))).arn;
}

/** A connected user with everything that it was told, and a way to wait for more. */
class Person {
  seen = { message: [], event: [], messageDelete: [], userDisconnect: [], disconnect: [] };
  tokens = 0;

  constructor(roomIdentifier, userId, allowed = capabilities) {
    const input = { roomIdentifier, userId, capabilities: allowed, attributes: { displayName: userId } };
    this.chat = new ChatRoom({
      regionOrUrl: process.env.IVSCHAT_MESSAGING_ENDPOINT,
      tokenProvider: async () => {
        this.tokens += 1;
        return account.send(new CreateChatTokenCommand(input));
      },
    });
    // It would print every error that is provoked here.
    this.chat.logger = { debug() {}, info() {}, error() {} };
    for (const kind of Object.keys(this.seen)) {
      this.chat.addListener(kind, (what) => this.seen[kind].push(what));
    }
  }

  async connect() {
    const connected = new Promise((resolve) => this.chat.addListener("connect", resolve));
    this.chat.connect();
    await connected;
    return this;
  }

  async next(kind) {
    const deadline = Date.now() + 10_000;
    while (this.seen[kind].length === 0) {
      assert(Date.now() < deadline, `no ${kind} within 10 s`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.seen[kind].shift();
  }
}

function ok(what) {
  console.log(`ok   ${what}`);
}

const room = await createRoom();
const nadia = await new Person(room, "nadia").connect();
const tom = await new Person(room, "tom").connect();
ok("two people connect");

const echo = await nadia.chat.sendMessage(new SendMessageRequest("hello 👋", { mood: "good" }));
assert.equal(echo.content, "hello 👋");
assert.deepEqual(echo.attributes, { mood: "good" });
assert.deepEqual(echo.sender, { userId: "nadia", attributes: { displayName: "nadia" } });
assert(echo.sendTime instanceof Date && Math.abs(echo.sendTime - new Date()) < 60_000);
assert.equal((await tom.next("message")).id, echo.id);
ok("sendMessage resolves with the message that all receive");

const deletion = await tom.chat.deleteMessage(new DeleteMessageRequest(echo.id, "spam"));
assert.equal(deletion.messageId, echo.id);
assert.deepEqual([(await nadia.next("messageDelete")).messageId, deletion.reason], [echo.id, "spam"]);
ok("deleteMessage resolves with the event");

await account.send(new SendEventCommand({ roomIdentifier: room, eventName: "app:poll", attributes: { q: "tea" } }));
const event = await nadia.next("event");
assert.deepEqual([event.eventName, event.attributes], ["app:poll", { q: "tea" }]);
ok("an event of the application arrives");

const disconnection = await nadia.chat.disconnectUser(new DisconnectUserRequest("tom", "enough"));
assert.deepEqual([disconnection.userId, disconnection.reason], ["tom", "enough"]);
assert.equal(await tom.next("disconnect"), "serverDisconnect");
assert.equal(tom.chat.state, "disconnected");
ok("disconnectUser resolves; the other is told, and does not come back by itself");

const reader = await new Person(room, "reader", []).connect();
await assert.rejects(reader.chat.sendMessage(new SendMessageRequest("hi")), { errorCode: 403 });
ok("without the capability: 403");

const handler = { uri: `arn:aws:lambda:${process.env.AWS_REGION}:123456789012:function:link-guard` };
const strict = await new Person(await createRoom({ messageReviewHandler: handler }), "kid").connect();
await assert.rejects(strict.chat.sendMessage(new SendMessageRequest("see http here")), {
  errorCode: 406,
  errorMessage: "Links are not allowed in this room",
});
ok("refused by review: 406 with the reason");

const short = await new Person(await createRoom({ maximumMessageLength: 5 }), "u").connect();
await assert.rejects(short.chat.sendMessage(new SendMessageRequest("too long")), { errorCode: 400 });
ok("too long: 400");

const many = Array.from({ length: 30 }, (_, n) => nadia.chat.sendMessage(new SendMessageRequest(`flood ${n}`)));
const refused = (await Promise.allSettled(many)).filter((result) => result.status === "rejected");
assert(refused.length > 0 && refused.every((result) => result.reason.errorCode === 429), String(refused.length));
ok(`too fast: ${refused.length} of ${many.length} get 429`);

const before = nadia.tokens;
const back = new Promise((resolve) => nadia.chat.addListener("connect", resolve));
await fetch(`${process.env.AWS_ENDPOINT_URL}/_simulator/connections/drop`, { method: "POST" });
await back;
assert.equal(nadia.tokens, before + 1);
await new Promise((resolve) => setTimeout(resolve, 1_000));
assert.equal((await nadia.chat.sendMessage(new SendMessageRequest("again"))).content, "again");
ok("after a broken line it reconnects with a new token");

nadia.chat.disconnect();
assert.equal(await nadia.next("disconnect"), "clientDisconnect");
ok("it can leave");
console.log("all well");
process.exit(0);
