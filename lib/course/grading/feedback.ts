/** The page a student gets back: every mark with its reason, and what can be read in their notebook. */
import { escapeHtml, panelHtml } from "../exerciseView";
import type { Grade } from "./grade";
import { nbgraderMark } from "./notebook";
import { verdicts, withoutWalls } from "./outputs";

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:#f5f5f2;padding:.7rem;overflow:auto}div[role=status]{margin:.6rem 0}
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#181818}pre{background:#242424}}`;

/**
 * A self-contained HTML page: no script, nothing loaded from elsewhere, whatever the student wrote
 * escaped. It shows inputs and answers, not the code of hidden tests.
 */
export function feedbackPage(exercise: string, grade: Grade): string {
  const earned = sum(grade.functions.map((mark) => mark.earned));
  const points = sum(grade.functions.map((mark) => mark.points));
  const remarks = [...grade.remarks, ...(grade.walls === "none" ? [withoutWalls] : [])];
  const sections = grade.functions.map((mark) => {
    const panels = verdicts(mark, grade).map(panelHtml).join("\n");
    return `<h2>${escapeHtml(mark.name)}</h2>\n${panels}\n${answer(grade, mark.name)}`;
  });
  const refused =
    grade.refused === undefined ? "" : `<p><strong>${escapeHtml(grade.refused)}</strong></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(exercise)}: feedback for ${escapeHtml(grade.student)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(exercise)}, ${escapeHtml(grade.student)}</h1>
<p>${earned} of ${points} points for the functions. Answers in words are marked by your teacher.</p>
${refused}${list(remarks)}
${sections.join("\n")}
</body></html>
`;
}

function answer(grade: Grade, name: string): string {
  const cell = grade.notebook.cells.find((each) => nbgraderMark(each)?.grade_id === name);
  if (cell === undefined) return "";
  return `<details><summary>Your answer</summary><pre>${escapeHtml(cell.source.slice(0, 20_000))}</pre></details>`;
}

function list(remarks: readonly string[]): string {
  if (remarks.length === 0) return "";
  return `<ul>${remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join("")}</ul>`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
