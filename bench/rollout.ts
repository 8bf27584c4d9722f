/**
 * Sampling text token by token with a cache of keys and values, 32 sequences at once, beside a
 * hand-written PyTorch loop, in one interleaved run from the same weights with the same noise.
 *
 *     npm run bench -- rollout [rounds] [small] [middle] [large]
 *     writes bench/results/rollout.md; RLHF_BENCH_PYTHON names a Python that has PyTorch
 */
import { firstCall, ours, pytorch } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { rolloutBatch, sizes as allSizes } from "./training/sizes";

const rollouts = (segments: number) => (count: number) => ({
  command: "rollouts",
  count,
  segments,
});

const { rounds, sizes } = fromCommandLine(allSizes, 10);
const library = ours("ours");

void interleave({
  title: "A rollout beside PyTorch",
  file: "rollout",
  about:
    `Milliseconds a token position for ${rolloutBatch} sequences, medians of interleaved turns; ratio to the faster of PyTorch eager with two threads and with one. ` +
    "PyTorch: a loop written by hand, caches written in place and read up to the present token, inference mode. " +
    "Ours: `compileLoop` with XLA, in one stretch and in four. The Gumbel noise is given to both. " +
    firstCall,
  sizes,
  contenders: [
    { contender: library, command: rollouts(4), label: "ours, 4 segments" },
    { contender: library, command: rollouts(1), label: "ours, 1 segment" },
    { contender: pytorch("PyTorch eager, 2 threads", 2, "eager"), command: rollouts(1) },
    { contender: pytorch("PyTorch eager, 1 thread", 1, "eager"), command: rollouts(1) },
  ],
  rounds,
  perTurn: ({ name }) => ({ small: 10, middle: 2, large: 1 })[name] ?? 1,
  unit: ({ context }) => context,
  reference: "PyTorch eager",
  agreement: {
    title: "equal tokens",
    of: (answers, first) => {
      const [tokens, expected] = [answers[0].tokens ?? [], first[0].tokens ?? []];
      const equal = tokens.filter((token, i) => token === expected[i]).length;
      return `${((100 * equal) / expected.length).toFixed(1)} %`;
    },
  },
});
