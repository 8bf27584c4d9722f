/** The other end of lib/core/parallel.ts: a thread that runs one task for one input after another. */
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { ParallelTask, WorkerReply } from "./parallel";

const { module: file, name } = workerData as { module: string; name: string };
const exported = createRequire(__filename)(file) as Record<
  string,
  ParallelTask<unknown, unknown> | undefined
>;
const task = exported[name];

parentPort?.on("message", ({ index, input }: { index: number; input: unknown }) => {
  parentPort?.postMessage(reply(index, input));
});

function reply(index: number, input: unknown): WorkerReply<unknown> {
  try {
    if (typeof task?.run !== "function") {
      throw new TypeError(
        `inParallel: ${file} exports no task "${name}". Give parallelTask the name of the export.`,
      );
    }
    return { index, output: task.run(input) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { name: kind, message, stack = "" } = error;
    return { index, failure: { name: kind, message, stack } };
  }
}
