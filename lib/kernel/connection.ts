/** The connection file Jupyter writes for a kernel, and the sockets it names. */
import { readFileSync } from "node:fs";

export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

export type Channel = "shell" | "iopub" | "stdin" | "control" | "hb";

/** @throws Error when the file is missing or signs its messages in a way not known here */
export function readConnection(path: string): Connection {
  const connection = JSON.parse(readFileSync(path, "utf8")) as Connection;
  const scheme = connection.signature_scheme ?? "hmac-sha256";
  if (connection.key !== "" && scheme !== "hmac-sha256")
    throw new Error(
      `Messages must be signed with hmac-sha256, the connection file says ${scheme}.`,
    );
  return connection;
}

/** The address of one channel, over TCP or a Unix socket. */
export function address(connection: Connection, channel: Channel): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  const port = connection[`${channel}_port`];
  return `${connection.transport}://${connection.ip}${separator}${port}`;
}
