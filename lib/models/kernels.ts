/**
 * The arithmetic of a network in SIMD: two doubles an instruction, in WebAssembly, which is the only
 * way to them from JavaScript and about three times as fast as the best loops in it.
 *
 * `PlainKernels` says in plain loops what each kernel computes; it also serves where there is no
 * SIMD, or no room for WebAssembly's memory. All addresses, strides and widths are in bytes, 8 a double.
 */
import {
  add, advance, and, below, compileWasm, higher, integer, load, loadEach, loadTwice, lowBits, lower,
  minus, over, plus, repeat, set, shiftLeft, store, subtract, times, WasmFunction, wasmMemory,
  where, type Code, type WasmMemory,
} from "./wasm"; // prettier-ignore

/** Functions on one memory of doubles. */
export interface Kernels {
  /** The memory; after `reserve` it may be another array. */
  readonly doubles: Float64Array;
  /** The first double that is free to use. */
  readonly start: number;
  /** Makes room for so many doubles; what was there stays. */
  reserve(doubles: number): void;
  /**
   * out ← out + A·B. A has any strides; the rows of B and out are contiguous.
   *
   * @param terms columns of A and rows of B, a multiple of 4
   * @param width of the rows of B and out, a multiple of 16 bytes
   */
  multiplyAdd(
    a: number, aDown: number, aRight: number, b: number, bDown: number, out: number,
    outDown: number, rows: number, terms: number, width: number,
  ): void; // prettier-ignore
  /** y ← tanh x, for the doubles of y up to `end`. */
  tanh(y: number, x: number, end: number): void;
  /** y ← max(x, 0). */
  relu(y: number, x: number, end: number): void;
  /** δ ← δ·(1 − h²), the slope of tanh where it is h. */
  tanhSlope(delta: number, h: number, end: number): void;
  /** δ ← δ where h > 0, else 0. */
  reluSlope(delta: number, h: number, end: number): void;
}

/** The kernels in plain loops. */
export class PlainKernels implements Kernels {
  readonly start = 0;
  doubles: Float64Array = new Float64Array(0);

  reserve(doubles: number): void {
    if (doubles <= this.doubles.length) return;
    const before = this.doubles;
    this.doubles = new Float64Array(doubles);
    this.doubles.set(before);
  }

  multiplyAdd(
    a: number, aDown: number, aRight: number, b: number, bDown: number, out: number,
    outDown: number, rows: number, terms: number, width: number,
  ): void {
    const { doubles } = this;
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < terms; t++) {
        const x = doubles[(a + i * aDown + t * aRight) / 8];
        const [to, from] = [(out + i * outDown) / 8, (b + t * bDown) / 8];
        for (let j = 0; j < width / 8; j++) doubles[to + j] += x * doubles[from + j];
      }
    }
  } // prettier-ignore

  tanh(y: number, x: number, end: number): void {
    this.#each(y, x, end, (_, from) => Math.tanh(from));
  }

  relu(y: number, x: number, end: number): void {
    this.#each(y, x, end, (_, from) => (from > 0 ? from : 0));
  }

  tanhSlope(delta: number, h: number, end: number): void {
    this.#each(delta, h, end, (to, from) => to * (1 - from * from));
  }

  reluSlope(delta: number, h: number, end: number): void {
    this.#each(delta, h, end, (to, from) => (from > 0 ? to : 0));
  }

  #each(to: number, from: number, end: number, f: (to: number, from: number) => number): void {
    const { doubles } = this;
    for (; to < end; to += 8, from += 8) doubles[to / 8] = f(doubles[to / 8], doubles[from / 8]);
  }
}

/** tanh at −20, −20 + 1/64, …, 20. Beyond, nothing is left to tell from ±1: 1 − tanh 20 = 8e-18. */
const grid = Float64Array.from({ length: 40 * 64 + 1 }, (_, i) => Math.tanh(i / 64 - 20));
/** 2⁵²·1.5 + 1280: added to y·64 it leaves no room for a fraction, and y's place in the grid last. */
const rounder = 6755399441055744 + 1280;

