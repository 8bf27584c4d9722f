/** How the value of a cell's last expression is shown. */
import { inspect } from "node:util";

export interface Bundle {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

/** A value with this method says itself how it is drawn: a MIME bundle, with or without metadata. */
const displayHook = Symbol.for("rlhf.display");

const maxText = 20_000; // characters
const inspectOptions = { depth: 4, maxArrayLength: 50, maxStringLength: 5_000, breakLength: 88 };

/** @returns undefined when there is nothing to show */
export function render(value: unknown): Bundle | undefined {
  if (value === undefined || isTimer(value)) return undefined;
  const bundle = drawn(value);
  if (bundle === undefined) return { data: { "text/plain": plain(value) }, metadata: {} };
  return Object.keys(bundle.data).length === 0 ? undefined : bundle; // it has drawn itself already
}

/** `setTimeout(…)` as the last line is not meant as a result. */
function isTimer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const name: unknown = value.constructor?.name;
  return (
    (name === "Timeout" && "_onTimeout" in value) ||
    (name === "Immediate" && "_onImmediate" in value)
  );
}

function drawn(value: unknown): Bundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const hook: unknown = Reflect.get(value, displayHook);
  if (typeof hook !== "function") return undefined;
  const result: unknown = hook.call(value);
  if (typeof result !== "object" || result === null)
    throw new TypeError(
      '[Symbol.for("rlhf.display")]() must return a MIME bundle, { data, metadata }.',
    );
  const { data, metadata } = result as Partial<Bundle>;
  return data ? { data, metadata: metadata ?? {} } : { data: { ...result }, metadata: {} };
}

/** Text of at most about 20,000 characters. */
function plain(value: unknown): string {
  const text = isTensor(value) ? describeTensor(value) : inspect(value, inspectOptions);
  if (text.length <= maxText) return text;
  return `${text.slice(0, maxText)}\n… ${text.length - maxText} more characters; print the part you need.`;
}

interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  readonly size: number;
  toString(): string;
}

/** A tensor of TensorFlow.js, which the kernel does not import. */
function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null) return false;
  const { shape, dtype, dataId } = value as Record<string, unknown>;
  return Array.isArray(shape) && typeof dtype === "string" && dataId !== undefined;
}

/** Its shape, and its values while they are few: reading them may have to wait for a GPU. */
function describeTensor(tensor: Tensor): string {
  const head = `Tensor [${tensor.shape.join(", ")}] ${tensor.dtype}`;
  if (tensor.isDisposed) return `${head}, disposed`;
  if (tensor.size > 100) return head;
  try {
    return `${head}\n${tensor.toString().replace(/^Tensor\n/, "")}`;
  } catch {
    return head; // a backend that cannot be read synchronously
  }
}
