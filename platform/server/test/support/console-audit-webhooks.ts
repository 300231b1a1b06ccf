// The steps of the audit's test that are about outgoing webhooks. Whether each leaves its entry is the
// test's.

import type { PeopleStep } from './console-audit-people.ts';
import { done } from './console-world.ts';
import type { ConsoleWorld } from './console-world.ts';

const path = '/apps/demo/webhooks/crm';
/** Nobody listens there. */
const settings = { url: 'http://127.0.0.1:9/in', events: ['message.stored'] };

/** In the app `demo`, in this order. `keep`: must stand in no entry. */
export function stepsOfWebhooks(world: () => ConsoleWorld, keep: (secret: string) => void): PeopleStep[] {
  const owner = () => world().members.owner;
  const seen = async () => {
    const { headers } = await done(owner().get(path));
    return { 'if-match': headers.get('etag') ?? '' };
  };
  const change = async (name: string) => owner().call('POST', `${path}/${name}`, { headers: await seen() });
  return [
    {
      row: 'putWebhook',
      async run() {
        const answer = await owner().call('PUT', path, { body: settings, headers: { 'if-match': '"v0"' } });
        keep(answer.body.secret);
        return answer;
      },
      expected: { action: 'webhook.create', after: { url: settings.url, state: 'active' } },
    },
    {
      row: 'rotateWebhookSecret',
      async run() {
        const answer = await owner().post(`${path}/rotate`, { overlapSeconds: 60 });
        keep(answer.body.secret);
        return answer;
      },
      expected: { action: 'webhook.rotate', after: { secret: { replaced: true }, overlapSeconds: 60 } },
    },
    {
      row: 'pauseWebhook',
      run: () => change('pause'),
      expected: { action: 'webhook.pause', before: { state: 'active' }, after: { state: 'paused' } },
    },
    {
      row: 'resumeWebhook',
      run: () => change('resume'),
      expected: { action: 'webhook.resume', before: { state: 'paused' }, after: { state: 'active' } },
    },
    {
      row: 'tryWebhook',
      run: () => owner().post(`${path}/test`),
      expected: { action: 'webhook.test' },
    },
    {
      row: 'replayWebhookEvent',
      async run() {
        const { body } = await done(owner().get(`${path}/events`));
        return owner().post(`${path}/events/${body.events[0].id}/replay`);
      },
      expected: { action: 'webhook.replay' },
    },
    {
      row: 'replayWebhookEvents',
      run: () => owner().post(`${path}/replay`, { expected: 0 }),
      expected: { action: 'webhook.replay', after: { state: 'failed', replayed: 0 } },
    },
    {
      row: 'removeWebhook',
      run: async () => owner().call('DELETE', path, { headers: await seen() }),
      expected: { action: 'webhook.delete', before: { url: settings.url } },
    },
  ];
}
