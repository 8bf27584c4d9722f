// The library, compiled: lib/**/*.ts → lib/dist, and each widget's front end bundled into one file for the browser.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, SetupError } from "./process.mjs";
import { filesUnder, fingerprintOfFiles, root } from "./stamp.mjs";

const dist = join(root, "lib", "dist");
const widgets = "lib/notebook/widgets";

export const libraryStep = {
  name: "library",
  title: "the library",
  after: ["npm"],
  inputs: () => [
    fingerprintOfFiles([
      "tsconfig.base.json",
      "lib/tsconfig.json",
      "lib/package.json",
      ...filesUnder("lib", [".ts", ".css"]),
    ]),
  ],
  outputs: () => [
    join(dist, "index.js"),
    join(dist, "index.d.ts"),
    join(dist, "kernel", "main.js"),
  ],
  async run() {
    await buildLibrary();
  },
};

/** Compiles what changed, bundles the widgets, and leaves nothing in dist that has no source any more. */
export async function buildLibrary() {
  await bundleWidgets();
  try {
    await run(
      process.execPath,
      [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "lib"],
      { log: "library", doing: "compiling the library" },
    );
  } catch (error) {
    const first = /^lib.*error TS.*$/m.exec(error.output ?? "");
    if (first === null) throw error;
    // The compiler writes what it can: a half-edited library still opens, and says what is wrong with it.
    throw new SetupError(`it does not compile: ${first[0]}`, {
      transient: true,
      tolerable: existsSync(join(dist, "index.js")),
      output: error.output,
    });
  }
  prune(dist, "lib");
}

/** Each file of lib/notebook/widgets as one ES module, for render({ model, el }) in the page. */
export async function bundleWidgets() {
  const sources = filesUnder(widgets, [".ts"], ["shared"]).filter(
    (path) => !path.endsWith(".d.ts"),
  );
  if (sources.length === 0) return;
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: sources,
    outbase: widgets,
    outdir: join(dist, "notebook", "widgets"),
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    loader: { ".css": "text" },
    legalComments: "inline",
    logLevel: "silent",
  });
}

// A deleted source must not live on in dist, where a notebook would still find it.
function prune(folder, source) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) prune(join(folder, entry.name), `${source}/${entry.name}`);
    const stem = /^(.+?)(\.d\.ts|\.js|\.js\.map)$/.exec(entry.name)?.[1];
    if (stem !== undefined && !existsSync(join(root, source, `${stem}.ts`)))
      rmSync(join(folder, entry.name));
  }
}
