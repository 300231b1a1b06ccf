// The audiences that learn of a session that opens, moves or ends, here and on another node of this process.
import { describe, expect, it } from 'vitest';
import { demo, makeSession, page, policySet, settled } from './test/sessions.fixture.ts';
import { twoNodes } from './test/two-nodes.fixture.ts';

const admin = { page: page('/admin', ['user_monitoring']) };
const mobile = { device: { id: 'p', type: 'mobile' as const } };

describe('a session that opens', () => {
  it('is in the registry before open resolves, and in presence after', async () => {
    const { n1, installation } = twoNodes();
    const session = makeSession('alice');
    const opening = n1.sessions.open(session);
    expect(n1.registry.byId(session.id)).toBe(session);
    await opening;
    expect(installation.records.get(session.id)).toMatchObject({ userId: 'alice', page: '/chat', visible: true });
    expect(n1.log.lines.find(({ msg }) => msg === 'connection opened')?.fields).toMatchObject({
      connectionId: session.id,
      userId: 'alice',
      deviceType: 'desktop',
      page: '/chat',
    });
  });

  it('is published to connections with user_monitoring on every node, and to no others nor itself', async () => {
    const { n1, n2, clock } = twoNodes();
    const [here, there] = [await n1.open('ann', admin), await n2.open('amy', admin)];
    const other = await n1.open('carol');
    await clock.advance(100);
    here.outlet.events.length = there.outlet.events.length = 0;
    const bob = await n1.open('bob', mobile);
    const told = {
      action: 'device_connected',
      data: { connectionId: bob.id, userId: 'bob', deviceType: 'mobile', page: '/chat', connectedAt: bob.connectedAt },
    };
    expect(here.outlet.events).toMatchObject([told]);
    await clock.advance(50);
    expect(there.outlet.events).toMatchObject([told]);
    expect(other.outlet.events).toEqual([]);
    const eve = await n1.open('eve', admin);
    expect(eve.outlet.actions()).toEqual([]);
  });

  it('is published in one bus message with all that came in the same 50 ms', async () => {
    const { n1, clock, hub } = twoNodes();
    await Promise.all(Array.from({ length: 100 }, (_, index) => n1.open(`u${index}`)));
    await clock.advance(50);
    expect(hub.types()).toEqual(['session_news']);
  });

  it('works while presence is away, and is seen once presence is back', async () => {
    const { n1, clock, installation } = twoNodes();
    installation.isPresenceUp = false;
    const session = await n1.open('alice');
    expect(n1.registry.size).toBe(1);
    installation.isPresenceUp = true;
    await clock.advance(15_000);
    expect(installation.records.has(session.id)).toBe(true);
    expect(n1.log.of('warn')).toEqual(['presence does not take changes']);
  });

  it('makes the bus bring its app, until a while after the last session has gone', async () => {
    const { n1, clock } = twoNodes();
    const [one, two] = [await n1.open('alice'), await n1.open('bob')];
    expect(n1.bus.following.get(demo)).toBe(1);
    await n1.sessions.closed(one, 1000);
    await n1.sessions.closed(two, 1000);
    await clock.advance(59_000);
    expect(n1.bus.following.get(demo)).toBe(1);
    await clock.advance(1000);
    expect(n1.bus.following.get(demo)).toBe(0);
  });
});

describe('a session that ends', () => {
  it('is gone from registry and presence, logged with its code, and published to monitors', async () => {
    const { n1, installation } = twoNodes();
    const ann = await n1.open('ann', admin);
    const bob = await n1.open('bob');
    await n1.sessions.closed(bob, 4003);
    await n1.sessions.closed(bob, 1006);
    expect([bob.closed, n1.registry.byId(bob.id), installation.records.has(bob.id)]).toEqual([true, undefined, false]);
    expect(ann.outlet.actions()).toEqual(['device_connected', 'device_disconnected']);
    const lines = n1.log.lines.filter(({ msg }) => msg === 'connection closed');
    expect(lines.map(({ fields }) => fields)).toMatchObject([{ connectionId: bob.id, userId: 'bob', code: 4003 }]);
    expect(n1.metrics.value('connections_closed_total', ['4003'])).toBe(1);
  });

  it('leaves nothing in presence when it ends while it still opens', async () => {
    const { n1, installation } = twoNodes();
    const ann = await n1.open('ann', admin);
    const session = makeSession('bob');
    await Promise.all([n1.sessions.open(session), n1.sessions.closed(session, 1006)]);
    expect(installation.records.has(session.id)).toBe(false);
    expect(ann.outlet.actions()).toEqual([]);
  });

  it('is in the registry as soon as it opens, and out of it as soon as it closes, while presence still writes', async () => {
    const { n1 } = twoNodes();
    const session = makeSession('alice');
    const opening = n1.sessions.open(session);
    expect(n1.registry.byId(session.id)).toBe(session);
    const closing = n1.sessions.closed(session, 1001);
    expect(n1.registry.byId(session.id)).toBeUndefined();
    await Promise.all([opening, closing]);
  });
});

