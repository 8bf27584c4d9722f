// npm run bench -- <name> [arguments]: runs bench/<name>.ts, or says which there are.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "bench");
const [name, ...rest] = process.argv.slice(2);
const file = [".ts", ".mjs"]
  .map((end) => join(folder, `${name}${end}`))
  .find((path) => existsSync(path));

/** The first sentence of a bench's opening comment. */
function purpose(path) {
  const comment = /^(?:\/\*\*([\s\S]*?)\*\/|((?:\/\/.*\n)+))/.exec(readFileSync(path, "utf8"));
  const text = (comment?.[1] ?? comment?.[2] ?? "").replace(/^\s*(\*|\/\/) ?/gm, "");
  return text
    .replace(/\s+/g, " ")
    .trim()
    .split(/[.:](?: |$)/)[0];
}

if (file === undefined) {
  if (name && name !== "--help") console.error(`There is no bench "${name}".`);
  console.log("npm run bench -- <name> [arguments]; results go to bench/results/<name>.md\n");
  for (const entry of readdirSync(folder)
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .sort())
    console.log(`  ${entry.replace(/\.\w+$/, "").padEnd(14)} ${purpose(join(folder, entry))}`);
  process.exitCode = name && name !== "--help" ? 1 : 0;
} else {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...rest], {
    stdio: "inherit",
    cwd: root,
  });
  child.on("exit", (code) => (process.exitCode = code ?? 1));
}
