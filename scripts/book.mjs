// npm run book: every lesson executed and exported to HTML that works from a folder, without a network.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { command, setUp } from "./setup.mjs";
import { run, SetupError } from "./setup/process.mjs";
import { createProgress } from "./setup/progress.mjs";
import { venvProgram } from "./setup/python.mjs";
import { root } from "./setup/stamp.mjs";

const help = `npm run book [-- options] [lesson …]

Executes the lessons and writes them as HTML: charts drawn, surfaces that turn, formulas set, all from one
folder and without a network. A lesson is named by its number or its file; all of them by default.

  --output FOLDER   where the pages go (book)
  --budget NAME     smoke, quick or full: how long the experiments run (quick)
  --theme NAME      light or dark (light)
  --as-is           do not execute; export the outputs that the notebooks hold
  --help            this text`;

const options = {
  output: { type: "string", default: "book" },
  budget: { type: "string", default: "quick" },
  theme: { type: "string", default: "light" },
  "as-is": { type: "boolean" },
  help: { type: "boolean" },
};

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return void console.log(help);
  oneOf("--budget", values.budget, ["smoke", "quick", "full"]);
  oneOf("--theme", values.theme, ["light", "dark"]);
  const notebooks = choose(positionals);
  const progress = createProgress();
  await setUp({ progress }).required;
  const folder = resolve(values.output);
  copyScripts(folder);
  const failed = [];
  for (const path of notebooks) {
    const line = progress.begin(basename(path));
    try {
      await writePage(path, folder, values);
      line.end();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failed.push(basename(path));
      line.fail(error);
    }
  }
  writeContents(folder, values.theme);
  console.log(`Open ${join(folder, "index.html")} in a browser.`);
  if (failed.length === 0) return 0;
  console.log(`Not exported: ${failed.join(", ")}. Open the lesson and run it to see why.`);
  return 1;
}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return;
  throw new SetupError(`${option} takes ${allowed.join(", ")}, got "${value}".`);
}

/** The notebooks that were asked for: "03", "03-bradley-terry" or a path. */
function choose(names) {
  const folder = join(root, "notebooks");
  const lessons = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  if (names.length === 0) return lessons.map((name) => join(folder, name));
  return names.map((name) => {
    if (name.endsWith(".ipynb") && existsSync(resolve(name))) return resolve(name);
    const found = lessons.find(
      (lesson) => lesson.startsWith(`${name}-`) || lesson === `${name}.ipynb`,
    );
    if (found !== undefined) return join(folder, found);
    throw new SetupError(`There is no lesson "${name}". There are: ${lessons.join(", ")}.`);
  });
}

/** What the pages need beside them: plotly.js for what turns, KaTeX for formulas. */
function copyScripts(folder) {
  const lib = createRequire(join(root, "lib/package.json"));
  const own = createRequire(import.meta.url);
  const katex = dirname(own.resolve("katex/package.json"));
  const parts = join(folder, "scripts");
  mkdirSync(parts, { recursive: true });
  copyFileSync(lib.resolve("plotly.js/dist/plotly-gl3d.min.js"), join(parts, "plotly.js"));
  copyFileSync(join(katex, "dist/katex.min.js"), join(parts, "katex.js"));
  copyFileSync(join(katex, "dist/katex.min.css"), join(parts, "katex.css"));
  copyFileSync(join(katex, "dist/contrib/auto-render.min.js"), join(parts, "auto-render.js"));
  cpSync(join(katex, "dist/fonts"), join(parts, "fonts"), { recursive: true });
}

async function writePage(path, folder, { budget, theme, "as-is": asIs }) {
  const scratch = mkdtempSync(join(tmpdir(), "rlhf-book-"));
  try {
    const args = [
      ...["-m", "nbconvert", "--to", "html", path, "--output-dir", scratch],
      ...["--template", "course", "--theme", theme],
      ...[`--TemplateExporter.extra_template_basedirs=${join(root, "scripts/book")}`],
      ...(asIs ? [] : ["--execute", "--ExecutePreprocessor.timeout=3600"]),
    ];
    await run(venvProgram("python"), args, {
      log: "book",
      doing: asIs ? "exporting the notebook" : "executing the lesson",
      env: { ...process.env, RLHF_BUDGET: budget },
    });
    const page = `${basename(path, ".ipynb")}.html`;
    copyFileSync(join(scratch, page), join(folder, page));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The table of contents, of every page in the folder. */
function writeContents(folder, theme) {
  const pages = readdirSync(folder).filter(
    (name) => name.endsWith(".html") && name !== "index.html",
  );
  const items = pages.sort().map((name) => {
    const [, heading = name] = /<h1[^>]*>([\s\S]*?)<a class="anchor-link"/.exec(
      readFileSync(join(folder, name), "utf8"),
    ) ?? [undefined, name];
    return `<li><a href="${name}">${heading.replace(/<[^>]+>/g, "")}</a></li>`;
  });
  const [ink, ground] = theme === "dark" ? ["#e6e6e6", "#111111"] : ["#1f2328", "#ffffff"];
  const style = `body{font:17px/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:${ink};background:${ground}}a{color:#1B7FC0}ol{padding-left:1.2rem;list-style:none}`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>RLHF Lab</title><style>${style}</style><h1>RLHF Lab</h1><ol>${items.join("\n")}</ol></html>\n`;
  writeFileSync(join(folder, "index.html"), html);
}

command(main);
