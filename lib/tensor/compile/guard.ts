import { NonFiniteError } from "../../core/nonFiniteError";
import { type Tensor, tf } from "../tensorflow";
import { engine } from "./engine";
import { flatten } from "./tree";

export { NonFiniteError };

/** Whether all entries of all floating-point tensors are finite, as a bool scalar; caller disposes. */
export function allFinite(tensors: Tensor[]): Tensor {
  return tf.tidy(() => {
    const floats = tensors.filter((tensor) => tensor.dtype === "float32");
    const each = floats.map((tensor) => tf.isFinite(tensor).all());
    return each.length === 0 ? tf.scalar(true, "bool") : tf.stack(each).all();
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
