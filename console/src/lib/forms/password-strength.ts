// How good a new password is, in four steps that have words. Guesses of machines are what counts: length first,
// then how many different characters; no rule about kinds of characters.

export const passwordMinimum = 10;

export type Strength = 'short' | 'weak' | 'fair' | 'good';

const common = [
  'password',
  'passwort',
  '12345',
  'qwerty',
  'qwertz',
  'letmein',
  'welcome',
  'iloveyou',
  'admin',
  'belfry',
];

export function passwordStrength(password: string): Strength {
  const characters = Array.from(password);
  if (characters.length < passwordMinimum) return 'short';
  const folded = password.toLowerCase();
  const known = common.filter((word) => folded.includes(word)).reduce((sum, word) => sum + word.length - 1, 0);
  const worth = characters.length - known - runs(characters);
  const different = new Set(characters).size;
  if (different < 5 || worth < 9) return 'weak';
  return worth >= 14 && different >= 8 ? 'good' : 'fair';
}

/** Characters that the one before gives away: the same, or the next of the alphabet. */
function runs(characters: readonly string[]): number {
  return characters.filter((character, index) => {
    const step = (character.codePointAt(0) ?? 0) - (characters[index - 1]?.codePointAt(0) ?? -9);
    return Math.abs(step) <= 1;
  }).length;
}
