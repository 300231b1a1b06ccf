// The one place where a problem becomes words in the person's language. A code without words of its own is said
// in the server's English, with the code beside it.
import type { ProblemError } from '#lib/api/problem.ts';
import { m } from '#texts';
import { language } from './language.svelte.ts';
import { roleName } from './roles.ts';
import { duration } from './times.ts';

const words = new Map<string, (problem: ProblemError) => string>([
  ['unreachable', () => m.problem_unreachable()],
  ['away', () => m.problem_away()],
  ['internal', () => m.problem_internal()],
  ['console', () => m.problem_console()],
  ['unauthorized', () => m.problem_unauthorized()],
  ['csrf', () => m.problem_csrf()],
  ['confirm_needed', () => m.problem_confirm_needed()],
  ['precondition_failed', () => m.problem_changed_meanwhile()],
  ['precondition_required', () => m.problem_changed_meanwhile()],
  ['impact_changed', () => m.problem_impact_changed()],
  ['managed_by_file', () => m.problem_managed()],
  ['too_many', () => m.problem_too_many()],
  ['content_hidden', () => m.problem_content_hidden()],
  ['setup_done', () => m.problem_setup_done()],
  ['not_found', () => m.problem_not_found()],
  ['rate_limited', wait],
  ['server_busy', wait],
  ['forbidden', (problem) => forbidden(problem)],
]);

export function problemWords(problem: ProblemError): string {
  return words.get(problem.code)?.(problem) ?? problem.fields.detail;
}

function wait({ fields }: ProblemError): string {
  return m.problem_wait({ time: duration(fields.afterMs ?? 1000, language.tag) });
}

function forbidden({ fields }: ProblemError): string {
  const needs = fields.more?.['needs'];
  if (needs === 'playground') return m.problem_playground_off();
  if (needs === 'totp') return m.problem_forbidden_totp();
  return typeof needs === 'string' ? m.problem_forbidden_needs({ role: roleName(needs) }) : m.problem_forbidden();
}

/** Errors of fields: what the console has words for, by the last step of the path. */
export function fieldOf(problem: ProblemError): string | undefined {
  const last = problem.fields.path?.findLast((step): step is string => typeof step === 'string');
  return last;
}
