/**
 * As much of WebAssembly's binary format as loops over pairs of doubles need, one function an
 * instruction, so that a kernel in `kernels.ts` reads as the expression it computes. An instruction
 * takes its operands from a stack: the code of `add(x, y)` is x's, then y's, then one byte for +.
 *
 * W3C, WebAssembly Core Specification 2.0, sections 5.2 to 5.5.
 */
export type Code = readonly (number | Code)[];

/** What runs the code: Node's own, of which its types say nothing. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Memory: new (size: { initial: number }) => WasmMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: { own: { memory: WasmMemory } },
  ) => { exports: Record<string, (...addresses: number[]) => void> };
};

/** Bytes on which WebAssembly works, in pages of 65,536; `grow` makes `buffer` another one. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** An unsigned number, seven bits a byte, the lowest first (LEB128). */
const unsigned = (n: number): Code => (n < 128 ? [n] : [(n % 128) + 128, unsigned(n >>> 7)]);
const signed = (n: number): Code => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, signed(n >> 7)]); // prettier-ignore
const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const sized = (code: Code): Code => [unsigned(flat(code).length), code];
const flat = (code: Code): number[] => code.flat(Infinity as 1) as number[];

// 32-bit integers: addresses in bytes, and counts
export const integer = (n: number): Code => [0x41, signed(n)];
export const add = (x: Code, y: Code): Code => [x, y, 0x6a];
export const subtract = (x: Code, y: Code): Code => [x, y, 0x6b];
export const and = (x: Code, y: Code): Code => [x, y, 0x71];
export const shiftLeft = (x: Code, bits: number): Code => [x, integer(bits), 0x74];
export const below = (x: Code, y: Code): Code => [x, y, 0x49];

// pairs of doubles, in one register of 128 bits
const pair = (opcode: number): Code => [0xfd, unsigned(opcode)];
const aligned = 3; // to 2³ bytes
export const load = (address: Code): Code => [address, pair(0), aligned, 0];
export const store = (address: Code, x: Code): Code => [address, x, pair(11), aligned, 0];
/** One double at an address, twice. */
export const loadTwice = (address: Code): Code => [address, pair(10), aligned, 0];
/** Two doubles from two addresses. */
export const loadEach = (one: Code, other: Code): Code => [other, one, pair(93), aligned, 0, pair(87), aligned, 0, 1]; // prettier-ignore
export const plus = (x: Code, y: Code): Code => [x, y, pair(240)];
export const minus = (x: Code, y: Code): Code => [x, y, pair(241)];
export const times = (x: Code, y: Code): Code => [x, y, pair(242)];
export const over = (x: Code, y: Code): Code => [x, y, pair(243)];
/** y where y < x, else x: NaN stays NaN where x is. */
export const lower = (x: Code, y: Code): Code => [x, y, pair(246)];
/** y where x < y, else x. */
export const higher = (x: Code, y: Code): Code => [x, y, pair(247)];
/** x where a > b, else 0. */
export const where = (a: Code, b: Code, x: Code): Code => [a, b, pair(74), x, pair(78)];
/** The last 32 bits of the first or the second double, as an integer. */
export const lowBits = (x: Code, which: 0 | 1): Code => [x, pair(27), 2 * which];

/** A variable: as an operand it is its value. */
export type Local = readonly [0x20, number];
export const set = (local: Local, value: Code): Code => [value, 0x21, local[1]];
export const advance = (local: Local, by: Code): Code => set(local, add(local, by));
/** Does the body, and again while the condition is not 0. */
export const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b]; // prettier-ignore

/** A function of integers that gives nothing back. */
export class WasmFunction {
  readonly parameters: readonly Local[];
  readonly #types: number[] = []; // of the other locals
  readonly #code: Code[] = [];

  constructor(parameters: number) {
    this.parameters = Array.from({ length: parameters }, (_, i) => [0x20, i] as const);
  }

  integer(): Local {
    return this.#local(0x7f);
  }

  pair(): Local {
    return this.#local(0x7b);
  }

  /** A pair of the same number, made once at the start. */
  constant(value: number): Code {
    const bytes = new Uint8Array(Float64Array.of(value, value).buffer);
    const local = this.pair();
    this.#code.push(set(local, [pair(12), [...bytes]]));
    return local;
  }

  does(...code: Code[]): this {
    this.#code.push(...code);
    return this;
  }

  get type(): Code {
    return [0x60, list(this.parameters.map(() => [0x7f])), list([])];
  }

  get body(): Code {
    const locals = list(this.#types.map((type) => [1, type]));
    return sized([locals, this.#code, 0x0b]);
  }

  #local(type: number): Local {
    return [0x20, this.parameters.length + this.#types.push(type) - 1];
  }
}

/** The bytes of a module that works on a memory from outside. */
function moduleOf(functions: Readonly<Record<string, WasmFunction>>): Uint8Array {
  const text = (name: string): Code => list([...Buffer.from(name)].map((byte) => [byte]));
  const section = (id: number, items: readonly Code[]): Code => [id, sized(list(items))];
  const all = Object.entries(functions);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
      section(1, all.map(([, { type }]) => type)), // prettier-ignore
      section(2, [[text("own"), text("memory"), 0x02, 0x00, 1]]), // a memory of at least one page
      section(3, all.map((_, i) => [i])), // prettier-ignore
      section(7, all.map(([name], i) => [text(name), 0x00, i])), // prettier-ignore
      section(10, all.map(([, { body }]) => body)), // prettier-ignore
    ]),
  );
}

/**
 * Compiles functions, to be bound to as many memories as one likes.
 *
 * @throws RangeError where there is no WebAssembly, or none with pairs of doubles
 */
export function compileWasm<Name extends string>(
  functions: Readonly<Record<Name, WasmFunction>>,
): (memory: WasmMemory) => Record<Name, (...integers: number[]) => void> {
  const bytes = moduleOf(functions);
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) {
    throw new RangeError("compileWasm: this machine's WebAssembly has no 128-bit instructions.");
  }
  const module = new WebAssembly.Module(bytes);
  return (memory) => new WebAssembly.Instance(module, { own: { memory } }).exports;
}

/** @throws RangeError when the system gives no room for addresses */
export function wasmMemory(pages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: pages });
}
