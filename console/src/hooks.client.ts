// What is done before the first screen, and with errors that nobody caught.
import type { HandleClientError } from '@sveltejs/kit/hooks';
import { asProblem } from '#lib/api/problem.ts';
import { askEarly } from '#lib/session/load.ts';
import { look } from '#lib/shell/look.svelte.ts';
import { language } from '#lib/texts/language.svelte.ts';
import { problemWords } from '#lib/texts/problems.ts';

look.apply();
language.apply();
askEarly();

export const handleError: HandleClientError = ({ kind, error }) => {
  // An address without a screen has words of its own.
  if (kind === 'framework') return;
  const problem = asProblem(error);
  // Of the console's own, for whoever looks for the mistake.
  // eslint-disable-next-line no-console -- there is no other log in a browser
  if (problem.code === 'console') console.error(error);
  return { message: problemWords(problem) };
};
