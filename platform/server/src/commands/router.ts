// Takes a client's frame to its command: known action, feature of the page, data by the schema. What a command does is its own file.

import {
  BelfryError,
  commands,
  isBelfryError,
  isCommandAction,
  maySend,
  parseWith,
  type CommandAction,
  type JsonObject,
} from '@belfry/protocol';
import type { Metrics } from '../ports/metrics.ts';
import type { Session } from '../sessions/session.ts';
import type { AckNow } from './ack-now.ts';
import { CloseConnection } from './close-connection.ts';
import type { CommandControl, Handler } from './command.ts';
import type { Connect, Connected, PendingConnection } from './connect.ts';

type SessionAction = Exclude<CommandAction, 'connect'>;
export type Handlers = { readonly [A in SessionAction]: Handler<A> };

export interface CommandRouter {
  /** Throws BelfryError or CloseConnection. */
  connect(pending: PendingConnection, data: JsonObject): Promise<Connected>;
  /** The answer's data. Throws BelfryError: `unknown_action`, `feature_disabled`, `forbidden` for visitors, `bad_request` with the path, or the command's own. */
  run(session: Session, frame: { action: string; data: JsonObject }, control: CommandControl): Promise<object>;
  /** Carries out in this call what wants no answer and has to wait for nothing. False: nothing was done, it is for `run`. */
  runNow(session: Session, frame: { id?: number; action: string; data: JsonObject }): boolean;
}

export function createRouter(deps: {
  connect: Connect;
  handlers: Handlers;
  ackNow: AckNow;
  metrics: Metrics;
}): CommandRouter {
  const { connect, handlers, ackNow, metrics } = deps;

  return {
    connect: (pending, data) =>
      counted('connect', async () => connect(pending, parseWith(commands.connect.data, data, badRequest))),
    run(session, { action, data }, control) {
      if (!isCommandAction(action) || action === 'connect') {
        // Not by its name, which the client may make up.
        metrics.count('commands_total', ['unknown', 'unknown_action']);
        return Promise.reject(new BelfryError('unknown_action'));
      }
      return counted(action, async () => {
        refuse(session, action);
        return await runOne(session, { action, data }, control);
      });
    },
    runNow(session, { id, action, data }) {
      if (action !== 'ack' || id !== undefined || session.visitor) return false;
      if (!maySend(session.page.features, action) || !ackNow(session, data)) return false;
      metrics.count('commands_total', ackedOk);
      metrics.count('commands_at_once_total');
      return true;
    },
  };

  function runOne(
    session: Session,
    { action, data }: { action: SessionAction; data: JsonObject },
    control: CommandControl,
  ): Promise<object> {
    // Both tables give what belongs to the same action, which TypeScript cannot follow through the index.
    const handler = handlers[action] as Handler<SessionAction>;
    return handler(session, parseWith(commands[action].data, data, badRequest), control);
  }

  async function counted<T>(action: CommandAction, run: () => Promise<T>): Promise<T> {
    try {
      const answer = await run();
      metrics.count('commands_total', [action, 'ok']);
      return answer;
    } catch (error) {
      metrics.count('commands_total', [action, outcomeOf(error)]);
      throw error;
    }
  }
}

function outcomeOf(error: unknown): string {
  if (isBelfryError(error)) return error.code;
  return error instanceof CloseConnection ? 'closed' : 'internal';
}

const ackedOk = ['ack', 'ok'] as const;

const badRequest = { code: 'bad_request' } as const;

function refuse(session: Session, action: CommandAction): void {
  if (session.visitor && !commands[action].visitor)
    throw new BelfryError('forbidden', { message: 'Visitors may not send this.' });
  if (maySend(session.page.features, action)) return;
  throw new BelfryError('feature_disabled', { message: `This page has no ${commands[action].feature.join(' or ')}.` });
}
