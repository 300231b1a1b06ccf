// The facts of a provider's configuration: paused and resumed, once each, however it comes to it.
import { expect, test } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import type { PluginHost } from './plugin-host.ts';
import { folderOf, startHost } from './test/host.fixture.ts';

const app = asAppId('demo');
const main = { id: 'main', plugin: 'hook', config: {} };

interface Case {
  given: string;
  when: (host: PluginHost) => Promise<unknown>;
  then: object[];
}

const paused = { type: 'provider.paused', provider: 'main', reason: 'refused' };
const resumed = { type: 'provider.resumed', provider: 'main' };

const cases: Case[] = [
  { given: 'a pause', when: (host) => host.pause(app, 'main', 'refused'), then: [paused] },
  {
    given: 'pauses at once, as of many calls that are refused',
    when: (host) => Promise.all(['refused', 'refused', 'refused'].map((reason) => host.pause(app, 'main', reason))),
    then: [paused],
  },
  {
    given: 'a pause that is resumed, twice',
    async when(host) {
      await host.pause(app, 'main', 'refused');
      await host.resume(app, 'main');
      await host.resume(app, 'main');
    },
    then: [paused, resumed],
  },
  {
    given: 'a pause that is ended by configuring it again',
    async when(host) {
      await host.pause(app, 'main', 'refused');
      await host.configure(app, main);
      await host.configure(app, main);
    },
    then: [paused, resumed],
  },
  { given: 'a resume of one that is not paused', when: (host) => host.resume(app, 'main'), then: [] },
  { given: 'a pause of one that is not there', when: (host) => host.pause(app, 'none', 'refused'), then: [] },
];

test.each(cases)('given $given, the facts are these and no others', async ({ when, then }) => {
  const { host, facts, clock, metrics } = await startHost(folderOf('hook'));
  await host.configure(app, main);
  expect(facts.all).toEqual([]);
  await when(host);
  expect(facts.all).toEqual(then.map((fact) => ({ ...fact, atMs: clock.now() })));
  expect(metrics.get('push_providers_paused_total hook') ?? 0).toBe(then.filter((fact) => fact === paused).length);
});
