import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";

/** More than this on disk is thrown away, the oldest first: some 300 compiled steps. */
const mostBytes = 256e6;

let folder: string | undefined;

/**
 * Lets XLA keep what it compiles under .setup/xla, so that a step costs its second or two once on a
 * machine and not at every start of a notebook. The code is for one processor and one TensorFlow:
 * both are in the folder's name.
 */
export function keepCompiledSteps(status: { binding?: string; tensorflow?: string }): void {
  const flags = process.env.TF_XLA_FLAGS ?? "";
  if (status.binding === undefined || flags.includes("persistent_cache")) return;
  const machine = `${cpus()[0]?.model} ${process.arch} ${status.tensorflow} ${process.env.XLA_FLAGS}`;
  const name = createHash("sha256").update(machine).digest("hex").slice(0, 12);
  // <root>/.setup/native/tensorflow-cpu/tensorflow/rlhf_tensorflow.node → <root>/.setup/xla
  const setup = dirname(dirname(dirname(dirname(status.binding))));
  const place = join(setup, "xla", name);
  try {
    mkdirSync(place, { recursive: true });
    dropOldest(place);
  } catch {
    return; // a folder that cannot be written costs the time, nothing else
  }
  folder = place;
  const cache = `--tf_xla_persistent_cache_directory=${place} --tf_xla_persistent_cache_device_types=CPU`;
  process.env.TF_XLA_FLAGS = `${flags} ${cache}`.trim();
}

function dropOldest(place: string): void {
  const files = readdirSync(place).map((name) => {
    const path = join(place, name);
    const { size, mtimeMs } = statSync(path);
    return { path, size, mtimeMs };
  });
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= mostBytes) return;
    rmSync(path, { force: true });
    total -= size;
  }
}

/**
 * Throws away what is kept, after a file of it could not be read (a start that was cut short).
 *
 * @returns whether there was anything
 */
export function forgetCompiledSteps(): boolean {
  if (folder === undefined || !existsSync(folder)) return false;
  const files = readdirSync(folder);
  for (const name of files) rmSync(join(folder, name), { force: true });
  return files.length > 0;
}
