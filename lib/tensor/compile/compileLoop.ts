import { nativeBinding } from "../backend";
import { updateSlice } from "../ops/updateSlice";
import { type Scalar, type Tensor, type Tensor1D, tf } from "../tensorflow";
import { compile, type CompileOptions } from "./compile";
import { nativeBackend } from "./engine";
import { guardEagerly } from "./guard";
import { recordWhile, shapesOf } from "./loopRecording";
import { type Recording, currentRecording } from "./recording";
import { CompileError, refuseRandomDraws } from "./refusals";

export type NamedTensors = Record<string, Tensor>;

/** Where a loop stands. */
export interface Position {
  /** int32 scalar: how many steps have been done */
  t: Scalar;
  /**
   * A JavaScript number greater than `t`: in a loop cut into segments the end of the present one, else
   * the number of steps. A cache need only be read up to here.
   */
  limit: number;
}

/** One step of a loop: from what is carried, and this step's inputs, to what is carried on. */
export type LoopBody<C extends NamedTensors, I extends NamedTensors, O extends NamedTensors> = (
  carry: C,
  inputs: I,
  position: Position,
) => { carry: C; outputs: O };

export interface LoopOptions {
  /** how many times the body runs */
  steps: number;
  /**
   * Into how many stretches the steps are cut, each recorded on its own with its own `limit` (default
   * 1). Attention over a growing cache then reads less than the whole cache.
   */
  segments?: number;
  /**
   * Called where a segment begins (and at the end with `steps`): may give what is carried another shape
   * for it, so that a cache is only as long as it must be (`resizeAxis`) and is read from start to end
   * without being copied.
   */
  fit?: (carry: NamedTensors, limit: number) => NamedTensors;
  /** whether XLA compiles the loop; the default on the native engine */
  xla?: boolean;
  /** checks at the end that all is finite, as `compile` does; the variables else stay as before the loop */
  guard?: boolean;
}

/** A compiled loop; the result's outputs have the steps as their first axis. */
export interface CompiledLoop<
  C extends NamedTensors,
  I extends NamedTensors,
  O extends NamedTensors,
> {
  (carry: C, inputs: I): { carry: C; outputs: O };
  dispose(): void;
}

/** The steps at which the segments end: equal stretches, the last one at `steps`. */
function segmentEnds(steps: number, segments: number): number[] {
  return Array.from({ length: segments }, (_, k) => Math.ceil(((k + 1) * steps) / segments));
}

function checkOptions({ steps, segments = 1 }: LoopOptions): void {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`compileLoop: steps must be a whole number of at least 1, got ${steps}.`);
  if (!Number.isInteger(segments) || segments < 1 || segments > steps)
    throw new RangeError(
      `compileLoop: segments must be a whole number from 1 to steps = ${steps}, got ${segments}.`,
    );
}

function checkInputs(inputs: NamedTensors, steps: number): void {
  for (const [name, { shape }] of Object.entries(inputs))
    if (shape[0] !== steps)
      throw new RangeError(
        `compileLoop: the input "${name}" needs one entry for each of the ${steps} steps along its ` +
          `first axis, got shape [${shape.join(", ")}].`,
      );
}

function checkCarry(before: NamedTensors, after: NamedTensors): void {
  const names = (tensors: NamedTensors) => Object.keys(tensors).sort().join(", ");
  if (names(before) !== names(after))
    throw new CompileError(
      `compileLoop: the body must carry on what it was given (${names(before)}), it returned (${names(after)}).`,
    );
  for (const [name, { shape, dtype }] of Object.entries(before)) {
    const next = after[name];
    if (next.dtype !== dtype || next.shape.join() !== shape.join())
      throw new CompileError(
        `compileLoop: "${name}" comes in as ${dtype}[${shape.join()}] and goes out as ` +
          `${next.dtype}[${next.shape.join()}]; shape and dtype must stay the same.`,
      );
  }
}

