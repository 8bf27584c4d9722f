/**
 * A step of DPO and a step of a reward model beside TRL's trainers and a step written by hand in PyTorch,
 * in one interleaved run from the same weights on the same pairs, with the losses compared.
 *
 *     npm run bench -- dpo [rounds] [dpo] [reward]
 *     writes bench/results/dpo.md; RLHF_BENCH_TRL_1_16 names a Python that has PyTorch and TRL
 */
import { join } from "node:path";

import { tasks } from "./dpo/task";
import { Contender } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { lossAgreement } from "./training/lossAgreement";
import { trl } from "./training/trl";

const inFolder = (file: string): string => join(__dirname, "dpo", file);
const ours = (name: string, environment: Record<string, string> = {}): Contender =>
  new Contender(name, [process.execPath, "--import", "tsx", inFolder("ours.ts")], environment);
const python = (name: string, mode: "trl" | "torch", threads: number): Contender =>
  trl(name, "1.16", threads, inFolder("reference.py"), mode);
const steps = (count: number) => ({ command: "steps", count });

const { rounds, sizes } = fromCommandLine(tasks, 12);

void interleave({
  title: "Steps of DPO and of a reward model beside TRL",
  file: "dpo",
  about:
    "Wall and CPU time of a step, medians of interleaved turns; ratio to TRL's trainer with one thread. A step: forward, backward, gradient " +
    "norm at most 1, Adam, the loss read back; DPO (β = 0.1) also asks the reference, as TRL does by default. The batch counts pairs: 16 tokens of " +
    "prompt, 48 of reply. TRL 1.16: DPOTrainer and RewardTrainer in their own `train()`, with its metrics and its collator, without " +
    "gradient checkpointing and logging, fused AdamW, single precision. PyTorch by hand: the same with fused attention, nothing else. Ours: `compile` with XLA; " +
    "of a reward's sequences the last layer makes queries and feed-forward for the last token only, the one that is read. First calls include, for TRL, imports and the making of the trainer; ours may find compiled steps in .setup/xla.",
  sizes,
  contenders: [
    { contender: ours("ours"), command: steps },
    { contender: ours("ours, 1 thread", { TF_NUM_INTRAOP_THREADS: "1" }), command: steps },
    { contender: python("TRL, 1 thread", "trl", 1), command: steps },
    { contender: python("TRL, 2 threads", "trl", 2), command: steps },
    { contender: python("PyTorch by hand, 1 thread", "torch", 1), command: steps },
    { contender: python("PyTorch by hand, 2 threads", "torch", 2), command: steps },
  ],
  rounds,
  perTurn: () => 20,
  unit: () => 1,
  reference: "TRL, 1 thread",
  agreement: lossAgreement,
});
