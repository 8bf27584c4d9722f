/** How verdicts and hints look in the notebook, and as plain text elsewhere. */
import type { Counterexample } from "./examine";
import type { FunctionExercise } from "./exercise";
import { describe } from "./judge";
import { frontEnd } from "../notebook/frontEnd";

/** A verdict in words; `rows` are pairs of a label and code. */
export interface Panel {
  readonly tone: "right" | "wrong" | "note";
  readonly title: string;
  readonly rows?: readonly (readonly [label: string, code: string])[];
  readonly notes?: readonly string[];
}

const colours = { right: "#1b7f79", wrong: "#b3440f", note: "#4a6fa5" }; // told apart without red and green
const signs = { right: "✓", wrong: "✗", note: "›" };

/** Shows a panel under the cell that asked; without a notebook it is printed. */
export function showPanel(panel: Panel): void {
  const text = panelText(panel);
  present({ "text/html": panelHtml(panel), "text/plain": text }, text);
}

/** Shows Markdown with formulas under the cell that asked; without a notebook it is printed. */
export function showText(markdown: string): void {
  present({ "text/markdown": markdown, "text/plain": markdown }, markdown);
}

function present(bundle: Record<string, string>, text: string): void {
  const page = frontEnd();
  if (page === undefined) console.log(text);
  else page.display(bundle);
}

/** A counterexample as a panel: the call, what came, what was expected to hold. */
export function counterexamplePanel(
  exercise: FunctionExercise,
  counterexample: Counterexample,
  looksLike: string | undefined,
): Panel {
  const { inputs, answer, expected, property } = counterexample;
  const given = exercise.parameters.map((parameter, i): [string, string] => [
    parameter,
    describe(inputs[i]),
  ]);
  const came = "value" in answer ? describe(answer.value) : undefined;
  const threw = "threw" in answer ? `an error: ${answer.threw}` : undefined;
  const missing = "missing" in answer ? `no answer: ${answer.missing}` : undefined;
  return {
    tone: "wrong",
    title: `${exercise.name} is not right yet. A right one ${property}.`,
    rows: [...given, ["your answer", came ?? threw ?? missing ?? ""], ["expected", expected]],
    ...(looksLike === undefined ? {} : { notes: [`It looks as if ${looksLike}`] }),
  };
}

/** The panel as plain text, for a terminal and for front ends that draw no HTML. */
export function panelText(panel: Panel): string {
  const rows = (panel.rows ?? []).map(([label, code]) => `    ${label}: ${code}`);
  const notes = (panel.notes ?? []).map((note) => `  ${note}`);
  return [`${signs[panel.tone]} ${panel.title}`, ...rows, ...notes].join("\n");
}

/** The panel as HTML; whatever came from a student is escaped. */
export function panelHtml(panel: Panel): string {
  const colour = colours[panel.tone];
  const rows = (panel.rows ?? []).map(
    ([label, code]) =>
      `<tr><td style="text-align:right;padding:1px 10px 1px 0;opacity:.75">${escapeHtml(label)}</td>` +
      `<td style="text-align:left"><code style="white-space:pre-wrap">${escapeHtml(code)}</code></td></tr>`,
  );
  const table = rows.length === 0 ? "" : `<table style="margin:4px 0">${rows.join("")}</table>`;
  const notes = (panel.notes ?? []).map((note) => `<div>${escapeHtml(note)}</div>`).join("");
  return (
    `<div role="status" style="border-left:4px solid ${colour};padding:2px 0 2px 10px">` +
    `<strong><span style="color:${colour}">${signs[panel.tone]}</span> ${escapeHtml(panel.title)}</strong>` +
    `${table}${notes}</div>`
  );
}

/** Text that is safe inside an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
