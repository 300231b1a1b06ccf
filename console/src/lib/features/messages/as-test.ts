// A journey as the assertion of a test: what became of the message, without what is another each time.
import type { Journey } from '#lib/api/shapes.ts';

/** JSON; people by their ids, reasons in the order of connections and devices. */
export function asTest({ message, recipients, counts }: Journey): string {
  const people = recipients.map(({ userId, realtime, reason, push, pushReason }) => [
    userId,
    {
      realtime: realtime.length > 0 ? realtime.map((each) => [each.deviceType, each.page, each.reason]) : reason,
      push: push.length > 0 ? push.map((each) => [each.deviceType, each.provider, each.reason]) : pushReason,
    },
  ]);
  const expected = {
    kind: message.kind,
    counts,
    ...(recipients.length === 0 ? {} : { recipients: Object.fromEntries(people) as unknown }),
  };
  return JSON.stringify({ journeyOf: message.id, expected }, undefined, 2);
}
