import { teach, type TeachingRun } from "../lib/index";
import { summary, type Recipe, type Values } from "./recipe";

const orbit = { world: "orbit", steps: 40_000, rounds: 8 } as const;
const ways: Record<string, Omit<TeachingRun, "seed">> = {
  truth: { ...orbit, labels: 0, feedback: "true reward" },
  answers0: { ...orbit, labels: 0 },
  answers50: { ...orbit, labels: 50 },
  answers100: { ...orbit, labels: 100 },
  answers200: { ...orbit, labels: 200 },
  disputed200: { ...orbit, labels: 200, queries: "disagreement" },
  marks200: { ...orbit, labels: 200, feedback: "scores" },
  offline200: { ...orbit, labels: 200, rounds: 1 },
  alone200: { ...orbit, labels: 200, members: 1 },
  strict200: { ...orbit, labels: 200, errorRate: 0 },
  moments200: { ...orbit, labels: 200, segment: 1 },
};

export const recipe: Recipe = {
  title: "Return against the number of answers",
  about:
    "Dot-orbit, PPO for 40,000 steps on a reward learned from comparisons of 25 steps, one answer in ten a coin flip; hidden return " +
    "of the last 60 training episodes. A mark is a score from 1 to 5 for one step, as many of them as clicks. Means over five seeds are to be at least 50 on the hidden " +
    "reward, at least 25 with 200 answers, at most 15 with none; single seeds vary.",
  seeds: { smoke: 1, quick: 5, full: 10 },
  run(seed): Values {
    const values: Record<string, number> = {};
    for (const [way, run] of Object.entries(ways))
      values[way] = teach.run({ ...run, seed }).finalReturn;
    return values;
  },
  report: (rows) =>
    summary(rows, {
      truth: { title: "return, PPO on the hidden reward", atLeast: 50 },
      answers0: { title: "return, no answers" },
      answers50: { title: "return, 50 answers" },
      answers100: { title: "return, 100 answers" },
      answers200: { title: "return, 200 answers", atLeast: 25 },
      disputed200: { title: "return, 200 answers, asked by disagreement" },
      marks200: { title: "return, 200 marks" },
      offline200: { title: "return, 200 answers, all before training" },
      alone200: { title: "return, 200 answers, one network" },
      strict200: { title: "return, 200 answers, no slips allowed for" },
      moments200: { title: "return, 200 answers on segments of one step" },
    }),
};
