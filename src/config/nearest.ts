import { distance } from 'fastest-levenshtein';

/** The known word nearest to a mistyped one, or undefined where none is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  return nearestFew(word, known, 1)[0];
}

/** Up to `count` near words, nearest first, ties in alphabetical order so that messages never change by themselves. */
export function nearestFew(word: string, known: Iterable<string>, count: number): string[] {
  const limit = Math.max(2, Math.floor([...word].length / 3));
  return [...new Set(known)]
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** `did you mean 'x'?`, or undefined where no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const near = nearest(word, known);
  return near ? `did you mean '${near}'?` : undefined;
}
