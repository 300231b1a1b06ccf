// How many there are, as a text: exact, or that it is at least so many.
import { number } from '#lib/texts/numbers.ts';
import { m } from '#texts';

interface Total {
  value: number;
  /** There may be more. */
  atLeast?: boolean | undefined;
}

export function totalText({ value, atLeast = false }: Total, tag: string): string {
  const shown = number(value, tag);
  return atLeast ? m.list_at_least({ number: shown }) : shown;
}
