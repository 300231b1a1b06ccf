// The Telegram provider: the rules of every provider, the whole table of answers, and a stand-in for the Bot
// API that keeps messages.
import {
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
} from '@belfry/plugin-kit/testing';
import type { Delivery, PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';
import { botApi } from './test/bot-api.ts';

const botToken = '123456789:AAExampleExampleExampleExampleExampl';
const config = { botToken };
const target = { chatId: 4711 };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (code: number, description: string, parameters?: object): HttpAnswer => ({
  http: code,
  body: { ok: false, error_code: code, description, ...(parameters === undefined ? {} : { parameters }) },
});
const sent: HttpAnswer = { http: 200, body: { ok: true, result: { message_id: 9 } } };

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      sent,
      'accepted:4711:9',
      ([request]) => {
        expect(request).toMatchObject({ method: 'POST', url: `https://api.telegram.org/bot${botToken}/sendMessage` });
        expect(request?.json()).toEqual({
          chat_id: 4711,
          text: 'Alice\nhello',
          link_preview_options: { is_disabled: true },
        });
      },
    ],
    [says(403, 'Forbidden: bot was blocked by the user'), 'rejected:target_gone'],
    [says(403, 'Forbidden: user is deactivated'), 'rejected:target_gone'],
    [says(403, 'Forbidden: bot was kicked from the supergroup chat'), 'rejected:target_gone'],
    [says(403, 'Forbidden: bot is not a member of the channel chat'), 'rejected:target_gone'],
    [says(400, 'Bad Request: chat not found'), 'rejected:target_gone'],
    [says(400, 'Bad Request: PEER_ID_INVALID'), 'rejected:target_gone'],
    [says(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1001 }), 'rejected:target_invalid'],
    [says(403, "Forbidden: bot can't initiate conversation with a user"), 'rejected:target_invalid'],
    [says(400, 'Bad Request: not enough rights to send text messages'), 'rejected:target_invalid'],
    [says(400, 'Bad Request: TOPIC_CLOSED'), 'rejected:target_invalid'],
    [says(400, 'Bad Request: message thread not found'), 'rejected:target_invalid'],
    [says(401, 'Unauthorized'), 'rejected:credentials'],
    [says(404, 'Not Found'), 'rejected:credentials'],
    [says(400, 'Bad Request: message is too long'), 'rejected:payload'],
    [says(418, 'Something new'), 'rejected:payload'],
    [says(429, 'Too Many Requests: retry after 14', { retry_after: 14 }), 'retry:14000'],
    [says(409, 'Conflict'), 'retry'],
    [says(500, 'Internal Server Error'), 'retry'],
    [{ http: 200, body: says(403, 'bot was blocked by the user').body ?? '' }, 'rejected:target_gone'],
    [{ http: 200, body: '<html>' }, 'retry'],
  ],
});

describe('with a stand-in that keeps messages', () => {
  async function start(given: object = {}) {
    const api = botApi({ botToken, chatIds: ['4711'] });
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url, ...given });
    const send = (notification: Partial<PushNotification> = {}, previous?: Delivery['previous']) =>
      instance.send(sampleDelivery({ target, notification, previous }), attempt);
    return { ...api, standIn, instance, send };
  }

  test('the next of a conversation takes the place of the one before', async () => {
    const { messages, send } = await start();
    expect(await send()).toEqual({ outcome: 'accepted', providerMessageId: '4711:1' });
    expect(await send({ body: 'two' }, { providerMessageId: '4711:1' })).toMatchObject({ providerMessageId: '4711:2' });
    expect([...messages]).toEqual([['4711:2', 'Alice\ntwo']]);
  });

  test('a quiet one changes the text where it stands, and is sent where there is nothing to change', async () => {
    const { messages, calls, send } = await start();
    await send();
    const quiet = (body: string, providerMessageId = '4711:1') =>
      send({ body, priority: 'low' }, { providerMessageId });
    expect(await quiet('edited')).toMatchObject({ providerMessageId: '4711:1' });
    expect(await quiet('edited')).toMatchObject({ providerMessageId: '4711:1' });
    expect([...messages]).toEqual([['4711:1', 'Alice\nedited']]);
    expect(await quiet('again', '4711:77')).toMatchObject({ providerMessageId: '4711:2' });
    expect(calls).toEqual([
      'sendMessage',
      ...Array.from({ length: 3 }, () => 'editMessageText'),
      'sendMessage',
      'deleteMessage',
    ]);
  });

  test('a message is deleted when it was read elsewhere, and it is well when there is none any more', async () => {
    const { messages, instance, send } = await start();
    await send();
    for (const id of ['4711:1', '4711:1', undefined, 'm-1'])
      expect(await instance.clear?.(sampleClearing(target, id), attempt)).toEqual({ outcome: 'accepted' });
    expect(messages.size).toBe(0);
  });

  test('the longest text, odd characters and none at all are taken', async () => {
    const { instance, messages, send } = await start();
    const { titleChars = 0, bodyChars = 0 } = plugin.limits;
    expect(await send({ title: '👪'.repeat(titleChars), body: '👪'.repeat(bodyChars) })).toMatchObject({
      outcome: 'accepted',
    });
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(await send({ title: '', body: ' ' })).toMatchObject({ outcome: 'accepted' });
    expect([...messages.values()].at(-1)).toBe('-');
  });

  test('a button leads to the conversation', async () => {
    const { standIn, send } = await start({ openUrl: 'https://app.example.com/chat/{conversationId}' });
    await send({ data: { conversationId: 'a/b' } });
    expect(standIn.requests[0]?.json()).toMatchObject({
      reply_markup: { inline_keyboard: [[{ text: 'Open', url: 'https://app.example.com/chat/a%2Fb' }]] },
    });
  });

  test('a check sends nothing, and says when the token is refused', async () => {
    const { instance, messages } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(messages.size).toBe(0);
    const bad = await start({ botToken: botToken.replace('123', '124') });
    expect(await bad.instance.check?.(attempt)).toMatchObject({ ok: false, detail: expect.stringContaining('401') });
  });
});

test.each([[{ chatId: 'bob' }], [{ chatId: 1.5 }], [{}], [{ chatId: '@x' }]])('refuses the chat %j', (given) => {
  expect(plugin.target.safeParse(given).success).toBe(false);
});
