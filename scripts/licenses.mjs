// npm run licenses: writes LICENSES.md, what a set-up installs and under which licences.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installedPackages, isPermitted } from "./licenses/list.mjs";
import { command } from "./setup.mjs";
import { SetupError } from "./setup/process.mjs";
import { fileText, root, writeWhole } from "./setup/stamp.mjs";

const help = `npm run licenses [-- --check]

Writes LICENSES.md from the lock files. A new package without a stated licence belongs in scripts/licenses/stated.json.

  --check   write nothing; fail when LICENSES.md is not what would be written
  --help    this text`;

async function main() {
  const { values } = parseArgs({
    options: { check: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) return void console.log(help);
  const rows = installedPackages();
  const bad = rows.filter(({ licence, name }) => !isPermitted(licence, name));
  if (bad.length > 0) {
    throw new SetupError(
      `No licence we may use: ${bad.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(", ")}.`,
    );
  }
  const text = page(rows);
  if (!values.check) writeWhole(join(root, "LICENSES.md"), text);
  else if (fileText("LICENSES.md") !== text)
    throw new SetupError("LICENSES.md is not up to date: npm run licenses.");
  console.log(`${rows.length} packages, all under licences we may use.`);
}

function page(rows) {
  const counts = new Map();
  for (const { licence } of rows) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return `# Licences

RLHF Lab itself is under the Apache License 2.0 (LICENSE). This page lists what \`npm start\` and \`npm test\` install,
from the lock files; \`npm run licenses\` writes it, and a test says whether it is up to date. None of it is part of
this repository. NVIDIA's libraries are fetched only on a machine with an NVIDIA driver, under NVIDIA's own terms.

| licence | packages |
|---|---|
${summary.map(([licence, count]) => `| ${licence} | ${count} |`).join("\n")}

| package | version | licence | from |
|---|---|---|---|
${rows.map(({ name, version, licence, from }) => `| ${name} | ${version} | ${licence} | ${from} |`).join("\n")}
`;
}

command(main);
