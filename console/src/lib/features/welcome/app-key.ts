// The key of a new app: made from its name, and what is wrong with one that is typed. The server has the last word.

const form = /^[A-Za-z0-9_-]{1,64}$/;
/** The console's own, and others that may come. */
const reserved = 'belfry-';

export type KeyFault = 'form' | 'reserved' | 'taken';

export function keyFromName(name: string): string {
  const folded = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return folded.startsWith(reserved) ? folded.slice(reserved.length) : folded;
}

/** The first of `key`, `key-2`, `key-3` ... that nobody has. */
export function freeKey(key: string, taken: readonly string[]): string {
  let free = key;
  for (let number = 2; taken.includes(free); number += 1) free = `${key}-${number}`;
  return free;
}

export function keyFault(key: string, taken: readonly string[]): KeyFault | undefined {
  if (!form.test(key)) return 'form';
  if (key.startsWith(reserved)) return 'reserved';
  return taken.includes(key) ? 'taken' : undefined;
}
