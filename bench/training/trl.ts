import { join } from "node:path";

import { Contender, installed } from "./contender";

/**
 * A Python with one version of TRL: RLHF_BENCH_TRL_1_16 or RLHF_BENCH_TRL_1_12, or one of the bench's own that is
 * made at the first run. 1.12 is the last version that has a PPOTrainer.
 */
const program = (version: "1.16" | "1.12"): string =>
  process.env[`RLHF_BENCH_TRL_${version.replace(".", "_")}`] ??
  installed(`trl-${version}`, join(__dirname, `trl-${version}.txt`));

/** A program that runs trainers of TRL (see trl_contender.py), `command` being its file and its arguments. */
export const trl = (
  name: string,
  version: "1.16" | "1.12",
  threads: number,
  ...command: string[]
): Contender =>
  new Contender(name, [program(version), ...command], {
    OMP_WAIT_POLICY: "PASSIVE",
    OMP_NUM_THREADS: String(threads),
    PYTHONPATH: __dirname,
    HF_HUB_OFFLINE: "1", // nothing is fetched
    HF_DATASETS_DISABLE_PROGRESS_BARS: "1",
    TRANSFORMERS_VERBOSITY: "error",
    TRL_EXPERIMENTAL_SILENCE: "1",
    PYTHONWARNINGS: "ignore::FutureWarning",
  });
