/**
 * The Jupyter kernel "TypeScript". Started by Jupyter as
 *
 *   node main.js --config-path <connection file>
 *
 * TypeScript is compiled by tslab's converter (one scope over all cells, types included); Jupyter's
 * protocol is spoken here.
 */
import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { Broadcast } from "./broadcast";
import { readConnection } from "./connection";
import { redirectOutput, refuseExit, refuseInput } from "./console";
import { Kernel } from "./kernel";
import { Server } from "./server";
import { Wire } from "./wire";

/** Time for the last messages to leave. */
const farewell = 50; // ms

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { "config-path": { type: "string" } } });
  const configPath = values["config-path"];
  if (configPath === undefined)
    throw new Error("Jupyter starts this kernel: main.js --config-path <connection file>");
  const connection = readConnection(configPath);
  const wire = new Wire(connection.key);
  const broadcast = new Broadcast(wire);
  redirectOutput(broadcast);
  const exit = refuseExit();
  const leave = (): void => {
    broadcast.flush();
    setTimeout(() => exit(0), farewell);
  };
  const kernel = new Kernel(broadcast, wire.session, leave);
  await new Server(wire, broadcast, kernel).start(connection, configPath, kernel.interrupts.flags);
  kernel.interrupts.listen();
  refuseInput();
}

main().catch((error: unknown) => {
  writeSync(2, `${error instanceof Error ? error.stack : String(error)}\n`);
  process.kill(process.pid, "SIGTERM");
});
