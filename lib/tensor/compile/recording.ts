import type { Attribute, Handle, NativeBinding } from "../native";
import { type Tensor, type TensorInfo, type Variable, tf } from "../tensorflow";
import { type DataId, type Engine, dtypeNumber, engine, replaceMethods } from "./engine";
import { GraphWriter, nodeOf } from "./graphWriter";
import { allFinite } from "./guard";
import { recordForXla } from "./lowering";
import {
  captureRefusal,
  CompileError,
  leakRefusal,
  readRefusal,
  refuseRandomDraws,
} from "./refusals";

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
 * Every op crosses the backend's `binding`; while a step is recorded, ops become nodes of a graph.
 * Tracing costs milliseconds and no memory, and reading a value has to be refused. Variables keep
 * their data: what the step assigns is noted and undone.
 *
 * The body of a loop is recorded inside the recording of the step (its `parent`), whose tensors it may
 * use.
 */
export class Recording {
  readonly sources: Source[] = [];
  readonly created: NewVariable[] = [];
  /** Arguments that select entries out of `size`. */
  readonly indices: { argument: number; size: number }[] = [];
  assignments: Assignment[] = [];
  readonly #writer = new GraphWriter();
  readonly #arguments = new Map<DataId, number>();
  readonly #unread = new Set<DataId>();
  readonly #variables = new Map<DataId, Variable>();
  readonly #outside = new Map<DataId, number>();
  #firstOwnTensor = 0;
  #kept = 0;

  /** @param xla whether the graph will be compiled by XLA, which knows a few ops more */
  constructor(
    readonly xla: boolean,
    readonly parent?: Recording,
  ) {}

  get graph(): number {
    return this.#writer.graph;
  }

  /** Frees the graph; functions that were made from it stay. */
  close(): void {
    this.#writer.close();
  }

  /** A tensor that stands for argument `index`. */
  argument({ dtype, shape }: Tensor, index: number): Tensor {
    const input = this.#writer.input(dtypeNumber(this.#writer.binding, dtype), shape);
    const tensor = this.#writer.bear(input);
    this.sources.push({ node: nodeOf(input.id), dtype: input.dtype, shape, index });
    this.#arguments.set(tensor.dataId, index);
    return tensor;
  }

  /** Records one op by its TensorFlow name; its result is a tensor like any other. */
  op(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
    return this.#writer.bear(this.#writer.op(name, attributes, this.#ids(inputs), 1)[0]);
  }

  /** Records a loop over two functions that are registered already; returns its final state. */
  while(condition: string, body: string, nodes: number[]): Tensor[] {
    return this.#writer.while(condition, body, nodes);
  }

