// The events of a webhook that a request names, as the store is asked for them. Not what is done with them.

import type { WebhookEventState } from '../ports/stores/outbound.ts';

export interface GivenRange {
  state?: WebhookEventState | undefined;
  type?: string | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

export function rangeOf({ state, type, from, to }: GivenRange) {
  return { state, type, fromMs: msOf(from), toMs: msOf(to) };
}

function msOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