describe('asking', () => {
  it('lists the connections of a user on all nodes, oldest first', async () => {
    const { n1, n2 } = twoNodes();
    const young = await n1.open('bob', { connectedAtMs: 2000 });
    const old = await n2.open('bob', { connectedAtMs: 1000, ...mobile, visible: false });
    expect(await n1.sessions.info(demo, 'bob')).toEqual([
      {
        connectionId: old.id,
        deviceType: 'mobile',
        connectedAt: '1970-01-01T00:00:01.000Z',
        page: '/chat',
        node: 'n2',
        visible: false,
        attended: false,
      },
      expect.objectContaining({ connectionId: young.id, node: 'n1' }),
    ]);
  });

  it('says who is online with which devices, and when who is not was seen last', async () => {
    const { n1, clock } = twoNodes();
    await n1.open('bob', mobile);
    await n1.open('bob');
    const carol = await n1.open('carol');
    await clock.advance(1000);
    await n1.sessions.closed(carol, 1000);
    await clock.advance(1000);
    expect(await n1.sessions.presenceOf(demo, ['carol', 'bob', 'nobody'])).toEqual([
      { userId: 'carol', online: false, deviceTypes: [], lastSeenAt: '2026-01-01T00:00:01.000Z' },
      { userId: 'bob', online: true, deviceTypes: ['desktop', 'mobile'], lastSeenAt: '2026-01-01T00:00:02.000Z' },
      { userId: 'nobody', online: false, deviceTypes: [] },
    ]);
  });

  it('writes profile and last sight of users down, but not of visitors', async () => {
    const { n1, clock, installation } = twoNodes();
    await n1.open('alice', { profile: { name: 'Alice', roles: ['admin'] } });
    await n1.open('visitor:1');
    await clock.advance(250);
    expect([...installation.profiles.values()]).toEqual([
      { userId: 'alice', name: 'Alice', roles: ['admin'], lastSeenAt: Date.UTC(2026, 0, 1) },
    ]);
  });

  it('gauges open connections by device type and role', async () => {
    const { n1 } = twoNodes();
    const phone = await n1.open('alice', mobile);
    await n1.open('visitor:1');
    await n1.metrics.collect();
    expect(n1.metrics.value('connections', ['mobile', 'user'])).toBe(1);
    expect(n1.metrics.value('connections', ['desktop', 'visitor'])).toBe(1);
    await n1.sessions.closed(phone, 1000);
    await n1.metrics.collect();
    expect(n1.metrics.value('connections', ['mobile', 'user'])).toBe(0);
  });
});

