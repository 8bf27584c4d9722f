import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A store for these tests alone, so that no try ends up among a student's. */
const folder = mkdtempSync(join(tmpdir(), "tries-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs something that shows panels, and keeps what it showed. */
export async function captured(
  act: () => unknown,
  { notebook = false, store = join(folder, "store.sqlite") } = {},
): Promise<{ text: string; bundles: Record<string, unknown>[]; error: unknown }> {
  const lines: string[] = [];
  const bundles: Record<string, unknown>[] = [];
  const key = Symbol.for("rlhf.frontEnd");
  const page = globalThis as Record<symbol, unknown>;
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  const before = process.env["RLHF_STORE"];
  process.env["RLHF_STORE"] = store;
  if (notebook) page[key] = { display: (data: Record<string, unknown>) => bundles.push(data) };
  let error: unknown;
  try {
    await act();
  } catch (thrown) {
    error = thrown;
  } finally {
    console.log = log;
    delete page[key];
    if (before === undefined) delete process.env["RLHF_STORE"];
    else process.env["RLHF_STORE"] = before;
  }
  return { text: lines.join("\n"), bundles, error };
}
