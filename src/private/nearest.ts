/** The candidate that takes the fewest inserted, deleted and changed characters to reach. */
export function nearest(text: string, candidates: readonly string[]): string {
  const distances = candidates.map((candidate) => distance(text.slice(0, 80), candidate));
  return candidates[distances.indexOf(Math.min(...distances))];
}

/** Whether one may be a misspelling of the other: capitals aside, a third of its letters or two are others. */
export function isNear(text: string, candidate: string): boolean {
  return distance(text.slice(0, 80).toLowerCase(), candidate.toLowerCase()) <= Math.max(2, Math.floor(text.length / 3));
}

/** Whether one is worth a question after the other: at most half of its letters are others. */
export function resembles(text: string, candidate: string): boolean {
  return distance(text.slice(0, 80).toLowerCase(), candidate) <= text.length / 2;
}

/** Whether one is hardly anything but the other misspelt: one letter in five is another, or two are exchanged. */
export function isMisspelt(text: string, candidate: string): boolean {
  const letters = (word: string) => [...word].sort().join('');
  const most = letters(text) === letters(candidate) ? 2 : Math.max(1, Math.floor(text.length / 5));
  return distance(text.slice(0, 80).toLowerCase(), candidate.toLowerCase()) <= most;
}

function distance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + change));
    }
    previous = current;
  }
  return previous[to.length];
}
