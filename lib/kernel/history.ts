/** The cells that were run in this kernel, as `history_request` asks for them. */
import type { Content } from "./wire";

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | undefined;
}

type Row = [session: number, line: number, input: string | [string, string | undefined]];

const session = 1; // a kernel knows of no other

export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: undefined });
  }

  setOutput(line: number, output: unknown): void {
    const entry = this.entries.at(-1);
    if (entry?.line === line && typeof output === "string") entry.output = output;
  }

  answer(request: Content): Row[] {
    const row = ({ line, input, output }: Entry): Row => [
      session,
      line,
      request.output === true ? [input, output] : input,
    ];
    return this.select(request).map(row);
  }

  private select(request: Content): Entry[] {
    const n = typeof request.n === "number" ? request.n : undefined;
    if (request.hist_access_type === "range") return this.range(request);
    const entries =
      request.hist_access_type === "search"
        ? this.search(request.pattern, request.unique === true)
        : this.entries;
    return n === undefined ? entries : entries.slice(Math.max(0, entries.length - n));
  }

  private range({ session: asked, start, stop }: Content): Entry[] {
    if (asked !== session && asked !== 0 && asked !== undefined) return [];
    const from = typeof start === "number" ? start : 1;
    const to = typeof stop === "number" ? stop : Infinity;
    return this.entries.filter(({ line }) => line >= from && line < to);
  }

  /** Matches a whole cell against a pattern with the wildcards * and ?. */
  private search(asked: unknown, unique: boolean): Entry[] {
    const pattern = typeof asked === "string" ? asked : "*";
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const expression = new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
    const found = this.entries.filter(({ input }) => expression.test(input));
    if (!unique) return found;
    return [...new Map(found.map((entry) => [entry.input, entry])).values()];
  }
}
