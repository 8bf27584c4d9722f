import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { loadCheckpoint, loadGpt, saveCheckpoint } from "../../lib/models/checkpoint";
import { type Gpt, gpt, type GptConfig } from "../../lib/models/gpt";
import { languageModelLoss } from "../../lib/models/logProbabilities";
import { Mlp } from "../../lib/models/mlp";
import { saveNetwork } from "../../lib/models/networkCheckpoint";
import { FileFormatError, readSafetensors, writeSafetensors } from "../../lib/models/safetensors";
import { ScalarHead } from "../../lib/models/scalarHead";
import {
  adamW,
  type Optimizer,
  readVariables,
  ready,
  sgd,
  tf,
  type Tensor,
} from "../../lib/tensor";
import { readOracle } from "./oracles/read";

const config: GptConfig = { vocabulary: 11, context: 8, layers: 1, heads: 2, width: 8 };
const oracle = readOracle("gpt2.json") as {
  config: GptConfig;
  tokens: number[][];
  logits: number[];
};

describe("checkpoints", () => {
  let tensorsBefore: number;
  let folder: string;
  let path: string;
  let tokens: Tensor;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
    tokens = tf.tensor2d([[1, 2, 3, 4], [5, 6, 7, 8]], undefined, "int32"); // prettier-ignore
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
    path = join(folder, "model.safetensors");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const train = (model: Gpt, optimizer: Optimizer): void =>
    optimizer.minimize(() => languageModelLoss(model, tokens), 1e-2, { maxNorm: 1 }).dispose();

  it("a resumed run equals an unbroken one bit for bit", async () => {
    const [unbroken, resumed] = [gpt(config, new Rng(1)), gpt(config, new Rng(2))];
    const [first, second] = [adamW(unbroken.parameters), adamW(resumed.parameters)];
    for (let t = 0; t < 3; t++) train(unbroken, first);
    await saveCheckpoint(path, unbroken, { optimizer: first, step: 3 });
    for (let t = 0; t < 3; t++) train(unbroken, first);
    assert.deepEqual(loadCheckpoint(path, resumed, { optimizer: second }), { step: 3 });
    for (let t = 0; t < 3; t++) train(resumed, second);
    assert.deepEqual(
      await readVariables(resumed.parameters),
      await readVariables(unbroken.parameters),
    );
    assert.deepEqual(await second.getState(), await first.getState());
    for (const owner of [unbroken, resumed, first, second]) owner.dispose();
  });

  it("a truncated file changes nothing, wherever it was cut", async () => {
    const model = gpt(config, new Rng(1));
    await saveCheckpoint(path, model);
    const whole = readFileSync(path);
    const before = await readVariables(model.parameters);
    for (const share of [0, 0.01, 0.3, 0.999]) {
      writeFileSync(path, whole.subarray(0, Math.floor(share * whole.length)));
      assert.throws(() => loadCheckpoint(path, model), FileFormatError);
    }
    assert.deepEqual(await readVariables(model.parameters), before);
    model.dispose();
  });

  it("another model's checkpoint is refused by name and size, and changes nothing", async () => {
    const [model, wider] = [gpt(config, new Rng(1)), gpt({ ...config, width: 16 }, new Rng(1))];
    const head = new ScalarHead(8, new Rng(1));
    await saveCheckpoint(path, wider);
    const before = await readVariables(model.parameters);
    assert.throws(
      () => loadCheckpoint(path, model),
      /checkpoint of a gpt2 of sizes .*"width":16.*this model is a gpt2 of .*"width":8/,
    );
    assert.throws(() => loadCheckpoint(path, head), /this model is a scalar head/);
    saveNetwork(path, new Mlp([3, 4, 2], new Rng(1)));
    assert.throws(
      () => loadCheckpoint(path, model),
      /checkpoint of a mlp of sizes 3,4,2, this model is a gpt2 .* with loadNetwork\./,
    );
    assert.deepEqual(await readVariables(model.parameters), before);
    for (const owner of [model, wider, head]) owner.dispose();
  });

  it("weights saved without an optimiser say to leave it out, and change nothing", async () => {
    const [model, saved] = [gpt(config, new Rng(1)), gpt(config, new Rng(2))];
    const optimizer = adamW(model.parameters);
    await saveCheckpoint(path, saved);
    const before = await readVariables(model.parameters);
    assert.throws(
      () => loadCheckpoint(path, model, { optimizer }),
      /was saved without \{ optimizer \}.* Leave it out here too/,
    );
    assert.deepEqual(await readVariables(model.parameters), before);
    for (const owner of [model, saved, optimizer]) owner.dispose();
  });

  it("a folder is refused as a place to save to", async () => {
    const model = gpt(config, new Rng(1));
    await assert.rejects(saveCheckpoint(folder, model), /is a folder\. Add the file's name/);
    model.dispose();
  });

  it("damaged sizes, steps and config.json say which file it is and what to do", () => {
    const write = (metadata: Record<string, string>) =>
      writeSafetensors(path, { tensors: {}, metadata: { kind: "gpt2", ...metadata } });
    const refused = (how: RegExp, read: () => unknown) =>
      assert.throws(read, (error: Error) => {
        assert.ok(error instanceof FileFormatError, String(error));
        assert.match(error.message, how);
        assert.match(error.message, /^\/.* is damaged: .*\. Save it, or fetch it, again\.$/);
        return true;
      });
    const load = () => loadGpt(path, new Rng(1));
    write({});
    refused(/does not say its sizes/, load);
    write({ config: "{oops" });
    refused(/model\.safetensors.*sizes are not JSON/, load);
    write({ config: JSON.stringify({ ...config, width: "8" }) });
    refused(/gpt: width must be an integer of at least 1, got "8"/, load);
    const model = gpt(config, new Rng(1));
    write({ config: JSON.stringify(config), step: "three" });
    refused(/its step is three/, () => loadCheckpoint(path, model));
    model.dispose();
    writeSafetensors(path, { tensors: {}, metadata: {} });
    for (const [text, how] of [
      ["{oops", /config\.json.*not JSON/],
      ["null", /its sizes/],
    ] as const) {
      writeFileSync(join(folder, "config.json"), text);
      refused(how, load);
    }
  });

  it("a state of another optimiser is refused before any weight is changed", async () => {
    const [model, other] = [gpt(config, new Rng(1)), gpt(config, new Rng(2))];
    const [saved, wanted] = [sgd(model.parameters, { momentum: 0.9 }), adamW(other.parameters)];
    await saveCheckpoint(path, model, { optimizer: saved });
    const before = await readVariables(other.parameters);
    assert.throws(
      () => loadCheckpoint(path, other, { optimizer: wanted }),
      /state of the optimiser: "velocity/,
    );
    assert.deepEqual(await readVariables(other.parameters), before);
    loadCheckpoint(path, other); // the weights alone are welcome
    assert.deepEqual(await readVariables(other.parameters), await readVariables(model.parameters));
    for (const owner of [model, other, saved, wanted]) owner.dispose();
  });

  it("NaN is not saved over a good checkpoint", async () => {
    const model = gpt(config, new Rng(1));
    await saveCheckpoint(path, model, { step: 5 });
    const before = readFileSync(path);
    tf.tidy(() => model.parameters["ln_f.bias"].assign(tf.fill([8], NaN)));
    await assert.rejects(
      saveCheckpoint(path, model, { step: 6 }),
      /"ln_f.bias" holds NaN or infinity at step 6/,
    );
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(folder), ["model.safetensors"]);
    model.dispose();
  });

  it("loadGpt makes the model that a checkpoint holds", async () => {
    const model = gpt(config, new Rng(1));
    await saveCheckpoint(path, model);
    const loaded = loadGpt(path, new Rng(2));
    assert.deepEqual(loaded.config, config);
    assert.deepEqual(await readVariables(loaded.parameters), await readVariables(model.parameters));
    model.dispose();
    loaded.dispose();
  });

  it("loadGpt reads a GPT-2 of Hugging Face with its config.json, and writes what it can read back", async () => {
    copyFileSync(join(__dirname, "oracles/gpt2.safetensors"), path);
    assert.throws(
      () => loadGpt(path, new Rng(1)),
      /Put Hugging Face's config.json of this model beside it/,
    );
    const { vocabulary, context, layers, heads, width } = oracle.config;
    const json = {
      model_type: "gpt2",
      vocab_size: vocabulary,
      n_positions: context,
      n_layer: layers,
      n_head: heads,
      n_embd: width,
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(json));
    const model = loadGpt(path, new Rng(1));
    const [logits, input] = tf.tidy(() => {
      const ids = tf.tensor2d(oracle.tokens, undefined, "int32");
      return [model.logits(ids), ids];
    });
    (await logits.data()).forEach((x, i) => assert.ok(Math.abs(x - oracle.logits[i]) < 1e-4));
    await saveCheckpoint(path, model);
    assert.deepEqual(readSafetensors(path).tensors["h.1.mlp.c_fc.weight"].shape, [16, 64]);
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...json, model_type: "llama" }));
    copyFileSync(join(__dirname, "oracles/gpt2.safetensors"), path);
    assert.throws(() => loadGpt(path, new Rng(1)), /expected model_type gpt2 .* got llama/);
    model.dispose();
    tf.dispose([logits, input]);
  });

  it("leaves no tensor behind", () => {
    tokens.dispose();
    assert.equal(tf.memory().numTensors, tensorsBefore);
  });
});
