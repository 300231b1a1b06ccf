// A record as Redis has it: lines, so that a script can change a field without reading JSON, whose empty lists it
// would write as objects. What scripts do with the lines is in scripts/records.lua.

import { isVisitor } from '@belfry/protocol';
import type { ConnectionRecord } from '../../../ports/presence.ts';

/** Each as `"name":json`. JSON has no line break of its own. */
export function fieldLines(fields: Readonly<Partial<ConnectionRecord>>): string[] {
  return Object.entries(fields).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
}

export function toText(owner: string, record: ConnectionRecord): string {
  return [`${owner} ${isVisitor(record.userId) ? 0 : 1}`, ...fieldLines(record)].join('\n');
}

export function ownerOf(text: string): string {
  return text.slice(0, text.indexOf(' '));
}

export function fromText(text: string): ConnectionRecord {
  const [, ...lines] = text.split('\n');
  return JSON.parse(`{${lines.join(',')}}`) as ConnectionRecord;
}
