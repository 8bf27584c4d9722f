// A table for a terminal: columns as wide as they need, the widest ones wrapped.

/**
 * @param head   the columns' titles
 * @param rows   lists of cells, "" where there is nothing to say
 * @param width  of the terminal, in characters
 */
export function formatTable(head, rows, width) {
  const widths = fit(
    head.map((title, i) =>
      Math.max(...[title, ...rows.map((row) => row[i])].map((cell) => cell.length)),
    ),
    Math.max(width, head.length * 10) - 2 * (head.length - 1),
  );
  const rule = widths.map((size) => "─".repeat(size)).join("  ");
  return [...lines(head, widths), rule, ...rows.flatMap((row) => lines(row, widths))].join("\n");
}

// The widest column gives way first.
function fit(wanted, space) {
  const widths = [...wanted];
  while (widths.reduce((a, b) => a + b, 0) > space) widths[widths.indexOf(Math.max(...widths))]--;
  return widths;
}

function lines(cells, widths) {
  const wrapped = cells.map((cell, i) => wrap(cell, widths[i]));
  const height = Math.max(...wrapped.map((parts) => parts.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((parts, i) => (parts[line] ?? "").padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
}

function wrap(text, width) {
  const parts = [""];
  for (const word of text
    .split(" ")
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "g")) ?? [""])) {
    const last = parts.at(-1);
    if (last === "") parts[parts.length - 1] = word;
    else if (last.length + 1 + word.length <= width) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  return parts;
}
