import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Outbox } from "../../lib/kernel/outbox";

/** A socket that takes one message at a time, and refuses others by throwing as ZeroMQ does. */
class SlowSocket {
  readonly sent: unknown[] = [];
  private busy = false;
  constructor(private readonly delays: number[]) {}

  send(frames: unknown[]): Promise<void> {
    if (this.busy) throw Object.assign(new Error("Socket is busy writing"), { code: "EBUSY" });
    this.busy = true;
    return sleep(this.delays.shift() ?? 0).then(() => {
      this.sent.push(frames[0]);
      this.busy = false;
    });
  }
}

describe("Outbox", () => {
  it("sends everything once and in order, also while the socket is busy", async () => {
    const socket = new SlowSocket([20, 5, 0, 10]);
    const outbox = new Outbox(socket);
    for (const each of ["1", "2", "3"]) outbox.send([each]);
    await sleep(1);
    outbox.send(["4"]);
    for (let tries = 0; socket.sent.length < 4 && tries < 200; tries++) await sleep(10);
    outbox.send(["5"]);
    for (let tries = 0; socket.sent.length < 5 && tries < 200; tries++) await sleep(10);
    assert.deepEqual(socket.sent, ["1", "2", "3", "4", "5"]);
  });

  it("hands over at once what the socket can take", () => {
    const taken: unknown[] = [];
    const outbox = new Outbox({ send: (frames) => Promise.resolve(void taken.push(frames[0])) });
    outbox.send(["1"]);
    outbox.send(["2"]);
    assert.deepEqual(taken, ["1", "2"]);
  });
});
