// The generic types of the protocol that the SDK's declarations name, as tables by name: so wire-types.ts
// can write them out. Nothing imports it.
import type { CommandAction, CommandAnswer, CommandInput, EventAction, EventData } from '@belfry/protocol';

export type CommandAnswerTable = { [A in CommandAction]: CommandAnswer<A> };
export type CommandInputTable = { [A in CommandAction]: CommandInput<A> };
export type EventDataTable = { [A in EventAction]: EventData<A> };
