// Every package that a set-up may install, from the lock files, with its licence.
import { fileText, filesUnder } from "../setup/stamp.mjs";

// npm's lock file repeats what a package states of itself; what is stated nowhere in it, and Python's packages, were
// read from their licence files.
const stated = JSON.parse(fileText("scripts/licenses/stated.json"));

/** Licences under which we may install and pass on; MPL's duty ends at its own files, which we do not change. */
const permitted = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause ISC MIT MIT-0 MPL-2.0 PSF-2.0 Unlicense Zlib".split(
    " ",
  ),
);

/** CUDA's libraries: never passed on by us, fetched only where an NVIDIA driver was installed by the machine's owner. */
const driverOnly = "LicenseRef-NVIDIA";

/** Whether a licence expression leaves us a way: one of "OR", all of "AND". */
export function isPermitted(expression, name = "") {
  if (expression === driverOnly) return name.startsWith("nvidia-");
  const plain = expression.replace(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => permitted.has(one.trim())));
}

/** @returns rows `{ name, version, licence, from }`, one a name and version, sorted */
export function installedPackages() {
  const rows = [...npmPackages(), ...pythonPackages()];
  const unique = new Map(rows.map((row) => [`${row.from} ${row.name} ${row.version}`, row]));
  return [...unique.values()].sort((a, b) =>
    `${a.from} ${a.name}` < `${b.from} ${b.name}` ? -1 : 1,
  );
}

function npmPackages() {
  const { packages } = JSON.parse(fileText("package-lock.json"));
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && entry.link !== true)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return { name, version, licence: stated.npm[name] ?? license ?? "unknown", from: "npm" };
    });
}

function pythonPackages() {
  const locks = [
    "requirements.txt",
    ...filesUnder("requirements", [".txt"]),
    ...filesUnder("scripts/native", [".txt"]),
  ];
  return locks.flatMap((lock) =>
    [...fileText(lock).matchAll(/^([\w.-]+)==([^\s;\\]+)/gm)].map(([, written, version]) => {
      const name = written.toLowerCase().replace(/[-_.]+/g, "-");
      return { name, version, licence: stated.python[name] ?? "unknown", from: "PyPI" };
    }),
  );
}
