/**
 * Two sets of right solutions of exercise 07, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  mergePair: (tokens: number[], left: number, right: number, merged: number) =>
    tokens.reduce((out: number[], token) => {
      const open = out.length > 0 && out[out.length - 1] === left && token === right;
      return open ? [...out.slice(0, -1), merged] : [...out, token];
    }, []),
  maskedLoss: (logits: number[][], targets: number[], mask: number[]) =>
    logits
      .map((row, t) => {
        const top = Math.max(...row);
        const total = row.reduce((sum, z) => sum + Math.exp(z - top), 0);
        return mask[t] * (Math.log(total) + top - row[targets[t]]);
      })
      .reduce((a, b) => a + b, 0) / mask.filter((m) => m === 1).length,
  answerMask: (tokens: number[], assistant: number, end: number) =>
    tokens.map((_, t) => {
      const said = tokens.slice(0, t);
      return said.lastIndexOf(assistant) > said.lastIndexOf(end) ? 1 : 0;
    }),
  temperedProbabilities: (logits: number[], temperature: number) => {
    const scaled = logits.map((z) => z / temperature);
    const top = Math.max(...scaled);
    const logTotal = Math.log(scaled.reduce((sum, z) => sum + Math.exp(z - top), 0));
    return scaled.map((z) => Math.exp(z - top - logTotal));
  },
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  mergePair: function (tokens: number[], left: number, right: number, merged: number) {
    const out: number[] = [];
    for (let t = 0; t < tokens.length; t++) {
      if (tokens[t] === left && t + 1 < tokens.length && tokens[t + 1] === right) {
        out.push(merged);
        t++;
      } else {
        out.push(tokens[t]);
      }
    }
    return out;
  },
  maskedLoss: function (logits: number[][], targets: number[], mask: number[]) {
    let total = 0;
    let count = 0;
    for (let t = 0; t < logits.length; t++) {
      if (mask[t] !== 1) continue;
      let top = -Infinity;
      for (const z of logits[t]) if (z > top) top = z;
      let sum = 0;
      for (const z of logits[t]) sum += Math.exp(z - top);
      total -= logits[t][targets[t]] - top - Math.log(sum);
      count++;
    }
    return total / count;
  },
  answerMask: function (tokens: number[], assistant: number, end: number) {
    const mask = new Float64Array(tokens.length);
    let t = 0;
    while (t < tokens.length) {
      if (tokens[t] === assistant) {
        t++;
        while (t < tokens.length) {
          mask[t] = 1;
          if (tokens[t] === end) break;
          t++;
        }
      }
      t++;
    }
    return mask;
  },
  temperedProbabilities: function (logits: number[], temperature: number) {
    const out = new Float64Array(logits.length);
    let top = -Infinity;
    for (const z of logits) top = Math.max(top, z);
    let sum = 0;
    for (let v = 0; v < out.length; v++) {
      out[v] = Math.exp((logits[v] - top) / temperature);
      sum += out[v];
    }
    for (let v = 0; v < out.length; v++) out[v] /= sum;
    return out;
  },
};
