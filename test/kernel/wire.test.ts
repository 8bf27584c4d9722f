import assert from "node:assert/strict";
import fc from "fast-check";
import { Wire, WireError, type Frame } from "../../lib/kernel/wire";

const asBytes = (frames: readonly Frame[]): Uint8Array[] =>
  frames.map((frame) => Buffer.from(frame as string));

describe("Wire", () => {
  const wire = new Wire("a key");
  const outgoing = (content: Record<string, unknown>, buffers: Uint8Array[] = []) => ({
    identities: ["client"],
    type: "execute_reply",
    parent: undefined,
    content,
    buffers,
  });

  it("reads back what it writes, whatever the content and the buffers", () => {
    const contents = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(contents, fc.array(fc.uint8Array()), (content, buffers) => {
        const message = wire.decode(asBytes(wire.encode(outgoing(content, buffers))));
        assert.deepEqual(message.content, JSON.parse(JSON.stringify(content)));
        assert.deepEqual(
          message.buffers.map((each) => [...each]),
          buffers.map((each) => [...each]),
        );
        assert.equal(Buffer.from(message.identities[0] ?? []).toString(), "client");
      }),
    );
  });

  it("signs with HMAC-SHA256 over the four JSON frames (RFC 4231 is Node's business)", () => {
    const frames = wire.encode(outgoing({ a: 1 }));
    assert.match(frames[2] as string, /^[0-9a-f]{64}$/);
    assert.notEqual(frames[2], new Wire("another key").encode(outgoing({ a: 1 }))[2]);
  });

  it("refuses a message of which any signed frame was changed", () => {
    for (const index of [2, 3, 4, 5, 6]) {
      const frames = asBytes(wire.encode(outgoing({ a: 1 })));
      frames[index] = Buffer.from(String(Buffer.from(frames[index] ?? [])).replace(/[a1{]/, "b"));
      assert.throws(() => wire.decode(frames), WireError, `frame ${index}`);
    }
  });

  it("refuses a part of a message", () => {
    const frames = asBytes(wire.encode(outgoing({})));
    for (let length = 0; length < 7; length++)
      assert.throws(() => wire.decode(frames.slice(0, length)), WireError);
  });

  it("neither signs nor verifies with an empty key, as Jupyter defines it", () => {
    const open = new Wire("");
    const frames = open.encode(outgoing({ a: 1 }));
    assert.equal(frames[2], "");
    assert.deepEqual(open.decode(asBytes(frames)).content, { a: 1 });
  });
});
