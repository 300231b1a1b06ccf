// Reads a provision file, JSON or YAML, into a plan or into the list of all its mistakes. Changes nothing:
// apply.ts does.
import { inWords } from '@belfry/protocol';
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { fullSigningSecretBytes } from '../tokens/app-signing.ts';
import { checkShape, provisioningSchema, type ProvisioningPlan } from './schema.ts';

/** `path` as it would be written in code, `tenants[0].apps[1].key`; for text that can't be read, the line. */
export interface ProvisioningProblem {
  path: string;
  reason: string;
}

export type ParsedProvisioning =
  | { ok: true; plan: ProvisioningPlan; warnings: ProvisioningProblem[] }
  | { ok: false; problems: ProvisioningProblem[] };

/**
 * `name` decides the format: `.json` is JSON, anything else YAML. Never throws because of the content of the
 * text.
 */
export function parseProvisioning(text: string, name: string): ParsedProvisioning {
  const read = name.toLowerCase().endsWith('.json') ? readJson(text) : readYaml(text);
  if ('problems' in read) return { ok: false, problems: read.problems };
  const shape = checkShape(read.value);
  if (shape !== undefined) return { ok: false, problems: [{ path: pathText(shape.path), reason: shape.message }] };
  const parsed = provisioningSchema.safeParse(read.value, inWords);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
  return { ok: true, plan: parsed.data, warnings: warningsOf(parsed.data) };
}

type ReadText = { value: unknown } | { problems: ProvisioningProblem[] };

function readJson(text: string): ReadText {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problems: [{ path: '(file)', reason: error instanceof Error ? error.message : 'is not JSON' }] };
  }
}

function readYaml(text: string): ReadText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { path: `line ${line}, column ${col}`, reason: message };
      }),
    };
  }
  try {
    // A few short anchors are fine; a file that unfolds to a million nodes is not.
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { problems: [{ path: '(file)', reason: error instanceof Error ? error.message : 'is not YAML' }] };
  }
}

/** One line for each unknown field; of a union, the branch that came nearest. */
function problemsOf(issue: z.core.$ZodIssue): ProvisioningProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), reason: 'is not a field here' }));
  }
  if (issue.code === 'invalid_union') {
    const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
    const inner = nearest?.flatMap((nested) => problemsOf({ ...nested, path: [...issue.path, ...nested.path] }));
    if (inner !== undefined && inner.length > 0) return inner;
  }
  return [{ path: pathText(issue.path), reason: issue.message }];
}

function warningsOf({ tenants }: ProvisioningPlan): ProvisioningProblem[] {
  const warnings: ProvisioningProblem[] = [];
  for (const [t, tenant] of tenants.entries()) {
    for (const [a, app] of tenant.apps.entries()) {
      const path = `tenants[${t}].apps[${a}]`;
      if (app.signingSecret !== undefined && Buffer.byteLength(app.signingSecret) < fullSigningSecretBytes) {
        const reason = `is shorter than ${fullSigningSecretBytes} bytes, the least that RFC 7518 asks of an HS256 key`;
        warnings.push({ path: `${path}.signingSecret`, reason });
      }
    }
  }
  return warnings;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '(file)' : text.replace(/^\./, '');
}

/** For callers that add problems of their own: the path of a part of the plan. */
export { pathText as provisioningPath };
