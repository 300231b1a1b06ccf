// `belfry probe`: sends a message through a running server, as a back end would, and reads its journey back: API,
// store and recording in one go. `helm test` runs it. Whether the server is ready is health.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { broadcastResultSchema, journeySchema, type Journey } from '@belfry/protocol';
import type { Config } from '../config/config.ts';
import { hasScope } from '../tenancy/scopes.ts';
import { exitCodes } from './exit-codes.ts';
import { readPlan } from './read-plan.ts';
import { askServer, ownUrl, readWith } from './running-server.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface ProbeOptions {
  /** Where the server is; as the configuration says where it is left out. */
  url?: string;
  /** The file with the API key; a key of the provision file where it is left out. */
  keyFile?: string;
  /** Gets the message in their inbox. */
  user: string;
}

const limitMs = 10_000;
/** A journey is written within a second; a node that was just started, or a busy one, takes longer. */
const journeyLimitMs = 30_000;
const lookEveryMs = 250;
const scopes = ['broadcasts:write', 'messages:read'] as const;

type Key = { key: string } | { problem: string };

export async function probe({ url: given, keyFile, user }: ProbeOptions, surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const needsConfig = given === undefined || keyFile === undefined;
  const config = needsConfig ? readConfig(surroundings) : undefined;
  if (needsConfig && config === undefined) return exitCodes.configuration;
  const found = keyFile === undefined ? await keyOfProvisionFile(config?.provisionFile) : await keyOfFile(keyFile);
  if ('problem' in found) {
    err(found.problem);
    return exitCodes.configuration;
  }
  const url = given ?? (config === undefined ? '' : ownUrl(config));
  const result = await sendAndFollow({ url, key: found.key, user });
  if ('problem' in result) err(result.problem);
  else out(result.said);
  return 'problem' in result ? exitCodes.refused : exitCodes.done;
}

async function keyOfFile(file: string): Promise<Key> {
  const read = await readWith(file, (text) => text.trim());
  return 'problem' in read ? read : { key: read.value };
}

/** Of the first app that has a key for this. */
async function keyOfProvisionFile(file: Config['provisionFile']): Promise<Key> {
  if (file === undefined) return { problem: '--key-file: is needed where PROVISION_FILE is not set' };
  const parsed = await readPlan(file);
  if (!parsed.ok) return { problem: `${file} has problems; \`belfry provision --check ${file}\` lists them` };
  const keys = parsed.plan.tenants.flatMap(({ apps }) => apps).flatMap(({ apiKeys }) => apiKeys);
  const fit = keys.find((each) => scopes.every((scope) => hasScope(each.scopes, scope)));
  return fit === undefined
    ? { problem: `--key-file: is needed, since ${file} has no API key with the scopes ${scopes.join(' and ')}` }
    : { key: fit.secret };
}

async function sendAndFollow(to: {
  url: string;
  key: string;
  user: string;
}): Promise<{ said: string } | { problem: string }> {
  const { url, key, user } = to;
  const startedMs = performance.now();
  const tookMs = (): number => Math.round(performance.now() - startedMs);
  const sent = await askServer({
    ...{ url, key, method: 'POST', path: '/api/v1/broadcasts', limitMs },
    body: {
      ...{ kind: 'system_notification', audience: { users: [user] } },
      data: { title: 'Belfry', body: '`belfry probe` sent this, to see that messages come through.' },
    },
  });
  if (!sent.ok) return sent;
  const accepted = broadcastResultSchema.safeParse(sent.body);
  if (!accepted.success) return { problem: `${url} does not answer as Belfry does: another program has the port` };
  const { id } = accepted.data;
  const acceptedMs = tookMs();
  const deadlineMs = performance.now() + journeyLimitMs;
  while (performance.now() < deadlineMs) {
    const asked = await askServer({ url, key, method: 'GET', path: `/api/v1/messages/${id}/journey`, limitMs });
    // Until it is written nobody knows it.
    if (!asked.ok && asked.status !== 404) return asked;
    const journey = asked.ok ? journeySchema.safeParse(asked.body).data : undefined;
    const reasons = journey === undefined ? [] : reasonsOf(journey, user);
    if (journey?.message.storedAt !== undefined && reasons.length > 0) {
      return {
        said: `${id}: accepted after ${acceptedMs} ms, in its journey after ${tookMs()} ms: ${reasons.join(', ')}`,
      };
    }
    await sleep(lookEveryMs);
  }
  return { problem: `${id}: accepted after ${acceptedMs} ms, but not in its journey after ${tookMs()} ms` };
}

function reasonsOf({ recipients }: Journey, user: string): string[] {
  const mine = recipients.find(({ userId }) => userId === user);
  if (mine === undefined) return [];
  const { reason, pushReason, realtime, push } = mine;
  const all = [reason, ...realtime.map((each) => each.reason), pushReason, ...push.map((each) => each.reason)];
  return all.filter((each) => each !== undefined);
}
