// Validates a value from outside by a schema and says in one error what is wrong with it. The schema and the
// consequences are the caller's.
import type * as z from 'zod';
import type { ErrorCode } from './error-table.ts';
import { BelfryError } from './errors.ts';

interface ParseOptions {
  /** `invalid_body` unless said otherwise. */
  code?: ErrorCode;
  /** Put before the path of the problem, such as `['content']` for a message type's own schema. */
  path?: readonly (string | number)[];
}

/** The parsed value. Throws a BelfryError with the path to, and the description of, the first problem. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, options: ParseOptions = {}): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw fromZodError(result.error, options);
}

/** The first problem of a failed parse as an error for whoever sent the value. */
export function fromZodError(error: z.ZodError, options: ParseOptions = {}): BelfryError {
  const code = options.code ?? 'invalid_body';
  const prefix = options.path ?? [];
  const first = error.issues[0];
  if (first === undefined) return new BelfryError(code, { path: prefix, cause: error });
  const { message, path } = innermost(first, []);
  return new BelfryError(code, { message, path: [...prefix, ...path], cause: error });
}

type Issue = z.core.$ZodIssue;

function innermost(issue: Issue, outer: readonly PropertyKey[]): { message: string; path: PropertyKey[] } {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined) return innermost(branch, path);
  }
  if (issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined) {
    return { message: 'Unknown field.', path: [...path, issue.keys[0]] };
  }
  return { message: issue.message, path };
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
