/**
 * Rounds of PPO on replies (sample, score, advantages, eight steps of policy and critic) beside a loop
 * written by hand in PyTorch with a cache of keys and values, in one interleaved run.
 *
 *     npm run bench -- rlhf [rounds] [world] [small] [middle]
 *     writes bench/results/rlhf.md; RLHF_BENCH_PYTHON names a Python that has PyTorch
 */
import { join } from "node:path";

import { Contender, pytorchProgram } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { trl } from "./training/trl";
import { sizes as allSizes } from "./rlhf/sizes";
import { mean } from "../lib/index";

const iterations = (count: number) => ({ command: "iterations", count });
const inFolder = (file: string): string => join(__dirname, "rlhf", file);
const python = (threads: number): Contender =>
  new Contender(
    `PyTorch, ${threads} thread${threads > 1 ? "s" : ""}`,
    [pytorchProgram(), inFolder("reference.py")],
    { OMP_WAIT_POLICY: "PASSIVE", OMP_NUM_THREADS: String(threads) },
  );

const { rounds, sizes } = fromCommandLine(allSizes, 6);

void interleave({
  title: "PPO on replies beside PyTorch",
  file: "rlhf",
  about:
    "Milliseconds a round: sampling a batch, scoring by policy, reference and critic, advantages, 4 epochs of 2 minibatches; " +
    "medians of interleaved turns, ratio to PyTorch with one thread. Completions a CPU second are the batch over the CPU time. world: 64 replies " +
    "of 5 tokens (the enumerable world); small and middle: 32 replies of 32 tokens. PyTorch: written by hand, cache in place, fused Adam and attention. " +
    "TRL: GRPOTrainer (it has no critic; groups of 8) and PPOTrainer in their own `train()`, with their metrics, the same batch, reply length, " +
    "epochs and minibatches, the same reward, fused AdamW, single precision, no gradient checkpointing, no logging, no saving.",
  sizes,
  contenders: [
    { contender: new Contender("ours", [process.execPath, "--import", "tsx", inFolder("ours.ts")]), command: iterations }, // prettier-ignore
    { contender: python(1), command: iterations },
    { contender: python(2), command: iterations },
    { contender: trl("TRL 1.16 GRPOTrainer, 1 thread", "1.16", 1, inFolder("trl_grpo.py")), command: iterations }, // prettier-ignore
    { contender: trl("TRL 1.12 PPOTrainer, 1 thread", "1.12", 1, inFolder("trl_ppo.py")), command: iterations }, // prettier-ignore
  ],
  rounds,
  perTurn: ({ name }) => ({ world: 20, small: 5, middle: 2 })[name] ?? 2,
  unit: () => 1,
  reference: "PyTorch, 1 thread",
  agreement: {
    title: "mean reward of the last turn",
    of: (answers) => mean(answers[answers.length - 1].losses ?? [NaN]).toFixed(2),
  },
});
