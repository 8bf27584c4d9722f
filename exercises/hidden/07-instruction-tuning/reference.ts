/** The functions of exercise 07 as the hidden tests compare with them. Not released. */

/** All places of the pair, from the left, become one token. */
export function merge(tokens: number[], left: number, right: number, merged: number): number[] {
  const out: number[] = [];
  let t = 0;
  while (t < tokens.length) {
    const pair = t + 1 < tokens.length && tokens[t] === left && tokens[t + 1] === right;
    out.push(pair ? merged : tokens[t]);
    t += pair ? 2 : 1;
  }
  return out;
}

/** Mean of −log softmax(z)[y] over the mask. */
export function loss(logits: number[][], targets: number[], mask: number[]): number {
  const own = targets.flatMap((target, t) => {
    if (mask[t] === 0) return [];
    const worse = logits[t].map((z) => z - logits[t][target]);
    const top = Math.max(...worse);
    return [top + Math.log(worse.reduce((sum, z) => sum + Math.exp(z - top), 0))];
  });
  return own.reduce((a, b) => a + b, 0) / own.length;
}

/** softmax(z/T). */
export function tempered(logits: number[], temperature: number): number[] {
  return logits.map((z) => 1 / logits.reduce((sum, u) => sum + Math.exp((u - z) / temperature), 0));
}
