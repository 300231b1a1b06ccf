// Features decide which events a connection gets and which commands it may send.
import { describe, expect, it } from 'vitest';
import { featureSchema } from './feature-name.ts';
import { builtInFeatures, mayReceive, maySend } from './features.ts';

describe('a connection', () => {
  it('gets an event when its page has any of the features named for it', () => {
    expect(mayReceive(['messaging'], 'system_notification')).toBe(true);
    expect(mayReceive(['system_notifications'], 'system_notification')).toBe(true);
    expect(mayReceive(['presence'], 'system_notification')).toBe(false);
    expect(mayReceive(new Set(['user_monitoring']), 'presence_update')).toBe(true);
    expect(mayReceive(new Set(['presence']), 'device_connected')).toBe(false);
  });

  it.each(['direct_message', 'mobile_notification', 'page_config_changed', 'goaway', 'gap', 'lab_result', 'toString'])(
    'gets %s without any feature',
    (action) => {
      expect(mayReceive([], action)).toBe(true);
    },
  );

  it('needs the feature that a kind names, beside those of a built-in action', () => {
    expect(mayReceive([], 'lab_result', 'labs')).toBe(false);
    expect(mayReceive(['labs'], 'lab_result', 'labs')).toBe(true);
    expect(mayReceive(['labs'], 'new_message', 'labs')).toBe(false);
    expect(mayReceive(['messaging'], 'new_message', 'labs')).toBe(false);
  });

  it('may send a command when its page has any of the features named for it', () => {
    expect(maySend([], 'heartbeat')).toBe(true);
    expect(maySend([], 'message')).toBe(false);
    expect(maySend(['messaging'], 'message')).toBe(true);
    expect(maySend(new Set(['user_monitoring']), 'presence')).toBe(true);
  });
});

it('a feature is a name in snake_case', () => {
  for (const feature of builtInFeatures) expect(featureSchema.safeParse(feature).success).toBe(true);
  for (const feature of ['', 'A', 'a__b', '_a', 'a_', 'a-b', 'a'.repeat(65)]) {
    expect(featureSchema.safeParse(feature).success).toBe(false);
  }
});
