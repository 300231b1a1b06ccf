// The names of the keys of presence, and the scripts on them. What each key holds stands in the scripts:
// records.lua for the keys of an app, renew.lua for those of the nodes.

import type { AppId } from '../../../ports/app-id.ts';
import { Script } from '../../redis/script.ts';

/** All keys of an app begin with it. */
export function appBase(app: AppId): string {
  return `belfry:{presence:${app}}`;
}

export const nodeKeys = {
  leases: 'belfry:{presence}:leases',
  names: 'belfry:{presence}:names',
  cleaning: 'belfry:{presence}:cleaning',
  /** The apps in which an owner has had records. */
  appsOf: (owner: string) => `belfry:{presence}:apps:${owner}`,
};

const file = (name: string): URL => new URL(`scripts/${name}.lua`, import.meta.url);
const onRecords = (name: string): Script => new Script(file('records'), file(name));

export const scripts = {
  renew: new Script(file('renew')),
  claim: new Script(file('claim')),
  forget: new Script(file('forget')),
  announce: onRecords('announce'),
  look: onRecords('look'),
  join: onRecords('join'),
  change: onRecords('change'),
  leave: onRecords('leave'),
  sweep: onRecords('sweep'),
  ofUsers: onRecords('of-users'),
  ownersOf: onRecords('owners-of'),
  page: onRecords('page'),
  ofTopic: onRecords('of-topic'),
};
