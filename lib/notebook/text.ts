/** Words on a chart or a still: lines that fit its width, numbers as a reader wants them. */

/**
 * Breaks text into lines of at most so many characters, between words; a longer word stands alone.
 *
 * @returns one entry a line; [] for an empty text
 */
export function wrap(text: string, charactersPerLine: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > charactersPerLine) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A number in words: whole, or with four significant digits; a true minus sign. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const far = size !== 0 && (size >= 1e7 || size < 1e-4);
  const whole = Number.isInteger(value) || size >= 1e4;
  const text = far
    ? value.toExponential(2)
    : String(whole ? Math.round(value) : Number(value.toPrecision(4)));
  return text.replace("-", "−");
}

/** Text as HTML shows it, letter by letter. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
