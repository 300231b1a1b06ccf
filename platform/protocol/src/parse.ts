// Validates a value from outside by a schema and says in one error what is wrong with it. The schema and the
// consequences are the caller's.
import type * as z from 'zod';
import type { ErrorCode } from './error-table.ts';
import { BelfryError } from './errors.ts';
import { inWords, required } from './issue-words.ts';

interface ParseOptions {
  /** `invalid_body` unless said otherwise. */
  code?: ErrorCode;
  /** Put before the path of the problem, such as `['content']` for a message type's own schema. */
  path?: readonly (string | number)[];
}

/** The parsed value. Throws a BelfryError with the path to, and the description of, the first problem. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, options: ParseOptions = {}): z.output<S> {
  const result = schema.safeParse(value, inWords);
  if (result.success) return result.data;
  throw fromZodError(result.error, options);
}

/** The first problem of a failed parse, by a schema that was given `inWords`, as an error for the sender. */
export function fromZodError(error: z.ZodError, options: ParseOptions = {}): BelfryError {
  const code = options.code ?? 'invalid_body';
  const prefix = options.path ?? [];
  const first = error.issues[0];
  if (first === undefined) return new BelfryError(code, { path: prefix, cause: error });
  const { message, path: inner } = innermost(first, []);
  const path = [...prefix, ...inner];
  return new BelfryError(code, { message: sentence(message, path), path, cause: error });
}

/** Words that say something of a field follow its name; words that are a whole already stand alone. */
function sentence(words: string, path: readonly PropertyKey[]): string {
  if (words === required && path.length === 0) return 'Nothing was sent where something is needed.';
  const isAboutField = /^(?:must|may|is|has|needs|fits) /.test(words);
  const text = isAboutField ? `${nameOf(path)} ${words}` : words.charAt(0).toUpperCase() + words.slice(1);
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'This' : `\`${path.map(String).join('.')}\``;
}

type Issue = z.core.$ZodIssue;

function innermost(issue: Issue, outer: readonly PropertyKey[]): { message: string; path: PropertyKey[] } {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union') {
    const wanted = issue.errors.map(missingField);
    if (wanted.length > 1 && wanted.every((name) => name !== undefined)) {
      return { message: `must have one of ${[...new Set(wanted)].map((name) => `\`${name}\``).join(', ')}`, path };
    }
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined) return innermost(branch, path);
  }
  if (issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined) {
    return { message: issue.message, path: [...path, issue.keys[0]] };
  }
  return { message: issue.message, path };
}

/** The field by whose name a branch is told from the others, where the value has none of them. */
function missingField(branch: readonly Issue[]): string | undefined {
  const missing = branch.find(({ path, message }) => path.length === 1 && message === required);
  return missing && String(missing.path[0]);
}

/**
 * "Invalid input" for a whole union helps nobody: of all branches, the one with the fewest complaints is what
 * the sender most likely meant, and of two such the one that got deeper into the value.
 */
function likeliestBranch(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const byLikelihood = branches
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => a.length - b.length || (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0));
  return byLikelihood[0]?.[0];
}
