import type { Tensor, Variable } from "@tensorflow/tfjs-core";

/** What Node asks an object for when it is shown (`console.log`, a cell's last value). */
const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");

/**
 * A tensor as text: kind, dtype and shape, then the values (the first and last three along an axis of
 * more than twenty).
 *
 *     Tensor float32 [2, 3]
 *         [[1, 2, 3],
 *          [4, 5, 6]]
 *
 * Where values cannot be read at once, inside a compiled step or on WebGPU, it says so instead.
 */
export function describeTensor(tensor: Tensor): string {
  const { name } = tensor as Partial<Variable>;
  const kind = name === undefined ? "Tensor" : `Variable "${name}"`;
  const head = `${kind} ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return `${head}, disposed`;
  try {
    return tensor.toString().replace(/^Tensor/, () => head);
  } catch {
    return `${head}, whose values cannot be read here; after a call, \`await tensor.data()\` reads them`;
  }
}

/** Makes Node show tensors as `describeTensor` writes them, and not as the objects they are inside. */
export function showTensors(prototype: Tensor): void {
  Object.defineProperty(prototype, inspectSymbol, {
    configurable: true,
    value(this: Tensor) {
      return describeTensor(this);
    },
  });
}
