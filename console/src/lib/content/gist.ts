// What a message says, in one line: its text where it has one, else what it is made of.
import type { MessageRow } from '#lib/api/shapes.ts';

/** Undefined where it is not shown. */
export function gistOf({ data }: Pick<MessageRow, 'data'>): string | undefined {
  if (data === undefined) return undefined;
  const content = isObject(data['content']) ? data['content'] : data;
  const texts = [content['title'], content['text'], content['body'], content['caption'], content['name']].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  if (texts.length > 0) return texts.join(' · ').replaceAll(/\s+/g, ' ');
  return JSON.stringify(content);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
