// The type of a command's handler: one function per action, given what the schema made of the data. Which
// action runs which: router.ts.

import type { CommandAction, CommandAnswer, CommandData } from '@belfry/protocol';
import type { Session } from '../sessions/session.ts';

export interface CommandControl {
  /** The order of this command and the connection's next one is certain now: the next may start. */
  accepted: () => void;
}

/** The outcome of a command. */
export interface Reply<Answer extends object = object> {
  /** The data of the answer. */
  readonly answer: Answer;
  /**
   * Called by the gateway after it has sent the answer, or at once where the client wanted none. Whatever it
   * sends to the session follows the answer. Must not throw.
   */
  readonly after?: () => void;
}

/** Throws BelfryError for an answer with an error, CloseConnection to end the connection. */
export type Handler<A extends CommandAction> = (
  session: Session,
  data: CommandData<A>,
  control: CommandControl,
) => Promise<Reply<CommandAnswer<A>>>;
