import { nativeBinding } from "../backend";
import { type Tensor, tf } from "../tensorflow";
import { type Argument, GraphFunction } from "./graphFunction";
import { NonFiniteError, guardEagerly } from "./guard";
import { Recording } from "./recording";
import { CompileError, refuseRandomDraws } from "./refusals";
import { type Flattened, type TensorTree, flatten } from "./tree";

export interface CompileOptions {
  /**
   * Whether XLA compiles the step: the default on the native engine, because it is the faster form
   * from the fourth or so call on. Its first call costs 0.5 to 2 s; for a step that runs only a few
   * times take `false`.
   */
  xla?: boolean;
  /**
   * Checks in every call that what the step returns and every variable it assigns is finite; if not,
   * the variables keep their last good values and a NonFiniteError says in which call it was. Costs
   * some per cent of a step.
   */
  guard?: boolean;
}

/** A compiled step: called like the step itself, with numbers where it takes scalars. */
export interface CompiledStep<A extends Tensor[], R> {
  (...args: { [K in keyof A]: A[K] | number }): R;
  /** How often the step has been recorded: once for each combination of shapes and dtypes. */
  readonly traces: number;
  /** Frees the compiled forms. Variables and results stay. */
  dispose(): void;
}

interface Trace<R> {
  call: GraphFunction;
  rebuild: Flattened<R>["rebuild"];
}

const retraceWarning = 12;

const signature = (args: Argument[]): string =>
  args
    .map((arg) => (typeof arg === "number" ? "number" : `${arg.dtype}[${arg.shape.join()}]`))
    .join(";");

function checkArguments(args: unknown[]): asserts args is Argument[] {
  args.forEach((arg, i) => {
    if (typeof arg === "number" || arg instanceof tf.Tensor) return;
    throw new TypeError(
      `compile: argument ${i} of a compiled step must be a tensor or a number, got ${typeof arg}. ` +
        "Make a tensor of it, or let the step take it from its closure if it never changes.",
    );
  });
}

/** Numbers become scalars for the time of one call. */
function withScalars<R>(args: Argument[], call: (tensors: Tensor[]) => R): R {
  const made: Tensor[] = [];
  const tensors = args.map((arg) => {
    if (typeof arg !== "number") return arg;
    const scalar = tf.engine().tidy(() => tf.keep(tf.scalar(arg, "float32")));
    made.push(scalar);
    return scalar;
  });
  try {
    return call(tensors);
  } finally {
    made.forEach((scalar) => scalar.dispose());
  }
}

function trace<R>(
  step: (...args: Tensor[]) => R,
  args: Tensor[],
  options: CompileOptions,
): Trace<R> {
  const xla = options.xla ?? true;
  const recording = new Recording(xla);
  try {
    const { nodes, rebuild } = recording.record(
      () => step(...args.map((arg, index) => recording.argument(arg, index))),
      (result) => {
        const flat = flatten("compile: what the step returns", result);
        const outputs = options.guard
          ? [...flat.tensors, recording.allFinite(flat.tensors)]
          : flat.tensors;
        return { nodes: outputs.map((tensor) => recording.result(tensor)), rebuild: flat.rebuild };
      },
    );
    recording.checkLeaks();
    return { call: new GraphFunction(recording, nodes, args, xla), rebuild };
  } catch (error) {
    recording.close();
    throw error;
  }
}

/**
 * Compiles a training step, or any function of tensors, into one call.
 *
 * The step is ordinary TensorFlow.js code (`tf.variableGrads`, an optimizer, assignments to
 * variables). At the first call with given shapes and dtypes it is recorded as a graph, without
 * computing anything, and from then on a call runs the graph: small models are bound by the cost of
 * each operation, and this leaves one. Variables stay ordinary `tf.Variable`s that can be read, saved
 * and changed between calls. JavaScript numbers inside the step are constants; what changes from call
 * to call (a learning rate, noise, a mask) is an argument.
 *
 *     const step = compile((tokens, learningRate) => {
 *       const { value, grads } = tf.variableGrads(() => loss(tokens));
 *       optimizer.step(grads, learningRate);
 *       return value;
 *     });
 *     const loss = step(tokens, 3e-4);   // a tensor; the caller disposes
 *
 * On an engine without graphs the same call runs the step as it is, with the same result.
 *
 * @throws CompileError when the step draws random numbers, reads a value, branches on one, or uses a
 *   tensor that is neither argument, variable nor `tf.keep`-ed constant
 * @throws NonFiniteError with `guard`, when a result or a variable is NaN or infinite
 */
export function compile<A extends Tensor[], R extends TensorTree>(
  step: (...args: A) => R,
  options: CompileOptions = {},
): CompiledStep<A, R> {
  if (typeof step !== "function")
    throw new TypeError(`compile: expected a function of tensors, got ${typeof step}.`);
  const traces = new Map<string, Trace<R>>();
  let calls = 0;
  const compiled = (...args: unknown[]): R => {
    checkArguments(args);
    return withScalars(args, (tensors) => {
      const run = step as (...tensors: Tensor[]) => R;
      if (!nativeBinding()) return runEagerly(run, tensors, options, ++calls);
      const key = signature(args);
      const known = traces.get(key) ?? trace(run, tensors, options);
      if (!traces.has(key)) remember(traces, key, known);
      return runTrace(known, tensors, options, ++calls); // a refused call was no step
    });
  };
  const dispose = () => {
    for (const { call } of traces.values()) call.dispose();
    traces.clear();
  };
  Object.defineProperty(compiled, "traces", { get: () => traces.size });
  return Object.assign(compiled, { dispose }) as unknown as CompiledStep<A, R>;
}

function remember<R>(traces: Map<string, Trace<R>>, key: string, made: Trace<R>): void {
  traces.set(key, made);
  if (traces.size === retraceWarning)
    console.warn(
      `compile: this step has been recorded for ${retraceWarning} different shapes (the last: ${key}). ` +
        "Recording costs more than it saves when every call has a new shape: pad to a few fixed ones.",
    );
}

function runTrace<R>(known: Trace<R>, args: Tensor[], options: CompileOptions, call: number): R {
  const { results, commit, discard } = known.call.run(args);
  if (options.guard) {
    const finite = results.pop() as Tensor;
    const good = finite.dataSync()[0] !== 0;
    finite.dispose();
    if (!good) {
      discard();
      results.forEach((result) => result.dispose());
      throw new NonFiniteError(call);
    }
  }
  commit();
  return known.rebuild(results);
}

function runEagerly<R>(
  step: (...args: Tensor[]) => R,
  args: Tensor[],
  { guard }: CompileOptions,
  call: number,
): R {
  const allow = refuseRandomDraws();
  try {
    tf.engine().startScope("compile");
    const result = guard ? guardEagerly(() => step(...args), call) : step(...args);
    const { tensors } = flatten("compile: what the step returns", result);
    tf.engine().endScope(tensors);
    return result;
  } catch (error) {
    tf.engine().endScope();
    throw error instanceof Error ? error : new CompileError(String(error));
  } finally {
    allow();
  }
}
