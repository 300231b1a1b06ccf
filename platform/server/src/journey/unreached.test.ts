import { expect, it } from 'vitest';
import { journeySchema } from '@belfry/protocol';
import { at, id } from './test/journey.fixture.ts';
import { unreachedOf } from './unreached.ts';

const tab = (reason: string) => ({ connectionId: id(1), deviceType: 'desktop', page: '/chat', reason });
const phone = (reason: string) => ({
  deviceId: id(2),
  provider: 'hook',
  deviceType: 'mobile',
  reason,
  steps: [],
  attempts: [],
});
const person = (userId: string, realtime: string[], push: string[], own: object = {}) => ({
  ...{ userId, realtime: realtime.map(tab), push: push.map(phone), ...own },
});

it('a message is sent again to nobody who has it, waits for it, or did not want it', () => {
  const journey = journeySchema.parse({
    message: { id: id(9), kind: 'message', senderId: 'sender', acceptedAt: at(0) },
    counts: {},
    recipients: [
      person('sender', [], [], { reason: 'no_connection', pushReason: 'policy_never' }),
      person('reader', ['acked'], ['target_gone']),
      person('delivered', [], ['delivered']),
      person('waiting', ['acked_hidden'], ['waiting_for_ack']),
      person('chained', [], ['target_gone', 'fallback_waiting']),
      person('muted', [], ['muted']),
      person('stranger', [], [], { reason: 'not_a_member' }),
      person('away', [], [], { reason: 'no_connection', pushReason: 'no_device' }),
      person('hidden', ['acked_hidden'], ['target_gone']),
      person('shop', ['feature_off_on_page'], [], { pushReason: 'no_device' }),
      person('undelivered', ['sent'], ['delivery_failed']),
    ],
  });
  expect(unreachedOf(journey)).toEqual(['away', 'hidden', 'shop', 'undelivered']);
});
