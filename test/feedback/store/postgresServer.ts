import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** A PostgreSQL server of the tests' own, or the reason why there is none. */
export interface PostgresServer {
  /** A fresh, empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

/** Where Debian and others put the server's programs; they are not on the path. */
function programs(): string | undefined {
  const places = [
    ...(process.env["RLHF_POSTGRES"] === undefined ? [] : [process.env["RLHF_POSTGRES"]]),
    ...(existsSync("/usr/lib/postgresql")
      ? readdirSync("/usr/lib/postgresql")
          .sort()
          .reverse()
          .map((v) => `/usr/lib/postgresql/${v}/bin`)
      : []),
    "/usr/local/bin",
    "/opt/homebrew/bin",
  ];
  return places.find((place) => existsSync(join(place, "initdb")));
}

/** PostgreSQL refuses to run as root: then another user must stand in. */
function user(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string): number => Number(execFileSync("id", [flag, name]).toString());
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      continue;
    }
  }
  return {};
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts a server on loopback with a password, in a folder that goes with it; undefined if none. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const bin = programs();
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "store-postgres-"));
  const owner = user();
  const password = randomBytes(12).toString("hex");
  const data = join(folder, "data");
  writeFileSync(join(folder, "password"), password);
  if (owner.uid !== undefined) {
    for (const path of [folder, join(folder, "password")]) chownSync(path, owner.uid, owner.gid!);
  }
  chmodSync(folder, 0o700);
  const options = { ...owner, cwd: folder, stdio: "ignore" as const };
  const secret = ["--auth=scram-sha-256", `--pwfile=${join(folder, "password")}`];
  const kind = ["-U", "course", "--no-sync", "-E", "UTF8", "--locale=C"];
  execFileSync(join(bin, "initdb"), ["-D", data, ...kind, ...secret], options);
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), ...settings],
    options,
  );
  const url = (name: string): string => `postgres://course:${password}@127.0.0.1:${port}/${name}`;
  const stop = (): Promise<void> => stopped(server, folder);
  await answered(url("postgres")).catch(async (fault: unknown) => {
    await stop();
    throw fault;
  });
  let made = 0;
  const database = async (): Promise<string> => {
    const name = `test${(made += 1)}`;
    await statement(url("postgres"), `CREATE DATABASE ${name}`);
    return url(name);
  };
  return { database, stop };
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function answered(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await statement(url, "SELECT 1");
    } catch (fault) {
      if (tries === 100) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stopped(server: ChildProcess, folder: string): Promise<void> {
  const gone = new Promise((resolve) => server.once("exit", resolve));
  const runs = server.exitCode === null && server.signalCode === null;
  if (runs && server.kill("SIGQUIT")) await gone; // "immediate": its folder goes too, so nothing need be written out
  rmSync(folder, { recursive: true, force: true });
}
