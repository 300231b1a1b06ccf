// What is typed into the palette, as a question to the server: an id that is pasted is known by its form, and a word
// before it says what of.

export type Sought = 'users' | 'conversations' | 'connection' | 'message';

export interface Question {
  q: string;
  of: readonly Sought[];
}

/** In English, Chinese and pinyin. */
const words: readonly [of: Sought, word: RegExp][] = [
  ['users', /^(?:user|用户|yonghu)[\s:：]+/iu],
  ['conversations', /^(?:conversation|会话|huihua)[\s:：]+/iu],
  ['message', /^(?:message|消息|xiaoxi)[\s:：]+/iu],
  ['connection', /^(?:connection|连接|lianjie)[\s:：]+/iu],
];

/** Of messages and connections. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function questionOf(typed: string): Question {
  const text = typed.trim();
  const named = words.find(([, word]) => word.test(text));
  const q = named === undefined ? text : text.replace(named[1], '').trim();
  const isId = uuid.test(q);
  if (named === undefined)
    return { q, of: ['users', 'conversations', ...(isId ? (['connection', 'message'] as const) : [])] };
  const [of] = named;
  // What is only found by its whole id is not asked for by a part of it.
  return { q, of: of === 'message' && !isId ? [] : [of] };
}
