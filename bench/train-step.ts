/**
 * A training step of a GPT (forward, backward, AdamW, the loss read back) beside PyTorch, in one
 * interleaved run from the same weights on the same batch, with the losses compared.
 *
 *     npm run bench -- train-step [rounds] [small] [middle] [large]
 *     writes bench/results/train-step.md; RLHF_BENCH_PYTHON names a Python that has PyTorch
 */
import { firstCall, ours, pytorch } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { lossAgreement } from "./training/lossAgreement";
import { sizes as allSizes } from "./training/sizes";

const steps = (count: number) => ({ command: "steps", count });

const { rounds, sizes } = fromCommandLine(allSizes, 12);

void interleave({
  title: "A training step beside PyTorch",
  file: "train-step",
  about:
    "Wall and CPU time of a step, medians of interleaved turns; ratio to the faster of PyTorch eager with two threads and with one. " +
    "PyTorch: fused AdamW, fused attention, OMP_WAIT_POLICY=PASSIVE. Ours: `compile` with XLA. Single precision throughout. " +
    firstCall,
  sizes,
  contenders: [
    { contender: ours("ours"), command: steps },
    { contender: pytorch("PyTorch eager, 2 threads", 2, "eager"), command: steps },
    { contender: pytorch("PyTorch eager, 1 thread", 1, "eager"), command: steps },
    { contender: pytorch("torch.compile, 2 threads", 2, "compile"), command: steps },
  ],
  rounds,
  perTurn: ({ name }) => ({ small: 40, middle: 8, large: 3 })[name] ?? 5,
  unit: () => 1,
  reference: "PyTorch eager",
  agreement: lossAgreement,
});
