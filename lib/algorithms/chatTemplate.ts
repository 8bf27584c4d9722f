/**
 * A chat template: how a conversation becomes one row of tokens. Marks say who speaks; the model learns
 * to go on after the assistant's mark, and to end with the end mark.
 *
 *   [SYS] instruction [USR] question [ASST] answer [END] [USR] question [ASST] answer [END]
 */
import { checkInteger, checkNotEmpty } from "../core/checks";

/** Who says something: the system prompt is the operator's instruction, before all else. */
export type Role = "system" | "user" | "assistant";

/** One turn of a conversation. */
export interface Message {
  role: Role;
  /** what is said, as tokens */
  content: readonly number[];
}

/** The tokens that a template adds; they must mean nothing else. */
export interface ChatMarks {
  system: number;
  user: number;
  assistant: number;
  /** ends each answer of the assistant's */
  end: number;
}

/** A sequence, and which of its tokens are to be learned. */
export interface ChatExample {
  tokens: number[];
  /** 1 for the assistant's tokens, the end marks too; 0 for everything that others say */
  mask: number[];
}

/**
 * A whole conversation as an example to learn from: all the assistant's answers count, their marks do
 * not, because the assistant does not write them.
 *
 * @throws RangeError when the turns are not [system], user, assistant, user, assistant, …
 */
export function renderChat(messages: readonly Message[], marks: ChatMarks): ChatExample {
  checkTurns(messages);
  const tokens: number[] = [];
  const mask: number[] = [];
  for (const { role, content } of messages) {
    const said = role === "assistant" ? [...content, marks.end] : content;
    tokens.push(marks[role], ...said);
    mask.push(0, ...said.map(() => (role === "assistant" ? 1 : 0)));
  }
  return { tokens, mask };
}

/**
 * A conversation up to the assistant's mark: what the model is given to answer.
 *
 * @param messages ends with the user's turn
 */
export function chatPrompt(messages: readonly Message[], marks: ChatMarks): number[] {
  if (messages[messages.length - 1]?.role === "assistant") {
    throw new RangeError("chatPrompt: the last turn must be the user's, it is the assistant's.");
  }
  return [...renderChat(messages, marks).tokens, marks.assistant];
}

function checkTurns(messages: readonly Message[]): void {
  checkNotEmpty("renderChat: messages", messages);
  const turns = messages[0].role === "system" ? messages.slice(1) : messages;
  turns.forEach(({ role }, i) => {
    const expected: Role = i % 2 === 0 ? "user" : "assistant";
    if (role === expected) return;
    throw new RangeError(
      `renderChat: turn ${i + messages.length - turns.length} must be the ${expected}'s, it is the ${role}'s. ` +
        "A system prompt comes first or not at all; then user and assistant take turns.",
    );
  });
}

/** Rows that hold several examples each. */
export interface PackedRows {
  /** [B][T] */
  tokens: number[][];
  /** [B][T] 1 for tokens to be learned */
  mask: number[][];
  /** [B][T] number of the example in its row, from 1; 0 for padding. Attention stays within one. */
  segments: number[][];
  /** [B][T] place of the token in its example */
  positions: number[][];
}

/**
 * Packs short examples into rows of one length, the longest first, each where it fits first (first-fit
 * decreasing), so that less is spent on padding. Segments keep them apart: the loss is the same as one
 * row an example, which a test says.
 *
 * @param length  T of a row
 * @param padding token that fills the rows up
 * @throws RangeError when an example is longer than a row
 */
export function packExamples(
  examples: readonly ChatExample[],
  length: number,
  padding: number,
): PackedRows {
  checkNotEmpty("packExamples: examples", examples);
  checkInteger("packExamples: length", length, 1);
  const rows: ChatExample[][] = [];
  const used: number[] = [];
  for (const example of [...examples].sort((a, b) => b.tokens.length - a.tokens.length)) {
    const size = example.tokens.length;
    checkInteger("packExamples: tokens of an example", size, 1, length);
    const found = used.findIndex((taken) => taken + size <= length);
    const row = found === -1 ? used.push(0) - 1 : found;
    (rows[row] ??= []).push(example);
    used[row] += size;
  }
  const filled = (one: (example: ChatExample, k: number) => number[], fill: number): number[][] =>
    rows.map((row) => {
      const cells = row.flatMap(one);
      return [...cells, ...new Array<number>(length - cells.length).fill(fill)];
    });
  return {
    tokens: filled(({ tokens }) => tokens, padding),
    mask: filled(({ mask }) => mask.map((m, t) => (t === 0 ? 0 : m)), 0),
    segments: filled(({ tokens }, k) => tokens.map(() => k + 1), 0),
    positions: filled(({ tokens }) => tokens.map((_, t) => t), 0),
  };
}
