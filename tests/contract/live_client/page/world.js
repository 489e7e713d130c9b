// A server, time that waits for nobody, and clients as a test wants them.

import * as live from "../../../../clients/javascript/chat4all/index.js";
import { Chance } from "./chance.js";
import { Server } from "./server.js";
import { VirtualClock } from "./virtual_clock.js";

export class World {
  constructor() {
    this.clock = new VirtualClock();
    this.server = new Server({ chance: new Chance(1), clock: this.clock, live, faults: false });
    this.sessions = new Map();
    this.clients = [];
    void this.clock.run();
  }

  /** @param {string} user  @param {any} [more] options of LiveClient.open; `device`: a browser profile of its own */
  async open(user, { device = "one", ...more } = {}) {
    this.prefix ??= crypto.randomUUID();
    const session = this.sessions.get(user + device) ?? this.server.session(user);
    this.sessions.set(user + device, session);
    const client = await live.LiveClient.open({
      ...{ session, api: this.server.api(user), websocketUrl: "ws://server", storeName: `${this.prefix}.${device}` },
      ...{ clock: this.clock, random: () => 0.5, WebSocket: this.server.WebSocket, ...more },
    });
    this.clients.push(client);
    return client;
  }

  /** Somebody without a client says something. */
  say(conversation, user, content = "hello") {
    const message_id = crypto.randomUUID();
    this.server.act(user, conversation, "send", { message_id, content });
    return message_id;
  }

  async whenLive(client) {
    await this.until(() => client.state === "live");
    return client;
  }

  /** @param {() => any} look  @param {number} [withinMs] of the world's time */
  async until(look, withinMs = 10 * 60_000) {
    const deadline = this.clock.now() + withinMs;
    for (;;) {
      const found = look();
      if (found) return found;
      if (this.clock.now() > deadline) throw new Error(`it did not happen in time: ${look}`);
      await this.clock.sleep(100);
    }
  }

  texts(client, conversation) {
    return client.messages(conversation.id).map((one) => (one.local ? `${one.content} (${one.local})` : (one.content ?? "gone")));
  }

  end() {
    for (const client of this.clients) client.close();
    this.clock.stop();
  }
}

/** What `scene` gives, in a world of its own. @param {(world: World) => Promise<any>} scene */
export async function inWorld(scene) {
  const world = new World();
  try {
    return await scene(world);
  } finally {
    world.end();
  }
}
