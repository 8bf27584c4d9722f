/**
 * Argument checks. A notebook's cells are not compiled in strict mode, so every public function
 * checks at run time what it is given, and its message says what was expected, what came and,
 * where it helps, what to do.
 */

/** Thrown when an array or tensor has the wrong length or shape. */
export class ShapeError extends RangeError {
  override name = "ShapeError";
}

/** How a value is quoted in an error message: short, and never a thousand numbers. */
export function describeValue(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? value.slice(0, 60) + "…" : value);
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = value as unknown as ArrayLike<unknown>;
    return `${value.constructor.name} of length ${list.length}`;
  }
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}

/**
 * Checks that a value is a finite number.
 *
 * @param where the function and argument, as in `"elo: kFactor"`; it begins the message
 * @throws RangeError when it is NaN, infinite or no number at all
 */
export function checkFinite(where: string, value: number): void {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new RangeError(`${where} must be a finite number, got ${describeValue(value)}.`);
  }
}

/**
 * Checks that every entry of an array is a finite number.
 *
 * @throws RangeError naming the first offending index
 */
export function checkAllFinite(where: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(`${where}[${i}] must be a finite number, got ${describeValue(value)}.`);
    }
  }
}

/**
 * Checks low ≤ value ≤ high. `Number.MIN_VALUE` as `low` says "above 0", ±`Number.MAX_VALUE` "finite".
 *
 * @throws RangeError when the value lies outside, or is NaN
 */
export function checkRange(where: string, value: number, low: number, high: number): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  const wanted = rangeInWords(low, high);
  throw new RangeError(`${where} must be ${wanted}, got ${describeValue(value)}.`);
}

function rangeInWords(low: number, high: number): string {
  const [largest, above] = [Number.MAX_VALUE, low === Number.MIN_VALUE];
  if (low > -largest && high < largest)
    return above ? `above 0 and at most ${high}` : `in [${low}, ${high}]`;
  const bound = above ? "above 0" : high < largest ? `at most ${high}` : `at least ${low}`;
  if (low !== -largest && high !== largest) return bound;
  return `a finite number ${above ? "" : "of "}${bound}`;
}

/**
 * Checks that a value is a finite number above zero.
 *
 * @throws RangeError otherwise
 */
export function checkPositive(where: string, value: number): void {
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    throw new RangeError(`${where} must be a finite number above 0, got ${describeValue(value)}.`);
  }
}

/**
 * Checks that a value is an integer with low ≤ value ≤ high.
 *
 * @throws RangeError otherwise
 */
export function checkInteger(
  where: string,
  value: number,
  low = -Number.MAX_SAFE_INTEGER,
  high = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    const range =
      low === -Number.MAX_SAFE_INTEGER
        ? ""
        : high === Number.MAX_SAFE_INTEGER
          ? ` of at least ${low}`
          : ` in [${low}, ${high}]`;
    throw new RangeError(`${where} must be an integer${range}, got ${describeValue(value)}.`);
  }
}

/**
 * Checks that a seeded generator was given.
 *
 * @throws TypeError otherwise
 */
export function checkRng(where: string, rng: { uniform(): number } | undefined): void {
  if (typeof rng?.uniform === "function") return;
  throw new TypeError(
    `${where} must be a seeded generator, as in new Rng(1), got ${describeValue(rng)}.`,
  );
}

/**
 * Checks that an array has the wanted number of entries.
 *
 * @throws ShapeError otherwise
 */
export function checkLength(where: string, values: ArrayLike<unknown>, length: number): void {
  if (values?.length !== length) {
    throw new ShapeError(
      `${where} must have ${length} entries, got ${values?.length ?? describeValue(values)}.`,
    );
  }
}

/**
 * Checks that several arrays have the same length.
 *
 *     checkSameLength("cohenKappa", { first, second });
 *
 * @throws ShapeError naming every array with its length
 */
export function checkSameLength(where: string, arrays: Record<string, ArrayLike<unknown>>): void {
  const entries = Object.entries(arrays);
  const length = entries[0]?.[1]?.length;
  if (entries.every(([, values]) => values !== undefined && values.length === length)) return;
  const lengths = entries.map(([name, values]) => `${name} has ${values?.length ?? "none"}`);
  throw new ShapeError(
    `${where}: these must have equally many entries, but ${lengths.join(", ")}.`,
  );
}

/**
 * Checks that an array has at least one entry (or as many as asked for).
 *
 * @throws ShapeError otherwise
 */
export function checkNotEmpty(where: string, values: ArrayLike<unknown>, atLeast = 1): void {
  if (!(values?.length >= atLeast)) {
    throw new ShapeError(
      `${where} needs at least ${atLeast} ${atLeast === 1 ? "entry" : "entries"}, got ` +
        `${values?.length ?? describeValue(values)}.`,
    );
  }
}
