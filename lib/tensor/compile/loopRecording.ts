import type { Tensor, Variable } from "../tensorflow";
import { nativeBackend } from "./engine";
import { nameOf } from "./graphFunction";
import { Recording, type Source } from "./recording";
import { CompileError } from "./refusals";

/** A function of recorded tensors, as it is run inside a recording of its own. */
type Recorded = (tensors: Tensor[]) => Tensor[];

function recordInside<F>(
  parent: Recording,
  examples: Tensor[],
  run: Recorded,
  finish: (recording: Recording, results: Tensor[]) => F,
): { recording: Recording; finished: F } {
  const recording = new Recording(parent.xla, parent);
  try {
    const finished = recording.record(
      () => run(examples.map((example, index) => recording.argument(example, index))),
      (results) => finish(recording, results),
    );
    recording.checkLeaks();
    if (recording.created.length > 0)
      throw new CompileError(
        "compileLoop: the body makes a variable. Make it before the loop: it would be a new one in each step.",
      );
    return { recording, finished };
  } catch (error) {
    recording.close();
    throw error;
  }
}

/** The shapes and dtypes of what `run` returns, found without leaving a trace in `parent`. */
export function shapesOf(
  parent: Recording,
  examples: Tensor[],
  run: Recorded,
): Pick<Tensor, "shape" | "dtype">[] {
  const { recording, finished } = recordInside(parent, examples, run, (_, results) =>
    results.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  recording.close();
  return finished;
}

/**
 * Records `while (state[0] < limit) state = body(state, fixed)` into `parent`. Variables that the body
 * assigns are part of the state, too.
 *
 * @param functions the names of the functions this registers are added here
 * @returns the final state
 */
export function recordWhile(
  parent: Recording,
  body: (state: Tensor[], fixed: Tensor[]) => Tensor[],
  state: Tensor[],
  fixed: Tensor[],
  limit: number,
  functions: string[],
): Tensor[] {
  const { binding } = nativeBackend();
  const given = [...state, ...fixed];
  const run = (tensors: Tensor[]) =>
    body(tensors.slice(0, state.length), tensors.slice(state.length));
  const { recording, finished } = recordInside(parent, given, run, (inner, results) =>
    results.map((result) => inner.result(result).node),
  );
  const { sources, assignments } = recording;
  const nodes = sources.map(({ node }) => node);
  const assigned = new Map<Tensor | undefined, number>(
    assignments.map(({ variable, node }) => [variable, node]),
  );
  const after = sources.map(({ tensor, node }) => assigned.get(tensor) ?? node);
  const results = [...finished, ...after.slice(state.length)];
  const name = nameOf("rlhf_loop", recording);
  binding.addFunction(`${name}_body`, recording.graph, nodes, results, false);
  recording.close();
  addCondition(`${name}_condition`, sources, limit);
  functions.push(`${name}_body`, `${name}_condition`);
  const captured = sources.slice(given.length).map((source) => parent.nodeOfSource(source));
  const inputs = [...given.map((tensor) => parent.node(tensor)), ...captured];
  const ends = parent.while(`${name}_condition`, `${name}_body`, inputs);
  sources.forEach(({ tensor }, i) => {
    if (assigned.has(tensor)) (tensor as Variable).assign(ends[i]);
  });
  return ends.slice(0, state.length);
}

/** Registers the function `inputs[0] < limit`; it takes all that the body takes. */
function addCondition(name: string, sources: Source[], limit: number): void {
  const { binding } = nativeBackend();
  const graph = binding.openRecording();
  const inputs = sources.map(({ dtype, shape }) => binding.recordInput(graph, dtype, shape).id);
  const end = binding.recordConstant(graph, binding.TF_INT32, [], Int32Array.of(limit));
  const type = [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 }];
  const [less] = binding.recordOp(graph, "Less", type, [inputs[0], end.id], 1);
  binding.addFunction(name, graph, inputs, [less.id], false);
  binding.closeRecording(graph);
}