/** This step's entry of every input. */
const entriesAt = (inputs: NamedTensors, t: Scalar): NamedTensors =>
  map(inputs, (input) => tf.gather(input, t.reshape<Tensor1D>([1])).reshape(input.shape.slice(1)));

const map = (tensors: NamedTensors, f: (tensor: Tensor, name: string) => Tensor): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor, name)]));

/**
 * Compiles a loop whose every step needs the one before into one call: sampling text token by token
 * with a cache of keys and values, or rolling out an environment. JavaScript is not asked between the
 * steps.
 *
 * It is the `scan` of functional programming: `body` takes what is carried and this step's entry of
 * each input, and gives what is carried on and this step's outputs. Randomness comes in as an input
 * (noise drawn with `Rng`), so that a seed gives the same rollout on every engine. The body may assign
 * variables: several steps of an optimizer, each with inputs of its own, are one call.
 *
 *     const rollout = compileLoop(({ state }, { noise }, { t }) => {
 *       const action = policy(state).add(noise).argMax(-1);
 *       const next = dynamics(state, action);
 *       return { carry: { state: next }, outputs: { action, reward: reward(next) } };
 *     }, { steps: 200 });
 *     const { outputs } = rollout({ state }, { noise });   // noise [200, …], outputs.reward [200, …]
 *
 * On an engine without graphs the body runs step by step, with the same result.
 *
 * @returns the loop; the caller disposes of the tensors it returns
 * @throws CompileError as `compile` does, or when the body changes the shape of what it carries
 * @throws NonFiniteError with `guard`, when a result or a variable is NaN or infinite
 */
export function compileLoop<C extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  body: LoopBody<C, I, O>,
  options: LoopOptions,
): CompiledLoop<C, I, O> {
  checkOptions(options);
  const { steps, segments = 1, fit = (carry) => carry, xla = true, guard = false } = options;
  const stretches = { ends: segmentEnds(steps, segments), fit };
  const untyped = body as unknown as LoopBody<NamedTensors, NamedTensors, NamedTensors>;
  const forms = new Map<string, ReturnType<typeof compileFor>>();
  let calls = 0;
  const loop = (carry: C, inputs: I) => {
    checkInputs(inputs, steps);
    if (!nativeBinding()) {
      const run = () => runEagerly(untyped, carry, inputs, stretches);
      return guard ? guardEagerly(run, ++calls) : run();
    }
    const key = `${Object.keys(carry).join()}|${Object.keys(inputs).join()}`;
    const form =
      forms.get(key) ??
      compileFor(untyped, Object.keys(carry), Object.keys(inputs), stretches, { xla, guard });
    forms.set(key, form);
    return form.call(carry, inputs);
  };
  const dispose = () => forms.forEach((form) => form.dispose());
  return Object.assign(loop, { dispose }) as unknown as CompiledLoop<C, I, O>;
}

/** Where the segments end, and what is done to the carry where one begins. */
interface Stretches {
  ends: number[];
  fit: (carry: NamedTensors, limit: number) => NamedTensors;
}

type Body = LoopBody<NamedTensors, NamedTensors, NamedTensors>;

const pick = (names: string[], tensors: Tensor[]): NamedTensors =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]]));

function compileFor(
  body: Body,
  carryNames: string[],
  inputNames: string[],
  stretches: Stretches,
  options: CompileOptions,
) {
  const functions: string[] = [];
  const step = compile((...args: Tensor[]) => {
    const carry = pick(carryNames, args);
    const inputs = pick(inputNames, args.slice(carryNames.length));
    return recordLoop(body, carry, inputs, stretches, functions);
  }, options);
  return {
    call: (carry: NamedTensors, inputs: NamedTensors) =>
      step(...carryNames.map((name) => carry[name]), ...inputNames.map((name) => inputs[name])),
    dispose: () => {
      step.dispose();
      functions.forEach((name) => nativeBackend().binding.removeFunction(name));
    },
  };
}

