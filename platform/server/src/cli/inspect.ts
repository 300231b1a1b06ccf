// `belfry token --inspect`: says of each check of a token how it ended, and whether a server would take it.
// Shows no secret.
import type { Config } from '../config/config.ts';
import type { DataReader } from '../compose/parts.ts';
import { inspectOnce } from '../tenancy/tokens/sign-once.ts';
import { inEnglish } from '../tenancy/tokens/token-findings.ts';
import { exitCodes } from './exit-codes.ts';
import { findApp } from './find-app.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export async function inspect(asked: { app: string; token: string }, surroundings: Surroundings): Promise<number> {
  const { out, err, parts } = surroundings;
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  const found = await findApp(config, { key: asked.app, needsSecret: false }, parts);
  if ('problem' in found) {
    err(found.problem);
    return exitCodes.configuration;
  }
  const data = await openData(config, parts);
  try {
    const fetchJwks = once((url) => parts.fetchJwks(url, config.outboundAllow));
    // Copied out of a header, it has what stands before it.
    const token = asked.token.replace(/^Bearer\s+/i, '').trim();
    const { checks, verdict } = await inspectOnce(found, token, { fetchJwks, users: data?.users });
    for (const { name, result, found: of } of checks) {
      out(`${result.padEnd(8)}  ${name.padEnd(9)}  ${inEnglish(of)}`);
    }
    if (verdict === undefined) out('No token of this kind can be verified as long as the keys cannot be fetched.');
    else if (verdict.ok) {
      out(`The token is good until ${new Date(verdict.user.expiresAtMs).toISOString()}, for ${verdict.user.userId}.`);
    } else out(`The token is refused (${verdict.reason}): ${verdict.detail}.`);
    return verdict?.ok === true ? exitCodes.done : exitCodes.refused;
  } finally {
    await data?.close();
  }
}

/** Where it does not open, nobody counts as signed out. */
async function openData(config: Config, parts: Surroundings['parts']): Promise<DataReader | undefined> {
  return await parts.openData(config).catch(() => undefined);
}

/** The keys are looked at twice, and asked for once. */
function once(fetch: (url: string) => Promise<unknown>): (url: string) => Promise<unknown> {
  const asked = new Map<string, Promise<unknown>>();
  return (url) => {
    const answer = asked.get(url) ?? fetch(url);
    asked.set(url, answer);
    return answer;
  };
}
