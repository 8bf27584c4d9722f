import { checkInteger, checkRange } from "../../core/checks";

/**
 * Learning rate that rises linearly from 0 to `peak` over the warm-up, then falls by half a cosine.
 *
 *   η(t) = peak·t/warmUp,  then  final + (peak − final)·(1 + cos π·p)/2,  p = (t − warmUp)/(steps − warmUp)
 *
 * Loshchilov & Hutter 2017, Eq. 5, arXiv:1608.03983.
 *
 * @param step  t, counted from 0; beyond `steps` the rate stays at its last value
 * @param steps length of the whole run
 * @param options `warmUp` steps (default 0), `final` rate (default 0)
 */
export function cosineSchedule(
  step: number,
  peak: number,
  steps: number,
  { warmUp = 0, final = 0 }: { warmUp?: number; final?: number } = {},
): number {
  const progress = checkedProgress("cosineSchedule", step, peak, steps, warmUp, final);
  if (step < warmUp) return (peak * step) / warmUp;
  return final + ((peak - final) * (1 + Math.cos(Math.PI * progress))) / 2;
}

/**
 * As `cosineSchedule`, but falling in a straight line.
 *
 * @param step  t, counted from 0; beyond `steps` the rate stays at its last value
 * @param steps length of the whole run
 */
export function linearSchedule(
  step: number,
  peak: number,
  steps: number,
  { warmUp = 0, final = 0 }: { warmUp?: number; final?: number } = {},
): number {
  const progress = checkedProgress("linearSchedule", step, peak, steps, warmUp, final);
  if (step < warmUp) return (peak * step) / warmUp;
  return peak + (final - peak) * progress;
}

/** Share of the way from the end of the warm-up to the end, in [0, 1]. */
function checkedProgress(
  where: string,
  step: number,
  peak: number,
  steps: number,
  warmUp: number,
  final: number,
): number {
  checkInteger(`${where}: step`, step, 0);
  checkInteger(`${where}: steps`, steps, 1);
  checkInteger(`${where}: warmUp`, warmUp, 0, steps);
  checkRange(`${where}: peak`, peak, 0, Number.MAX_VALUE);
  checkRange(`${where}: final`, final, 0, peak);
  if (warmUp === steps) return step < steps ? 0 : 1;
  return Math.min(1, Math.max(0, (step - warmUp) / (steps - warmUp)));
}
