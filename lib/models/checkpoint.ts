/**
 * Checkpoints: a model's weights, its optimiser's state and how far training had come, in one
 * safetensors file that is replaced as a whole or not at all.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { checkInteger, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import {
  assignVariables,
  checkSaved,
  type Optimizer,
  type Parameters,
  readVariables,
  type SavedVariables,
} from "../tensor";
import { Gpt, type GptConfig } from "./gpt";
import {
  FileFormatError,
  readSafetensors,
  type SafetensorsFile,
  writeSafetensors,
} from "./safetensors";

/** What can be saved: a `Gpt`, a `ScalarHead`, or anything with named variables. */
export interface Saveable {
  /** what it is: "gpt2"; a checkpoint of another kind is refused */
  readonly kind: string;
  /** its sizes; a checkpoint of other sizes is refused */
  readonly config: object;
  readonly parameters: Readonly<Parameters>;
}

const optimizerPrefix = "optimizer/";

/**
 * Saves a model, and what is needed to go on training as if nothing had happened. Whoever reads the
 * file at any time finds the old checkpoint or the new one, whole.
 *
 * @param step steps taken so far
 * @throws RangeError when a number is NaN or infinite, or the path is that of a folder; what was there
 *   then stays
 */
export async function saveCheckpoint(
  path: string,
  model: Saveable,
  { optimizer, step = 0 }: { optimizer?: Optimizer; step?: number } = {},
): Promise<void> {
  checkInteger("saveCheckpoint: step", step, 0);
  const tensors: SavedVariables = await readVariables(model.parameters);
  const state = optimizer ? await optimizer.getState() : {};
  for (const [name, saved] of Object.entries(state)) tensors[optimizerPrefix + name] = saved;
  for (const [name, { data }] of Object.entries(tensors)) {
    if (data.every(Number.isFinite)) continue;
    throw new RangeError(
      `saveCheckpoint: "${name}" holds NaN or infinity at step ${step}; ${path} is left as it was.`,
    );
  }
  const { kind, config } = model;
  const metadata = { format: "pt", kind, config: JSON.stringify(config), step: String(step) };
  writeSafetensors(path, { tensors, metadata });
}

/**
 * Gives a model, and its optimiser if one is passed, the numbers of a checkpoint.
 *
 * @returns the number of steps that had been taken
 * @throws FileFormatError when the file is truncated or damaged, ShapeError when it is that of another
 *   model or has no state of this optimiser; model and optimiser are then as they were
 */
export function loadCheckpoint(
  path: string,
  model: Saveable,
  { optimizer }: { optimizer?: Optimizer } = {},
): { step: number } {
  const file = readSafetensors(path);
  checkModel(path, file, model);
  const step = Number(file.metadata.step ?? "0");
  if (!Number.isSafeInteger(step)) throw damaged(path, `its step is ${file.metadata.step}`);
  const { weights, state } = splitTensors(path, file);
  checkSaved(path, model.parameters, weights);
  if (optimizer) checkState(path, optimizer, state);
  assignVariables(path, model.parameters, weights);
  optimizer?.setState(state);
  return { step };
}

function checkModel(path: string, { metadata }: SafetensorsFile, model: Saveable): void {
  const wanted = JSON.stringify(model.config);
  const { kind = model.kind, config = metadata.sizes ?? wanted } = metadata;
  if (kind === model.kind && config === wanted) return;
  throw new ShapeError(
    `${path} is the checkpoint of a ${kind} of sizes ${config}, this model is a ${model.kind} of ${wanted}. ` +
      `Read it into a model like the one that was saved${kind === "mlp" ? ", with loadNetwork" : ""}.`,
  );
}

function checkState(path: string, optimizer: Optimizer, state: SavedVariables): void {
  if (Object.keys(optimizer.state).length > 0 && Object.keys(state).length === 0) {
    throw new ShapeError(
      `${path} was saved without { optimizer }, so it has no state of one. Leave it out here too: ` +
        `the optimiser then begins anew.`,
    );
  }
  checkSaved(`${path}, state of the optimiser`, optimizer.state, state);
}

