import { describe, expect, test } from 'vitest';
import { decideByRule, decideRealtime, type ConnectionFacts } from './decide-realtime.ts';
import type { RealtimeRule } from '../ports/delivery.ts';

const connection: ConnectionFacts = {
  connectionId: 'k1',
  userId: 'bob',
  deviceType: 'desktop',
  connectionType: 'chat',
  features: ['messaging'],
};
const rule: RealtimeRule = { action: 'new_message', realtime: 'all' };

describe('a connection', () => {
  test.each<[string, Partial<ConnectionFacts>, Partial<RealtimeRule>]>([
    ['sent', {}, {}],
    ['sent', {}, { realtime: ['mobile', 'desktop'] }],
    ['sent', { features: new Set(['messaging']) }, {}],
    ['sent', {}, { connectionTypes: ['admin', 'chat'] }],
    ['sent', { features: [] }, { action: 'direct_message' }],
    ['sent', { features: ['labs'] }, { action: 'lab_result', feature: 'labs' }],
    ['sent', { features: ['notifications'] }, { action: 'announcement' }],
    ['device_type_excluded', {}, { realtime: 'none' }],
    ['device_type_excluded', {}, { realtime: ['mobile'] }],
    ['device_type_excluded', {}, { connectionTypes: ['admin'] }],
    ['feature_off_on_page', { features: [] }, {}],
    ['feature_off_on_page', {}, { action: 'read_status' }],
    ['feature_off_on_page', {}, { action: 'lab_result', feature: 'labs' }],
    ['feature_off_on_page', { features: ['labs'] }, { feature: 'labs' }],
  ])('is %s for %o under %o', (reason, facts, change) => {
    expect(decideByRule({ ...connection, ...facts }, { ...rule, ...change })).toBe(reason);
  });

  test.each([
    ['excluded_sender', 'bob', 'other_connections', 'k1'],
    ['sent', 'bob', 'other_connections', 'k2'],
    ['excluded_sender', 'bob', 'nothing', 'k2'],
    ['sent', 'alice', 'nothing', undefined],
    ['sent', 'bob', 'like_anybody', undefined],
    ['excluded_sender', 'bob', 'like_anybody', 'k1'],
  ] as const)(
    'is %s when %s sent it, who gets %s, by connection %s',
    (reason, senderId, sender, originConnectionId) => {
      expect(decideRealtime(connection, { rule, senderId, sender, originConnectionId })).toBe(reason);
    },
  );
});
