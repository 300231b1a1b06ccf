// Finds and takes away the id of one person in JSON that stores keep for others. Not which records they are.
import { inboxStream, plainUserId } from '@belfry/protocol/names';

export interface Person {
  userId: string;
  /** Takes the place of the id. */
  as: string;
}

/** Members that hold a user's id, in whatever JSON. */
const namesOfIds = new Set(['userId', 'senderId', 'byUserId', 'ownerId', 'formerUserId', 'sender', 'user']);

/** The id as it stands within JSON that this process wrote: what a text is searched for before it is read. */
export function withinJson(userId: string): string {
  return JSON.stringify(userId).slice(1, -1);
}

/**
 * The same with another id where a user's id is expected: in members that hold one, at the head of a tuple,
 * in a list of texts, as a part of a path, and as the name of an inbox. Words and names of members that happen
 * to be the same stay.
 */
export function renameUser(value: unknown, person: Person, name?: string): unknown {
  const { userId, as } = person;
  if (typeof value === 'string') {
    if (value === inboxStream(userId)) return inboxStream(as);
    if (value === userId) return name !== undefined && namesOfIds.has(name) ? as : value;
    return value.startsWith('/') ? renameInPath(value, person) : value;
  }
  if (Array.isArray(value)) {
    const isListOfTexts = value.every((each) => typeof each === 'string');
    return value.map((each: unknown, at) =>
      each === userId && (at === 0 || isListOfTexts) ? as : renameUser(each, person, name),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [
    key,
    renameUser(member, person, key),
  ]);
  return Object.fromEntries(members);
}

/**
 * What is left of a job's payload without the person: `undefined` when it is about nobody else. Objects in
 * lists that name them are taken out.
 */
export function withoutUser(payload: unknown, userId: string): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  const members = Object.entries(payload) as [string, unknown][];
  if (members.some(([name, member]) => name === 'stream' && member === inboxStream(userId))) return undefined;
  const left = members.map(([name, member]): [string, unknown] => {
    return [name, Array.isArray(member) ? member.filter((each) => !isOfUser(each, userId)) : member];
  });
  const isEmptied = left.some(([, member], at) => {
    const before = members[at]?.[1];
    return Array.isArray(member) && Array.isArray(before) && before.length > 0 && member.length === 0;
  });
  const isOfOthers = left.some(([, member]) => Array.isArray(member) && member.length > 0);
  return isEmptied && !isOfOthers ? undefined : Object.fromEntries(left);
}

/** Whether a text, JSON or not, holds the id by itself: as a value, a name, or between signs. */
export function saysUser(text: string, userId: string): boolean {
  if (!text.includes(withinJson(userId)) && !text.includes(userId))
    return text.includes(String.raw`\u`) && holds(parsed(text), userId);
  const json = parsed(text);
  if (json !== undefined) return holds(json, userId);
  return text.includes(userId);
}

/**
 * Whether the key of a repeated request is of the user's own requests, or of one about them: by its URL.
 */
export function isKeyOf(key: string, userId: string): boolean {
  if (key.startsWith(`http:user:${plainUserId(userId)}:`)) return true;
  const inPath = [...key.matchAll(/\/(?:users|participants)\/([^/?\s]+)/g)].map(([, id = '']) => id);
  const inQuery = [...key.matchAll(/[?&]userId=([^&\s]+)/g)].map(([, id = '']) => id.replaceAll('+', ' '));
  return [...inPath, ...inQuery].some((segment) => {
    const decoded = decode(segment);
    return decoded === userId || decoded.startsWith(`${userId}:`);
  });
}

function isOfUser(value: unknown, userId: string): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'userId') === userId;
}

function renameInPath(path: string, { userId, as }: Person): string {
  return path
    .split('/')
    .map((segment) => (decode(segment) === userId ? encodeURIComponent(as) : segment))
    .join('/');
}

function holds(value: unknown, userId: string): boolean {
  if (typeof value === 'string') {
    return (
      value === userId || value === inboxStream(userId) || value.split('/').some((part) => decode(part) === userId)
    );
  }
  if (Array.isArray(value)) return value.some((each) => holds(each, userId));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name === userId || holds(member, userId));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