describe('closing', () => {
  it('disconnects by id here or on the node that has it, and says when no node has', async () => {
    const { n1, n2 } = twoNodes();
    const [here, there] = [await n1.open('alice'), await n2.open('bob')];
    expect(await n1.sessions.disconnect(demo, here.id, 'signed_out')).toBe(true);
    expect(await n1.sessions.disconnect(demo, there.id, 'signed_out')).toBe(true);
    expect(await n1.sessions.disconnect(demo, 'nobody', 'signed_out')).toBe(false);
    expect([here.outlet.closedWith, there.outlet.closedWith]).toEqual(['signed_out', 'signed_out']);
  });

  it('never reaches a connection of another app', async () => {
    const { n1 } = twoNodes();
    const theirs = makeSession('alice', { app: 'other' as typeof demo });
    await n1.sessions.open(theirs);
    n1.sessions.closeApp(demo, 'page_disabled');
    await n1.sessions.closeUser(demo, 'alice', { code: 'signed_out' });
    await n1.sessions.disconnect(demo, theirs.id, 'signed_out');
    expect(theirs.outlet.closedWith).toBeUndefined();
  });

  it('closes all of a user, or those with a token issued up to a moment', async () => {
    const { n1, n2 } = twoNodes();
    const old = await n1.open('bob', { tokenIssuedAtMs: 1000 });
    const fresh = await n2.open('bob', { tokenIssuedAtMs: 3000 });
    await n1.sessions.closeUser(demo, 'bob', { code: 'signed_out', issuedAtOrBeforeMs: 2000 });
    expect([old.outlet.closedWith, fresh.outlet.closedWith]).toEqual(['signed_out', undefined]);
    await n1.sessions.closeUser(demo, 'bob', { code: 'signed_out' });
    expect(fresh.outlet.closedWith).toBe('signed_out');
  });
});

describe('a changed page policy', () => {
  it('is delivered to the sessions it changes, encoded once, and to no others', async () => {
    const { n1 } = twoNodes();
    const [one, two] = [await n1.open('alice'), await n1.open('bob')];
    const other = await n1.open('carol', { page: page('/team', ['presence']) });
    const changed = page('/chat', [], { version: 2 });
    n1.sessions.enforce(demo, policySet(changed, page('/team', ['presence'])));
    await settled();
    expect(one.outlet.events).toMatchObject([
      { action: 'page_config_changed', data: { pattern: '/chat', version: 2, page: changed.policy } },
    ]);
    expect(two.outlet.encoded[0]).toBe(one.outlet.encoded[0]);
    expect(other.outlet.events).toEqual([]);
    expect(one.page).toBe(changed);
  });

  it('takes effect on monitoring, presence and topics', async () => {
    const { n1, installation } = twoNodes();
    const ann = await n1.open('ann', { page: page('/admin', ['user_monitoring']), tokenTopics: ['mine'] });
    n1.registry.subscribe(ann, 'mine');
    n1.registry.subscribe(ann, 'any');
    n1.sessions.enforce(demo, policySet(page('/admin', ['messaging'], { version: 2 })));
    await settled();
    await n1.open('bob');
    expect(ann.outlet.actions()).toEqual(['page_config_changed']);
    expect([...ann.topics]).toEqual(['mine']);
    expect(installation.records.get(ann.id)?.features).toEqual(['messaging']);
  });

  it('closes the sessions of a page that is off, and visitors of one that wants a user', async () => {
    const { n1 } = twoNodes();
    const alice = await n1.open('alice');
    const visitor = await n1.open('visitor:1', { page: page('/shop', [], { requireAuth: false }) });
    const user = await n1.open('bob', { page: page('/shop', [], { requireAuth: false }) });
    n1.sessions.enforce(demo, policySet(page('/shop', [], { version: 2 })));
    expect(alice.outlet.closedWith).toBe('page_disabled');
    expect(visitor.outlet.closedWith).toBe('page_disabled');
    expect(user.outlet.closedWith).toBeUndefined();
  });

  it('is effective when a session moves to a page by itself', async () => {
    const { n1, installation } = twoNodes();
    const ann = await n1.open('ann');
    await n1.sessions.moved(ann, page('/admin', ['user_monitoring']));
    expect(installation.records.get(ann.id)).toMatchObject({ page: '/admin', features: ['user_monitoring'] });
    await n1.open('bob');
    expect(ann.outlet.actions()).toEqual(['device_connected']);
  });
});

describe('stopping', () => {
  it('publishes and stores all that waits and leaves no timer', async () => {
    const { n1, n2, clock, hub, installation } = twoNodes();
    const session = await n1.open('alice');
    await n1.sessions.closed(session, 1012);
    await n1.sessions.stop();
    await n2.sessions.stop();
    expect(installation.profiles.has('alice')).toBe(true);
    expect(hub.types()).toEqual(['session_news']);
    expect(clock.pending()).toBe(0);
  });
});
