// Changing the text of a message that was sent.
import { useState, type KeyboardEvent } from 'react';
import { useTexts } from '../language.tsx';

export function EditForm({ text, onEnd }: { text: string; onEnd: (changed: string | undefined) => void }) {
  const texts = useTexts();
  const [value, setValue] = useState(text);
  const changed = value.trim();

  function save(): void {
    onEnd(changed === '' || changed === text ? undefined : changed);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') onEnd(undefined);
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
    }
  }

  return (
    <form
      className="edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        aria-label={texts.thread.edit}
        value={value}
        autoFocus
        rows={2}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button className="button button-small button-main">{texts.thread.save}</button>
    </form>
  );
}
