// The clinic's directory, asked for once: ids alone come over Belfry, names are the clinic's.
import { useCallback, useSyncExternalStore } from 'react';
import { useLanguage } from './language.tsx';
import { call, type Person } from './session.ts';

let people: readonly Person[] = [];
let asked = false;
const changed = new EventTarget();

export function usePeople(): readonly Person[] {
  return useSyncExternalStore(listen, () => people);
}

/** A name for an id; the id itself for somebody who is not in the directory. */
export function useNameOf(): (userId: string) => string {
  const known = usePeople();
  const { language } = useLanguage();
  return useCallback((userId) => known.find(({ id }) => id === userId)?.name[language] ?? userId, [known, language]);
}

function listen(callback: () => void): () => void {
  changed.addEventListener('change', callback);
  if (!asked) void ask();
  return () => changed.removeEventListener('change', callback);
}

async function ask(): Promise<void> {
  asked = true;
  try {
    ({ people } = await call<{ people: readonly Person[] }>('GET', '/api/people'));
    changed.dispatchEvent(new Event('change'));
  } catch (error) {
    // The next component that needs names asks again.
    asked = false;
    console.error(error);
  }
}
