// How many there are, beside a page of a list that asks for it with `counts=1`: exact up to ten thousand, and what
// the filter could be narrowed by.

import * as z from 'zod';
import type { Counted } from '../../../ports/stores/index.ts';
import { totalSchema } from './answers.ts';

export const mostCounted = 10_000;

/** Left out where a list is only read on. */
export const countsSchema = z.literal('1').optional();

const facetSchema = z.array(z.object({ value: z.string(), count: z.int() })).readonly();

/** Fields of the answer, of which none is there where nobody asked. */
export function countedFields<F extends string>(facets: readonly F[]) {
  const entries = facets.map((name) => [name, facetSchema] as const);
  const shape = Object.fromEntries(entries) as Record<F, typeof facetSchema>;
  return { total: totalSchema.optional(), facets: z.object(shape).optional() };
}

export function countedAnswer<F extends string>({ total, isAtLeast, by }: Counted<F>) {
  return { total: totalOf(total, isAtLeast), facets: by };
}

/** `count`: of as many as the bound and one more. */
export function totalOf(count: number, isAtLeast = false, most = mostCounted) {
  const isMore = isAtLeast || count > most;
  return { value: Math.min(count, most), ...(isMore && { atLeast: true }) };
}
