// A card: a title, some text, a few labelled values and links. Structured, so that every client can draw it
// in its own way; it holds no markup.
import { defineMessageType, previewLine, visibleText, z } from '@belfry/plugin-kit';

const label = visibleText(80).trim();
/** Links lead out of the app: only https, and no user name or password that would look like a host name. */
const link = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(2000)
  .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''), {
    error: 'must hold no user name',
  });

export default defineMessageType({
  id: 'card',
  version: 1,
  displayName: 'Card',
  description: 'A title with text, labelled values and links.',
  schema: z.strictObject({
    title: visibleText(200).trim(),
    body: visibleText(4000).optional(),
    fields: z
      .array(z.strictObject({ label, value: visibleText(500) }))
      .min(1)
      .max(20)
      .optional(),
    actions: z
      .array(z.strictObject({ label, url: link }))
      .min(1)
      .max(5)
      .optional(),
  }),
  limits: { bytes: 32 * 1024 },
  preview({ title, body }, { locale }) {
    const word = locale.toLowerCase().startsWith('zh') ? '[卡片]' : '[Card]';
    return { body: previewLine(`${word} ${title}${body === undefined ? '' : `: ${body}`}`) };
  },
});
