import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import {
  encodeSafetensors,
  FileFormatError,
  parseSafetensors,
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
} from "../../lib/models/safetensors";

/** A file made by hand: header as given, then the data. */
function file(header: unknown, data: Buffer): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const floats = (...xs: number[]): Buffer => Buffer.from(Float32Array.from(xs).buffer);
const entry = (dtype: string, shape: number[], from: number, to: number) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe("readSafetensors", () => {
  it("reads what transformers writes", () => {
    const { tensors, metadata } = readSafetensors(join(__dirname, "oracles/gpt2.safetensors"));
    assert.equal(metadata["format"], "pt");
    assert.deepEqual(tensors["transformer.h.1.attn.c_attn.weight"].shape, [16, 48]);
    const total = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
    assert.equal(total, 7088);
  });

  it("reads half and brain floats as single ones", () => {
    // 1.5, −2 and 2⁻²⁴ in F16 are 3E00, C000, 0001; 1.5, −2 and 2⁻²⁴ in BF16 are 3FC0, C000, 3380
    const data = Buffer.from(Uint16Array.of(0x3e00, 0xc000, 1, 0x3fc0, 0xc000, 0x3380).buffer);
    const { tensors } = parseSafetensors(
      file({ h: entry("F16", [3], 0, 6), b: entry("BF16", [3], 6, 12) }, data),
    );
    assert.deepEqual([...tensors["h"].data], [1.5, -2, 2 ** -24]);
    assert.deepEqual([...tensors["b"].data], [1.5, -2, 2 ** -24]);
  });

  it("gives back whatever was written, bit for bit", () => {
    const array = fc.oneof(
      fc.float32Array({ maxLength: 9 }),
      fc.float64Array({ maxLength: 9 }),
      fc.int32Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), array),
        fc.dictionary(fc.string(), fc.string()),
        (arrays, metadata) => {
          const tensors: Record<string, StoredTensor> = {};
          for (const [name, data] of Object.entries(arrays)) {
            if (name !== "__metadata__") tensors[name] = { shape: [data.length], data };
          }
          const read = parseSafetensors(encodeSafetensors({ tensors, metadata }));
          assert.deepEqual({ ...read.tensors }, { ...tensors });
          assert.deepEqual({ ...read.metadata }, { ...metadata });
        },
      ),
    );
  });

  it("refuses a file cut off at any byte", () => {
    const whole = encodeSafetensors({
      tensors: {
        a: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
        b: { shape: [1], data: Int32Array.of(7) },
      },
      metadata: { step: "3" },
    });
    assert.doesNotThrow(() => parseSafetensors(whole));
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => parseSafetensors(whole.subarray(0, length)), FileFormatError);
    }
    assert.throws(
      () => parseSafetensors(Buffer.concat([whole, Buffer.of(0)])),
      /1 bytes follow the last tensor/,
    );
  });

  const bad: [string, Buffer, RegExp][] = [
    ["is text", Buffer.from("not a checkpoint at all"), /truncated, or no safetensors file/],
    ["has a broken header", file("{oops", floats()), /header is not JSON/],
    ["has a list as header", file([], floats()), /not a JSON object/],
    ["has an unknown dtype", file({ a: entry("F8", [1], 0, 1) }, Buffer.of(0)), /dtype F8; known are/],
    ["names a method as dtype", file({ a: entry("toString", [1], 0, 1) }, Buffer.of(0)), /dtype toString/],
    ["has a negative size", file({ a: entry("F32", [-1], 0, 4) }, floats(1)), /no valid shape/],
    ["disagrees with its shape", file({ a: entry("F32", [3], 0, 4) }, floats(1)), /needs 12 bytes.*span 4/],
    ["has a gap", file({ a: entry("F32", [1], 4, 8) }, floats(1, 2)), /starts at byte 4, expected 0/],
    ["overlaps", file({ a: entry("F32", [1], 0, 4), b: entry("F32", [1], 0, 4) }, floats(1)), /starts at byte 0, expected 4/],
    ["has metadata that are none", file({ __metadata__: { step: 3 } }, floats()), /metadata are not all strings/],
    ["has a text as metadata", file({ __metadata__: null }, floats()), /metadata are not all strings/],
    ["has no offsets", file({ a: { dtype: "F32", shape: [1] } }, floats(1)), /no valid data_offsets/],
  ]; // prettier-ignore
  for (const [what, bytes, message] of bad) {
    it(`refuses a file that ${what}`, () => {
      assert.throws(() => parseSafetensors(bytes, "some.safetensors"), (error: Error) => {
        assert.ok(error instanceof FileFormatError);
        assert.match(error.message, /^some\.safetensors: .*(Save it, or fetch it, again|Save it as one of these)\.$/);
        assert.match(error.message, message);
        return true;
      }); // prettier-ignore
    });
  }
});

describe("writeSafetensors", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "safetensors-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("leaves the old file as it was when the new one cannot be written", () => {
    const path = join(folder, "weights.safetensors");
    writeSafetensors(path, {
      tensors: { a: { shape: [1], data: Float32Array.of(1) } },
      metadata: {},
    });
    const before = readFileSync(path);
    const wrong = { tensors: { a: { shape: [3], data: Float32Array.of(1) } }, metadata: {} };
    assert.throws(() => writeSafetensors(path, wrong), /"a" has 1 numbers, its shape is \[3\]/);
    assert.deepEqual(readFileSync(path), before);
  });

  it("leaves nothing but the file, also when the target cannot be replaced", () => {
    const path = join(folder, "a");
    writeSafetensors(path, { tensors: {}, metadata: {} });
    assert.deepEqual(readdirSync(folder), ["a"]);
    writeFileSync(join(folder, "keep"), "");
    assert.throws(() => writeSafetensors(folder, { tensors: {}, metadata: {} }), /is a folder\. Add the file's name/); // prettier-ignore
    assert.deepEqual(readdirSync(folder).sort(), ["a", "keep"]);
    assert.deepEqual(readdirSync(tmpdir()).filter((name) => name.startsWith(`${basename(folder)}.`)), []); // prettier-ignore
  });

  it("makes the folder it is to write into", () => {
    const path = join(folder, "runs/first/b");
    writeSafetensors(path, { tensors: {}, metadata: {} });
    assert.deepEqual(readSafetensors(path), { tensors: {}, metadata: {} });
  });

  it("says where it looked for a file that is not there, or is a folder", () => {
    const missing = join(folder, "missing.safetensors");
    assert.throws(() => readSafetensors(missing), (error: Error) =>
      error instanceof RangeError && error.message.startsWith(`Expected a file, but ${missing} is not there.`)); // prettier-ignore
    assert.throws(() => readSafetensors(folder), /is a folder\. Check the path: a relative one starts in /); // prettier-ignore
  });
});
