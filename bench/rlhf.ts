/**
 * Rounds of PPO on replies (sample, score, advantages, eight steps of policy and critic) beside a loop
 * written by hand in PyTorch with a cache of keys and values and TRL's trainers, in one interleaved run.
 *
 *     npm run bench -- rlhf [rounds] [world] [small] [once] [middle]
 *     writes bench/results/rlhf.md; RLHF_BENCH_PYTHON names a Python that has PyTorch, RLHF_BENCH_TRL_1_16 and
 *     RLHF_BENCH_TRL_1_12 name such that have TRL
 */
import { join } from "node:path";

import { type Answer, Contender, pytorchProgram } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { trl } from "./training/trl";
import { sizes as allSizes } from "./rlhf/sizes";
import { mean, median } from "../lib/index";

const iterations = (count: number) => ({ command: "iterations", count });
const inFolder = (file: string): string => join(__dirname, "rlhf", file);
const ours = (name: string, environment: Record<string, string> = {}): Contender =>
  new Contender(name, [process.execPath, "--import", "tsx", inFolder("ours.ts")], environment);
const python = (threads: number): Contender =>
  new Contender(
    `PyTorch, ${threads} thread${threads > 1 ? "s" : ""}`,
    [pytorchProgram(), inFolder("reference.py")],
    { OMP_WAIT_POLICY: "PASSIVE", OMP_NUM_THREADS: String(threads) },
  );

/** CPU time of a round, the first call and the first turn apart. */
const cpu = (answers: Answer[]): number =>
  median(answers.slice(Math.min(2, answers.length - 1)).flatMap((answer) => answer.cpu));

const { rounds, sizes } = fromCommandLine(allSizes, 6);

void interleave({
  title: "PPO on replies beside PyTorch and TRL",
  file: "rlhf",
  about:
    "Milliseconds a round: sampling a batch, scoring by policy, reference and critic, advantages, 4 epochs of 2 minibatches (once: a single step on the whole batch); " +
    "medians of interleaved turns, ratio to PyTorch with one thread. Completions a CPU second are the batch over the CPU time; the last column begins with how many times those of the contender ours (first row) are. world: 64 replies " +
    "of 5 tokens (the enumerable world); small, once and middle: 32 replies of 32 tokens. PyTorch: written by hand, cache in place, fused Adam and attention. " +
    "TRL: GRPOTrainer (it has no critic; groups of 8) and PPOTrainer in their own `train()`, with their metrics, the same batch, reply length, " +
    "epochs and minibatches, the same reward, fused AdamW, single precision, no gradient checkpointing, no logging, no saving.",
  sizes,
  contenders: [
    { contender: ours("ours"), command: iterations },
    { contender: ours("ours, 1 thread", { TF_NUM_INTRAOP_THREADS: "1" }), command: iterations },
    { contender: python(1), command: iterations },
    { contender: python(2), command: iterations },
    { contender: trl("TRL 1.16 GRPOTrainer, 1 thread", "1.16", 1, inFolder("trl_grpo.py")), command: iterations }, // prettier-ignore
    { contender: trl("TRL 1.12 PPOTrainer, 1 thread", "1.12", 1, inFolder("trl_ppo.py")), command: iterations }, // prettier-ignore
  ],
  rounds,
  perTurn: ({ name }) => ({ world: 20, small: 5, once: 10, middle: 2 })[name] ?? 2,
  unit: () => 1,
  reference: "PyTorch, 1 thread",
  agreement: {
    title: "our completions a CPU second; mean reward of the last turn",
    of: (answers, first) =>
      `${(cpu(answers) / cpu(first)).toFixed(2)} ×; ${mean(answers[answers.length - 1].losses ?? [NaN]).toFixed(2)}`,
  },
});
