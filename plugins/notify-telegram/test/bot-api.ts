// A stand-in for Telegram's Bot API: it knows its bot and the chats that have it, and keeps messages as
// Telegram does.
import type { HttpAnswer, StandInService } from '@belfry/plugin-kit/testing';

export interface BotApi {
  service: StandInService;
  /** By chat and id. */
  messages: Map<string, string>;
  calls: string[];
}

export function botApi({ botToken, chatIds }: { botToken: string; chatIds: readonly string[] }): BotApi {
  const messages = new Map<string, string>();
  const calls: string[] = [];
  let last = 0;
  const missing = (what: string) => says(400, `Bad Request: message to ${what} not found`);
  return {
    ...{ messages, calls },
    service(request) {
      const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? [];
      if (token !== botToken) return says(401, 'Unauthorized');
      calls.push(method);
      if (method === 'getMe') return { http: 200, body: { ok: true, result: { id: 1, is_bot: true } } };
      const { chat_id, message_id, text } = request.json() as { chat_id: number; message_id: number; text: string };
      if (!chatIds.includes(String(chat_id))) return says(400, 'Bad Request: chat not found');
      const key = `${chat_id}:${message_id}`;
      if (method === 'deleteMessage')
        return messages.delete(key) ? { http: 200, body: { ok: true, result: true } } : missing('delete');
      if (text.trim() === '') return says(400, 'Bad Request: message text is empty');
      if (text.length > 4096) return says(400, 'Bad Request: message is too long');
      if (method === 'editMessageText') {
        if (!messages.has(key)) return missing('edit');
        if (messages.get(key) === text) return says(400, 'Bad Request: message is not modified');
        messages.set(key, text);
        return { http: 200, body: { ok: true, result: { message_id } } };
      }
      last += 1;
      messages.set(`${chat_id}:${last}`, text);
      return { http: 200, body: { ok: true, result: { message_id: last } } };
    },
  };
}

function says(code: number, description: string): HttpAnswer {
  return { http: code, body: { ok: false, error_code: code, description } };
}