function damaged(path: string, how: string): FileFormatError {
  return new FileFormatError(`${path} is damaged: ${how}. Save it, or fetch it, again.`);
}

/**
 * Makes the GPT that a file holds: one of our checkpoints, or a GPT-2 of Hugging Face with its
 * `config.json` in the same folder.
 *
 * @param rng is not drawn from in the end: all weights come from the file
 * @throws FileFormatError when the file is damaged, or its sizes are nowhere to be found
 */
export function loadGpt(path: string, rng: Rng): Gpt {
  const { kind, config } = readSafetensors(path).metadata;
  const sizes = kind === "gpt2" ? jsonObject(path, config) : huggingFaceConfig(path);
  const model = gptOf(path, sizes as unknown as GptConfig, rng);
  try {
    loadCheckpoint(path, model);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

function gptOf(path: string, sizes: GptConfig, rng: Rng): Gpt {
  try {
    return new Gpt(sizes, rng);
  } catch (error) {
    throw error instanceof RangeError ? damaged(path, error.message.replace(/\.$/, "")) : error;
  }
}

function jsonObject(path: string, text = "null"): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, `its sizes are not JSON (${(error as Error).message})`);
  }
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw damaged(path, "it does not say its sizes");
}

/** The sizes in the `config.json` that Hugging Face keeps beside a model's weights. */
function huggingFaceConfig(path: string): GptConfig {
  const file = join(dirname(path), "config.json");
  if (!existsSync(file)) {
    throw new FileFormatError(
      `${path} does not say its sizes. Put Hugging Face's config.json of this model beside it.`,
    );
  }
  const config = jsonObject(file, readFileSync(file, "utf8"));
  const {
    model_type: type,
    activation_function: activation = "gelu_new",
    layer_norm_epsilon: epsilon = 1e-5,
  } = config;
  if (type !== "gpt2" || activation !== "gelu_new" || epsilon !== 1e-5) {
    throw new FileFormatError(
      `${file}: expected model_type gpt2 with gelu_new and layer_norm_epsilon 1e-5, got ` +
        `${String(type)} with ${String(activation)} and ${String(epsilon)}.`,
    );
  }
  const size = (name: string): number => {
    const value = config[name];
    if (typeof value !== "number") throw new FileFormatError(`${file}: "${name}" is no number.`);
    return value;
  };
  return {
    vocabulary: size("vocab_size"),
    context: size("n_positions"),
    layers: size("n_layer"),
    heads: size("n_head"),
    width: size("n_embd"),
  };
}

function splitTensors(path: string, file: SafetensorsFile) {
  const weights: SavedVariables = {};
  const state: SavedVariables = {};
  for (const [name, { shape, data }] of Object.entries(file.tensors)) {
    if (!(data instanceof Float32Array)) {
      throw new FileFormatError(
        `${path}: "${name}" must hold floating-point numbers of 32 or 16 bits.`,
      );
    }
    if (name.startsWith(optimizerPrefix))
      state[name.slice(optimizerPrefix.length)] = { shape, data };
    else weights[name] = { shape, data };
  }
  return { weights: ownNames(path, file, weights), state };
}

/** Hugging Face's names without "transformer.", and without what is no weight of its own. */
function ownNames(
  path: string,
  { metadata }: SafetensorsFile,
  weights: SavedVariables,
): SavedVariables {
  if (metadata.kind !== undefined) return weights;
  const own: SavedVariables = {};
  for (const [name, saved] of Object.entries(weights)) {
    if (/\.attn\.(masked_)?bias$/.test(name) || name === "lm_head.weight") continue; // masks; the tied table
    own[name.replace(/^transformer\./, "")] = saved;
  }
  const head = weights["lm_head.weight"]?.data;
  const table = own["wte.weight"]?.data;
  if (head && table && !head.every((x, i) => x === table[i])) {
    throw new FileFormatError(
      `${path}: its lm_head.weight differs from wte.weight; here they are one table.`,
    );
  }
  return own;
}
