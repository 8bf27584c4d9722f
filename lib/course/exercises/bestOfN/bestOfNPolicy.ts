/** Exercise 10, part 1: what best-of-n gives, exactly. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, each, leavesInputs } from "../../judge";

/** Probability of each reply, its reward, and n. */
type Inputs = [probabilities: number[], rewards: number[], n: number];

const parameters = ["probabilities", "rewards", "n"];

/** Three to five replies with whole rewards, some of them equal, in no order. */
function drawInputs(rng: Rng): Inputs[] {
  return [3, 4, 5].map((size): Inputs => {
    const weights = Array.from({ length: size }, () => 1 + rng.integer(9));
    const total = weights.reduce((a, b) => a + b, 0);
    return [weights.map((w) => w / total), weights.map(() => rng.integer(4)), 2 + rng.integer(6)];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with replies worked out by hand", [
  {
    inputs: [[0.5, 0.5], [1, 2], 2], // prettier-ignore
    answer: [0.25, 0.75],
    because: "[0.25, 0.75]: the worse one comes only if both draws are the worse one",
  },
  {
    inputs: [[0.2, 0.5, 0.3], [3, 1, 2], 2], // prettier-ignore
    answer: [0.36, 0.25, 0.39],
    because: "[0.36, 0.25, 0.39]: from worst to best F is 0.5, 0.8, 1, so 0.5², 0.8² − 0.5², 1 − 0.8²",
  },
  {
    inputs: [[0.3, 0.2, 0.5], [1, 1, 0], 2], // prettier-ignore
    answer: [0.45, 0.3, 0.25],
    because: "[0.45, 0.3, 0.25]: the two best have 1 − 0.5² = 0.75 together and share it as 0.3 to 0.2",
  },
]);

const sumsToOne = each<Inputs, number[]>("gives probabilities that add up to 1", drawInputs, (q) => {
  const total = q.reduce((a, b) => a + b, 0);
  return Math.abs(total - 1) < 1e-6 ? undefined : "probabilities that add up to 1";
}); // prettier-ignore

const oneDraw = each<Inputs, number[]>(
  "is the reference itself for n = 1",
  (rng) => drawInputs(rng).map(([p, r]): Inputs => [p, r, 1]),
  (q, [p]) => (allClose(q, p) ? undefined : `${describe(p)}: the best of one draw is that draw`),
);

const orderOnly = compared<Inputs, number[]>(
  "looks at the order of the rewards only, not at their size",
  (rng) =>
    drawInputs(rng).map(([p, r, n]): [Inputs, Inputs] => [
      [p, r, n],
      [p, r.map((x) => x ** 3 - 5), n],
    ]),
  (changed, original) => (allClose(changed, original) ? undefined : describe(original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "keepsTheWorst",
    looksLike: "the worst of n is kept: the rewards are sorted the wrong way round.",
    implementation: (p: number[], r: number[], n: number) =>
      p.map((share, y) => {
        let above = 0;
        let equal = 0;
        r.forEach((x, z) => {
          if (x > r[y]) above += p[z];
          if (x === r[y]) equal += p[z];
        });
        return (share / equal) * ((above + equal) ** n - above ** n);
      }),
  },
  {
    name: "countsTiesAsBelow",
    looksLike: "replies with equal rewards are taken one after the other; they must share in proportion.",
    implementation: (p: number[], r: number[], n: number) => {
      const order = p.map((_, y) => y).sort((a, b) => r[a] - r[b]);
      const q = p.map(() => 0);
      let below = 0;
      for (const y of order) {
        q[y] = (below + p[y]) ** n - below ** n;
        below += p[y];
      }
      return q;
    },
  },
  {
    name: "sharesEvenly",
    looksLike: "replies with equal rewards share evenly; the likelier one comes more often.",
    implementation: (p: number[], r: number[], n: number) =>
      p.map((_, y) => {
        let below = 0;
        let equal = 0;
        let count = 0;
        r.forEach((x, z) => {
          if (x < r[y]) below += p[z];
          if (x === r[y]) {
            equal += p[z];
            count += 1;
          }
        });
        return ((below + equal) ** n - below ** n) / count;
      }),
  },
  {
    name: "forgetsToSubtract",
    looksLike: "F(r)ⁿ is the chance of this reward *or a lower one*; that of lower ones must go off.",
    implementation: (p: number[], r: number[], n: number) =>
      p.map((share, y) => {
        let upTo = 0;
        let equal = 0;
        r.forEach((x, z) => {
          if (x <= r[y]) upTo += p[z];
          if (x === r[y]) equal += p[z];
        });
        return (share / equal) * upTo ** n;
      }),
  },
  {
    name: "tilts",
    looksLike: "this is an exponential tilt by the reward; best-of-n knows only the order.",
    implementation: (p: number[], r: number[], n: number) => {
      const weights = p.map((share, y) => share * Math.exp(r[y] * Math.log(n)));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    },
  },
];

/** Part 1 of exercise 10. */
export const bestOfNPolicyExercise: FunctionExercise<Inputs, number[]> = {
  name: "bestOfNPolicy",
  exercise: "10-best-of-n",
  parameters,
  shape: (p) => [p.length],
  properties: [workedByHand, sumsToOne, oneDraw, orderOnly, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "When is the best of $n$ draws no better than $r$? When *all* $n$ draws are no better than $r$.",
    "For a reply with reward $r$ let `below` be the probability of all smaller rewards and `equal` that of rewards equal to $r$. The group gets `(below + equal) ** n - below ** n`.",
    "Inside the group each reply gets its share $p(y)/$`equal` of that. Two loops over the replies are enough; nothing needs to be sorted.",
  ],
};
