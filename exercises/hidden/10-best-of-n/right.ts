/**
 * Two sets of right solutions of exercise 10, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  bestOfNPolicy: (p: number[], r: number[], n: number) => {
    const upTo = (limit: number) => p.filter((_, z) => r[z] <= limit).reduce((a, b) => a + b, 0);
    const below = (limit: number) => p.filter((_, z) => r[z] < limit).reduce((a, b) => a + b, 0);
    return p.map((share, y) => {
      const [F, G] = [upTo(r[y]), below(r[y])];
      return (share * (F ** n - G ** n)) / (F - G);
    });
  },
  pileEstimate: (scores: number[], values: number[], n: number) => {
    const N = scores.length;
    const below = scores.map((s) => scores.filter((t) => t < s).length);
    // C(b, n−1)/C(N, n) = n/N · Π_{k=1}^{n−1} (b − k + 1)/(N − k)
    return values
      .map((v, i) => {
        let chance = n / N;
        for (let k = 1; k < n; k++) chance *= Math.max(0, below[i] - k + 1) / (N - k);
        return v * chance;
      })
      .reduce((a, b) => a + b, 0);
  },
  fitHump: (distances: number[], gains: number[]) => {
    const dot = (a: number[], b: number[]) => a.map((x, k) => x * b[k]).reduce((x, y) => x + y, 0);
    const squares = distances.map((d) => -d * d);
    const [aa, ab, bb] = [
      dot(distances, distances),
      dot(distances, squares),
      dot(squares, squares),
    ];
    const [ay, by] = [dot(distances, gains), dot(squares, gains)];
    const determinant = aa * bb - ab * ab;
    return [(bb * ay - ab * by) / determinant, (aa * by - ab * ay) / determinant];
  },
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  bestOfNPolicy: function (p: number[], r: number[], n: number) {
    const order = p.map((_, y) => y);
    order.sort((a, b) => r[a] - r[b]);
    const q = new Float64Array(p.length);
    let below = 0;
    for (let start = 0; start < order.length; ) {
      let end = start;
      let mass = 0;
      while (end < order.length && r[order[end]] === r[order[start]]) {
        mass += p[order[end]];
        end++;
      }
      const gained = Math.pow(below + mass, n) - Math.pow(below, n);
      for (let i = start; i < end; i++) q[order[i]] = (p[order[i]] / mass) * gained;
      below += mass;
      start = end;
    }
    return q;
  },
  pileEstimate: function (scores: number[], values: number[], n: number) {
    const samples = scores.map((score, i) => ({ score, value: values[i] }));
    samples.sort((a, b) => a.score - b.score);
    let estimate = 0;
    let chance = n / samples.length;
    for (let i = samples.length; i >= n; i--) {
      estimate += chance * samples[i - 1].value;
      chance = i > 1 ? (chance * (i - n)) / (i - 1) : 0;
    }
    return estimate;
  },
  fitHump: function (distances: number[], gains: number[]) {
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let t1 = 0;
    let t2 = 0;
    for (let k = 0; k < distances.length; k++) {
      const d = distances[k];
      s2 += d * d;
      s3 += d * d * d;
      s4 += d * d * d * d;
      t1 += d * gains[k];
      t2 += d * d * gains[k];
    }
    const beta = (s3 * t1 - s2 * t2) / (s2 * s4 - s3 * s3);
    return [(t1 + beta * s3) / s2, beta];
  },
};
