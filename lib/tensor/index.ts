/** The one door to TensorFlow: the library and the lessons reach it through here only. */
import { registerBackends } from "./backend";

registerBackends();

export { tf } from "./tensorflow";
export type { DataType, NamedGradients, Scalar, Tensor, Variable } from "./tensorflow";
export { type Backend, type BackendName, backend, backendNames, ready } from "./backend";
export { type CompiledStep, type CompileOptions, compile } from "./compile/compile";
export { CompileError } from "./compile/refusals";
export { NonFiniteError } from "./compile/guard";
export type { TensorTree } from "./compile/tree";
export * from "./ops";
export {
  type CompiledLoop,
  type LoopBody,
  type LoopOptions,
  type NamedTensors,
  type Position,
  compileLoop,
} from "./compile/compileLoop";
export { resizeAxis, updateSlice } from "./ops/updateSlice";
export * from "./optimizers";
