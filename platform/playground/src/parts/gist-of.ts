// The data of a frame on one line, for lists. All of it is shown by parts/frames-tool.svelte.

const maxLength = 160;

/** Without the braces around it; of a refusal, the code. Empty where there is no data. */
export function gistOf(frame: string): string {
  try {
    const { data, error } = JSON.parse(frame) as { data?: unknown; error?: { code?: unknown } };
    if (error !== undefined) return String(error.code);
    if (data === undefined) return '';
    const text = JSON.stringify(data);
    return cut(text.startsWith('{') ? text.slice(1, -1) : text);
  } catch {
    return cut(frame);
  }
}

function cut(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
