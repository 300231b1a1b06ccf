// What a field of a page policy says, in words. Names of fields: words.ts.
import type { PageContent } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';
import { featureOf } from './policy-fields.ts';

/** One a line; none: the field is not there. */
export function fieldValues(content: PageContent, field: string): string[] {
  const feature = featureOf(field);
  const value: unknown =
    feature === undefined
      ? new Map<string, unknown>(Object.entries(content)).get(field)
      : content.features.includes(feature);
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? m.on() : m.off()];
  // Texts and numbers, alone or in a list.
  return [value].flat().map((each) => visibleText(typeof each === 'string' ? each : JSON.stringify(each)));
}
