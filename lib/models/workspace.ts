import { PlainKernels, SimdKernels, type Kernels } from "./kernels";

/** A matrix in a workspace: entry (i, j) is double number `at + i·down + j·right` of it. */
export interface Matrix {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly down: number;
  readonly right: number;
}

/** The same numbers with rows and columns exchanged. */
export function transpose({ at, rows, columns, down, right }: Matrix): Matrix {
  return { at, rows: columns, columns: rows, down: right, right: down };
}

/** Doubles in the 4 GB that a WebAssembly memory can have. */
const most = 2 ** 29;

const padded = (n: number): number => Math.ceil(n / 4) * 4;

/**
 * Matrices that lie together in a memory on which the kernels work.
 *
 * Each is made with its rows and its columns rounded up to multiples of 4, and what is added stays 0:
 * a kernel that takes four at a time then needs no second loop for what is left over, and zeros
 * change no sum.
 */
export class Workspace {
  readonly #kernels: Kernels;
  #end: number;

  constructor(kernels: Kernels = fastest()) {
    this.#kernels = kernels;
    this.#end = kernels.start;
  }

  /** Forgets all matrices; what is made next starts at 0 again. */
  clear(): void {
    this.#kernels.doubles.fill(0, this.#kernels.start, this.#end);
    this.#end = this.#kernels.start;
  }

  /**
   * A new matrix of zeros.
   *
   * @throws RangeError when all together would be more than 4 GB
   */
  matrix(rows: number, columns: number): Matrix {
    const [at, down] = [this.#end, padded(columns)];
    const end = at + padded(rows) * down;
    if (end >= most) {
      throw new RangeError(
        `Workspace: a network works on at most ${most} numbers at once, and these would be ${end}. ` +
          "Give it fewer rows at a time.",
      );
    }
    this.#kernels.reserve(end);
    this.#end = end;
    return { at, rows, columns, down, right: 1 };
  }

  /** A row of ones as long as you like, in the place of one. */
  ones(columns: number): Matrix {
    const one = this.matrix(1, 1);
    this.#kernels.doubles[one.at] = 1;
    return { ...one, columns, down: 0, right: 0 };
  }

  /** Copies numbers in, row by row. */
  write({ at, rows, columns, down, right }: Matrix, values: ArrayLike<number>): void {
    const { doubles } = this.#kernels;
    if (right === 1 && down === columns) return doubles.set(values, at);
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0, to = at + i * down; j < columns; j++, to += right) doubles[to] = values[k++];
    }
  }

  /** Copies numbers out, row by row. */
  read<T extends Float64Array>({ at, rows, columns, down, right }: Matrix, into: T): T {
    const { doubles } = this.#kernels;
    if (right === 1 && down === columns) into.set(doubles.subarray(at, at + rows * columns));
    else {
      for (let i = 0, k = 0; i < rows; i++) {
        for (let j = 0, from = at + i * down; j < columns; j++, from += right) into[k++] = doubles[from]; // prettier-ignore
      }
    }
    return into;
  }

  /** Every entry 0. */
  zero({ at, rows, down }: Matrix): void {
    this.#kernels.doubles.fill(0, at, at + rows * down);
  }

  /** Every row the same. */
  repeat({ at, rows, down }: Matrix, row: Float64Array): void {
    const { doubles } = this.#kernels;
    doubles.set(row, at);
    const [start, end] = [at, at + rows * down];
    for (let done = at + down; done < end; done += done - start) {
      doubles.copyWithin(done, start, Math.min(done, start + end - done));
    }
  }

  /** out ← out + A·B; A may be a transpose. */
  multiplyAdd(a: Matrix, b: Matrix, out: Matrix): void {
    const width = 2 * Math.ceil(out.columns / 2);
    this.#kernels.multiplyAdd(
      8 * a.at, 8 * a.down, 8 * a.right, 8 * b.at, 8 * b.down, 8 * out.at, 8 * out.down,
      out.rows, padded(a.columns), 8 * width,
    ); // prettier-ignore
  }

  /** h ← φ(h) */
  activate({ at, rows, down }: Matrix, activation: "tanh" | "relu"): void {
    this.#kernels[activation](8 * at, 8 * at, 8 * (at + rows * down));
  }

  /** δ ← δ·φ′ where φ is h. */
  timesSlope({ at, rows, down }: Matrix, h: Matrix, activation: "tanh" | "relu"): void {
    const slope = activation === "tanh" ? "tanhSlope" : "reluSlope";
    this.#kernels[slope](8 * at, 8 * h.at, 8 * (at + rows * down));
  }
}

/** Whether SIMD and a memory for it could be had the last time; asking in vain is slow. */
let simd = true;

function fastest(): Kernels {
  if (!simd) return new PlainKernels();
  try {
    return new SimdKernels();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // anything but "none here"
    simd = false;
    return new PlainKernels();
  }
}
