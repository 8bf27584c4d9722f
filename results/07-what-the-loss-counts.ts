import { copyOf, copyWeights, Rng } from "../lib/index";
import { chainLab, demonstrations, judge, pretrain, tuneOnce, type ChainLab } from "./chains";
import { heldMean, summary, type Figure, type Recipe } from "./recipe";

const settings = { gentle: { rate: 5e-4, epochs: 16 }, lesson: { rate: 1e-3, epochs: 20 } };
const words = { gentle: "5e-4, 16 epochs", lesson: "1e-3, 20 epochs" };
const judges = ["greedy", "sampled"] as const;
const columns = {
  replies: "replies only",
  all: "all tokens",
  gain: "difference",
  "replies form": "form of ONLY, replies only",
  "all form": "form of ONLY, all tokens",
};
let lab: ChainLab | undefined;

export const recipe: Recipe = {
  title: "Loss on the replies only, against loss on all tokens",
  about:
    "Chain addition, 64 demonstrations, batches of 8, AdamW: twice as long a step and more epochs in the lesson than in the gentle setting. The same " +
    "base model, demonstrations and order for both; score of the judge (0 to 2) at the end, on 2 × 300 fresh problems with likeliest (greedy) and with " +
    "sampled replies.",
  seeds: { smoke: 1, quick: 5, full: 20 },
  run(seed) {
    lab ??= chainLab();
    const rng = new Rng(`seed ${seed}`);
    pretrain(lab, rng.split("base"));
    const base = copyOf(lab.model);
    const examples = demonstrations(64, rng.split("demonstrations"));
    const values: Record<string, number> = {};
    for (const [setting, { rate, epochs }] of Object.entries(settings))
      for (const learn of ["replies", "all"] as const) {
        const order = rng.split("order");
        copyWeights(base, lab.model);
        lab.trainer.restart();
        for (let epoch = 0; epoch < epochs; epoch++)
          tuneOnce(lab, examples, order, { rate, learn });
        for (const how of judges) {
          const { score, only } = judge(lab, how);
          values[`${setting} ${how} ${learn}`] = score;
          values[`${setting} ${how} ${learn} form`] = only.format;
        }
      }
    base.dispose();
    for (const setting of Object.keys(settings))
      for (const how of judges)
        values[`${setting} ${how} gain`] =
          values[`${setting} ${how} replies`] - values[`${setting} ${how} all`];
    return values;
  },
  report(rows) {
    const figures: Record<string, Figure> = {};
    for (const [setting, what] of Object.entries(words))
      for (const how of judges)
        for (const [key, title] of Object.entries(columns))
          figures[`${setting} ${how} ${key}`] = { title: `${what}, ${how}: ${title}`, digits: 2 };
    const title = "the difference at 5e-4, 16 epochs, judged by sampled replies as in the lesson";
    return `${summary(rows, figures)}\n\n${heldMean(rows, "gentle sampled gain", { title, atLeast: 0.2 })}`;
  },
};
