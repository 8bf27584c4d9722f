import { ShapeError } from "../core/checks";
import { readNamedFile, writeAtomically } from "../core/files";

/**
 * Hugging Face's file format for weights: eight bytes with the header's length, a JSON header
 * `{ name: { dtype, shape, data_offsets } }`, then the numbers, little-endian and without gaps.
 * Reading one runs no code, unlike a Python pickle. https://huggingface.co/docs/safetensors
 */
export interface StoredTensor {
  shape: number[];
  data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** The tensors of a file by name, and the strings its writer left beside them. */
export interface SafetensorsFile {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
}

/** Thrown when a file is no safetensors file, is cut off, or contradicts itself. */
export class FileFormatError extends Error {
  override name = "FileFormatError";
}

/** The format's own limit on the header. */
const longestHeader = 100_000_000;

type Decode = (bytes: Buffer) => StoredTensor["data"];

const decoders: Record<string, { bytes: number; decode: Decode }> = {
  F32: { bytes: 4, decode: (b) => new Float32Array(ownBuffer(b)) },
  F64: { bytes: 8, decode: (b) => new Float64Array(ownBuffer(b)) },
  I32: { bytes: 4, decode: (b) => new Int32Array(ownBuffer(b)) },
  U8: { bytes: 1, decode: (b) => new Uint8Array(ownBuffer(b)) },
  BF16: { bytes: 2, decode: (b) => Float32Array.from(new Uint16Array(ownBuffer(b)), fromBfloat16) },
  F16: { bytes: 2, decode: (b) => Float32Array.from(new Uint16Array(ownBuffer(b)), fromFloat16) },
};

/**
 * Reads a safetensors file: F32, F64, I32 and U8 as they are, BF16 and F16 as Float32Array.
 *
 * @throws FileFormatError when it is truncated, overlong, or its header is not to be believed
 */
export function readSafetensors(path: string): SafetensorsFile {
  return parseSafetensors(readNamedFile(path), path);
}

/** As `readSafetensors`, from bytes in memory; `name` appears in errors. */
export function parseSafetensors(file: Buffer, name = "safetensors"): SafetensorsFile {
  const fail: Fail = (why, remedy = "Save it, or fetch it, again.") => {
    throw new FileFormatError(`${name}: ${why} ${remedy}`);
  };
  if (file.length < 8)
    fail(`a safetensors file has at least 8 bytes, this one has ${file.length}.`);
  const headerLength = Number(file.readBigUInt64LE(0));
  if (headerLength > longestHeader || 8 + headerLength > file.length) {
    fail(
      `its header should be ${headerLength} bytes long, but the file has ${file.length}: it is ` +
        `truncated, or no safetensors file.`,
    );
  }
  const { __metadata__: metadata = {}, ...entries } = parseHeader(
    file.subarray(8, 8 + headerLength),
    fail,
  );
  const data = file.subarray(8 + headerLength);
  const tensors: Record<string, StoredTensor> = {};
  let end = 0;
  for (const [key, entry] of Object.entries(entries).sort(byOffset)) {
    const { dtype, shape, start, stop } = checkEntry(key, entry, fail);
    if (start !== end) fail(`tensor "${key}" starts at byte ${start}, expected ${end}.`);
    if (stop > data.length) {
      fail(`truncated: tensor "${key}" ends at byte ${stop}, the file has ${data.length} of data.`);
    }
    tensors[key] = { shape, data: decoders[dtype].decode(data.subarray(start, stop)) };
    end = stop;
  }
  if (end !== data.length) fail(`${data.length - end} bytes follow the last tensor.`);
  return { tensors, metadata: checkMetadata(metadata, fail) };
}

/** The bytes of a safetensors file that holds these tensors. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Buffer[] = [];
  let offset = 0;
  // the widest numbers first, so that every tensor starts at a multiple of its width
  const width = (name: string): number => tensors[name].data.BYTES_PER_ELEMENT;
  for (const name of Object.keys(tensors).sort((a, b) => width(b) - width(a) || (a < b ? -1 : 1))) {
    const { shape, data } = tensors[name];
    if (data.length !== shape.reduce((a, b) => a * b, 1)) {
      throw new ShapeError(
        `encodeSafetensors: "${name}" has ${data.length} numbers, its shape is [${shape.join(", ")}].`,
      );
    }
    header[name] = {
      dtype: dtypeOf(data),
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, " ");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding, ...parts]);
}

/** Writes a safetensors file; whoever reads it meanwhile finds the old one or the new one, whole. */
export function writeSafetensors(path: string, file: SafetensorsFile): void {
  writeAtomically(path, encodeSafetensors(file));
}

type Fail = (why: string, remedy?: string) => never;

function parseHeader(bytes: Buffer, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString("utf8"));
  } catch {
    return fail("its header is not JSON: it is damaged, or no safetensors file.");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return fail("its header is not a JSON object.");
  }
  return header as Record<string, unknown>;
}

function checkMetadata(metadata: unknown, fail: Fail): Record<string, string> {
  const values = typeof metadata === "object" && metadata !== null ? Object.values(metadata) : [0];
  if (!values.every((value) => typeof value === "string"))
    fail("its metadata are not all strings.");
  return metadata as Record<string, string>;
}

function checkEntry(key: string, entry: unknown, fail: Fail) {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
  if (typeof dtype !== "string" || !Object.hasOwn(decoders, dtype)) {
    return fail(
      `tensor "${key}" has dtype ${String(dtype)}; known are ${Object.keys(decoders).join(", ")}.`,
      "Save it as one of these.",
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount))
    return fail(`tensor "${key}" has no valid shape.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return fail(`tensor "${key}" has no valid data_offsets.`);
  }
  const [start, stop] = offsets as [number, number];
  const bytes = shape.reduce((a: number, b: number) => a * b, decoders[dtype].bytes);
  if (stop - start !== bytes) {
    return fail(
      `tensor "${key}" [${shape.join(", ")}] needs ${bytes} bytes, its offsets span ${stop - start}.`,
    );
  }
  return { dtype, shape, start, stop };
}

function byOffset([, a]: [string, unknown], [, b]: [string, unknown]): number {
  const start = (entry: unknown): number =>
    (entry as { data_offsets?: number[] })?.data_offsets?.[0] ?? 0;
  const stop = (entry: unknown): number =>
    (entry as { data_offsets?: number[] })?.data_offsets?.[1] ?? 0;
  return start(a) - start(b) || stop(a) - stop(b);
}

/** A copy with its own, aligned memory. */
function ownBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function dtypeOf(data: StoredTensor["data"]): string {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "U8";
}

const bits = new DataView(new ArrayBuffer(4));

function fromBfloat16(half: number): number {
  bits.setUint32(0, half << 16);
  return bits.getFloat32(0);
}

function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}