  /** The graph's node of a tensor. */
  node(tensor: Tensor): number {
    return nodeOf(this.#ids([tensor])[0]);
  }

  /** The node in this recording of something that a loop's body takes from outside of itself. */
  nodeOfSource({ tensor, dataId }: Source): number {
    const data = dataId as DataId;
    const born = this.#writer.isBorn(data);
    return nodeOf(born ? this.#writer.idOf(data) : this.#fromOutside(data, tensor));
  }

  /** A result of the step; an input that comes out again gets a node of its own. */
  result(tensor: Tensor): { node: number; tensor: Handle } {
    const { dtype } = this.#writer.data(tensor.dataId);
    this.#admit(tensor);
    const attributes = [{ name: "T", type: this.#writer.binding.TF_ATTR_TYPE, value: dtype }];
    const [handle] = this.#writer.op("Identity", attributes, this.#ids([tensor]), 1);
    return { node: nodeOf(handle.id), tensor: { ...handle, shape: tensor.shape } };
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
      this.#writer.forget();
      this.#kept = engine().state.numTensors - before - this.created.length;
    }
  }

  /** @throws CompileError when the recorded step has kept tensors that exist only in the recording */
  checkLeaks(): void {
    if (this.#kept > 0) throw leakRefusal(this.#kept);
  }

  /** Whether the data belongs to this recording or to one around it. */
  owns(dataId: DataId): boolean {
    const here = this.#writer.isBorn(dataId) || this.#outside.has(dataId);
    return here || (this.parent?.owns(dataId) ?? false);
  }

  /** Replaces what computes by what records; returns what undoes it. */
  #intercept(): () => void {
    this.#firstOwnTensor = engine().nextTensorId();
    const undo = [refuseRandomDraws(), this.#replaceBackend(), this.#replaceEngine()];
    return () => undo.forEach((restore) => restore());
  }

  #replaceBackend(): () => void {
    const writer = this.#writer;
    const { backend, plain } = writer;
    return replaceMethods(backend, {
      binding: this.#recordingBinding(),
      getInputTensorIds: (tensors: TensorInfo[]) => this.#ids(tensors),
      createOutputTensor: (handle) => writer.bear(handle),
      disposeData: (id, force) => writer.isBorn(id) && plain.disposeData.call(backend, id, force),
      incRef: (id) => {
        if (writer.isBorn(id)) plain.incRef.call(backend, id);
      },
      move: (id, ...rest) => {
        writer.adopt(id);
        plain.move.call(backend, id, ...rest);
      },
      readSync: (id: DataId) => this.#read(id),
      read: (id: DataId) => Promise.resolve().then(() => this.#read(id)),
    });
  }

  #recordingBinding(): NativeBinding {
    const { binding } = this.#writer;
    const names = Object.getOwnPropertyNames(binding);
    const own = names.map((name) => [name, Reflect.get(binding, name) as unknown]);
    const lowered = this.xla && !binding.isUsingGpuDevice();
    return Object.assign(Object.fromEntries(own) as NativeBinding, {
      createTensor: (shape: number[], dtype: number, values: NodeJS.TypedArray) =>
        this.#writer.constant(shape, dtype, values),
      deleteTensor: () => undefined,
      executeOp: (name: string, attributes: Attribute[], inputs: number[], outputs: number) =>
        lowered
          ? recordForXla(this.#writer, name, attributes, inputs, outputs)
          : this.#writer.op(name, attributes, inputs, outputs),
    });
  }

  /** Sees tensors from outside before a clone or a cast hides where they come from. */
  #replaceEngine(): () => void {
    const plain = Object.getPrototypeOf(engine()) as Engine;
    return replaceMethods(engine(), {
      runKernelFunc: (call) => {
        for (const tensor of Object.values(call.inputs).flat()) this.#admit(tensor);
        if (call.kernelName === "GatherV2") {
          const { x, indices } = call.inputs; // TensorFlow.js reads them, to check them
          this.#unread.add(indices.dataId);
          this.noteIndices(indices, x.shape[call.attrs?.axis ?? 0]);
        }
        return plain.runKernelFunc.call(engine(), call);
      },
      makeVariable: (initial, ...rest) =>
        this.#adopt(plain.makeVariable.call(engine(), initial, ...rest)),
    });
  }

  /** Has the values of an argument checked at each call: they select from so many. */
  noteIndices({ dataId }: Tensor, size: number): void {
    const argument = this.#arguments.get(dataId);
    if (argument !== undefined) this.indices.push({ argument, size });
  }

  /** A variable made by the step starts from a first value, computed once, and is an input after. */
  #adopt(variable: Variable): Variable {
    const initial = this.node(variable);
    const { dtype, shape } = this.#writer.data(variable.dataId);
    const input = this.#writer.input(dtype, shape);
    variable.assign(this.#writer.bear(input));
    const { dataId } = variable;
    this.#writer.abandon(dataId); // from here on it is treated like any other variable
    this.#outside.set(dataId, input.id);
    this.#variables.set(dataId, variable);
    this.sources.push({ node: nodeOf(input.id), dtype, shape, tensor: variable, dataId });
    this.created.push({ variable, initial });
    return variable;
  }

  #ids(tensors: TensorInfo[]): number[] {
    return tensors.map(({ dataId }) =>
      this.#writer.isBorn(dataId) ? this.#writer.idOf(dataId) : this.#fromOutside(dataId),
    );
  }

  /** The input of a variable, a kept constant or a tensor of the parent, made when first used. */
  #fromOutside(dataId: DataId, constant?: Tensor): number {
    const known = this.#outside.get(dataId);
    if (known !== undefined) return known;
    const { dtype, shape } = this.#writer.data(dataId);
    const tensor = this.#variables.get(dataId) ?? constant;
    if (!tensor && !this.parent?.owns(dataId)) throw captureRefusal(shape);
    const { id } = this.#writer.input(dtype, shape);
    this.sources.push({ node: nodeOf(id), dtype, shape, dataId, ...(tensor ? { tensor } : {}) });
    this.#outside.set(dataId, id);
    return id;
  }

  #admit(tensor: Tensor | null | undefined): void {
    if (!tensor || this.owns(tensor.dataId) || this.#variables.has(tensor.dataId)) return;
    if (tensor.id >= this.#firstOwnTensor) return;
    if (!(tensor as { kept?: boolean }).kept) throw captureRefusal(tensor.shape);
    this.#fromOutside(tensor.dataId, tensor);
  }

  #read(dataId: DataId): NodeJS.TypedArray {
    const values = this.#writer.valuesOf(dataId);
    if (values) return values;
    if (this.#unread.has(dataId)) return new Int32Array(0);
    throw readRefusal();
  }

  #noteAssignments(): void {
    const assigned = [...this.#variables].filter(
      ([dataId, variable]) => !variable.isDisposed && variable.dataId !== dataId,
    );
    this.assignments = assigned.map(([dataId, variable]) => {
      if (this.parent) this.#fromOutside(dataId); // a loop carries it, read or not
      return { variable, node: this.result(variable).node };
    });
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
