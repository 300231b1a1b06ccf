// What a webhook that came in may say of people, taken away. Not which deliveries.

import type { HookDelivery } from '../../ports/stores/index.ts';

/** As texts. */
export function contentOf({ payload = '', request = {}, reason }: HookDelivery): string[] {
  return [payload, JSON.stringify(request), reason?.detail ?? ''];
}

/** That it came, when, and what became of it. */
export function withoutContent({ payload: _p, request: _r, reason, ...delivery }: HookDelivery): HookDelivery {
  return { ...delivery, ...(reason === undefined ? {} : { reason: { code: reason.code, detail: '' } }) };
}
