// The types of events by their action: what comes with the SDK, and what an application adds. How events
// are handed out stands in handler-registry.ts.
import type { EventAction, EventData, ServerEvent } from '@belfry/protocol';

type BuiltInEvents = { [A in EventAction]: EventData<A> };

/**
 * The data of each event by its action. An application adds its own kinds by declaration merging:
 *
 *     declare module '@belfry/client' {
 *       interface BelfryEvents {
 *         lab_result: { patientId: string; value: number };
 *       }
 *     }
 */
// Applications add to an interface alone.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface BelfryEvents extends BuiltInEvents {}

/** An action of the protocol, or a kind that the application has added to `BelfryEvents`. */
export type EventName = keyof BelfryEvents;

/** An event of one action; of `'*'`, any event. */
export type EventOf<A extends EventName | '*'> = A extends EventName
  ? Omit<ServerEvent, 'action' | 'data'> & { action: A; data: BelfryEvents[A] }
  : ServerEvent;
