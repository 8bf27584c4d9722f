import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Backend } from "../../lib/tensor";

/** Single precision, sums of some thousand terms in another order. */
const rounding = 2e-4;
const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

interface Training {
  backend: Backend;
  losses: number[];
  rollout: number[];
}
interface Gradients {
  backend: Backend;
  loss: number;
  sums: number[];
  names: string[];
}

function run(task: string, environment: Record<string, string>, before: string[] = []) {
  const env = { ...process.env, RLHF_BACKEND: "", ...environment };
  const args = [...before, "--import", "tsx", join(__dirname, "child.ts"), task];
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  const last = stdout.trim().split("\n").pop() ?? "";
  return { stderr, answer: last.startsWith("{") ? (JSON.parse(last) as unknown) : undefined };
}

describe("backends", function () {
  this.timeout(180_000);
  let native: Gradients;

  before(() => {
    native = run("gradients", { RLHF_BACKEND: "native" }).answer as Gradients;
    assert.equal(native.backend.name, "native");
    assert.deepEqual(native.backend.notices, []);
  });

  const agrees = (other: Gradients) => {
    assert.ok(Math.abs(other.loss - native.loss) < rounding);
    other.sums.forEach((sum, i) =>
      assert.ok(Math.abs(sum - native.sums[i]) < rounding, `${native.names[i]}: ${sum}`),
    );
  };

  const software = { VK_DRIVER_FILES: swiftShader, LD_LIBRARY_PATH: "/usr/lib/chromium" };
  const needSwiftShader = (test: Mocha.Context) => {
    if (existsSync(swiftShader)) return;
    console.log(
      "      WebGPU needs a GPU or a software one: on Debian `apt install chromium` brings one.",
    );
    test.skip();
  };

  for (const name of ["wasm", "cpu", "webgpu"]) {
    it(`${name} takes the compiled steps and the rollout of the native engine`, function () {
      if (name === "webgpu") needSwiftShader(this);
      const wanted = run("training", { RLHF_BACKEND: "native" }).answer as Training;
      const { answer, stderr } = run("training", { RLHF_BACKEND: name, ...software });
      assert.ok(answer, stderr);
      const { backend, losses, rollout } = answer as Training;
      assert.equal(backend.name, name);
      const close = (a: number, b: number) =>
        assert.ok(Math.abs(a - b) < rounding, `${a} for ${b}`);
      losses.forEach((loss, i) => close(loss, wanted.losses[i]));
      rollout.forEach((value, i) => close(value, wanted.rollout[i]));
    });
  }

  it("a guarded step keeps the last good weights on wasm and plain JavaScript too", () => {
    for (const name of ["native", "wasm", "cpu"]) {
      const { answer } = run("guarded", { RLHF_BACKEND: name });
      const { error, kept } = answer as { error: string; kept: number };
      assert.match(error, /Step 2/, name);
      assert.equal(kept, 2, name);
    }
  });

  it("WebGPU says what to do where a number is read at once", function () {
    needSwiftShader(this);
    const { answer, stderr } = run("guarded", { RLHF_BACKEND: "webgpu", ...software });
    assert.ok(answer, stderr);
    assert.match((answer as { error: string }).error, /RLHF_BACKEND=wasm/);
  });

  for (const name of ["wasm", "cpu"]) {
    it(`${name} gives a GPT the gradients of the native engine`, () => {
      const other = run("gradients", { RLHF_BACKEND: name }).answer as Gradients;
      assert.equal(other.backend.name, name);
      agrees(other);
    });
  }

  it("WebGPU gives a GPT the gradients of the native engine", function () {
    needSwiftShader(this);
    const { answer, stderr } = run("gradients", { RLHF_BACKEND: "webgpu", ...software });
    assert.ok(answer, stderr);
    assert.equal((answer as Gradients).backend.name, "webgpu");
    agrees(answer as Gradients);
  });

  it("refuses a name that is no engine's, and an engine that must be waited for", () => {
    assert.match(
      run("first", { RLHF_BACKEND: "cuda" }).stderr,
      /native, webgpu, wasm, cpu, got "cuda"/,
    );
    assert.match(run("first", { RLHF_BACKEND: "wasm" }).stderr, /await tf\.ready\(\)/);
  });

  it("starts where Node no longer has the functions that TensorFlow.js calls", () => {
    const without = `data:text/javascript,import util from "node:util"; delete util.isNullOrUndefined; delete util.isArray;`;
    const { answer, stderr } = run("first", {}, ["--import", without]);
    assert.ok(answer, stderr);
    const { backend, values } = answer as { backend: Backend; values: number[] };
    assert.equal(backend.name, "native");
    assert.deepEqual(values, [2, 3]);
  });

  it("writes nothing to stderr when it starts", () => {
    assert.equal(run("first", {}).stderr, "");
  });

  describe("without a native engine", () => {
    let folder = "";
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "backends-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const prepare = (status: object) => {
      const place = join(folder, ".setup", "native");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "status.json"), JSON.stringify(status));
      return { RLHF_SETUP: folder };
    };

    const cases: [string, RegExp, () => Record<string, string>][] = [
      ["set-up never ran", /has not been set up\. Run `npm start`/, () => ({ RLHF_SETUP: folder })],
      [
        "set-up failed",
        /No compiler\. Install g\+\+\./,
        () => prepare({ state: "failed", reason: "No compiler.", cure: "Install g++." }),
      ],
      [
        "the binding is gone",
        /is gone from .*gone\.node\. Run `npm start`/,
        () => prepare({ state: "ready", binding: "gone.node" }),
      ],
      [
        "the binding does not load",
        /The native engine does not start: .*broken\.node/,
        () => {
          writeFileSync(join(folder, "broken.node"), "no library");
          return prepare({ state: "ready", binding: "broken.node" });
        },
      ],
    ];
    for (const [what, sentence, environment] of cases) {
      it(`says so once and goes on in plain JavaScript when ${what}`, () => {
        const { answer, stderr } = run("first", environment());
        const { backend, values } = answer as { backend: Backend; values: number[] };
        assert.equal(backend.name, "cpu");
        assert.deepEqual(values, [2, 3]);
        assert.match(stderr, sentence);
        assert.equal(stderr.trim().split("\n").length, 1, stderr);
      });
    }
  });
});
