/** Exercise 03, part 5: Cohen's kappa, agreement beyond chance. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";

/** Labels of the same items by two annotators, in the same order. */
type Inputs = [first: string[], second: string[]];

/** Label lists from a table: counts[a][b] items that the first called a and the second b. */
function fromCounts(names: readonly string[], counts: readonly number[][]): Inputs {
  const first: string[] = [];
  const second: string[] = [];
  counts.forEach((row, a) =>
    row.forEach((count, b) => {
      for (let i = 0; i < count; i++) {
        first.push(names[a]);
        second.push(names[b]);
      }
    }),
  );
  return [first, second];
}

const leftRight = ["left", "right"];

/** Two annotators who agree on about two items in three, with three labels. */
function drawInputs(rng: Rng, count: number): Inputs[] {
  const names = ["left", "right", "tie"];
  return Array.from({ length: count }, () => {
    const first = Array.from({ length: 24 }, () => names[Math.min(rng.integer(4), 2)]);
    const second = first.map((name) => (rng.bernoulli(0.5) ? name : names[rng.integer(3)]));
    return [first, second];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with tables worked out by hand", [
  {
    // prettier-ignore
    inputs: fromCounts(leftRight, [[9, 3], [5, 3]]),
    answer: 3 / 23,
    because:
      "0.130435: 12 of 20 agree (0.6); with 12 and 14 of 20 on the left, chance alone gives 0.6·0.7 + 0.4·0.3 = 0.54; and 0.06 of the possible 0.46 were reached",
  },
  {
    // prettier-ignore
    inputs: fromCounts(leftRight, [[4, 1], [2, 3]]),
    answer: 0.4,
    because: "0.4: 7 of 10 agree, chance alone gives 0.5, and 0.2 of the possible 0.5 were reached",
  },
]);

const perfectIsOne = each<Inputs, number>(
  "is 1 for two who always agree",
  (rng) => drawInputs(rng, 2).map(([first]): Inputs => [first, [...first]]),
  (value) => (close(value, 1) ? undefined : "1: they agree on every item"),
);

const chanceIsZero = each<Inputs, number>(
  "is 0 where agreement is what chance would give",
  () => [
    // prettier-ignore
    fromCounts(leftRight, [[2, 4], [1, 2]]),
    // prettier-ignore
    fromCounts(["left", "right", "tie"], [[1, 1, 2], [1, 1, 2], [2, 2, 4]]),
  ],
  (value) =>
    close(value, 0) ? undefined : "0: each label of the one is spread like all labels of the other",
);

const oppositesAreMinusOne = each<Inputs, number>(
  "is −1 for two who never agree on two equally frequent labels",
  // prettier-ignore
  () => [fromCounts(leftRight, [[0, 3], [3, 0]])],
  (value) => (close(value, -1) ? undefined : "−1: half would agree by chance, and none does"),
);

const symmetric = compared<Inputs, number>(
  "is the same for both annotators",
  (rng) =>
    drawInputs(rng, 3).map(([first, second]): [Inputs, Inputs] => [
      [first, second],
      [second, first],
    ]),
  (changed, original) =>
    close(changed, original) ? undefined : `${describe(original)}, as with the two exchanged`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "countsAgreement",
    looksLike: "this is plain agreement; what chance alone would give is not taken off.",
    implementation: (first: string[], second: string[]) =>
      first.filter((label, i) => label === second[i]).length / first.length,
  },
  {
    name: "assumesEqualLabels",
    looksLike:
      "chance is taken as one in the number of labels; people do not use labels equally often.",
    implementation: (first: string[], second: string[]) => {
      const observed = first.filter((label, i) => label === second[i]).length / first.length;
      const chance = 1 / new Set([...first, ...second]).size;
      return (observed - chance) / (1 - chance);
    },
  },
  {
    name: "poolsTheAnnotators",
    looksLike:
      "both annotators' labels are pooled for the chance agreement (Scott's π); Cohen keeps them apart.",
    implementation: (first: string[], second: string[]) => {
      const observed = first.filter((label, i) => label === second[i]).length / first.length;
      const all = [...first, ...second];
      let chance = 0;
      for (const label of new Set(all)) {
        chance += (all.filter((other) => other === label).length / all.length) ** 2;
      }
      return (observed - chance) / (1 - chance);
    },
  },
  {
    name: "usesOneAnnotator",
    looksLike: "chance agreement is worked out from the first annotator's labels alone.",
    implementation: (first: string[], second: string[]) => {
      const observed = first.filter((label, i) => label === second[i]).length / first.length;
      let chance = 0;
      for (const label of new Set(first)) {
        chance += (first.filter((other) => other === label).length / first.length) ** 2;
      }
      return (observed - chance) / (1 - chance);
    },
  },
  {
    name: "forgetsToDivide",
    looksLike: "the gain over chance is not divided by the largest gain possible.",
    implementation: (first: string[], second: string[]) => {
      const share = (labels: string[], name: string) =>
        labels.filter((label) => label === name).length / labels.length;
      const observed = first.filter((label, i) => label === second[i]).length / first.length;
      let chance = 0;
      for (const name of new Set(first)) chance += share(first, name) * share(second, name);
      return observed - chance;
    },
  },
];

/** Part 5 of exercise 03. */
export const kappaExercise: FunctionExercise<Inputs, number> = {
  name: "kappa",
  exercise: "03-bradley-terry",
  parameters: ["first", "second"],
  shape: () => [],
  properties: [workedByHand, perfectIsOne, chanceIsZero, oppositesAreMinusOne, symmetric],
  mistakes,
  hints: [
    "Three numbers: how often the two agree, how often two people with these habits would agree by chance, and how much agreement beyond chance was possible at all.",
    "Chance: for each label, the share of items to which the first gave it times the share to which the second gave it; added up over all labels.",
    "$\\kappa = \\dfrac{p_o - p_e}{1 - p_e}$ with $p_o$ the observed share of agreement and $p_e$ the chance of it. `new Set([...first, ...second])` lists the labels.",
  ],
};
