import { teach, type TeachingRun } from "../lib/index";
import { summary, type Recipe, type Values } from "./recipe";

const spin = {
  world: "spin",
  steps: 51_200,
  labels: 60,
  rounds: 16,
  upFront: 0.5,
  entropyBonus: 0.03,
} as const;
const ways: Record<string, Omit<TeachingRun, "seed">> = {
  taught: spin,
  settled: { ...spin, entropyBonus: 0 },
  turned: { ...spin, turned: true },
  none: { ...spin, labels: 0 },
  truth: { ...spin, feedback: "true reward" },
};

export const recipe: Recipe = {
  title: "Sixty comparisons teach a pendulum to keep looping",
  about:
    "Spin (the pendulum of Pendulum-v1, three torques, episodes of 100 steps); PPO for 51,200 steps on a reward learned from 60 comparisons of " +
    "25 steps, half of them before training, the rest in 15 rounds, one answer in ten a coin flip; an entropy bonus of 0.03 but where it says none. " +
    "Hidden return of an episode, Σ θ̇/8, of the last 60 training episodes. The mean over five seeds is to be at least 45, with all answers turned round at most −20.",
  seeds: { smoke: 1, quick: 5, full: 30 },
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
      settled: { title: "return, 60 answers, no entropy bonus", atLeast: 45 },
      turned: { title: "return, 60 answers turned round", atMost: -20 },
      none: { title: "return, no answers" },
    }),
};
