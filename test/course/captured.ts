/** Runs something that shows panels, and keeps what it showed. */
export async function captured(
  act: () => unknown,
  { notebook = false } = {},
): Promise<{ text: string; bundles: Record<string, unknown>[]; error: unknown }> {
  const lines: string[] = [];
  const bundles: Record<string, unknown>[] = [];
  const key = Symbol.for("rlhf.frontEnd");
  const page = globalThis as Record<symbol, unknown>;
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  if (notebook) page[key] = { display: (data: Record<string, unknown>) => bundles.push(data) };
  let error: unknown;
  try {
    await act();
  } catch (thrown) {
    error = thrown;
  } finally {
    console.log = log;
    delete page[key];
  }
  return { text: lines.join("\n"), bundles, error };
}
