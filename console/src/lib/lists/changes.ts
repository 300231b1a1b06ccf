// What differs between two states of an object, field by field, for people: lists by what came and went, secrets
// as replaced, everything else as it was and is. Words are the screen's.
import { isSame } from '#lib/forms/merge.ts';

export type Change =
  | { field: string; kind: 'value'; before: string | undefined; after: string | undefined }
  /** Each item once, however often a list has it. */
  | { field: string; kind: 'list'; added: string[]; removed: string[] }
  | { field: string; kind: 'secret' };

type State = Readonly<Record<string, unknown>> | undefined;

export function changesOf(before: State, after: State): Change[] {
  const [was, is] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const fields = [...new Set([...was.keys(), ...is.keys()])];
  return fields.flatMap((field): Change[] => {
    const [old, fresh] = [was.get(field), is.get(field)];
    if (isSame(old, fresh) && !isSecret(fresh)) return [];
    if (isSecret(old) || isSecret(fresh)) return [{ field, kind: 'secret' }];
    if (isList(old) && isList(fresh)) {
      const added = [...new Set(fresh)].filter((item) => !old.includes(item));
      const removed = [...new Set(old)].filter((item) => !fresh.includes(item));
      return [{ field, kind: 'list', added, removed }];
    }
    return [{ field, kind: 'value', before: shown(old), after: shown(fresh) }];
  });
}

function isSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'replaced' in value && value.replaced === true;
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
