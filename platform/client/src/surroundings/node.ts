// What the SDK needs where there is no page: Node, workers. Somebody always looks, nothing is kept, and the page is what the application says.
import type { Surroundings } from '../types.ts';
import { commonSurroundings } from './common.ts';

export function nodeSurroundings(): Surroundings {
  const memory = new Map<string, string>();
  const never = () => (): void => undefined;
  return {
    ...commonSurroundings(),
    origin: undefined,
    keyValue: {
      get: (key) => memory.get(key) ?? null,
      set: (key, value) => void memory.set(key, value),
      remove: (key) => void memory.delete(key),
    },
    isVisible: () => true,
    onVisibility: never,
    onOnline: never,
    readPage: () => '/',
    onPage: never,
    onPageHide: never,
  };
}
