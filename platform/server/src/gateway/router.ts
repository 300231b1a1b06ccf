// What the gateway needs of whoever carries out commands. Carrying them out is the business of commands/.
import { closeCodes, type CloseName, type Frame, type JsonObject } from '@belfry/protocol';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Outlet, Session } from '../sessions/session.ts';

/** A socket that was let in and wants to become a session. */
export interface PendingConnection {
  app: AppRecord;
  address: string;
  outlet: Outlet;
  userAgent?: string;
}

export interface Connected {
  session: Session;
  /** The data of the answer. */
  answer: object;
  /** Called once the answer was sent: what falls due to the session may follow it. */
  after(): void;
}

export interface Router {
  /** Opens the session, so that whoever called must tell `sessions.closed` of its end. */
  connect(pending: PendingConnection, data: JsonObject): Promise<Connected>;
  /** The answer's data. `control.accepted` says that the connection's next frame may start: the order of the two is settled. */
  run(session: Session, frame: Frame, control: { accepted(): void }): Promise<object | undefined>;
  /** Carries out in this call what wants no answer and has to wait for nothing. False: nothing was done, it is for `run`. */
  runNow(session: Session, frame: Frame): boolean;
}

/** The close a command asks for by what it throws: any error with a `closeName` of the table. */
export function closeNameOf(error: unknown): CloseName | undefined {
  if (!(error instanceof Error) || !('closeName' in error)) return undefined;
  return isCloseName(error.closeName) ? error.closeName : undefined;
}

function isCloseName(value: unknown): value is CloseName {
  return typeof value === 'string' && Object.hasOwn(closeCodes, value);
}
