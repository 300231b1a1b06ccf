// When a node of another version than the one before it started, for marks over charts: a few of them, as a fact of
// the installation. Which versions run now: the nodes say it.

import * as z from 'zod';
import type { InstallationStore } from '../ports/stores/index.ts';

const factName = 'version_starts';
/** Older ones go. Two versions that take turns, as in a roll-out that is taken back, are a start each. */
const most = 20;

const startsSchema = z.array(z.object({ at: z.number(), version: z.string() }));
export type VersionStart = z.output<typeof startsSchema>[number];

/** To be called by one node at a time. */
export async function recordVersionStart(installation: InstallationStore, start: VersionStart): Promise<void> {
  const known = await read(installation);
  if (known.at(-1)?.version === start.version) return;
  await installation.set(factName, JSON.stringify([...known, start].slice(-most)));
}

/** The oldest first. The first that is known is none: what ran before it is not. */
export async function versionStarts(installation: Pick<InstallationStore, 'get'>): Promise<readonly VersionStart[]> {
  return (await read(installation)).slice(1);
}

async function read(installation: Pick<InstallationStore, 'get'>): Promise<readonly VersionStart[]> {
  return startsSchema.catch([]).parse(JSON.parse((await installation.get(factName)) ?? '[]'));
}
