/** Our library as a contender: one JSON command a line on stdin, one JSON answer a line on stdout. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  copyOf,
  gpt,
  mean,
  ready,
  Rlhf,
  Rng,
  tokenAdvantages,
  tokenRewards,
} from "../../lib/index";
import { sizeNamed } from "./sizes";

type Command =
  { command: "load"; size: string; folder: string } | { command: "iterations"; count: number };

let loaded: { run: Rlhf; prompts: number[][]; rng: Rng } | undefined;
const rss = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Writes the weights that PyTorch reads. */
async function load({ size: name, folder }: { size: string; folder: string }): Promise<object> {
  const size = sizeNamed(name);
  const { vocabulary, context, layers, heads, width, batch, prompt, reply } = size;
  const { epochs, minibatches } = size;
  const rng = new Rng(`rlhf ${name}`);
  const reference = gpt({ vocabulary, context, layers, heads, width }, rng);
  const names = Object.keys(reference.parameters);
  const values = await Promise.all(names.map((key) => reference.parameters[key].data()));
  const parts = values.map((x) => Buffer.from(x.buffer, x.byteOffset, x.byteLength));
  const shapes = names.map((key) => ({ name: key, shape: reference.parameters[key].shape }));
  writeFileSync(join(folder, `${name}.bin`), Buffer.concat(parts));
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...size, shapes }));
  const run = new Rlhf(copyOf(reference), reference, rng, {
    length: prompt + reply,
    epochs,
    minibatches,
  });
  const prompts = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: prompt }, (_, t) => (b + t) % vocabulary),
  );
  loaded = { run, prompts, rng };
  return { wall: [], cpu: [], rss: rss() };
}

/** Rounds of PPO; the reward counts token 3 in the reply. */
function iterations(count: number): object {
  if (!loaded) throw new Error("nothing is loaded");
  const { run, prompts, rng } = loaded;
  const [wall, cpu, losses]: number[][] = [[], [], []];
  for (let i = 0; i < count; i++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const samples = run.sample(prompts, rng);
    const scores = samples.tokens.map((row, b) => row.slice(prompts[b].length).filter((t) => t === 3).length); // prettier-ignore
    run.update(samples, tokenAdvantages(samples, tokenRewards(samples, scores, 0.1)), 1e-3, rng);
    const { user, system } = process.cpuUsage(used);
    wall.push(performance.now() - start);
    cpu.push((user + system) / 1000);
    losses.push(mean(scores));
  }
  return { wall, cpu, losses, rss: rss() };
}

async function main(): Promise<void> {
  await ready();
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const command = JSON.parse(line) as Command;
      const answer = command.command === "load" ? await load(command) : iterations(command.count);
      console.log(JSON.stringify(answer));
    } catch (error) {
      console.log(JSON.stringify({ failed: (error as Error).message }));
    }
  }
}

void main();
