/** Exercise 10, part 3: fitting the shape of over-optimisation. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Distances d = √KL and the gains there. */
type Inputs = [distances: number[], gains: number[]];

const parameters = ["distances", "gains"];

const tenth = (x: number): number => Math.round(10 * x) / 10;

/** Points of a hump with noise on it. */
function drawInputs(rng: Rng): Inputs[] {
  return [4, 6, 9].map((size): Inputs => {
    const distances = Array.from({ length: size }, (_, k) => tenth(0.3 + 0.4 * k));
    const [alpha, beta] = [1 + rng.uniform(), 0.2 + 0.4 * rng.uniform()];
    return [distances, distances.map((d) => tenth(d * (alpha - beta * d) + 0.2 * rng.normal()))];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with points worked out by hand", [
  {
    inputs: [[1, 2], [1.5, 2]], // prettier-ignore
    answer: [2, 0.5],
    because: "[2, 0.5]: 1·(2 − 0.5·1) = 1.5 and 2·(2 − 0.5·2) = 2, exactly",
  },
  {
    inputs: [[1, 2, 3], [1, 2, 3]], // prettier-ignore
    answer: [1, 0],
    because: "[1, 0]: a straight line through the start does not bend",
  },
]);

const errorOf = ([d, y]: Inputs, [alpha, beta]: number[]): number =>
  d.reduce((sum, x, k) => sum + (y[k] - x * (alpha - beta * x)) ** 2, 0);

const least = each<Inputs, number[]>(
  "has the least squared error: nudging α or β makes it larger",
  drawInputs,
  (fit, inputs) => {
    const [alpha, beta] = fit;
    const here = errorOf(inputs, fit);
    const nudges = [[0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01]]; // prettier-ignore
    const better = nudges.find(([a, b]) => errorOf(inputs, [alpha + a, beta + b]) < here);
    return better === undefined
      ? undefined
      : `less than ${describe(here)}, the sum of squares with your α and β: [${describe(alpha + better[0])}, ${describe(beta + better[1])}] has less`;
  },
);

const scales = compared<Inputs, number[]>(
  "gives twice the α and β for twice the gains",
  (rng) =>
    drawInputs(rng).map(([d, y]): [Inputs, Inputs] => [
      [d, y],
      [d, y.map((gain) => 2 * gain)],
    ]),
  (twice, once) =>
    allClose(twice, once.map((x) => 2 * x)) ? undefined : describe(once.map((x) => 2 * x)), // prettier-ignore
);

const units = compared<Inputs, number[]>(
  "keeps the curve when distances are measured in another unit",
  (rng) =>
    drawInputs(rng).map(([d, y]): [Inputs, Inputs] => [
      [d, y],
      [d.map((x) => 2 * x), y],
    ]),
  ([a, b], [alpha, beta]) =>
    close(a, alpha / 2) && close(b, beta / 4)
      ? undefined
      : `${describe([alpha / 2, beta / 4])}, half and a quarter, for distances twice as long`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "turnsBeta",
    looksLike: "β has the wrong sign: in d·(α − β·d) a curve that bends down has a positive β.",
    implementation: (d: number[], y: number[]) => {
      let [dd, d3, d4, dy, ddy] = [0, 0, 0, 0, 0];
      d.forEach((x, k) => {
        dd += x * x;
        d3 += x ** 3;
        d4 += x ** 4;
        dy += x * y[k];
        ddy += x * x * y[k];
      });
      const det = dd * d4 - d3 * d3;
      return [(d4 * dy - d3 * ddy) / det, (dd * ddy - d3 * dy) / det];
    },
  },
  {
    name: "fitsTheEnds",
    looksLike: "the curve goes through the first and the last point; least squares hears all of them.",
    implementation: (d: number[], y: number[]) => {
      const last = d.length - 1;
      const [first, end] = [y[0] / d[0], y[last] / d[last]];
      const beta = (first - end) / (d[last] - d[0]);
      return [first + beta * d[0], beta];
    },
  },
  {
    name: "fitsTheRatio",
    looksLike: "a line is fitted to gain/d. That weighs the points near the start far too much.",
    implementation: (d: number[], y: number[]) => {
      const n = d.length;
      const ratio = d.map((x, k) => y[k] / x);
      const [md, mr] = [d, ratio].map((xs) => xs.reduce((a, b) => a + b, 0) / n);
      let [cov, spread] = [0, 0];
      d.forEach((x, k) => {
        cov += (x - md) * (ratio[k] - mr);
        spread += (x - md) ** 2;
      });
      return [mr - (cov / spread) * md, -cov / spread];
    },
  },
  {
    name: "addsAConstant",
    looksLike: "a constant is fitted too; at d = 0 there is no gain, so the curve must start at 0.",
    implementation: (d: number[], y: number[]) => {
      // normal equations of y = c + αd − βd², solved by elimination
      const rows = [0, 1, 2].map((i) => [
        ...[0, 1, 2].map((j) => d.reduce((s, x) => s + x ** (i + j), 0)),
        d.reduce((s, x, k) => s + x ** i * y[k], 0),
      ]);
      if (d.length < 3) return [y[0] / d[0], 0];
      for (let i = 0; i < 3; i++) {
        for (let k = i + 1; k < 3; k++) {
          const factor = rows[k][i] / rows[i][i];
          rows[k] = rows[k].map((x, j) => x - factor * rows[i][j]);
        }
      }
      const c2 = rows[2][3] / rows[2][2];
      const c1 = (rows[1][3] - rows[1][2] * c2) / rows[1][1];
      return [c1, -c2];
    },
  },
];

/** Part 3 of exercise 10. */
export const fitHumpExercise: FunctionExercise<Inputs, number[]> = {
  name: "fitHump",
  exercise: "10-best-of-n",
  parameters,
  shape: () => [2],
  properties: [workedByHand, least, scales, units, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "The curve $\\alpha d-\\beta d^2$ is *linear* in $\\alpha$ and $\\beta$, so the least squares are those of a regression on two columns, $d$ and $-d^2$, without a constant.",
    "Set both slopes of $\\sum_k(y_k-\\alpha d_k+\\beta d_k^2)^2$ to 0. With $S_j=\\sum d^j$ and $T_j=\\sum d^j y$: $\\;\\alpha S_2-\\beta S_3=T_1$ and $\\alpha S_3-\\beta S_4=T_2$.",
    "$\\alpha=(S_4T_1-S_3T_2)/(S_2S_4-S_3^2)$ and $\\beta=(S_3T_1-S_2T_2)/(S_2S_4-S_3^2)$.",
  ],
};
