// Which surroundings these are, by what is there.
import type { Surroundings } from '../types.ts';
import { browserSurroundings } from './browser.ts';
import { nodeSurroundings } from './node.ts';

export function chooseSurroundings(): Surroundings {
  return typeof window === 'undefined' || typeof document === 'undefined' ? nodeSurroundings() : browserSurroundings();
}
