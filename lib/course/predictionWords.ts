/** How predictions and their errors are worded and measured. */

/** A number as a reader wants it: four significant digits, a true minus sign. */
export function words(x: number): string {
  return String(Number(x.toPrecision(4))).replace("-", "−");
}

/** Text that Markdown shows letter by letter. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|$~]/g, "\\$&");
}

type Points = readonly (readonly [number, number])[];

/**
 * Mean distance |p(x) − r(x)| between two curves, straight between their points, at the x of both
 * where both are defined.
 *
 * @returns in units of y; NaN when they have no x in common
 */
export function curveError(prediction: Points, result: Points): number {
  const places = [...new Set([...prediction, ...result].map(([x]) => x))];
  const distances = places
    .map((x) => Math.abs(heightAt(prediction, x) - heightAt(result, x)))
    .filter((distance) => !Number.isNaN(distance));
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** The curve's y at x; NaN outside it. */
function heightAt(points: Points, x: number): number {
  const after = points.findIndex(([at]) => at >= x);
  if (after < 0) return NaN;
  const [right, high] = points[after];
  if (right === x) return high;
  if (after === 0) return NaN;
  const [left, low] = points[after - 1];
  return low + ((high - low) * (x - left)) / (right - left);
}
