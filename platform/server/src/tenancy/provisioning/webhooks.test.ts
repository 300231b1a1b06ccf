// The outgoing webhooks of a provision file: which are refused, and of which the operator is warned.

import { expect, test } from 'vitest';
import { asAppId } from '../../ports/app-id.ts';
import { parseProvisioning } from './parse.ts';
import { checkWebhooks } from './webhooks.ts';

const at = 'tenants[0].apps[0].webhooks[0]';

function parse(webhook: string) {
  const secret = 'secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const app = `{ key: a, jwksUrl: "https://l.example/j", webhooks: [{ id: crm, ${secret}, ${webhook} }] }`;
  return parseProvisioning(`tenants: [{ id: t, apps: [${app}] }]`, 'x.yaml');
}

/** By a guard that refuses one address at once, and another when it has looked its name up. */
async function checked(webhook: string) {
  const parsed = parse(webhook);
  const planned = parsed.ok ? parsed.plan.tenants[0]?.apps[0] : undefined;
  if (planned === undefined) throw new Error('the file is wrong');
  const verdict = (isRefused: boolean) =>
    isRefused ? ({ ok: false, reason: 'is refused' } as const) : ({ ok: true } as const);
  return await checkWebhooks([{ app: asAppId('a'), planned, path: ['tenants', 0, 'apps', 0] }], {
    checkUrlText: (url) => verdict(url.includes('10.0.0.1')),
    checkUrl: async (url) => verdict(url.includes('intern')),
    checkMapping: async (mapping) => (mapping === '(' ? 'is not closed' : undefined),
  });
}

test('a wrong address and a transform that does not compile are mistakes of the file', async () => {
  expect(await checked('url: "https://10.0.0.1/", events: ["*"], transform: "("')).toEqual({
    problems: [
      { path: `${at}.url`, reason: 'is refused' },
      { path: `${at}.transform`, reason: 'is not closed' },
    ],
    warnings: [],
  });
});

test('a name that leads nowhere good now is a warning', async () => {
  const warnings = [{ path: `${at}.url`, reason: 'is refused' }];
  expect(await checked('url: "https://intern.example/", events: ["*"]')).toEqual({ problems: [], warnings });
});

test('an event that there is not, and one that stands alone beside another, are mistakes with the path', () => {
  expect(parse('url: "https://x.example/", events: ["nothing.*"]')).toMatchObject({
    ok: false,
    problems: [{ path: `${at}.events[0]` }],
  });
  expect(parse('url: "https://x.example/", events: ["message.before", "*"]')).toMatchObject({
    ok: false,
    problems: [{ path: `${at}.events` }],
  });
});
