// `belfry health`: asks the server of this configuration whether it is ready, for images that have no other client
// of HTTP. What ready means is telemetry/health.ts.
import { z } from 'zod';
import { describeFailure } from '../compose/data-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { ownUrl } from './running-server.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

const limitMs = 5000;

const answerSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.unknown()).optional() });

/** 0 when `/readyz` answers 200; otherwise 1, and what it says is printed. */
export async function health(surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  const url = `${ownUrl(config)}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
    const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) {
      err(`${url} answers with ${response.status}, and not as Belfry does: another program has the port`);
      return exitCodes.refused;
    }
    const { status, checks } = answer.data;
    if (response.ok) {
      out(status);
      return exitCodes.done;
    }
    err(checks === undefined ? status : `${status}: ${JSON.stringify(checks)}`);
  } catch (error) {
    err(`${url} does not answer: ${await describeFailure(error)}`);
  }
  return exitCodes.refused;
}
