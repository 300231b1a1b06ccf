// `connect`: the first command; a socket becomes a session. Checks token and page, and finds what was missed.
// Sending the answer is the gateway's.

import { toWirePolicy, visitorPrefix, type CommandAnswer, type CommandData } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { CatchUps } from '../delivery/catch-up.ts';
import type { Changes } from '../delivery/changes.ts';
import type { Pages } from '../pages/pages.ts';
import type { ResolvedPage } from '../pages/policy-set.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionRoom } from '../sessions/connection-room.ts';
import { Session } from '../sessions/session.ts';
import type { Refusals } from '../sessions/refusals.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { VerifyToken } from '../tenancy/profiles.ts';
import type { VerifiedUser } from '../tenancy/tokens/claims.ts';
import type { Reply } from './command.ts';
import { closing, ConnectChecks, type PendingConnection } from './connect-checks.ts';

export interface Connected extends Reply<CommandAnswer<'connect'>> {
  readonly session: Session;
}

export interface ConnectDeps {
  verify: VerifyToken;
  pages: Pick<Pages, 'set'>;
  sessions: Pick<Sessions, 'open' | 'replace'>;
  room: Pick<ConnectionRoom, 'look'>;
  catchUps: Pick<CatchUps, 'prepare'>;
  changes: Pick<Changes, 'report'>;
  clock: Clock;
  node: string;
  heartbeatIntervalMs: number;
  /** Keeps who was refused, for the people of the app. */
  refusals: Pick<Refusals, 'record'>;
  /** The shortest time that a push waits for an acknowledgement, unless a broadcast says otherwise. */
  shortestWaitMs: (app: AppId) => Promise<number>;
}

export type Connect = (pending: PendingConnection, data: CommandData<'connect'>) => Promise<Connected>;

export function createConnect(deps: ConnectDeps): Connect {
  const { pages, sessions, room, catchUps, changes, clock, node, heartbeatIntervalMs, shortestWaitMs } = deps;
  const checks = new ConnectChecks(deps);

  return async (pending, data) => {
    const { app } = pending.app;
    const page = (await pages.set(app)).resolve(data.page);
    const ackWithinMs = gatherMs(await shortestWaitMs(app));
    const user = await checks.user({ pending, data });
    checks.page(page, user, { pending, data });
    const session = sessionOf(pending, { data, page, user });
    // Marks the streams before anything can be delivered, so that nothing falls between the log and the live
    // events.
    const { resumed, start } = await catchUps.prepare(session, data.resume ?? [], 'resume');
    // The policy may have changed meanwhile: the session learns of changes from `open` on, and not before.
    session.page = (await pages.set(app)).resolve(data.page);
    checks.page(session.page, user, { pending, data });
    const decide = await room.look(session, { ofApp: pending.app.limits.connections, replaces: data.replaces });
    if (decide() === 'full') throw closing('connection_limit', 'too_many');
    await sessions.open(session);
    // After the new one is there, so that nobody sees the user leave. Nothing waits for it: without it the
    // old one would be noticed to be gone in the end.
    if (data.replaces !== undefined) void sessions.replace(session, data.replaces);
    return {
      session,
      answer: {
        connectionId: session.id,
        userId: session.userId,
        page: toWirePolicy(session.page.policy),
        heartbeatIntervalMs,
        ackWithinMs,
        serverTime: new Date(clock.now()).toISOString(),
        resumed,
      },
      after() {
        start();
        const { resume = [], changedSince } = data;
        if (changedSince !== undefined) void changes.report(session, resume, Date.parse(changedSince));
      },
    };
  };

  function sessionOf(
    pending: PendingConnection,
    given: { data: CommandData<'connect'>; page: ResolvedPage; user: VerifiedUser | undefined },
  ): Session {
    const { data, page, user } = given;
    return new Session({
      app: pending.app.app,
      userId: user?.userId ?? `${visitorPrefix}${uuidv7()}`,
      device: data.device,
      page,
      visible: data.visible,
      ...{ attended: data.attended, rttMs: data.rttMs, policyVersion: data.policyVersion },
      deliveredMeans: pending.app.settings.deliveredMeans,
      node,
      connectedAtMs: clock.now(),
      ...{ outlet: pending.outlet, address: pending.address },
      profile: { name: user?.name, avatar: user?.avatar, roles: user?.roles },
      tokenTopics: user?.topics ?? [],
      tokenPresenceTopics: user?.presenceTopics ?? [],
      tokenExpiresAtMs: user?.expiresAtMs,
      tokenIssuedAtMs: user?.issuedAtMs,
    });
  }
}

/**
 * A fifth of the wait before a push, so that what is gathered arrives long before its end. Less than 150 ms
 * gathers nothing, more than 1 s saves nothing.
 */
function gatherMs(waitMs: number): number {
  return Math.min(1000, Math.max(150, Math.floor(waitMs / 5)));
}
