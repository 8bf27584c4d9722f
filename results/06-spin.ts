import { teach, type TeachingRun } from "../lib/index";
import { summary, type Recipe, type Values } from "./recipe";

const spin = { world: "spin", steps: 80_000, labels: 60, rounds: 10, upFront: 0.5 } as const;
const ways: Record<string, Omit<TeachingRun, "seed">> = {
  taught: spin,
  turned: { ...spin, turned: true },
  none: { ...spin, labels: 0 },
  truth: { ...spin, feedback: "true reward" },
};

export const recipe: Recipe = {
  title: "Sixty comparisons teach a pendulum to keep looping",
  about:
    "Spin (the pendulum of Pendulum-v1, three torques, episodes of 100 steps); PPO for 80,000 steps on a reward learned from 60 comparisons of " +
    "25 steps, half of them before training, one answer in ten a coin flip. Hidden return of an episode, Σ θ̇/8, after training. The mean over " +
    "five seeds is to be at least 45, with all answers turned round at most −20.",
  seeds: { smoke: 1, quick: 5, full: 10 },
  run(seed): Values {
    const values: Record<string, number> = {};
    for (const [way, run] of Object.entries(ways))
      values[way] = teach.run({ ...run, seed }).finalReturn;
    return values;
  },
  report: (rows) =>
    summary(rows, {
      truth: { title: "return, PPO on the hidden reward" },
      taught: { title: "return, 60 answers", atLeast: 45 },
      turned: { title: "return, 60 answers turned round", atMost: -20 },
      none: { title: "return, no answers" },
    }),
};