/** Four terms at a time, so that what is read and written of `out` serves for four products. */
function multiplyAdd(): WasmFunction {
  const f = new WasmFunction(10);
  const [a, aDown, aRight, b, bDown, out, outDown, rows, terms, width] = f.parameters;
  const [p, q, o, end, t] = Array.from({ length: 5 }, () => f.integer());
  const xs = Array.from({ length: 4 }, () => f.pair());
  const qs = xs.map(() => f.integer());
  const [p0, p1, p2, p3] = xs.map((x, i) => times(x, load(qs[i])));
  const step = store(o, plus(load(o), plus(plus(p0, p1), plus(p2, p3))));
  const columns = repeat([step, [o, ...qs].map((at) => advance(at, integer(16)))], below(o, end));
  const next = xs.map((x, i) => [
    [set(x, loadTwice(p)), advance(p, aRight)],
    [set(qs[i], q), advance(q, bDown)],
  ]);
  const four = [next, set(o, out), columns, set(t, subtract(t, integer(4)))];
  const row = [set(p, a), set(q, b), set(t, terms), set(end, add(out, width)), repeat(four, t)];
  const down = [advance(a, aDown), advance(out, outDown), set(rows, subtract(rows, integer(1)))];
  return f.does(repeat([row, down], rows));
}

/** to[i] ← value(to[i], from[i]) for every pair from `to` to `end`. */
function each(value: (to: Code, from: Code, f: WasmFunction) => Code): WasmFunction {
  const f = new WasmFunction(3);
  const [to, from, end] = f.parameters;
  const step = store(to, value(load(to), load(from), f));
  const on = [to, from].map((at) => advance(at, integer(16)));
  return f.does(repeat([step, on], below(to, end)));
}

/**
 * A table and the addition theorem, exact to 5e-16:
 *
 *   tanh(g + d) = (tanh g + tanh d) / (1 + tanh g · tanh d),   tanh d = d − d³/3 + 2d⁵/15 − …
 *
 * g is the nearest point of the grid, so |d| ≤ 1/128 and three terms are enough: 17d⁷/315 < 1e-16.
 */
function tanh(x: Code, f: WasmFunction): Code {
  const [one, third, twoFifteenths] = [1, 1 / 3, 2 / 15].map((value) => f.constant(value));
  const [magic, step] = [f.constant(rounder), f.constant(1 / 64)];
  const [y, i, d, s, u, g] = Array.from({ length: 6 }, () => f.pair());
  const at = (bits: Code): Code => shiftLeft(and(bits, integer(4095)), 3); // in the page, even for NaN
  return [
    set(y, higher(lower(x, f.constant(20)), f.constant(-20))),
    set(i, plus(times(y, f.constant(64)), magic)),
    set(d, minus(y, times(minus(i, magic), step))),
    set(s, times(d, d)),
    set(u, times(d, minus(one, times(s, minus(third, times(s, twoFifteenths)))))), // tanh d
    set(g, loadEach(at(lowBits(i, 0)), at(lowBits(i, 1)))), // tanh g
    over(plus(g, u), plus(one, times(g, u))),
  ];
}

const compile = () =>
  compileWasm({
    multiplyAdd: multiplyAdd(),
    tanh: each((_, x, f) => tanh(x, f)),
    relu: each((_, x, f) => where(x, f.constant(0), x)),
    tanhSlope: each((delta, h, f) => times(delta, minus(f.constant(1), times(h, h)))),
    reluSlope: each((delta, h, f) => where(h, f.constant(0), delta)),
  });
let compiled: ReturnType<typeof compile> | undefined; // when the first network is made

/** The kernels in WebAssembly, on a memory of their own, with the table of tanh at its start. */
export class SimdKernels implements Kernels {
  readonly start = grid.length + 3; // in steps of 16 bytes
  readonly multiplyAdd: Kernels["multiplyAdd"];
  readonly tanh: Kernels["tanh"];
  readonly relu: Kernels["relu"];
  readonly tanhSlope: Kernels["tanhSlope"];
  readonly reluSlope: Kernels["reluSlope"];
  doubles: Float64Array;
  readonly #memory: WasmMemory;

  /**
   * @throws RangeError on a machine without 128-bit instructions, or when the system gives no
   *         addresses: a memory reserves 10 GB of them, though it fills only what it uses
   */
  constructor() {
    compiled ??= compile();
    this.#memory = wasmMemory(1);
    const functions = compiled(this.#memory);
    this.multiplyAdd = functions.multiplyAdd;
    this.tanh = functions.tanh;
    this.relu = functions.relu;
    this.tanhSlope = functions.tanhSlope;
    this.reluSlope = functions.reluSlope;
    this.doubles = new Float64Array(this.#memory.buffer);
    this.doubles.set(grid);
  }

  reserve(doubles: number): void {
    if (doubles <= this.doubles.length) return;
    this.#memory.grow(Math.ceil((doubles - this.doubles.length) / 8192));
    this.doubles = new Float64Array(this.#memory.buffer);
  }
}
