import { forgetCompiledSteps } from "../compileCache";
import type { NativeBinding } from "../native";
import { type Tensor, type Variable, tf } from "../tensorflow";
import { nativeBackend, type NativeBackend } from "./engine";
import { CompileError } from "./refusals";
import type { Recording, Source } from "./recording";

const named = new Map<string, number>();

/** A name that says what the graph does: the same graph finds its compiled form on disk again. */
export function nameOf(prefix: string, recording: { graph: number }): string {
  const base = `${prefix}_${nativeBackend().binding.fingerprint(recording.graph)}`;
  const count = named.get(base) ?? 0;
  named.set(base, count + 1);
  return `${base}_${count}`;
}

/** A tensor, or a number that stands for a float32 scalar. */
export type Argument = Tensor | number;

interface Shape {
  shape: number[];
  dtype: number;
}

/**
 * A recording as one function of TensorFlow: its inputs are arguments, variables and constants, its
 * outputs the step's results and the new values of the variables it assigns.
 */
export class GraphFunction {
  readonly #backend: NativeBackend = nativeBackend();
  readonly #binding: NativeBinding = this.#backend.binding;
  readonly #sources: Source[];
  readonly #indices: Recording["indices"];
  readonly #results: Shape[];
  readonly #assigned: Variable[];
  readonly #inputIds: Int32Array;
  readonly #outputIds: Int32Array;
  #name = "";
  /** Registers the function again, until its first run has shown that it is well. */
  #register: ((xla: boolean) => void) | undefined;

  /**
   * @param results recorded result tensors, in order
   * @param args    the arguments of the first call
   */
  constructor(
    recording: Recording,
    results: { node: number; tensor: Shape }[],
    args: Tensor[],
    xla: boolean,
  ) {
    this.#sources = recording.sources;
    this.#indices = recording.indices;
    this.#results = results.map(({ tensor }) => tensor);
    this.#assigned = recording.assignments.map(({ variable }) => variable);
    const inputs = this.#sources.map(({ node }) => node);
    const outputs = [...results, ...recording.assignments].map(({ node }) => node);
    this.#inputIds = new Int32Array(inputs.length);
    this.#outputIds = new Int32Array(outputs.length);
    this.#startVariables(recording, inputs, args);
    this.#register = (useXla) => {
      if (this.#name !== "") this.#binding.removeFunction(this.#name);
      this.#name = nameOf("rlhf_step", recording);
      this.#binding.addFunction(this.#name, recording.graph, inputs, outputs, useXla);
    };
    this.#register(xla);
    this.#recording = recording;
  }

  #recording: Recording | undefined;

  /** Computes the first values of variables that the step made for itself. */
  #startVariables(recording: Recording, inputs: number[], args: Tensor[]): void {
    if (recording.created.length === 0) return;
    const name = nameOf("rlhf_start", recording);
    const initial = recording.created.map((created) => created.initial);
    this.#binding.addFunction(name, recording.graph, inputs, initial, false);
    const ids = new Int32Array(initial.length);
    const created = new Set(recording.created.map(({ variable }) => variable as Tensor));
    // A first value cannot depend on the new variables themselves: anything may stand in for them.
    tf.tidy(() => this.#binding.runFunction(name, this.#gather(args, created), ids));
    recording.created.forEach(({ variable }, i) => {
      const data = this.#backend.tensorMap.get(variable.dataId);
      Object.assign(data, { id: ids[i], refCount: 1 });
    });
    this.#binding.removeFunction(name);
  }

  /** The ids of all inputs at this call. */
  #gather(args: Tensor[], standIns?: Set<Tensor>): Int32Array {
    this.#sources.forEach(({ index, tensor }, i) => {
      const value = index === undefined ? (tensor as Tensor) : args[index];
      if (value === undefined || value.isDisposed)
        throw new Error("compile: a variable or constant that the step uses has been disposed.");
      const stand = standIns?.has(value) ? tf.zeros(value.shape, value.dtype) : value;
      this.#inputIds[i] = this.#backend.getInputTensorIds([stand])[0];
    });
    return this.#inputIds;
  }

  /** Runs the function; the results are the caller's, `commit` or `discard` decides on the variables. */
  run(args: Tensor[]): { results: Tensor[]; commit: () => void; discard: () => void } {
    this.#checkIndices(args);
    this.#execute(this.#gather(args));
    const ids = this.#outputIds;
    const results = this.#results.map(({ shape, dtype }, i) =>
      this.#backend.createOutputTensor({ id: ids[i], shape, dtype }),
    );
    const updates = [...ids.subarray(results.length)];
    return {
      results,
      commit: () => updates.forEach((id, i) => this.#update(this.#assigned[i], id)),
      discard: () => updates.forEach((id) => this.#binding.deleteTensor(id)),
    };
  }

  /** An index out of range would be moved to the edge by XLA without a word. */
  #checkIndices(args: Tensor[]): void {
    for (const { argument, size } of this.#indices) {
      const values = args[argument].dataSync();
      const at = values.findIndex((value) => !(value >= 0 && value < size));
      if (at >= 0)
        throw new RangeError(
          `compile: argument ${argument} selects from ${size} entries, so its values must lie in ` +
            `[0, ${size - 1}]; entry ${at} is ${values[at]}.`,
        );
    }
  }

  #execute(inputs: Int32Array): void {
    try {
      this.#binding.runFunction(this.#name, inputs, this.#outputIds);
    } catch (error) {
      const { message } = error as Error;
      if (!this.#register) throw explained(message);
      // a compiled form on disk that was cut short is made anew; what XLA cannot compile runs without
      if (/Read less bytes|DATA_LOSS|parse/i.test(message) && forgetCompiledSteps())
        this.#register(true);
      else if (isXlaRefusal(message)) this.#register(false);
      else throw explained(message);
      this.#binding.runFunction(this.#name, inputs, this.#outputIds);
    }
    if (this.#recording) this.#settle(this.#recording);
  }

  #settle(recording: Recording): void {
    recording.close();
    this.#register = undefined;
    this.#recording = undefined;
  }

  /** Puts the new value into the variable: in place, unless a clone shares the old one. */
  #update(variable: Variable, id: number): void {
    const data = this.#backend.tensorMap.get(variable.dataId);
    if (data.refCount === 1 && data.values === null) {
      this.#binding.deleteTensor(data.id);
      data.id = id;
      return;
    }
    const { shape, dtype } = data;
    const value = this.#backend.createOutputTensor({ id, shape, dtype });
    variable.assign(value);
    value.dispose();
  }

  dispose(): void {
    this.#recording?.close();
    this.#binding.removeFunction(this.#name);
  }
}

const isXlaRefusal = (message: string) =>
  /XLA|tf2xla|compilation|not compilable|unsupported operations/i.test(message) &&
  !/RESOURCE_EXHAUSTED|out of memory|OOM/i.test(message);

function explained(message: string): Error {
  if (/RESOURCE_EXHAUSTED|out of memory|OOM/i.test(message)) {
    return new Error(
      `compile: out of memory in a compiled step. Use a smaller batch, a shorter context or a smaller model. (${message.split("\n")[0]})`,
    );
  }
  return new CompileError(`compile: the step cannot run: ${message}`);
}
