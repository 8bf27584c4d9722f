import { NonFiniteError } from "../../core/nonFiniteError";
import { type Tensor, tf } from "../tensorflow";
import { sumOfSquares } from "../ops/withGradient";
import { engine } from "./engine";
import { flatten } from "./tree";

export { NonFiniteError };

/**
 * Whether all entries of all floating-point tensors are finite, as a bool scalar; caller disposes.
 *
 * By the sum of their squares, which costs less than looking at every entry. More than 1e19 counts as
 * infinite, too: its square is.
 */
export function allFinite(tensors: Tensor[]): Tensor {
  return tf.tidy(() => {
    const squares = tensors.filter((tensor) => tensor.dtype === "float32").map(sumOfSquares);
    return tf.isFinite(squares.reduce((a, b) => tf.add(a, b), tf.scalar(0)));
  });
}

/** Runs a step; when it leaves something that is not finite, gives the variables their values back. */
export function guardEagerly<R>(step: () => R, call: number): R {
  const variables = Object.values(engine().state.registeredVariables);
  const before = variables.map((variable) => variable.clone()); // shares the data: costs nothing
  const result = step();
  const changed = variables.filter((variable, i) => variable.dataId !== before[i].dataId);
  const { tensors } = flatten("compile: what the step returns", result);
  const finite = allFinite([...tensors, ...changed]).dataSync()[0] !== 0;
  if (!finite) variables.forEach((variable, i) => variable.assign(before[i]));
  before.forEach((clone) => clone.dispose());
  if (!finite) throw new NonFiniteError(call);
  return result;
}
