// What the SDK needs where there is no page: Node, workers. Somebody always looks, nothing is kept, and the page is what the application says.
import type { Surroundings } from '../types.ts';
import { commonSurroundings } from './common.ts';
import { createKeyValue } from './key-value.ts';

export function nodeSurroundings(): Surroundings {
  const never = () => (): void => undefined;
  return {
    ...commonSurroundings(),
    origin: undefined,
    keyValue: createKeyValue(() => undefined),
    isVisible: () => true,
    onVisibility: never,
    onOnline: never,
    readPage: () => '/',
    onPage: never,
    onPageHide: never,
  };
}
