// Cuts a notification to what its provider takes. Never in the middle of a character, and visibly, with an
// ellipsis.
import { cutText, type ProviderLimits, type PushNotification } from '@belfry/plugin-kit';

const ellipsis = '…';
/** Data that the app on the device needs to open the right place; dropped last. */
const essential: readonly string[] = ['conversationId', 'action', 'stream', 'seq'];

type Text = Pick<PushNotification, 'title' | 'body' | 'data'>;

/**
 * First title and body to their own limits (in code points), then the body until title, body and data
 * together fit `payloadBytes` (JSON in UTF-8). Where an empty body is not enough: the older message ids, the
 * title down to one character, then the further data.
 */
export function truncate<T extends Text>(notification: T, limits: ProviderLimits): T {
  const title = cutText(notification.title, limits.titleChars ?? Infinity);
  const body = cutText(notification.body, limits.bodyChars ?? Infinity);
  const whole = { ...notification, title, body };
  const most = limits.payloadBytes;
  if (most === undefined || bytesOf(whole) <= most) return whole;
  const bodyCut = shrink(body, (text) => bytesOf({ ...whole, body: text }) <= most);
  if (bodyCut !== undefined) return { ...whole, body: bodyCut };
  const newest = { ...whole, body: '', data: withNewestId(notification.data) };
  const titleCut = shrink(title, (text) => bytesOf({ ...newest, title: text }) <= most);
  if (titleCut !== undefined && titleCut !== '') return { ...newest, title: titleCut };
  const kept = Object.entries(newest.data).filter(([name]) => essential.includes(name));
  const bare = { ...newest, data: Object.fromEntries(kept) };
  return { ...bare, title: shrink(title, (text) => bytesOf({ ...bare, title: text }) <= most) ?? '' };
}

/** The longest beginning that fits, by halves; undefined when not even the empty text does. */
function shrink(text: string, fits: (text: string) => boolean): string | undefined {
  if (fits(text)) return text;
  if (!fits('')) return undefined;
  const points = Array.from(text);
  // Halved by code points, which is cheap; cut between whole characters once, which never makes it longer.
  const take = (chars: number): string => (chars === 0 ? '' : points.slice(0, chars - 1).join('') + ellipsis);
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(take(middle))) low = middle;
    else high = middle - 1;
  }
  // Longer by one, as all of the text does not fit even where as many characters do.
  return cutText(text + ellipsis, low);
}

function withNewestId(data: Text['data']): Record<string, unknown> {
  const ids = data['messageIds'];
  return Array.isArray(ids) ? { ...data, messageIds: ids.slice(-1) as unknown[] } : { ...data };
}

function bytesOf({ title, body, data }: Text): number {
  return Buffer.byteLength(JSON.stringify({ title, body, data }));
}
