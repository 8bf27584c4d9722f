import { createRequire } from "node:module";

import type * as core from "@tensorflow/tfjs-core";

import { showTensors } from "./describeTensor";

/** Makes the chained methods (`x.mul(y)`) part of the types; they are registered with the backend. */
export type ChainedOperations =
  typeof import("@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops");

/**
 * TensorFlow.js: tensors, their operations and their gradients. Loading this namespace is cheap; the
 * engine behind it starts when the first tensor is made.
 *
 * Random operations (`tf.randomNormal`, …) are not to be used: draw with the course's `Rng`.
 */
export const tf = createRequire(__filename)("@tensorflow/tfjs-core") as typeof core;
showTensors(tf.Tensor.prototype as Tensor);

export type Tensor = core.Tensor;
export type Scalar = core.Scalar;
export type Tensor1D = core.Tensor1D;
export type Variable = core.Variable;
export type DataType = core.DataType;
export type TensorInfo = core.TensorInfo;
/** The gradient of each variable by the variable's name, as `tf.variableGrads` returns it. */
export type NamedGradients = core.NamedTensorMap;
