// %% [markdown] locked="title"
// # Exercise 07: from text to answers, by hand
//
// Four short functions, none longer than fifteen lines, and one question to answer in words: a merge of byte-pair encoding, the
// loss of a language model on the tokens that count, the mask of a conversation, and temperature.
//
// Replace the line that throws, run the cell, then run the check below it. A check shows a
// counterexample when there is one. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// `hint("name")` gives the next of three hints; `solution("name")` shows one way to write it, once a
// version of your own has been checked.

// %% locked="try-help"
hint("answerMask");
solution("answerMask");

// %% [markdown] locked="about-mergePair"
// ## 1. A merge
//
// Byte-pair encoding (Sennrich et al. 2016) makes one token of a pair of neighbours, everywhere in the text. `tokens` is the text; each place where
// `left` is followed by `right` becomes `merged`. From the left, so that in 5 5 5 the first two make a pair. Return a new list.

// %% solution="mergePair"
function mergePair(tokens: number[], left: number, right: number, merged: number): number[] {
  // BEGIN SOLUTION
  const out: number[] = [];
  let t = 0;
  while (t < tokens.length) {
    const pair = tokens[t] === left && tokens[t + 1] === right;
    out.push(pair ? merged : tokens[t]);
    t += pair ? 2 : 1;
  }
  return out;
  // END SOLUTION
}

// %% test="mergePair" points=4
await check("mergePair", mergePair);

// %% [markdown] locked="about-maskedLoss"
// ## 2. The loss that counts
//
// `logits[t]` holds the scores of all tokens at place $t$, `targets[t]` is the token that came. With $m$ the mask,
//
// $$L=\frac{\sum_t m_t\,\bigl(\log\sum_u e^{z_{t,u}}-z_{t,y_t}\bigr)}{\sum_t m_t}\quad\text{(nats a token)}.$$
//
// It must stay finite when the scores are in the thousands.

// %% solution="maskedLoss"
function maskedLoss(logits: number[][], targets: number[], mask: number[]): number {
  // BEGIN SOLUTION
  let [total, count] = [0, 0];
  for (let t = 0; t < targets.length; t++) {
    const top = Math.max(...logits[t]);
    const sum = logits[t].reduce((s, z) => s + Math.exp(z - top), 0);
    total += mask[t] * (top + Math.log(sum) - logits[t][targets[t]]);
    count += mask[t];
  }
  return total / count;
  // END SOLUTION
}

// %% test="maskedLoss" points=4
await check("maskedLoss", maskedLoss);

// %% [markdown] locked="about-answerMask"
// ## 3. Whose words?
//
// A conversation is one row of tokens. The mark `assistant` says that the assistant begins to speak, `end` that it has finished. The loss counts what it
// says, *and the end mark*, or it would never learn to stop; not its own mark, which the template writes. There may be several turns, and padding.

// %% solution="answerMask"
function answerMask(tokens: number[], assistant: number, end: number): number[] {
  // BEGIN SOLUTION
  let speaking = false;
  return tokens.map((token) => {
    const counts = speaking ? 1 : 0;
    if (token === assistant) speaking = true;
    if (token === end) speaking = false;
    return counts;
  });
  // END SOLUTION
}

// %% test="answerMask" points=3
await check("answerMask", answerMask);

// %% [markdown] locked="about-temperedProbabilities"
// ## 4. Careful or wild
//
// Sampling at temperature $T$ draws from $p(v)\propto e^{z_v/T}$. At $T=1$ that is the model itself; towards 0 only the best token is left. Return the probabilities.

// %% solution="temperedProbabilities"
function temperedProbabilities(logits: number[], temperature: number): number[] {
  // BEGIN SOLUTION
  const top = Math.max(...logits);
  const weights = logits.map((z) => Math.exp((z - top) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
  // END SOLUTION
}

// %% test="temperedProbabilities" points=4
await check("temperedProbabilities", temperedProbabilities);

// %% [markdown] locked="about-together"
// ### All together
//
// A song of twelve syllables and three merges: how much shorter does it get?

// %%
let song = [1, 2, 3, 1, 2, 3, 1, 2, 4, 1, 2, 3];
for (const [left, right, merged] of [
  [1, 2, 5],
  [5, 3, 6],
  [6, 6, 7],
]) {
  song = mergePair(song, left, right, merged);
  console.log(`${left} + ${right} → ${merged}: ${song.join(" ")}`);
}

// %% [markdown] locked="about-template"
// ## 5. In your own words
//
// An assistant was fine-tuned with the template `[SYS] … [USR] … [ASST] …`. A colleague calls it without a system prompt, so that all tokens stand further to the left, and finds it stupid.
// Name two things that may have gone wrong, and how you would find out which it is. Three or four sentences.

// %% [markdown] question="template" points=4
// BEGIN SOLUTION
// The model learned its skill at certain places of the row: with learned positions the same tokens two places further left are
// another input. Or it never saw a row without a system prompt, and the marks themselves now mean something else to it. To tell them
// apart, put padding where the system prompt stood (same places, no instruction) and, separately, an empty system prompt with its mark (same marks, other
// places), and compare the share of right answers. The remedy is the same: call it with the template it was trained on, or train on both.
// END SOLUTION
