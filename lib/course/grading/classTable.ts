/** What a class did: for each function how many got it, and which known mistakes were made how often. */
import type { Grade } from "./grade";

/** One line of the summary. */
export interface ClassRow {
  readonly name: string;
  readonly students: number;
  /** how many got all points */
  readonly right: number;
  readonly meanPoints: number;
  readonly points: number;
  /** how many lost each hidden test, most first */
  readonly lost: readonly { readonly test: string; readonly count: number }[];
  /** known mistakes, most frequent first */
  readonly mistakes: readonly {
    readonly name: string;
    readonly looksLike: string;
    readonly count: number;
  }[];
}

/** A line for every function, in the order of the notebook. */
export function classRows(grades: readonly Grade[]): ClassRow[] {
  const names = grades[0]?.functions.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const marks = grades.flatMap((grade) => grade.functions.filter((mark) => mark.name === name));
    const looks = new Map(
      marks.flatMap(({ mistake }) => (mistake ? [[mistake.name, mistake.looksLike]] : [])),
    );
    const lost = marks.flatMap(({ tests }) =>
      tests.filter((t) => t.earned < t.points).map((t) => t.test),
    );
    return {
      name,
      students: marks.length,
      right: marks.filter(({ earned, points }) => earned === points).length,
      meanPoints: marks.reduce((sum, { earned }) => sum + earned, 0) / marks.length,
      points: marks[0]?.points ?? 0,
      lost: counted(lost).map(([test, count]) => ({ test, count })),
      mistakes: counted(marks.flatMap(({ mistake }) => (mistake ? [mistake.name] : []))).map(
        ([mistake, count]) => ({ name: mistake, looksLike: looks.get(mistake) ?? "", count }),
      ),
    };
  });
}

/** The summary as text for a terminal. */
export function classTable(grades: readonly Grade[]): string {
  const rows = classRows(grades);
  const width = Math.max(8, ...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, students, right, meanPoints, points, mistakes }) => {
    const counts = `${right} of ${students}`.padStart(12);
    const mean = `${meanPoints.toFixed(1)} / ${points}`.padStart(10);
    const known = mistakes.map((mistake) => `${mistake.name} ${mistake.count}`).join(", ");
    return `${name.padEnd(width)} ${counts} ${mean}  ${known === "" ? "–" : known}`;
  });
  const head = `${"function".padEnd(width)} ${"all points".padStart(12)} ${"mean".padStart(10)}  known mistakes`;
  return [head, ...lines].join("\n");
}

function counted(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
