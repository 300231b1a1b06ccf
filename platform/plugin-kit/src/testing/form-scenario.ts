// Whether a tenant can fill in the form of a provider's configuration: each field has a title, in the same
// languages as the others. How the form looks, the console knows.
import { configJsonSchema } from '../config-json-schema.ts';
import type { NotificationProvider } from '../notification-provider.ts';
import type { Finding, Scenario } from './finding.ts';

export function formScenario(plugin: NotificationProvider): Scenario {
  const name = 'form';
  const run = async (): Promise<Finding[]> => {
    const fields = fieldsOf(configJsonSchema(plugin.config));
    const isTranslated = plugin.texts?.['zh'] !== undefined || fields.some(({ parts }) => 'zh' in parts);
    return fields.flatMap(({ path, parts }) =>
      problemsOf(parts, isTranslated).map((problem) => ({
        rule: 'form',
        scenario: name,
        problem: `${path}: ${problem}`,
      })),
    );
  };
  return { name, run };
}

type Parts = Readonly<Record<string, unknown>>;

function problemsOf(parts: Parts, isTranslated: boolean): string[] {
  const problems: string[] = [];
  if (!isText(parts['title'])) problems.push('has no title');
  if (!isTranslated) return problems;
  const chinese = parts['zh'];
  if (!isRecord(chinese) || !isText(chinese['title'])) problems.push('has no title in Chinese, as others have');
  else if (isText(parts['description']) && !isText(chinese['description'])) problems.push('has no help in Chinese');
  return problems;
}

/** With those of objects inside; what is inside lists and choices is named by what holds it. */
function fieldsOf(schema: Parts, before: readonly string[] = []): { path: string; parts: Parts }[] {
  const { properties } = schema;
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([field, parts]) => {
    if (!isRecord(parts)) return [];
    const path = [...before, field];
    return [{ path: path.join('.'), parts }, ...fieldsOf(parts, path)];
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
