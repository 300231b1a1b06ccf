// The provider's own table of answers, and with it the rules of every provider.
import { testNotificationProvider } from '@belfry/plugin-kit/testing';
import { expect } from 'vitest';
import plugin from './index.ts';

testNotificationProvider(plugin, {
  config: { apiKey: 'an-api-key-of-the-tests' },
  target: { phone: '+4915112345678' },
  answers: [
    [
      { http: 201, body: { id: 'm-1' } },
      'accepted:m-1',
      ([request]) => {
        expect(request).toMatchObject({ method: 'POST', url: 'https://api.example.com/messages' });
        expect(request?.headers).toMatchObject({ authorization: 'Bearer an-api-key-of-the-tests' });
        expect(request?.json()).toEqual({ to: '+4915112345678', text: 'Alice: hello' });
      },
    ],
    [{ http: 422, body: { error: 'unknown_number' } }, 'rejected:target_gone'],
    [{ http: 422, body: { error: 'too_long' } }, 'rejected:payload'],
    [{ http: 401 }, 'rejected:credentials'],
    [{ http: 429, headers: { 'retry-after': '30' } }, 'retry:30000'],
  ],
});
