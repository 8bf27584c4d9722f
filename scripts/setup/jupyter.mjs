// What makes a plain JupyterLab this course's: the TypeScript kernel, and settings for a student without a network.
import { join } from "node:path";
import { environment } from "./python.mjs";
import { fingerprint, root, writeWhole } from "./stamp.mjs";

const share = join(environment, "share", "jupyter");
const kernelFile = join(share, "kernels", "typescript", "kernel.json");
const configFile = join(environment, "etc", "jupyter", "jupyter_config.json");
const settingsFile = join(share, "lab", "settings", "overrides.json");

const kernel = {
  argv: [
    process.execPath,
    join(root, "lib", "dist", "kernel", "main.js"),
    "--config-path",
    "{connection_file}",
  ],
  display_name: "TypeScript",
  language: "typescript",
  interrupt_mode: "signal",
};

// Every Jupyter program of the environment reads it: one kernel to choose from, no look at the network
// or for other programs that help with code (the kernel does).
const config = {
  KernelSpecManager: { ensure_native_kernel: false, allowed_kernelspecs: ["typescript"] },
  LabApp: {
    news_url: null,
    check_for_updates_class: "jupyterlab.NeverCheckForUpdate",
    extension_manager: "readonly",
  },
  LanguageServerManager: { autodetect: false },
  MappingKernelManager: { default_kernel_name: "typescript" },
};

const settings = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/extensionmanager-extension:plugin": { enabled: false },
  // Errors name a line; live charts and widgets must not lose their state when they are scrolled out of sight.
  "@jupyterlab/notebook-extension:tracker": {
    codeCellConfig: { lineNumbers: true },
    windowingMode: "none",
  },
};

const files = [
  [kernelFile, kernel],
  [configFile, config],
  [settingsFile, settings],
].map(([path, content]) => [path, `${JSON.stringify(content, null, 2)}\n`]);

export const jupyterStep = {
  name: "jupyter",
  title: "TypeScript kernel for Jupyter",
  after: ["packages"],
  inputs: () => [fingerprint(files.flat())],
  outputs: () => files.map(([path]) => path),
  async run() {
    for (const [path, text] of files) writeWhole(path, text);
  },
};
