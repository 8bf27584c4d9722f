// Compiles lib/tensor/binding against TensorFlow's C library: g++ or clang++, else zig from PyPI.
import { mkdirSync, existsSync, readdirSync, renameSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { NativeSetupError, runProgram } from "../native.mjs";

const here = dirname(fileURLToPath(import.meta.url));

const zigTargets = {
  "linux-x64": "x86_64-linux-gnu.2.28",
  "linux-arm64": "aarch64-linux-gnu.2.28",
  "darwin-arm64": "aarch64-macos",
};

async function installZig({ home, python, report }) {
  const folder = join(home, "zig");
  if (!existsSync(join(folder, "ziglang"))) {
    report("No C++ compiler was found: downloading one (zig, 96 MB)");
    const partial = folder + ".partial";
    const args = [
      "-m",
      "pip",
      "install",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--require-hashes",
      "-q",
    ];
    const rest = [
      "--disable-pip-version-check",
      "--target",
      partial,
      "-r",
      join(here, "ziglang.txt"),
    ];
    await runProgram(python, [...args, ...rest]);
    renameSync(partial, folder);
  }
  return [
    join(folder, "ziglang/zig"),
    "c++",
    "-target",
    zigTargets[`${process.platform}-${process.arch}`],
  ];
}

function* compilers(context) {
  if (process.env.RLHF_CXX)
    yield { name: process.env.RLHF_CXX, command: async () => [process.env.RLHF_CXX] };
  yield { name: "g++", command: async () => ["g++"] };
  yield { name: "clang++", command: async () => ["clang++"] };
  yield { name: "zig c++", command: () => installZig(context) };
}

const mac = process.platform === "darwin";
const common = ["-O2", "-std=c++17", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8"];
const linkNode = mac ? ["-undefined", "dynamic_lookup"] : [];

function bindingArguments({ root, libraries, output }) {
  const modules = join(root, "node_modules/@tensorflow/tfjs-node-gpu");
  const tensorflow = join(libraries, "tensorflow");
  const names = readdirSync(tensorflow).filter((name) =>
    /^libtensorflow_(cc|framework)\./.test(name),
  );
  const include = [
    join(root, "node_modules/node-api-headers/include"),
    modules,
    join(modules, "binding"),
    join(tensorflow, "include"),
  ];
  return [
    ...common,
    ...include.map((folder) => `-I${folder}`),
    join(root, "lib/tensor/binding/graph_functions.cc"),
    ...["-o", output],
    ...names.map((name) => join(tensorflow, name)),
    // The two libraries are in the binding's own folder: a symbolic link would break their look-ups.
    mac ? "-Wl,-rpath,@loader_path" : "-Wl,-rpath,$ORIGIN",
    ...linkNode,
  ];
}

const quietArguments = (root, output) => [
  ...common,
  `-I${join(root, "node_modules/node-api-headers/include")}`,
  join(root, "lib/tensor/binding/quiet.cc"),
  ...["-o", output],
  ...linkNode,
];

/** @returns the binding's path relative to `root`, and the compiler that made it */
export async function compileBinding({ root, home, python, libraries, report }) {
  const folder = join(libraries, "tensorflow");
  const binding = join(folder, "rlhf_tensorflow.node");
  const partial = (name) => join(folder, `${name}.partial.node`);
  mkdirSync(folder, { recursive: true });
  const failures = [];
  for (const { name, command } of compilers({ home, python, report })) {
    try {
      const [program, ...before] = await command();
      const output = partial("rlhf_tensorflow");
      await runProgram(program, [...before, ...bindingArguments({ root, libraries, output })]);
      await runProgram(program, [...before, ...quietArguments(root, partial("rlhf_quiet"))]);
      renameSync(partial("rlhf_quiet"), join(folder, "rlhf_quiet.node"));
      renameSync(output, binding);
      return { binding: relative(root, binding), compiler: name };
    } catch (error) {
      if (error.code !== "ENOENT") failures.push(`${name}: ${firstError(error)}`);
    }
  }
  throw new NativeSetupError(
    `The binding between Node and TensorFlow could not be compiled (${failures.join("; ") || "no compiler"}).`,
    "Install a C++ compiler (Debian: apt install g++; macOS: xcode-select --install) and run `node scripts/native.mjs --again`.",
  );
}

const firstError = (error) =>
  String(error.stderr || error.message)
    .split("\n")
    .find((line) => /error/i.test(line))
    ?.trim() ?? error.message;
