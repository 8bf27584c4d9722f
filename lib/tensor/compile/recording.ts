import type { Attribute, Handle, NativeBinding } from "../native";
import { type Tensor, type TensorInfo, type Variable, tf } from "../tensorflow";
import {
  type DataId,
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

/** A tensor that a recorded step takes from outside: how to find it at each call, and its node. */
export interface Source {
  kind: "argument" | "variable" | "constant";
  node: number;
  index?: number;
  tensor?: Tensor;
}

/** A variable that the step assigns, and the node of its new value. */
export interface Assignment {
  variable: Variable;
  node: number;
}

/** A variable the step makes for itself (an optimizer's slot): the node of its first value. */
interface NewVariable {
  variable: Variable;
  initial: number;
}

let active: Recording | undefined;

/** The recording that is going on, or undefined: for operations with a better compiled form. */
export const currentRecording = (): Recording | undefined => active;

/**
 * Records TensorFlow.js code into a TensorFlow graph.
 *
 * Every op crosses the backend's `binding`; while a step is recorded, ops become nodes of a graph and
 * TensorFlow infers their shapes. Nothing is computed, so that tracing costs milliseconds and no
 * memory, and reading a value has to be refused. Variables keep their data: what the step assigns is
 * noted and undone.
 */
export class Recording {
  readonly graph: number;
  readonly sources: Source[] = [];
  assignments: Assignment[] = [];
  readonly created: NewVariable[] = [];
  readonly #backend: NativeBackend;
  readonly #binding: NativeBinding;
  readonly #constants = new Map<number, NodeJS.TypedArray>();
  readonly #born = new Set<DataId>();
  readonly #variables = new Map<DataId, Variable>();
  readonly #outside = new Map<DataId, number>();
  #firstOwnTensor = 0;

  /** @param xla whether the graph will be compiled by XLA, which knows a few ops more */
  constructor(readonly xla: boolean) {
    this.#backend = nativeBackend();
    this.#binding = this.#backend.binding;
    this.graph = this.#binding.openRecording();
  }

  close(): void {
    this.#binding.closeRecording(this.graph);
  }

  /** A tensor that stands for a value given at each call. */
  input(dtype: Tensor["dtype"], shape: number[]): Tensor {
    const handle = this.#binding.recordInput(this.graph, dtypeNumber(this.#binding, dtype), shape);
    return this.#own(handle);
  }

  /** Records one op by its TensorFlow name; its result is a tensor like any other. */
  op(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
    const handles = this.#record(name, attributes, this.#nodes(inputs), 1);
    return this.#backend.createOutputTensor(handles[0]);
  }

  /** Records a loop over functions that are registered already; returns its final state. */
  while(condition: string, body: string, inputs: Tensor[]): Tensor[] {
    const ids = this.#nodes(inputs).map((id) => id - firstRecordedId);
    return this.#binding
      .recordWhile(this.graph, condition, body, ids)
      .map((handle) => this.#own(handle));
  }

  /** The graph node of a recorded tensor. */
  node(tensor: Tensor): number {
    return this.#nodes([tensor])[0] - firstRecordedId;
  }

  /** A result of the step: an input that comes out again gets a node of its own. */
  result(tensor: Tensor): { node: number; tensor: Handle } {
    const { dtype } = this.#data(tensor.dataId);
    this.#admit(tensor);
    const attributes = [{ name: "T", type: this.#binding.TF_ATTR_TYPE, value: dtype }];
    const [handle] = this.#record("Identity", attributes, this.#nodes([tensor]), 1);
    return { node: handle.id - firstRecordedId, tensor: { ...handle, shape: tensor.shape } };
  }

  /** Whether these tensors and all variables that have been assigned are finite. */
  allFinite(tensors: Tensor[]): Tensor {
    const assigned = [...this.#variables]
      .filter(([dataId, variable]) => variable.dataId !== dataId)
      .map(([, variable]) => variable);
    return allFinite([...tensors, ...assigned]);
  }

  /** Runs `step` once, recording it; `finish` sees its result before the tensors are let go. */
  record<R, F>(step: () => R, finish: (result: R) => F): F {
    if (active) throw new CompileError("compile: a compiled step was called inside another one.");
    const variables = engine().state.registeredVariables;
    for (const variable of Object.values(variables)) this.#variables.set(variable.dataId, variable);
    const before = engine().state.numTensors;
    const restore = this.#intercept();
    tf.engine().startScope("record");
    try {
      const finished = finish(step());
      this.#noteAssignments();
      return finished;
    } finally {
      this.#undoAssignments();
      tf.engine().endScope();
      restore();
      this.#forget();
      this.#leaked = engine().state.numTensors - before - this.created.length;
    }
  }

  #leaked = 0;

  /** @throws CompileError when the recorded step has kept tensors that exist only in the recording */
  checkLeaks(): void {
    if (this.#leaked > 0) throw leakRefusal(this.#leaked);
  }

  /** What is left of recorded tensors belongs to nothing in the runtime. */
  #forget(): void {
    for (const dataId of this.#born) {
      if (this.#backend.tensorMap.has(dataId)) this.#backend.tensorMap.get(dataId).id = -1;
    }
  }

  #own(handle: Handle): Tensor {
    return this.#backend.createOutputTensor({ ...handle, id: handle.id + firstRecordedId });
  }

  /** Replaces what computes by what records; returns what undoes it. */
  #intercept(): () => void {
    const backend = this.#backend;
    const { disposeData, incRef, move } = backend;
    active = this;
    this.#firstOwnTensor = engine().nextTensorId();
    const undo = [
      refuseRandomDraws(),
      replaceMethods(backend, {
        binding: this.#recordingBinding(),
        getInputTensorIds: (tensors: TensorInfo[]) => this.#nodes(tensors),
        disposeData: (id, force) => this.#born.has(id) && disposeData.call(backend, id, force),
        incRef: (id) => (this.#born.has(id) ? incRef.call(backend, id) : undefined),
        move: (id, ...rest) => {
          this.#born.add(id);
          move.call(backend, id, ...rest);
        },
        createOutputTensor: (handle) => this.#bear(handle),
        readSync: (id: DataId) => this.#read(id),
        read: (id: DataId) => Promise.resolve().then(() => this.#read(id)),
      }),
      this.#watchKernels(),
      this.#watchVariables(),
    ];
    return () => {
      undo.forEach((restore) => restore());
      active = undefined;
    };
  }

  #bear(handle: { id: number; shape: number[]; dtype: number }): Tensor {
    const create = Object.getPrototypeOf(this.#backend) as NativeBackend;
    const tensor = create.createOutputTensor.call(this.#backend, handle);
    this.#born.add(tensor.dataId);
    return tensor;
  }

  #recordingBinding(): NativeBinding {
    const own = Object.fromEntries(
      Object.getOwnPropertyNames(this.#binding).map((key) => [
        key,
        this.#binding[key as keyof NativeBinding],
      ]),
    ) as unknown as NativeBinding;
    return Object.assign(own, {
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

  #record(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[] {
    const ids = inputs.map((id) => id - firstRecordedId);
    const handles = this.#binding.recordOp(this.graph, name, attributes, ids, outputs);
    for (const { shape } of handles)
      if (shape === null || shape.includes(-1)) throw shapeRefusal(name);
    return handles.map((handle) => ({ ...handle, id: handle.id + firstRecordedId }));
  }

  #data(dataId: DataId): StoredData {
    if (this.#backend.tensorMap.has(dataId)) return this.#backend.tensorMap.get(dataId);
    throw new CompileError("compile: the step uses a tensor that has been disposed.");
  }

  #nodes(tensors: TensorInfo[]): number[] {
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

  /** The input node of a variable or a kept constant, made when it is first used. */
  #fromOutside(dataId: DataId, constant?: Tensor): number {
    const known = this.#outside.get(dataId);
    if (known !== undefined) return known;
    const tensor = this.#variables.get(dataId) ?? constant;
    const data = this.#data(dataId);
    if (!tensor) throw captureRefusal(data.shape);
    const { id } = this.#binding.recordInput(this.graph, data.dtype, data.shape);
    const kind = constant ? "constant" : "variable";
    this.sources.push({ kind, node: id, tensor });
    this.#outside.set(dataId, id + firstRecordedId);
    return id + firstRecordedId;
  }

  #read(dataId: DataId): NodeJS.TypedArray {
    const data = this.#data(dataId);
    const constant = this.#born.has(dataId) && (data.values ?? this.#constants.get(data.id));
    if (!constant) throw readRefusal();
    return constant;
  }

  /** Refuses tensors from outside, before their clones and casts hide where they come from. */
  #watchKernels(): () => void {
    const { runKernelFunc } = engine();
    return replaceMethods(engine(), {
      runKernelFunc: (call) => {
        for (const tensor of Object.values(call.inputs).flat()) this.#admit(tensor);
        return runKernelFunc.call(engine(), call);
      },
    });
  }

  #admit(tensor: Tensor | null | undefined): void {
    if (!tensor || tensor.id >= this.#firstOwnTensor || this.#born.has(tensor.dataId)) return;
    if (this.#variables.has(tensor.dataId) || this.#outside.has(tensor.dataId)) return;
    if (!(tensor as { kept?: boolean }).kept) throw captureRefusal(tensor.shape);
    this.#fromOutside(tensor.dataId, tensor);
  }

  /** A variable made by the step starts from a first value, computed once, and is an input after. */
  #watchVariables(): () => void {
    const { makeVariable } = engine();
    return replaceMethods(engine(), {
      makeVariable: (initial, ...rest) => {
        const variable = makeVariable.call(engine(), initial, ...rest);
        const created = this.node(variable);
        const input = this.input(variable.dtype, variable.shape);
        const node = this.node(input);
        this.sources.push({ kind: "variable", node, tensor: variable });
        variable.assign(input);
        this.#born.delete(variable.dataId); // from here on it is treated like any other variable
        this.#outside.set(variable.dataId, node + firstRecordedId);
        this.#variables.set(variable.dataId, variable);
        this.created.push({ variable, initial: created });
        return variable;
      },
    });
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
