// Sessions are found in the registry by all their keys, and leave nothing behind.
import { describe, expect, it } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import { Registry } from './registry.ts';
import { demo, makeSession } from './test/sessions.fixture.ts';

describe('Registry', () => {
  it('finds a session by id, user, app and topic, and nowhere once it is removed', () => {
    const registry = new Registry();
    const session = makeSession('alice');
    registry.add(session);
    registry.subscribe(session, 'news');
    expect(registry.byId(session.id)).toBe(session);
    expect(registry.ofUser(demo, 'alice')).toEqual([session]);
    expect([...(registry.ofApp(demo) ?? [])]).toEqual([session]);
    expect([...(registry.ofTopic(demo, 'news') ?? [])]).toEqual([session]);
    expect(registry.remove(session)).toBe(true);
    expect(registry.remove(session)).toBe(false);
    expect(registry.byId(session.id)).toBeUndefined();
    expect(registry.ofUser(demo, 'alice')).toEqual([]);
    expect(registry.ofTopic(demo, 'news')).toBeUndefined();
    expect(registry.ofApp(demo)).toBeUndefined();
  });

  it('keeps apps apart where users and topics have the same name', () => {
    const registry = new Registry();
    const other = asAppId('other');
    const here = makeSession('alice');
    const there = makeSession('alice', { app: other });
    for (const session of [here, there]) {
      registry.add(session);
      registry.subscribe(session, 'news');
    }
    expect(registry.ofUser(demo, 'alice')).toEqual([here]);
    expect([...(registry.ofTopic(other, 'news') ?? [])]).toEqual([there]);
  });

  it('indexes topics that a session had before it was added, and forgets those it gave up', () => {
    const registry = new Registry();
    const session = makeSession('alice');
    registry.subscribe(session, 'news');
    expect(registry.ofTopic(demo, 'news')).toBeUndefined();
    registry.add(session);
    expect(registry.ofTopic(demo, 'news')?.size).toBe(1);
    registry.unsubscribe(session, 'news');
    expect(registry.ofTopic(demo, 'news')).toBeUndefined();
  });
});
