// Takes a client's frame to its command: known action, feature of the page, data by the schema. Each command
// is a file of its own.

import {
  BelfryError,
  commands,
  isBelfryError,
  isCommandAction,
  maySend,
  parseWith,
  type CommandAction,
  type Frame,
  type JsonObject,
} from '@belfry/protocol';
import type { Metrics } from '../ports/metrics.ts';
import { traced, type Tracing } from '../ports/tracing.ts';
import type { Refusals } from '../sessions/refusals.ts';
import type { Session } from '../sessions/session.ts';
import type { AckNow } from './ack-now.ts';
import { CloseConnection } from './close-connection.ts';
import type { CommandControl, Handler, Reply } from './command.ts';
import type { Connect, Connected } from './connect.ts';
import type { PendingConnection } from './connect-checks.ts';

type SessionAction = Exclude<CommandAction, 'connect'>;
export type Handlers = { readonly [A in SessionAction]: Handler<A> };

interface RouterDeps {
  connect: Connect;
  handlers: Handlers;
  ackNow: AckNow;
  refusals: Pick<Refusals, 'record'>;
  metrics: Pick<Metrics, 'count'>;
  tracing?: Tracing | undefined;
}

export class CommandRouter {
  readonly #deps: RouterDeps;

  constructor(deps: RouterDeps) {
    this.#deps = deps;
  }

  /**
   * Opens a session, of whose end the caller must inform `Sessions.closed`. Throws BelfryError or
   * CloseConnection.
   */
  connect(pending: PendingConnection, data: JsonObject): Promise<Connected> {
    return this.#counted('connect', async () =>
      this.#deps.connect(pending, parseWith(commands.connect.data, data, badRequest)),
    );
  }

  /**
   * Throws BelfryError: `unknown_action`, `feature_disabled`, `forbidden` for visitors, `bad_request` with
   * the path, or the command's own; CloseConnection where the connection must end.
   */
  async run(session: Session, { action, data }: Frame, control: CommandControl): Promise<Reply> {
    if (!isCommandAction(action) || action === 'connect') {
      // Not by its name, which the client may make up.
      this.#deps.metrics.count('commands_total', ['unknown', 'unknown_action']);
      throw new BelfryError('unknown_action');
    }
    return await this.#counted(action, async () => {
      this.#refuse(session, action);
      // Both tables give what belongs to the same action, which TypeScript cannot follow through the index.
      const handler = this.#deps.handlers[action] as Handler<SessionAction>;
      return handler(session, parseWith(commands[action].data, data, badRequest), control);
    });
  }

  /**
   * Carries out in this call a command that wants no answer and has to wait for nothing. False: nothing was
   * done, the frame is for `run`.
   */
  runNow(session: Session, { id, action, data }: Frame): boolean {
    if (action !== 'ack' || id !== undefined || session.visitor) return false;
    if (!maySend(session.page.features, action) || !this.#deps.ackNow(session, data)) return false;
    this.#deps.metrics.count('commands_total', ackedOk);
    this.#deps.metrics.count('commands_at_once_total');
    return true;
  }

  #refuse(session: Session, action: CommandAction): void {
    if (session.visitor && !commands[action].visitor) {
      throw new BelfryError('forbidden', { message: 'Visitors may not send this.' });
    }
    if (maySend(session.page.features, action)) return;
    const features = commands[action].feature.join(' or ');
    const { path: page, policy } = session.page;
    const detail = `${action} needs ${features}, which the policy of ${policy.pattern} does not have`;
    const code = 'feature_disabled';
    this.#deps.refusals.record(session.app, { stage: 'command', reason: `${code}:${features}`, code, detail, page });
    throw new BelfryError(code, { message: `This page has no ${features}.` });
  }

  async #counted<T>(action: CommandAction, run: () => Promise<T>): Promise<T> {
    const { metrics, tracing } = this.#deps;
    const isTraced = !untraced.has(action);
    try {
      const result = await traced(isTraced ? tracing : undefined, [`command ${action}`, { kind: 'server' }], run);
      metrics.count('commands_total', [action, 'ok']);
      return result;
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

/** Many, small, and of no interest one by one. */
const untraced: ReadonlySet<CommandAction> = new Set(['ack', 'heartbeat']);

const ackedOk = ['ack', 'ok'] as const;

const badRequest = { code: 'bad_request' } as const;
