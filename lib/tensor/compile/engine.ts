import type { NativeBinding } from "../native";
import { type DataType, type Tensor, type TensorInfo, type Variable, tf } from "../tensorflow";

/**
 * The parts of TensorFlow.js that a recording replaces for its duration. They are public at run time
 * but not in its types; everything that leans on them is in this folder.
 */

/** A tensor's data, by which TensorFlow.js knows that two tensors share it. */
export type DataId = object;

/** What the native backend remembers of a tensor's data; `values` until they are uploaded. */
export interface StoredData {
  id: number;
  shape: number[];
  dtype: number;
  values: NodeJS.TypedArray | null;
  refCount: number;
}

export interface NativeBackend {
  binding: NativeBinding;
  tensorMap: { has(id: DataId): boolean; get(id: DataId): StoredData };
  getInputTensorIds(tensors: TensorInfo[]): number[];
  createOutputTensor(handle: { id: number; shape: number[]; dtype: number }): Tensor;
  disposeData(id: DataId, force?: boolean): boolean;
  incRef(id: DataId): void;
  move(id: DataId, values: unknown, shape: number[], dtype: DataType, refCount: number): void;
  readSync(id: DataId): unknown;
  read(id: DataId): Promise<unknown>;
}

export interface Engine {
  state: { numTensors: number; numBytes: number; registeredVariables: Record<string, Variable> };
  nextTensorId(): number;
  runKernelFunc(call: {
    inputs: Record<string, Tensor>;
    kernelName?: string;
    attrs?: { axis?: number };
  }): unknown;
  makeVariable(initial: Tensor, ...rest: unknown[]): Variable;
  disposeTensor(tensor: Tensor): void;
  incRef(tensor: Tensor, backend: unknown): void;
}

export const nativeBackend = (): NativeBackend => tf.backend() as unknown as NativeBackend;
export const engine = (): Engine => tf.engine() as unknown as Engine;

/** TensorFlow's number for a dtype. */
export function dtypeNumber(binding: NativeBinding, dtype: DataType): number {
  if (dtype === "float32") return binding.TF_FLOAT;
  if (dtype === "int32") return binding.TF_INT32;
  if (dtype === "bool") return binding.TF_BOOL;
  throw new TypeError(`compile: tensors of dtype ${dtype} cannot be part of a compiled step.`);
}

/** Replaces methods of an object and returns what puts the old ones back. */
export function replaceMethods<T extends object>(target: T, methods: Partial<T>): () => void {
  const keys = Object.keys(methods) as (keyof T)[];
  const before = keys.map((key) => Object.getOwnPropertyDescriptor(target, key));
  Object.assign(target, methods);
  return () =>
    keys.forEach((key, i) => {
      const descriptor = before[i];
      if (descriptor) Object.defineProperty(target, key, descriptor);
      else delete target[key];
    });
}
