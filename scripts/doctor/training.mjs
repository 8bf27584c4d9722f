// Runs in a process of its own: a native part that crashes or hangs costs these rows, never the table.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { trainingRows } = require("../../lib/dist/tensor/doctor.js");
process.stdout.write(`\n${JSON.stringify(await trainingRows())}\n`);
process.exit(0);
