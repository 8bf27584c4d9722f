// The native training engine as a step of the set-up: it costs speed when it fails, never the start.
import { join } from "node:path";
import { SetupError } from "./process.mjs";
import { venvProgram } from "./python.mjs";
import { fileText, filesUnder, fingerprintOfFiles, root, state } from "./stamp.mjs";
import { hasNvidiaDriver } from "../native/wheel.mjs";
import { setUpNative } from "../native.mjs";

const packages = ["@tensorflow/tfjs-node-gpu", "node-api-headers"];

function lockedVersions() {
  const lock = JSON.parse(fileText("package-lock.json") || '{"packages":{}}');
  return packages.map((name) => lock.packages[`node_modules/${name}`]?.version ?? "");
}

export const engineStep = {
  name: "engine",
  title: "TensorFlow's runtime",
  optional: true,
  inputs: () => [
    fingerprintOfFiles([
      ...filesUnder("scripts/native", [".mjs", ".txt"]),
      ...filesUnder("lib/tensor/binding", [""]),
    ]),
    ...lockedVersions(),
    process.platform,
    process.arch,
    root,
    String(hasNvidiaDriver()),
  ],
  outputs: () => [join(state, "native", "status.json")],
  async run(report, ready) {
    await ready("python");
    await ready("npm");
    const status = await setUpNative({
      root,
      python: venvProgram("python"),
      again: true, // a known failure is kept by the step's own mark
      report: (what, fraction) =>
        report(fraction === undefined ? what : `${what} ${Math.round(100 * fraction)} %`),
    });
    if (status.state !== "ready") throw new SetupError(`${status.reason} ${status.cure}`);
  },
};
