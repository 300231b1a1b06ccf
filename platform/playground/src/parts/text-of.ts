// A message as text, whatever its type: pages of an application draw each type in its own way.
import type { ChatMessage } from '@belfry/client/chat';

export function textOf({ type, content }: Pick<ChatMessage, 'type' | 'content'>): string {
  const { text, title, name } = content;
  const readable = [text, title, name].find((part) => typeof part === 'string');
  return readable ?? `[${type}] ${JSON.stringify(content)}`;
}
