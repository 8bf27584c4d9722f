import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { dataFolder } from "../core/dataTable";
import { Rng } from "../core/rng";
import { loadGpt } from "./checkpoint";
import type { Gpt } from "./gpt";

/** What a trained model that comes with the course is and can do: data/NAME.card.json. */
export interface ModelCard {
  title: string;
  /** The command that makes the file again. */
  made: string;
  /** What it was trained on, for how long. */
  training: string;
  licence: string;
  /** What it was measured to do, by the names of the measures; a test holds it to them. */
  measured: Record<string, number>;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

/**
 * The card of a trained model that comes with the course.
 *
 * @param name the file's name in data/ without .safetensors
 * @throws RangeError when there is no such model
 */
export function modelCard(name: string): ModelCard {
  const card = join(dataFolder(), `${name}.card.json`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(card)) {
    throw new RangeError(`modelCard: there is no model "${name}" in ${dataFolder()}.`);
  }
  return JSON.parse(readFileSync(card, "utf8")) as ModelCard;
}

/**
 * A trained GPT that comes with the course, data/NAME.safetensors, checked against its card.
 *
 *     const policy = loadShippedGpt("reply-reference");
 *
 * @returns a model of its own each time, which may be trained on; caller disposes
 * @throws RangeError when there is no such model, or the file is not what its card says
 */
export function loadShippedGpt(name: string): Gpt {
  const { sha256, made } = modelCard(name);
  const file = join(dataFolder(), `${name}.safetensors`);
  const found = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (found !== sha256) {
    throw new RangeError(
      `loadShippedGpt: ${file} has been changed: its SHA-256 is ${found}, its card says ${sha256}. ` +
        `Restore it from the repository, or make it again: ${made}.`,
    );
  }
  return loadGpt(file, new Rng(name));
}