/** Empty buffers for the outputs of all steps, whose shapes the body says. */
function outputBuffers(
  recording: Recording,
  body: Body,
  carry: NamedTensors,
  inputs: NamedTensors,
  ends: number[],
): NamedTensors {
  const [carryNames, inputNames] = [Object.keys(carry), Object.keys(inputs)];
  let outputNames: string[] = [];
  const examples = [tf.scalar(0, "int32"), ...Object.values(carry), ...Object.values(inputs)];
  const shapes = shapesOf(recording, examples, ([t, ...rest]) => {
    const before = pick(carryNames, rest);
    const given = pick(inputNames, rest.slice(carryNames.length));
    const position = { t: t as Scalar, limit: ends[0] };
    const next = body(before, entriesAt(given, position.t), position);
    checkCarry(before, next.carry);
    outputNames = Object.keys(next.outputs);
    return Object.values(next.outputs);
  });
  const steps = ends[ends.length - 1];
  const buffers = shapes.map(({ shape, dtype }) => tf.zeros([steps, ...shape], dtype));
  return pick(outputNames, buffers);
}

/** Records the whole loop: one While for each segment, over a function made of the body. */
function recordLoop(
  body: Body,
  carry: NamedTensors,
  inputs: NamedTensors,
  { ends, fit }: Stretches,
  functions: string[],
): { carry: NamedTensors; outputs: NamedTensors } {
  const recording = currentRecording() as Recording;
  const buffers = outputBuffers(recording, body, fit(carry, ends[0]), inputs, ends);
  const [carryNames, inputNames] = [Object.keys(carry), Object.keys(inputs)];
  const outputNames = Object.keys(buffers);
  const one = tf.scalar(1, "int32");
  let state = [tf.scalar(0, "int32") as Tensor, ...Object.values(carry), ...Object.values(buffers)];
  const refit = (limit: number) => {
    const fitted = fit(pick(carryNames, state.slice(1)), limit);
    state.splice(1, carryNames.length, ...carryNames.map((name) => fitted[name]));
  };
  for (const limit of ends) {
    refit(limit);
    const turn = ([t, ...rest]: Tensor[], given: Tensor[]): Tensor[] => {
      const position = { t: t as Scalar, limit };
      const here = entriesAt(pick(inputNames, given), position.t);
      const next = body(pick(carryNames, rest), here, position);
      const written = outputNames.map((name, i) =>
        updateSlice(rest[carryNames.length + i], next.outputs[name].expandDims(0), t, 0),
      );
      return [t.add(one), ...carryNames.map((name) => next.carry[name]), ...written];
    };
    state = recordWhile(recording, turn, state, Object.values(inputs), limit, functions);
  }
  refit(ends[ends.length - 1]);
  return {
    carry: pick(carryNames, state.slice(1)),
    outputs: pick(outputNames, state.slice(1 + carryNames.length)),
  };
}

function runEagerly(
  body: Body,
  carry: NamedTensors,
  inputs: NamedTensors,
  { ends, fit }: Stretches,
): { carry: NamedTensors; outputs: NamedTensors } {
  const allow = refuseRandomDraws();
  try {
    return tf.tidy(() => {
      const collected: NamedTensors[] = [];
      let present = fit(carry, ends[0]);
      for (let t = 0, segment = 0; t < ends[ends.length - 1]; t++) {
        if (t === ends[segment]) present = fit(present, ends[++segment]);
        const at = tf.scalar(t, "int32");
        const next = body(present, entriesAt(inputs, at), { t: at, limit: ends[segment] });
        checkCarry(present, next.carry);
        present = next.carry;
        collected.push(next.outputs);
      }
      const outputs = map(collected[0], (_, name) => tf.stack(collected.map((step) => step[name])));
      return { carry: map(present, (tensor) => tensor.clone()), outputs };
    });
  } finally {
    allow();
  }
}
