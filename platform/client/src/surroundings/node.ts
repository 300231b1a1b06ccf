// The surroundings of the SDK where there is no page: Node, workers. They are always visible, have no input,
// keep nothing, and the application names the page.
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
    onInput: never,
    onOnline: never,
    onOffline: never,
    readPage: () => '/',
    onPage: never,
    onPageHide: never,
  };
}
