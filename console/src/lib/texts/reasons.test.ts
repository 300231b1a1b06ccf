import { pushReasons, realtimeReasons } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { reasonWords } from './reasons.ts';

test.each([...Object.keys(realtimeReasons), ...Object.keys(pushReasons)])(
  '%s has words of its own, and a why',
  (reason) => {
    const { text, why } = reasonWords(reason);
    expect(text).not.toBe(reason);
    expect(why).not.toBe('');
  },
);

test('what is withheld on purpose does not look broken', () => {
  for (const reason of ['muted', 'no_connection', 'policy_never', 'excluded_sender', 'preference_off'])
    expect(reasonWords(reason).tone).toBe('off');
});

test('a reason that is not known here is shown as it is', () => {
  expect(reasonWords('of_tomorrow')).toEqual({ tone: 'off', text: 'of_tomorrow', why: '' });
});
