/** What a class has said: everybody's comparisons of one task, from the store that all of them share. */
import type { Comparison } from "../preference/comparison";
import { agreement, judgedTwice, type Agreement } from "./agreement";
import { labels, type LabelStore } from "./store/labelStore";

export interface ClassLabels<T> {
  /** All comparisons, oldest first. */
  readonly all: readonly Comparison<T>[];
  /** The same by pseudonym; its size is the number of people who answered. */
  readonly byAnnotator: ReadonlyMap<string, readonly Comparison<T>[]>;
  /** How far they agree; undefined until two people have judged the same pair. */
  readonly agreement: Agreement | undefined;
}

/**
 * The labels that a class has given to one task; empty as long as nobody has.
 *
 *     const said = await classLabels<string>("02-lunch");
 *     if (said.byAnnotator.size > 1) …
 *
 * A class shares one store (RLHF_STORE=postgres://…), or a teacher brings the students' files
 * together with `labels.import`.
 *
 * @param store by default the course's
 */
export async function classLabels<T>(
  task: string,
  store: LabelStore = labels,
): Promise<ClassLabels<T>> {
  const all = await store.comparisons<T>({ task });
  const agreed = judgedTwice(all) > 0 ? agreement(all) : undefined;
  return { all, byAnnotator: byAnnotator(all), agreement: agreed };
}

/** Comparisons by who gave them, in the order in which they came. */
export function byAnnotator<T>(
  comparisons: readonly Comparison<T>[],
): Map<string, readonly Comparison<T>[]> {
  const people = new Map<string, Comparison<T>[]>();
  for (const comparison of comparisons) {
    const own = people.get(comparison.annotator) ?? [];
    people.set(comparison.annotator, [...own, comparison]);
  }
  return people;
}
