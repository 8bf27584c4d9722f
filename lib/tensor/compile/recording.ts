import type { Attribute, Handle, NativeBinding } from "../native";
import { type Tensor, type TensorInfo, type Variable, tf } from "../tensorflow";
import {
  type DataId,
  type Engine,
  type NativeBackend,
  type StoredData,
  dtypeNumber,
  engine,
  nativeBackend,
  replaceMethods,
} from "./engine";
import { allFinite } from "./guard";
import {
  captureRefusal,
  CompileError,
  leakRefusal,
  readRefusal,
  refuseRandomDraws,
  shapeRefusal,
} from "./refusals";

/** Recorded tensors get numbers that no tensor of the runtime has. */
const firstRecordedId = 2 ** 30;

/** An input of a recording: an argument by its index, or a variable or constant from outside. */
export interface Source {
  node: number;
  dtype: number;
  shape: number[];
  index?: number;
  tensor?: Tensor;
  dataId?: DataId;
}

/** A variable that the step assigns, and the node of its new value. */
export interface Assignment {
  variable: Variable;
  node: number;
}

/** A variable the step makes for itself (an optimizer's slot): the node of its first value. */
export interface NewVariable {
  variable: Variable;
  initial: number;
}

let active: Recording | undefined;

const enter = (recording: Recording | undefined) => {
  active = recording;
};

/** The recording that is going on, or undefined: for operations with a better compiled form. */
export const currentRecording = (): Recording | undefined => active;

/**
 * Records TensorFlow.js code into a TensorFlow graph.
 *
 * Every op crosses the backend's `binding`; while a step is recorded, ops become nodes of a graph and
 * TensorFlow infers their shapes. Nothing is computed, so that tracing costs milliseconds and no
 * memory, and reading a value has to be refused. Variables keep their data: what the step assigns is
 * noted and undone.
 *
 * The body of a loop is recorded inside the recording of the step (its `parent`), whose tensors it may
 * use.
 */
export class Recording {
  readonly graph: number;
  readonly sources: Source[] = [];
  readonly created: NewVariable[] = [];
  /** Arguments that select entries out of `size`. */
  readonly indices: { argument: number; size: number }[] = [];
  assignments: Assignment[] = [];
  readonly #arguments = new Map<DataId, number>();
  readonly #unread = new Set<DataId>();
  readonly #backend: NativeBackend = nativeBackend();
  readonly #plain: NativeBackend = Object.getPrototypeOf(this.#backend) as NativeBackend;
  readonly #binding: NativeBinding = this.#backend.binding;
  readonly #constants = new Map<number, NodeJS.TypedArray>();
  readonly #born = new Set<DataId>();
  readonly #variables = new Map<DataId, Variable>();
  readonly #outside = new Map<DataId, number>();
  #firstOwnTensor = 0;
  #kept = 0;

  /** @param xla whether the graph will be compiled by XLA, which knows a few ops more */
  constructor(
    readonly xla: boolean,
    readonly parent?: Recording,
  ) {
    this.graph = this.#binding.openRecording();
  }

  /** Frees the graph; functions that were made from it stay. */
  close(): void {
    this.#binding.closeRecording(this.graph);
  }

