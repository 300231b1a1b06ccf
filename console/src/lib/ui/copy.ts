// Puts a text on the clipboard. Browsers have none where the page came over plain http from another machine:
// then the caller shows the text to be copied by hand.

export async function copyText(text: string): Promise<boolean> {
  // Missing there, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard === undefined) return false;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
