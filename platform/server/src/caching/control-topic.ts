// Lets a near cache hear of changes by a type of control message. The content of messages is in
// ports/bus-messages.ts.

import type { Bus } from '../ports/bus.ts';
import type { ControlMessage, MessageOf } from '../ports/bus-messages.ts';
import type { ChangeTopic } from './near-cache.ts';

export function controlTopic<T extends ControlMessage['type']>(
  bus: Pick<Bus, 'control'>,
  type: T,
): ChangeTopic<Omit<MessageOf<ControlMessage, T>, 'type'>> {
  return {
    // The fields of this type of message, by the signature above.
    publish: (fields) => bus.control.publish({ type, ...fields } as unknown as ControlMessage),
    on: (handle) => bus.control.on(type, handle),
  };
}
