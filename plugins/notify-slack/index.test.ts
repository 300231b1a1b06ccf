// The Slack provider: the rules of every provider, the whole table of answers of the Web API and of webhooks,
// and a stand-in that keeps messages.
import {
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
  type StandInService,
} from '@belfry/plugin-kit/testing';
import type { Delivery, PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const config = { botToken: 'xoxb-0000000000-abcdefghijklmnop' };
const hook = { webhookUrl: 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXX' };
const target = { channel: 'C0123456789' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (error: string): HttpAnswer => ({ http: 200, body: { ok: false, error } });
const rows = (
  errors: readonly string[],
  outcome: 'rejected:target_gone' | 'rejected:target_invalid' | 'rejected:credentials' | 'rejected:payload' | 'retry',
) => errors.map((error) => [says(error), outcome] as const);

describe('by a bot', () => {
  testNotificationProvider(plugin, {
    config,
    target,
    answers: [
      [
        { http: 200, body: { ok: true, channel: 'C0123456789', ts: '1503435956.000247' } },
        'accepted:C0123456789:1503435956.000247',
        ([request]) => {
          expect(request).toMatchObject({ method: 'POST', url: 'https://slack.com/api/chat.postMessage' });
          expect(request?.headers).toMatchObject({ authorization: `Bearer ${config.botToken}` });
          expect(request?.json()).toMatchObject({ channel: 'C0123456789', text: 'Alice\nhello', unfurl_links: false });
        },
      ],
      ...rows(['channel_not_found', 'user_not_found', 'is_archived'], 'rejected:target_gone'),
      ...rows(['not_in_channel', 'restricted_action', 'cannot_dm_bot', 'user_disabled'], 'rejected:target_invalid'),
      ...rows(
        [
          ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'],
          ...['ekm_access_denied', 'no_permission', 'org_login_required', 'access_denied'],
        ],
        'rejected:credentials',
      ),
      ...rows(
        ['msg_too_long', 'no_text', 'too_many_attachments', 'invalid_blocks', 'invalid_arguments', 'something_new'],
        'rejected:payload',
      ),
      ...rows(['ratelimited', 'rate_limited'], 'retry'),
      ...rows(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout'], 'retry'),
      [{ http: 429, headers: { 'retry-after': '30' } }, 'retry:30000'],
      [{ http: 503 }, 'retry'],
      [{ http: 200, body: '<html>' }, 'retry'],
      [{ http: 200 }, 'rejected:target_invalid', { target: { channel: undefined } }],
    ],
  });
});

describe('by a webhook', () => {
  const word = (http: number, body: string): HttpAnswer => ({ http, body });
  testNotificationProvider(plugin, {
    config: hook,
    target: { label: 'bob' },
    answers: [
      [
        word(200, 'ok'),
        'accepted',
        ([request]) => {
          expect(request).toMatchObject({ method: 'POST', url: hook.webhookUrl });
          expect(request?.headers).not.toHaveProperty('authorization');
        },
      ],
      [word(404, 'no_team'), 'rejected:credentials'],
      [word(404, 'no_service'), 'rejected:credentials'],
      [word(403, 'no_active_hooks'), 'rejected:credentials'],
      [word(404, 'channel_not_found'), 'rejected:credentials'],
      [word(410, 'channel_is_archived'), 'rejected:credentials'],
      [word(403, 'action_prohibited'), 'rejected:credentials'],
      ...['no_service_id', 'invalid_token', 'posting_to_general_channel_denied'].map(
        (said) => [word(400, said), 'rejected:credentials'] as const,
      ),
      [word(404, 'something_new'), 'rejected:credentials'],
      [word(400, 'invalid_payload'), 'rejected:payload'],
      [word(400, 'no_text'), 'rejected:payload'],
      [word(400, 'too_many_attachments'), 'rejected:payload'],
      [word(400, 'invalid_blocks'), 'rejected:payload'],
      [word(400, 'something_new'), 'rejected:payload'],
      [word(500, 'rollup_error'), 'retry'],
      [{ http: 429, headers: { 'retry-after': '1' } }, 'retry:1000'],
    ],
  });
});

/** Keeps what was posted, by channel and time. */
function slackApi(): { service: StandInService; messages: Map<string, Record<string, unknown>> } {
  const messages = new Map<string, Record<string, unknown>>();
  let last = 0;
  return {
    messages,
    service(request) {
      if (request.headers['authorization'] !== `Bearer ${config.botToken}`) return says('invalid_auth');
      if (request.path === '/api/auth.test') return { http: 200, body: { ok: true } };
      const body = request.json() as {
        channel: string;
        ts?: string;
        text?: string;
        blocks?: { text?: { text: string } }[];
      };
      if (body.channel !== target.channel) return says('channel_not_found');
      const key = `${body.channel}:${body.ts ?? ''}`;
      if (request.path === '/api/chat.delete')
        return messages.delete(key) ? { http: 200, body: { ok: true } } : says('message_not_found');
      if ((body.text ?? '') === '') return says('no_text');
      if ((body.blocks ?? []).some(({ text }) => text !== undefined && (text.text === '' || text.text.length > 3000)))
        return says('invalid_blocks');
      if (request.path === '/api/chat.update') {
        if (!messages.has(key)) return says('message_not_found');
        messages.set(key, body);
        return { http: 200, body: { ok: true, channel: body.channel, ts: body.ts } };
      }
      last += 1;
      const ts = `1700000000.${String(last).padStart(6, '0')}`;
      messages.set(`${body.channel}:${ts}`, body);
      return { http: 200, body: { ok: true, channel: body.channel, ts } };
    },
  };
}

describe('with a stand-in that keeps messages', () => {
  async function start(given: object = {}) {
    const api = slackApi();
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: `${standIn.url}/api`, ...given });
    const send = (notification: Partial<PushNotification> = {}, previous?: Delivery['previous']) =>
      instance.send(sampleDelivery({ target, notification, previous }), attempt);
    return { ...api, instance, send };
  }
  const idOf = async (sending: ReturnType<Awaited<ReturnType<typeof start>>['send']>) => {
    const outcome = await sending;
    return {
      providerMessageId: outcome.outcome === 'accepted' ? (outcome.providerMessageId ?? '') : JSON.stringify(outcome),
    };
  };

  test('the next of a conversation takes the place of the one before, and a quiet one changes it', async () => {
    const { messages, send } = await start();
    const first = await idOf(send());
    const second = await idOf(send({ body: 'two' }, first));
    expect([...messages.keys()]).toEqual([second.providerMessageId]);
    expect(await idOf(send({ body: 'edited', priority: 'low' }, second))).toEqual(second);
    expect([...messages.values()]).toMatchObject([{ text: 'Alice\nedited' }]);
    expect(await idOf(send({ body: 'late', priority: 'low' }, first))).not.toEqual(first);
  });

  test('a message is deleted when it was read elsewhere, and it is well when there is none any more', async () => {
    const { messages, instance, send } = await start();
    const { providerMessageId } = await idOf(send());
    for (const id of [providerMessageId, providerMessageId, undefined, 'm-1'])
      expect(await instance.clear?.(sampleClearing(target, id), attempt)).toEqual({ outcome: 'accepted' });
    expect(messages.size).toBe(0);
  });

  test('mark-up and mentions that people write are text, and odd or no text is taken', async () => {
    const { messages, instance, send } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    await send({ body: '<!channel> & <@U1>' });
    expect([...messages.values()][0]).toMatchObject({
      text: 'Alice\n&lt;!channel&gt; &amp; &lt;@U1&gt;',
      blocks: [
        { text: { type: 'plain_text' } },
        { text: { type: 'plain_text', text: '<!channel> & <@U1>' } },
        { elements: [{ url: 'https://app.example.com/c1' }] },
      ],
    });
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(await send({ title: '', body: '' })).toMatchObject({ outcome: 'accepted' });
    expect(await send({ body: 'x'.repeat(3000) })).toMatchObject({ outcome: 'accepted' });
  });

  test('a check sends nothing, and says when the token is refused', async () => {
    const { instance, messages } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(messages.size).toBe(0);
    const bad = await start({ botToken: 'xoxb-1111111111-abcdefghijklmnop' });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'invalid_auth' });
  });
});

test.each([[{}], [{ ...config, ...hook }]])('wants a token or a webhook, and not both: %j', (given) => {
  expect(plugin.config.safeParse(given).error?.issues[0]?.path).toEqual(['botToken']);
});
