// Two nodes over one installation in memory, for tests of what sessions tell each other.

import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { TestBusHub } from '../../../test/support/test-bus.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { Registry } from '../registry.ts';
import type { SessionInit } from '../session.ts';
import { Sessions } from '../sessions.ts';
import { Installation, makeSession, RecordedLog, RecordedMetrics } from './sessions.fixture.ts';

/** Two nodes of one installation, each with its sessions. */
export function twoNodes({ membersOfTopic = 500, isAlone = false } = {}) {
  const installation = new Installation();
  const clock = createVirtualClock();
  const hub = new TestBusHub({ clock });
  const node = (name: string) => {
    const registry = new Registry();
    const log = new RecordedLog();
    const metrics = new RecordedMetrics();
    const bus = hub.connect(name);
    const { users, conversations } = installation;
    const presence = installation.presenceOf(name);
    const facts = new RecordedFacts();
    const sessions = new Sessions({
      ...{ node: name, registry, presence, bus, users, conversations, facts },
      surroundings: { clock, log, metrics },
      watchesPerSession: 3,
      membersOfTopic,
      isAlone,
    });
    sessions.start();
    return {
      ...{ registry, log, metrics, facts, bus, sessions },
      async open(userId: string, change: Partial<SessionInit> = {}) {
        const session = makeSession(userId, { node: name, ...change });
        await sessions.open(session);
        return session;
      },
    };
  };
  return { installation, clock, hub, n1: node('n1'), n2: node('n2') };
}
