/** The part of jstat that `distributions.ts` uses; the package ships no types of its own. */
declare module "jstat" {
  interface Distribution {
    cdf(x: number, ...parameters: number[]): number;
    inv(p: number, ...parameters: number[]): number;
  }
  export const jStat: {
    studentt: Distribution;
    chisquare: Distribution;
  };
}
