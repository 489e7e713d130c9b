// Two people say hello: `node examples/quickstart/quickstart.mjs URL ANA PASSWORD BOB` (Node 20 or newer).

import { Operations } from "../../clients/javascript/chat4all/operations.js";
import { every } from "../../clients/javascript/chat4all/requests.js";
import { Session } from "../../clients/javascript/chat4all/session.js";

const [base, username, password, other] = process.argv.slice(2);
const session = new Session({ base });
await session.signIn(username, password);
const chat = new Operations({ base, session });
const [user] = (await chat.findUsers({ username: other })).items;
const conversation = await chat.createConversation({ type: "private", member_ids: [user.id] });
await chat.sendMessage({ conversation_id: conversation.id, type: "text", content: "Hello from JavaScript" });
for await (const message of every((page) => chat.listMessages(conversation.id, page))) console.log(message.seq, message.content);
