// How many connections and people a change reaches: told before it, and compared with what the person saw
// when they asked for it. Which changes have an impact: their routes.

import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../../../ports/app-id.ts';
import type { AdminServices } from './services.ts';

export const impactSchema = z.object({ connections: z.int().min(0), users: z.int().min(0) }).meta({ id: 'Impact' });
export type Impact = z.infer<typeof impactSchema>;

/** Connections, as the person saw them; left out: however many there are. */
export const expectedSchema = z.int().min(0).optional();

/** People and events come and go: a few more or less are what was said. */
const tolerated = { share: 0.05, number: 5 };

/** Of a change that closes all connections of the app. */
export async function impactOnAll(app: AppId, { presence }: Pick<AdminServices, 'presence'>): Promise<Impact> {
  const { connections, users } = await presence.count(app);
  return { connections, users };
}

/** Throws `impact_changed` with the numbers of now. */
export function needImpact(expected: number | undefined, now: Impact): void {
  if (expected === undefined) return;
  if (!isSameNumber(now.connections, expected)) {
    throw new BelfryError('impact_changed', { details: { impact: now } });
  }
}

export function isSameNumber(now: number, expected: number): boolean {
  const differs = Math.abs(now - expected);
  return differs <= tolerated.number || differs <= expected * tolerated.share;
}
