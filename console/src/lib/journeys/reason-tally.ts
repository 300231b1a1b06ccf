// How many people a reason stands for, and in how many of their tabs or on how many of their devices. The server counts
// tabs and devices; people are counted here, where the list has all of them.
import { number } from '#lib/texts/numbers.ts';
import { m } from '#texts';

export interface ReasonTally {
  reason: string;
  /** Tabs and devices, and people who have none; as the server counts. */
  places: number;
  /** Undefined where the list is not of all recipients. */
  people: number | undefined;
  unit: Unit;
}

type Unit = 'tabs' | 'devices';

/** What was, or would be, decided for one person. */
export interface Decided {
  realtime: readonly { reason: string }[];
  push: readonly { reason: string }[];
  /** Of the person: there is no tab, or no device. */
  reason?: string | undefined;
  pushReason?: string | undefined;
}

interface Counted {
  places: number;
  people: number;
  unit: Unit;
}

/** In the order of `counts`. */
export function reasonTallies(counts: Readonly<Record<string, number>>, recipients: readonly Decided[]): ReasonTally[] {
  const listed = countedIn(recipients);
  const all = Object.entries(counts);
  const isWhole = listed.size === all.length && all.every(([reason, count]) => listed.get(reason)?.places === count);
  return all.map(([reason, places]) => {
    const counted = listed.get(reason);
    return { reason, places, people: isWhole ? counted?.people : undefined, unit: counted?.unit ?? 'tabs' };
  });
}

function countedIn(recipients: readonly Decided[]): Map<string, Counted> {
  const listed = new Map<string, Counted>();
  for (const { realtime, push, reason, pushReason } of recipients) {
    const own = new Set<string>();
    const add = (each: string, unit: Unit): void => {
      const { places, people } = listed.get(each) ?? { places: 0, people: 0 };
      listed.set(each, { places: places + 1, people: people + (own.has(each) ? 0 : 1), unit });
      own.add(each);
    };
    for (const each of realtime) add(each.reason, 'tabs');
    for (const each of push) add(each.reason, 'devices');
    if (reason !== undefined) add(reason, 'tabs');
    if (pushReason !== undefined) add(pushReason, 'devices');
  }
  return listed;
}

/** `7`, or where there is more than one to somebody `6 people · 7 tabs`. */
export function tallyText({ people, places, unit }: ReasonTally, tag: string): string {
  if (people === undefined || people === places) return number(places, tag);
  const words = unit === 'tabs' ? m.count_tabs : m.count_devices;
  return [
    m.msg_people({ count: people, shown: number(people, tag) }),
    words({ count: places, shown: number(places, tag) }),
  ].join(' · ');
}
