// What a command's handler is: one function per action, given what the schema made of the data. Which action runs which, and when it may: router.ts.

import type { CommandAction, CommandAnswer, CommandData } from '@belfry/protocol';
import type { Session } from '../sessions/session.ts';

export interface CommandControl {
  /** The order of this command and the connection's next one is settled: the next may start. */
  accepted: () => void;
}

/** Throws BelfryError for an answer with an error, CloseConnection to end the connection. */
export type Handler<A extends CommandAction> = (
  session: Session,
  data: CommandData<A>,
  control: CommandControl,
) => Promise<CommandAnswer<A>>;
