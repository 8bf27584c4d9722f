import { Rng } from "../../core/rng";
import { tf } from "../tensorflow";
import { replaceMethods } from "./engine";

/** Thrown when a step cannot be compiled as it is written; the message says what to do. */
export class CompileError extends Error {
  override name = "CompileError";
}

export const readRefusal = () =>
  new CompileError(
    "compile: the step reads a number out of a tensor (dataSync, arraySync, print, or an `if` on a " +
      "value). A compiled step runs without JavaScript: return the tensor and read it after the call, " +
      "choose with tf.where instead of `if`, and pass numbers that change as arguments.",
  );

export const randomRefusal = (what: string) =>
  new CompileError(
    `compile: the step draws random numbers (${what}). They would be drawn once and repeated in every ` +
      "call: draw the noise or the mask outside with Rng and pass it as an argument.",
  );

export const captureRefusal = (shape: number[]) =>
  new CompileError(
    `compile: the step uses a tensor of shape [${shape.join(", ")}] from outside that is neither an ` +
      "argument nor a variable. Pass it as an argument; if it never changes, call tf.keep() on it once.",
  );

export const leakRefusal = (count: number) =>
  new CompileError(
    `compile: the step keeps ${count} tensor${count === 1 ? "" : "s"} of its own (tf.keep, or stored ` +
      "somewhere outside). Return what is needed after the call.",
  );

export const shapeRefusal = (op: string) =>
  new CompileError(
    `compile: the shape of the result of ${op} depends on the values in it, so it cannot be compiled. ` +
      "Use a mask of fixed shape instead of selecting entries.",
  );

const randomFunctions = [
  "randomNormal",
  "randomUniform",
  "randomUniformInt",
  "randomStandardNormal",
  "randomGamma",
  "truncatedNormal",
  "multinomial",
  "dropout",
  "rand",
] as const;

/** Makes every source of random numbers throw while a step is recorded; returns what allows them again. */
export function refuseRandomDraws(): () => void {
  const throwing = (what: string) => () => {
    throw randomRefusal(what);
  };
  const fromTf = randomFunctions.map((name) => [name, throwing(`tf.${name}`)] as const);
  const draws = ["uint32", "uniform", "normal", "exponential", "gumbel", "integer"] as const;
  const fromRng = draws.map((name) => [name, throwing(`Rng.${name}`)] as const);
  const undo = [
    replaceMethods(tf as object, Object.fromEntries(fromTf)),
    replaceMethods(Rng.prototype as object, Object.fromEntries(fromRng)),
    replaceMethods(Math, { random: throwing("Math.random") }),
  ];
  return () => undo.forEach((restore) => restore());
}
