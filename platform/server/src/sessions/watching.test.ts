// What those who watch users are told, as these come and go on any node.

import { describe, expect, it } from 'vitest';
import { makeSession, page, settled } from './test/sessions.fixture.ts';
import { twoNodes } from './test/two-nodes.fixture.ts';

const watching = { page: page('/team', ['presence']) };
const mobile = { device: { id: 'p', type: 'mobile' as const } };

describe('watching users', () => {
  const states = (session: { outlet: { events: { action: string; data: Record<string, unknown> }[] } }) =>
    session.outlet.events
      .filter(({ action }) => action === 'presence_update')
      .map(({ data }) => [data['online'], data['deviceTypes']]);

  it('reports coming online at once, here and from another node', async () => {
    const { n1, n2, clock } = twoNodes();
    const [here, there] = [await n1.open('ann', watching), await n2.open('amy', watching)];
    n1.sessions.watch(here, ['bob'], true);
    n2.sessions.watch(there, ['bob'], true);
    await clock.advance(1000);
    expect([states(here), states(there)]).toEqual([[], []]);
    await n1.open('bob', mobile);
    await settled();
    expect(states(here)).toEqual([[true, ['mobile']]]);
    await clock.advance(50);
    expect(states(there)).toEqual([[true, ['mobile']]]);
  });

  it('reports going offline once, 5 s after the last connection on any node', async () => {
    const { n1, n2, clock } = twoNodes();
    const ann = await n1.open('ann', watching);
    const [one, two] = [await n1.open('bob'), await n2.open('bob')];
    n1.sessions.watch(ann, ['bob'], true);
    await clock.advance(100);
    await n1.sessions.closed(one, 1000);
    await clock.advance(4000);
    await n2.sessions.closed(two, 1000);
    await clock.advance(4900);
    expect(states(ann)).toEqual([]);
    await clock.advance(200);
    expect(states(ann)).toEqual([[false, []]]);
    await clock.advance(60_000);
    expect(states(ann)).toEqual([[false, []]]);
    expect(ann.outlet.events.at(-1)?.data['lastSeenAt']).toBe(new Date(Date.UTC(2026, 0, 1) + 4100).toISOString());
  });

  it('says nothing of a user who is back within the grace, on whichever node', async () => {
    const { n1, n2, clock } = twoNodes();
    const ann = await n1.open('ann', watching);
    const bob = await n1.open('bob');
    n1.sessions.watch(ann, ['bob'], true);
    await clock.advance(100);
    await n1.sessions.closed(bob, 1001);
    await clock.advance(3000);
    await n2.open('bob');
    await clock.advance(30_000);
    expect(states(ann)).toEqual([]);
  });

  it('notices a user whose node died, although no message came', async () => {
    const { n1, clock, installation } = twoNodes();
    const ann = await n1.open('ann', watching);
    installation.records.set('x', makeSession('bob', { id: 'x', node: 'dead' }).record());
    n1.sessions.watch(ann, ['bob'], true);
    await clock.advance(100);
    installation.records.delete('x');
    await clock.advance(20_100);
    expect(states(ann)).toEqual([[false, []]]);
  });

  it('reports a user of a node that is gone offline 5 s after presence said so', async () => {
    const { n1, clock, installation } = twoNodes();
    const ann = await n1.open('ann', watching);
    installation.records.set('x', makeSession('bob', { id: 'x', node: 'dead' }).record());
    n1.sessions.watch(ann, ['bob'], true);
    await clock.advance(100);
    installation.records.delete('x');
    n1.sessions.nodeGone();
    await clock.advance(4900);
    expect(states(ann)).toEqual([]);
    await clock.advance(200);
    expect(states(ann)).toEqual([[false, []]]);
  });

  it('is silent on a page without presence, and after the watch ended', async () => {
    const { n1, clock } = twoNodes();
    const [plain, ended] = [await n1.open('ann'), await n1.open('amy', watching)];
    n1.sessions.watch(plain, ['bob'], true);
    n1.sessions.watch(ended, ['bob'], true);
    n1.sessions.watch(ended, ['bob'], false);
    await clock.advance(100);
    await n1.open('bob');
    await settled();
    expect([states(plain), states(ended)]).toEqual([[], []]);
  });

  it('refuses more users than a session may watch, and then changes nothing', async () => {
    const { n1, clock } = twoNodes();
    const ann = await n1.open('ann', watching);
    n1.sessions.watch(ann, ['u1', 'u2'], true);
    expect(() => n1.sessions.watch(ann, ['u2', 'u3', 'u4'], true)).toThrow(
      expect.objectContaining({ code: 'too_many' }),
    );
    n1.sessions.watch(ann, ['u2', 'u3'], true);
    await clock.advance(100);
    await n1.open('u4');
    await settled();
    expect(states(ann)).toEqual([]);
  });
});
