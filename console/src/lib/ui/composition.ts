// Keys that are pressed while letters are put together (IME) are the input method's: its Enter takes a word, its
// arrows choose one and its Escape drops it. No field, form, list or dialog hears of them, so none has to ask. The
// root layout calls this before anybody else.

/** What a browser says of a key that an input method has taken. */
const takenKeyCode = 229;

export function leaveToInputMethod(event: KeyboardEvent): void {
  // Safari sends the Enter that ends the composition after its end: the number alone says what it was.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else says it
  if (!event.isComposing && event.keyCode !== takenKeyCode) return;
  event.stopImmediatePropagation();
  // A form would be sent.
  if (event.key === 'Enter') event.preventDefault();
}
