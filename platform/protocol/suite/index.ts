// The transcripts as data, and the runner that plays them against a server. The scenarios themselves are the
// files in scenarios/.
import { readdirSync, readFileSync } from 'node:fs';
import { scenarioSchema, type Scenario } from './format.ts';

export { scenarioSchema, type Scenario, type Step } from './format.ts';
export { replay, type ReplayOptions } from './replay.ts';
export type { Socket } from './client.ts';

const folder = new URL('./scenarios/', import.meta.url);

/** Every file in scenarios/, in the order of their names. */
export const scenarios: readonly Scenario[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .toSorted()
  .map((name) => scenarioSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
