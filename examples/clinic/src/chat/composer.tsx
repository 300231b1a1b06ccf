// The line to write, attach and record in. Only the features of the page's policy are offered.
import type { Features } from '@belfry/client/chat';
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import { Recorder } from './recorder.tsx';

export interface ComposerProps {
  conversationId: string;
  features: Features;
  onText: (text: string) => void;
}

export function Composer(props: ComposerProps) {
  const { conversationId, features } = props;
  const { voiceNotes } = features;
  const [isRecording, setRecording] = useState(false);
  if (!isRecording || voiceNotes === undefined) return <WriteLine {...props} onRecord={() => setRecording(true)} />;
  return (
    <Recorder
      voiceNotes={voiceNotes}
      onNote={(note) => voiceNotes.send(conversationId, note)}
      onEnd={() => setRecording(false)}
    />
  );
}

function WriteLine({ conversationId, features, onText, onRecord }: ComposerProps & { onRecord: () => void }) {
  const { typing, uploads, voiceNotes } = features;
  const texts = useTexts();
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);

  function change(value: string): void {
    setText(value);
    if (value.trim() === '') typing?.stopped(conversationId);
    else typing?.typed(conversationId);
  }
  function send(): void {
    if (text.trim() === '') return;
    onText(text.trim());
    change('');
    field.current?.focus();
  }
  function attach(files: readonly File[]): void {
    for (const file of files) uploads?.send(conversationId, file);
  }
  function onKeyDown(event: KeyboardEvent): void {
    // Enter also ends the choice of a Chinese word: that one is not meant to send.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }
  function onPaste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || uploads === undefined) return;
    event.preventDefault();
    attach(files);
  }

  return (
    <form
      className="composer-line"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {uploads !== undefined && <AttachButton onFiles={attach} />}
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={texts.composer.placeholder}
        aria-label={texts.composer.placeholder}
        maxLength={8000}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      {voiceNotes?.isSupported === true && text === '' ? (
        <RecordButton onClick={onRecord} />
      ) : (
        <button className="button-icon send" aria-label={texts.composer.send} disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}

function RecordButton({ onClick }: { onClick: () => void }) {
  const { record } = useTexts().composer;
  return (
    <button type="button" className="button-icon" aria-label={record} title={record} onClick={onClick}>
      <Icon name="microphone" />
    </button>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const texts = useTexts();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="button-icon"
        aria-label={texts.composer.attach}
        title={texts.composer.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
