/**
 * Two sets of right solutions of exercise 02, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  condorcetChoice: (ballots: number[][]) => {
    const options = [...ballots[0].keys()];
    const margin = (i: number, j: number) =>
      ballots.map((b) => Math.sign(b.indexOf(j) - b.indexOf(i))).reduce((a, b) => a + b, 0);
    const winners = options.filter((i) =>
      options.filter((j) => j !== i).every((j) => margin(i, j) > 0),
    );
    return winners.length === 1 ? winners[0] : -1;
  },
  bordaPoints: (ballots: number[][]) =>
    [...ballots[0].keys()].map((option) =>
      ballots.map((b) => b.length - 1 - b.indexOf(option)).reduce((a, b) => a + b, 0),
    ),
  contradictions: (ranking: number[], ballots: number[][]) =>
    ballots
      .flatMap((b) => ranking.flatMap((i, k) => ranking.slice(k + 1).map((j) => [b, i, j] as const)))
      .filter(([b, i, j]) => b.indexOf(j) < b.indexOf(i)).length,
  nashGain: (utilities: number[], fallback: number[], shares: number[]) =>
    utilities.map((u, t) => shares[t] * Math.log(u - fallback[t])).reduce((a, b) => a + b, 0),
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  condorcetChoice: function (ballots: number[][]) {
    const m = ballots[0].length;
    for (let i = 0; i < m; i++) {
      let beaten = 0;
      for (let j = 0; j < m; j++) {
        let votes = 0;
        for (const ballot of ballots) if (ballot.indexOf(i) < ballot.indexOf(j)) votes++;
        if (votes > ballots.length / 2) beaten++;
      }
      if (beaten === m - 1) return i;
    }
    return -1;
  },
  bordaPoints: function (ballots: number[][]) {
    const points = new Float64Array(ballots[0].length);
    for (const ballot of ballots) {
      for (let place = 0; place < ballot.length; place++) {
        points[ballot[place]] += ballot.length - 1 - place;
      }
    }
    return points;
  },
  contradictions: function (ranking: number[], ballots: number[][]) {
    let count = 0;
    for (const ballot of ballots) {
      const place = ballot.map((_, option) => ballot.indexOf(option));
      for (let k = 1; k < ranking.length; k++) {
        for (let l = 0; l < k; l++) if (place[ranking[k]] < place[ranking[l]]) count++;
      }
    }
    return count;
  },
  nashGain: function (utilities: number[], fallback: number[], shares: number[]) {
    let product = 1;
    for (let t = 0; t < utilities.length; t++) {
      product *= Math.pow(utilities[t] - fallback[t], shares[t]);
    }
    return Math.log(product);
  },
};
