/** Hidden tests of one point, as several exercises use them. Not released. */
import type { Rng } from "../../lib/core/rng";
import type { Property } from "../../lib/course/exercise";
import type { HiddenTest } from "../../lib/course/grading/marking";
import { allClose, describe, each, leavesInputs } from "../../lib/course/judge";

/** The answer is close to the reference on every drawn input. */
export function matches<I extends readonly unknown[]>(
  name: string,
  says: string,
  draw: (rng: Rng) => I[],
  reference: (...inputs: I) => unknown,
): HiddenTest {
  const property = each<I, unknown>(says, draw, (value, inputs) => {
    const right = reference(...inputs);
    return allClose(value, right) ? undefined : describe(right);
  });
  return { name, points: 1, property: property as unknown as HiddenTest["property"] };
}

/** Right answers, and the arguments untouched. */
export function touchesNothing<I extends readonly unknown[]>(
  draw: (rng: Rng) => I[],
  reference: (...inputs: I) => unknown,
  parameters: readonly string[],
): HiddenTest {
  const untouched = leavesInputs<I, unknown>(draw, parameters);
  const right = matches("", "", draw, reference).property as unknown as Property<I, unknown>;
  const property: Property<I, unknown> = {
    says: "answers and leaves its arguments as they were",
    calls: draw,
    judge: (answered) => right.judge(answered) ?? untouched.judge(answered),
  };
  return {
    name: "arguments",
    points: 1,
    property: property as unknown as HiddenTest["property"],
  };
}
