import { z } from "../../core/schema";
import type { LabellerKind } from "../labeller";
import type { Row } from "./database";

/** What was asked: the kind says what `items` are and what the `answer` looks like. */
export type LabelKind =
  "comparison" | "likert" | "ranking" | "score" | "steering" | "lottery" | "text";

/** One answer as it is kept, whatever was asked. */
export interface StoredLabel {
  /** Unique; an id that is there already is the same label and is not written twice. */
  readonly id: string;
  /** Which question of which lesson: "03-first-impressions". */
  readonly task: string;
  readonly kind: LabelKind;
  readonly prompt?: string | undefined;
  /** The things that were judged: two, k, or one; anything JSON can hold. */
  readonly items: readonly unknown[];
  /** A preference, a rating 1 … 8, an order, a score, a direction, a probability or a text. */
  readonly answer: unknown;
  /** The pseudonym of who answered. */
  readonly annotator: string;
  readonly labeller: LabellerKind;
  /** ISO 8601, UTC. */
  readonly time: string;
}

const instant = z.string().datetime({ message: "must be an ISO 8601 time in UTC" });
const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u, "must be 1 to 60 letters, digits, spaces, . _ -");
const json = z.unknown().refine((x) => x !== undefined, "must be there");
const preference = z.union([z.number().min(0).max(1), z.enum(["tie", "cannot tell"])]);
const items = (n: number): z.ZodArray<typeof json> => z.array(json).length(n);

const common = {
  id: z.string().min(1).max(100),
  task: z.string().min(1).max(200),
  prompt: z.string().max(100_000).optional(),
  annotator: name,
  labeller: z.enum(["person", "simulated", "model"]),
  time: instant,
};

const label = z.discriminatedUnion("kind", [
  z.object({ ...common, kind: z.literal("comparison"), items: items(2), answer: preference }),
  z.object({
    ...common,
    kind: z.literal("likert"),
    items: items(2),
    answer: z.number().int().min(1).max(8),
  }),
  z.object({
    ...common,
    kind: z.literal("ranking"),
    items: z.array(json).min(1),
    answer: z.array(z.number().int().min(0)),
  }),
  z.object({ ...common, kind: z.literal("score"), items: items(1), answer: z.number().finite() }),
  z.object({
    ...common,
    kind: z.literal("steering"),
    items: items(1),
    answer: z.array(z.number()),
  }),
  z.object({ ...common, kind: z.literal("lottery"), items: items(2), answer: z.number().finite() }),
  z.object({ ...common, kind: z.literal("text"), items: z.array(json), answer: z.string() }),
]);

/**
 * Checks a label that came from a page or a file.
 *
 * @param where what is being read, to begin the message with
 * @throws TypeError that names the field, what it must be and what it was
 */
export function checkedLabel(where: string, value: unknown): StoredLabel {
  const result = label.safeParse(value);
  if (!result.success) throw new TypeError(`${where}: ${explain(result.error)}`);
  const { data } = result;
  if (data.kind === "ranking" && !isPermutation(data.answer, data.items.length)) {
    throw new TypeError(
      `${where}: answer must be an order of the ${data.items.length} items, each position from 0 ` +
        `once, got [${data.answer.join(", ")}]`,
    );
  }
  return data;
}

/** Checks a pseudonym: short, no address, nothing a spreadsheet would run. */
export function checkPseudonym(pseudonym: unknown): asserts pseudonym is string {
  const result = name.safeParse(pseudonym);
  if (!result.success) throw new RangeError(`A pseudonym ${explain(result.error)}.`);
}

/** A schema's complaints as one sentence. */
export function explain(error: z.ZodError): string {
  const complaints = error.issues.map((issue) => {
    const field = issue.path.join(".");
    return field === "" ? issue.message : `${field}: ${issue.message}`;
  });
  return complaints.slice(0, 3).join("; ");
}

/** A row of the table `labels` as the label it holds. */
export function labelOfRow(row: Row): StoredLabel {
  const { prompt, items: itemsText, answer, ...rest } = row as Record<string, string | null>;
  const value = {
    ...rest,
    ...(prompt === null ? {} : { prompt }),
    items: JSON.parse(itemsText!) as unknown,
    answer: JSON.parse(answer!) as unknown,
  };
  return checkedLabel(`label ${rest["id"]} in the store`, value);
}

export function isPermutation(order: readonly number[], length: number): boolean {
  return (
    order.length === length && new Set(order).size === length && order.every((i) => i < length)
  );
}
