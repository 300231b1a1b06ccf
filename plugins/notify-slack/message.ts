// A notification as Slack shows it: plain text in blocks, a button, and a text for where blocks are not shown.
import { cutText, fillUrl, type PushNotification } from '@belfry/plugin-kit';

export interface SlackStyle {
  openUrl?: string | undefined;
  openText: string;
}

/** Of one block. */
const blockChars = 3000;

export function messageOf({ title, body, data }: PushNotification, { openUrl, openText }: SlackStyle): object {
  const parts = [title, body].map((part) => clean(part)).filter((part) => part !== '');
  const sections = parts.map((text, index) => ({
    type: 'section',
    // Plain: what people wrote mentions nobody and is no mark-up.
    text: { type: 'plain_text', text: cutText(text, blockChars), emoji: true },
    ...(index === 0 ? { block_id: 'title' } : {}),
  }));
  const button = { type: 'button', text: { type: 'plain_text', text: openText }, url: fillUrl(openUrl ?? '', data) };
  const actions = openUrl === undefined ? [] : [{ type: 'actions', elements: [button] }];
  return {
    text: escaped(parts.join('\n')) || '-',
    ...(sections.length === 0 ? {} : { blocks: [...sections, ...actions] }),
  };
}

/** The three characters that Slack reads as its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '').trim();
}
