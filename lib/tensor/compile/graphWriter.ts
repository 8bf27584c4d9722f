import type { Attribute, Handle, NativeBinding } from "../native";
import type { Tensor } from "../tensorflow";
import { type DataId, type NativeBackend, type StoredData, nativeBackend } from "./engine";
import { CompileError, shapeRefusal } from "./refusals";

/** Recorded tensors get numbers that no tensor of the runtime has. */
const firstRecordedId = 2 ** 30;

/**
 * Writes ops into a TensorFlow graph and knows which tensors stand for its nodes. TensorFlow infers
 * every shape as the op is added; nothing is computed.
 */
export class GraphWriter {
  readonly backend: NativeBackend = nativeBackend();
  readonly binding: NativeBinding = this.backend.binding;
  readonly graph = this.binding.openRecording();
  /** The backend's own methods, whatever has replaced them for the time being. */
  readonly plain = Object.getPrototypeOf(this.backend) as NativeBackend;
  readonly #born = new Set<DataId>();
  readonly #constants = new Map<number, NodeJS.TypedArray>();

  /** Frees the graph; functions that were made from it stay. */
  close(): void {
    this.binding.closeRecording(this.graph);
  }

  /** Adds one op; its results carry numbers that stand for nodes. */
  op(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[] {
    const nodes = inputs.map(nodeOf);
    const handles = this.binding.recordOp(this.graph, name, attributes, nodes, outputs);
    for (const { shape } of handles)
      if (shape === null || shape.includes(-1)) throw shapeRefusal(name);
    return handles.map(numbered);
  }

  /** Adds an input, to be given when the function runs. */
  input(dtype: number, shape: number[]): Handle {
    return numbered(this.binding.recordInput(this.graph, dtype, shape));
  }

  /** Adds a constant, whose values can still be read. */
  constant(shape: number[], dtype: number, values: NodeJS.TypedArray): number {
    const { id } = numbered(this.binding.recordConstant(this.graph, dtype, shape, values));
    this.#constants.set(id, values);
    return id;
  }

  /** Adds a loop over two functions that are registered already; returns its final state. */
  while(condition: string, body: string, nodes: number[]): Tensor[] {
    const handles = this.binding.recordWhile(this.graph, condition, body, nodes);
    return handles.map((handle) => this.bear(numbered(handle)));
  }

  /** The tensor that stands for a node. */
  bear(handle: Handle): Tensor {
    const tensor = this.plain.createOutputTensor.call(this.backend, handle);
    this.#born.add(tensor.dataId);
    return tensor;
  }

  /** Whether the data was made while recording, and so stands for a node. */
  isBorn(dataId: DataId): boolean {
    return this.#born.has(dataId);
  }

  adopt(dataId: DataId): void {
    this.#born.add(dataId);
  }

  abandon(dataId: DataId): void {
    this.#born.delete(dataId);
  }

  data(dataId: DataId): StoredData {
    if (this.backend.tensorMap.has(dataId)) return this.backend.tensorMap.get(dataId);
    throw new CompileError("compile: the step uses a tensor that has been disposed.");
  }

  /** The number of born data; values that JavaScript still holds become a constant. */
  idOf(dataId: DataId): number {
    const data = this.data(dataId);
    if (data.values !== null) {
      data.id = this.constant(data.shape, data.dtype, data.values);
      data.values = null;
    }
    return data.id;
  }

  /** The values of a constant; undefined for what only a run would know. */
  valuesOf(dataId: DataId): NodeJS.TypedArray | undefined {
    const data = this.data(dataId);
    return this.#born.has(dataId) ? (data.values ?? this.#constants.get(data.id)) : undefined;
  }

  /** What is left of recorded tensors belongs to nothing in the runtime. */
  forget(): void {
    for (const dataId of this.#born)
      if (this.backend.tensorMap.has(dataId)) this.backend.tensorMap.get(dataId).id = -1;
  }
}

/** The graph's node for a recorded tensor's number. */
export const nodeOf = (id: number): number => id - firstRecordedId;

const numbered = (handle: Handle): Handle => ({ ...handle, id: handle.id + firstRecordedId });
