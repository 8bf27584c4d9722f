import type { Attribute, Handle } from "../native";
import type { GraphWriter } from "./graphWriter";

type Replacement = (writer: GraphWriter, x: number, attributes: Attribute[]) => Handle[];

const constant = (writer: GraphWriter, value: number): number =>
  writer.constant([], writer.binding.TF_FLOAT, Float32Array.of(value));

/** √x as x^½, which LLVM turns into the processor's square root: the same numbers for x ≥ 0. */
const squareRoot: Replacement = (writer, x, attributes) =>
  writer.op("Pow", attributes, [x, constant(writer, 0.5)], 1);

const inverseSquareRoot: Replacement = (writer, x, attributes) => {
  const [root] = squareRoot(writer, x, attributes);
  return writer.op("RealDiv", attributes, [constant(writer, 1), root.id], 1);
};

const replacements: Record<string, Replacement> = { Sqrt: squareRoot, Rsqrt: inverseSquareRoot };

/**
 * Records one op for XLA on the CPU.
 *
 * XLA translates some ops through a compiler pipeline (MLIR) that is set up anew for each of them, at
 * 5 ms apiece: with a square root for each parameter that was a quarter of the first call of a step
 * with Adam. They are recorded as others that mean the same and that it translates at once.
 */
export function recordForXla(
  writer: GraphWriter,
  name: string,
  attributes: Attribute[],
  inputs: number[],
  outputs: number,
): Handle[] {
  const replace = replacements[name];
  const type = attributes.find((attribute) => attribute.name === "T")?.value;
  if (replace === undefined || type !== writer.binding.TF_FLOAT)
    return writer.op(name, attributes, inputs, outputs);
  return replace(writer, inputs[0], attributes);
}