  /** A tensor that stands for argument `index`. */
  argument({ dtype, shape }: Tensor, index: number): Tensor {
    const input = this.#input(dtype, shape);
    const node = this.node(input);
    this.sources.push({ node, dtype: dtypeNumber(this.#binding, dtype), shape, index });
    this.#arguments.set(input.dataId, index);
    return input;
  }

  /** Records one op by its TensorFlow name; its result is a tensor like any other. */
  op(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
    return this.#bear(this.#record(name, attributes, this.#ids(inputs), 1)[0]);
  }

  /** Records a loop over two functions that are registered already; returns its final state. */
  while(condition: string, body: string, nodes: number[]): Tensor[] {
    const handles = this.#binding.recordWhile(this.graph, condition, body, nodes);
    return handles.map((handle) => this.#bear({ ...handle, id: handle.id + firstRecordedId }));
  }

  /** The graph's node of a tensor. */
  node(tensor: Tensor): number {
    return this.#ids([tensor])[0] - firstRecordedId;
  }

  /** The node in this recording of something that a loop's body takes from outside of itself. */
  nodeOfSource({ tensor, dataId }: Source): number {
    const data = dataId as DataId;
    const id = this.#born.has(data)
      ? this.#ids([{ dataId: data } as TensorInfo])[0]
      : this.#fromOutside(data, tensor);
    return id - firstRecordedId;
  }

  /** A result of the step; an input that comes out again gets a node of its own. */
  result(tensor: Tensor): { node: number; tensor: Handle } {
    const { dtype } = this.#data(tensor.dataId);
    this.#admit(tensor);
    const attributes = [{ name: "T", type: this.#binding.TF_ATTR_TYPE, value: dtype }];
    const [handle] = this.#record("Identity", attributes, this.#ids([tensor]), 1);
    return { node: handle.id - firstRecordedId, tensor: { ...handle, shape: tensor.shape } };
  }

  /** Whether these tensors and all variables that have been assigned are finite. */
  allFinite(tensors: Tensor[]): Tensor {
    const changed = [...this.#variables].filter(([id, variable]) => variable.dataId !== id);
    return allFinite([...tensors, ...changed.map(([, variable]) => variable)]);
  }

  /** Runs `step` once, recording it; `finish` sees its result before the tensors are let go. */
  record<R, F>(step: () => R, finish: (result: R) => F): F {
    if (active !== this.parent)
      throw new CompileError("compile: a compiled step was called inside another one.");
    for (const variable of Object.values(engine().state.registeredVariables))
      this.#variables.set(variable.dataId, variable);
    const before = engine().state.numTensors;
    const restore = this.#intercept();
    enter(this);
    tf.engine().startScope("record");
    try {
      const finished = finish(step());
      this.#noteAssignments();
      return finished;
    } finally {
      this.#undoAssignments();
      tf.engine().endScope();
      restore();
      enter(this.parent);
      this.#forget();
      this.#kept = engine().state.numTensors - before - this.created.length;
    }
  }

  /** @throws CompileError when the recorded step has kept tensors that exist only in the recording */
  checkLeaks(): void {
    if (this.#kept > 0) throw leakRefusal(this.#kept);
  }

  /** What is left of recorded tensors belongs to nothing in the runtime. */
  #forget(): void {
    for (const id of this.#born)
      if (this.#backend.tensorMap.has(id)) this.#backend.tensorMap.get(id).id = -1;
  }

  /** Replaces what computes by what records; returns what undoes it. */
  #intercept(): () => void {
    this.#firstOwnTensor = engine().nextTensorId();
    const undo = [refuseRandomDraws(), this.#replaceBackend(), this.#replaceEngine()];
    return () => undo.forEach((restore) => restore());
  }

  #replaceBackend(): () => void {
    return replaceMethods(this.#backend, {
      binding: this.#recordingBinding(),
      getInputTensorIds: (tensors: TensorInfo[]) => this.#ids(tensors),
      createOutputTensor: (handle) => this.#bear(handle),
      disposeData: (id, force) =>
        this.#born.has(id) && this.#plain.disposeData.call(this.#backend, id, force),
      incRef: (id) => {
        if (this.#born.has(id)) this.#plain.incRef.call(this.#backend, id);
      },
      move: (id, ...rest) => {
        this.#born.add(id);
        this.#plain.move.call(this.#backend, id, ...rest);
      },
      readSync: (id: DataId) => this.#read(id),
      read: (id: DataId) => Promise.resolve().then(() => this.#read(id)),
    });
  }

  #recordingBinding(): NativeBinding {
    const names = Object.getOwnPropertyNames(this.#binding);
    const own = names.map((name) => [name, Reflect.get(this.#binding, name) as unknown]);
    return Object.assign(Object.fromEntries(own) as NativeBinding, {
      createTensor: (shape: number[], dtype: number, values: NodeJS.TypedArray) => {
        const { id } = this.#binding.recordConstant(this.graph, dtype, shape, values);
        this.#constants.set(id + firstRecordedId, values);
        return id + firstRecordedId;
      },
      deleteTensor: () => undefined,
      executeOp: (name: string, attributes: Attribute[], inputs: number[], outputs: number) =>
        this.#record(name, attributes, inputs, outputs),
    });
  }

  /** Sees tensors from outside before a clone or a cast hides where they come from. */
  #replaceEngine(): () => void {
    const plain = Object.getPrototypeOf(engine()) as Engine;
    return replaceMethods(engine(), {
      runKernelFunc: (call) => {
        for (const tensor of Object.values(call.inputs).flat()) this.#admit(tensor);
        if (call.kernelName === "GatherV2")
          this.#noteIndices(call.inputs.x, call.inputs.indices, call.attrs);
        return plain.runKernelFunc.call(engine(), call);
      },
      makeVariable: (initial, ...rest) =>
        this.#adopt(plain.makeVariable.call(engine(), initial, ...rest)),
    });
  }

  /** TensorFlow.js's gather reads its indices to check them; here they are checked at each call. */
  #noteIndices(x: Tensor, { dataId }: Tensor, attributes?: { axis?: number }): void {
    this.#unread.add(dataId);
    const argument = this.#arguments.get(dataId);
    if (argument !== undefined)
      this.indices.push({ argument, size: x.shape[attributes?.axis ?? 0] });
  }

  /** A variable made by the step starts from a first value, computed once, and is an input after. */
  #adopt(variable: Variable): Variable {
    const initial = this.node(variable);
    const input = this.#input(variable.dtype, variable.shape);
    const node = this.node(input);
    variable.assign(input);
    const { dataId } = variable;
    this.#born.delete(dataId); // from here on it is treated like any other variable
    this.#outside.set(dataId, node + firstRecordedId);
    this.#variables.set(dataId, variable);
    const { dtype, shape } = this.#data(dataId);
    this.sources.push({ node, dtype, shape, tensor: variable, dataId });
    this.created.push({ variable, initial });
    return variable;
  }

  #input(dtype: Tensor["dtype"], shape: number[]): Tensor {
    const handle = this.#binding.recordInput(this.graph, dtypeNumber(this.#binding, dtype), shape);
    return this.#bear({ ...handle, id: handle.id + firstRecordedId });
  }

  #bear(handle: Handle): Tensor {
    const tensor = this.#plain.createOutputTensor.call(this.#backend, handle);
    this.#born.add(tensor.dataId);
    return tensor;
  }

  #record(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[] {
    const nodes = inputs.map((id) => id - firstRecordedId);
    const handles = this.#binding.recordOp(this.graph, name, attributes, nodes, outputs);
    for (const { shape } of handles)
      if (shape === null || shape.includes(-1)) throw shapeRefusal(name);
    return handles.map((handle) => ({ ...handle, id: handle.id + firstRecordedId }));
  }

  #data(dataId: DataId): StoredData {
    if (this.#backend.tensorMap.has(dataId)) return this.#backend.tensorMap.get(dataId);
    throw new CompileError("compile: the step uses a tensor that has been disposed.");
  }

  #ids(tensors: TensorInfo[]): number[] {
    return tensors.map(({ dataId }) => {
      if (!this.#born.has(dataId)) return this.#fromOutside(dataId);
      const data = this.#data(dataId);
      if (data.values !== null) {
        data.id = this.#backend.binding.createTensor(data.shape, data.dtype, data.values);
        data.values = null;
      }
      return data.id;
    });
  }

  /** The input of a variable, a kept constant or a tensor of the parent, made when first used. */
  #fromOutside(dataId: DataId, constant?: Tensor): number {
    const known = this.#outside.get(dataId);
    if (known !== undefined) return known;
    const { dtype, shape } = this.#data(dataId);
    const tensor = this.#variables.get(dataId) ?? constant;
    if (!tensor && !this.parent?.owns(dataId)) throw captureRefusal(shape);
    const { id } = this.#binding.recordInput(this.graph, dtype, shape);
    this.sources.push({ node: id, dtype, shape, dataId, ...(tensor ? { tensor } : {}) });
    this.#outside.set(dataId, id + firstRecordedId);
    return id + firstRecordedId;
  }

  /** Whether the data belongs to this recording or to one around it. */
  owns(dataId: DataId): boolean {
    return this.#born.has(dataId) || this.#outside.has(dataId) || !!this.parent?.owns(dataId);
  }

  #admit(tensor: Tensor | null | undefined): void {
    if (!tensor || this.owns(tensor.dataId) || this.#variables.has(tensor.dataId)) return;
    if (tensor.id >= this.#firstOwnTensor) return;
    if (!(tensor as { kept?: boolean }).kept) throw captureRefusal(tensor.shape);
    this.#fromOutside(tensor.dataId, tensor);
  }

  #read(dataId: DataId): NodeJS.TypedArray {
    const data = this.#data(dataId);
    const constant = this.#born.has(dataId) && (data.values ?? this.#constants.get(data.id));
    if (constant) return constant;
    if (this.#unread.has(dataId)) return new Int32Array(0);
    throw readRefusal();
  }

  #noteAssignments(): void {
    this.assignments = [...this.#variables]
      .filter(([dataId, variable]) => !variable.isDisposed && variable.dataId !== dataId)
      .map(([, variable]) => ({ variable, node: this.result(variable).node }));
  }

  #undoAssignments(): void {
    const { state } = engine();
    for (const [dataId, variable] of this.#variables) {
      if (variable.dataId === dataId || variable.isDisposed) continue;
      engine().disposeTensor(variable);
      variable.dataId = dataId;
      state.numTensors += 1;
      state.numBytes += variable.size * tf.util.bytesPerElement(variable.dtype);
    }
  }
}
