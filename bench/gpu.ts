/**
 * A training step on an NVIDIA card beside PyTorch on the same card: with XLA, without it, and
 * through WebGPU. Needs the card with a driver for CUDA 12, and about 8 GB of disk for CUDA's libraries
 * (fetched by set-up) and PyTorch (fetched here).
 *
 *     npm run bench -- gpu [rounds] [small] [middle] [large]
 *     writes bench/results/gpu.md; RLHF_BENCH_PYTHON names a Python that has PyTorch for CUDA
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ours, pytorch } from "./training/contender";
import { fromCommandLine, interleave } from "./training/interleave";
import { lossAgreement } from "./training/lossAgreement";
import { sizes as allSizes } from "./training/sizes";

const root = join(__dirname, "..");
const steps = (count: number) => ({ command: "steps", count });
function run(program: string, args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", cwd: root }).trim();
  } catch {
    return undefined; // not there, or it said no: the caller says what is needed
  }
}

/** The card's name, driver and memory, or the end of the program with what is missing. */
function requireCard(): string {
  const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
  const card = run("nvidia-smi", query);
  if (card === undefined)
    fail(
      "no NVIDIA driver was found (`nvidia-smi` does not run). It needs an NVIDIA card with a driver for " +
        "CUDA 12 and about 8 GB of disk, and does the rest itself.",
    );
  console.log(`Card: ${card}\nSetting up the native engine for it …`);
  run(process.execPath, ["scripts/native.mjs", "--again"]);
  const status = JSON.parse(readFileSync(join(root, ".setup/native/status.json"), "utf8")) as {
    state: string;
    device?: string;
    gpuFailure?: string;
    reason?: string;
    cure?: string;
  };
  if (status.state !== "ready") fail(`${status.reason} ${status.cure}`);
  if (status.device !== "GPU") fail(`TensorFlow cannot use the card: ${status.gpuFailure}.`);
  return card;
}

function fail(reason: string): never {
  console.error(`This bench cannot run: ${reason}`);
  process.exit(1);
}

const card = requireCard();
const { rounds, sizes } = fromCommandLine(allSizes, 12);

void interleave({
  title: "A training step on a GPU beside PyTorch",
  file: "gpu",
  about:
    `${card}. Wall and CPU time of a step with its loss read back, medians of interleaved turns; a contender that ` +
    "fails says why (XLA on a GPU needs ptxas and libdevice, which set-up fetches). Peak MB is the host's memory.",
  sizes,
  contenders: [
    { contender: ours("ours, XLA"), command: steps },
    { contender: ours("ours, without XLA", { RLHF_BENCH_XLA: "off" }), command: steps },
    { contender: ours("ours, WebGPU", { RLHF_BACKEND: "webgpu" }), command: steps },
    { contender: pytorch("PyTorch eager", 2, "eager", "cuda"), command: steps },
    { contender: pytorch("torch.compile", 2, "compile", "cuda"), command: steps },
  ],
  rounds,
  perTurn: ({ name }) => ({ small: 40, middle: 20, large: 10 })[name] ?? 10,
  unit: () => 1,
  reference: "PyTorch eager",
  agreement: lossAgreement,
});
