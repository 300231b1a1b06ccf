// Texts that others chose, made harmless for the eye: characters that hide, that turn the order of others
// around, or that no font draws become marks. Nothing here makes HTML.

/** Controls, marks of direction, zero-width characters, line and paragraph separators, and what is no character. */
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

export function visibleText(text: string): string {
  return text.replace(hidden, (found) => {
    const code = found.codePointAt(0) ?? 0;
    // The pictures of the C0 controls.
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** Keeps both ends: of a long id or path these are what tells it from others. */
export function shortened(text: string, most = 32): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - end).join('')}…${characters.slice(-end).join('')}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function shortId(id: string): string {
  return uuid.test(id) ? `${id.slice(0, 4)}…${id.slice(-4)}` : shortened(visibleText(id));
}
