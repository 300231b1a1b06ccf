// Recording a voice note: it begins at once, shows how loud it is, and ends with sending or throwing away.
import type { Recording, VoiceNote, VoiceNotes } from '@belfry/client/chat';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import { minutesAndSeconds } from './minutes-and-seconds.ts';

interface RecorderProps {
  voiceNotes: VoiceNotes;
  onNote: (note: VoiceNote) => void;
  onEnd: () => void;
}

export function Recorder({ voiceNotes, onNote, onEnd }: RecorderProps) {
  const texts = useTexts();
  const { recording, failed } = useRecording(voiceNotes);
  if (failed) {
    return (
      <div className="composer-line" role="alert">
        <span className="recording">{texts.composer.noMicrophone}</span>
        <button className="button-icon" aria-label={texts.composer.dismiss} onClick={onEnd}>
          <Icon name="close" />
        </button>
      </div>
    );
  }

  async function send(): Promise<void> {
    if (recording !== undefined) onNote(await recording.stop());
    onEnd();
  }
  return (
    <div className="composer-line">
      <button
        className="button-icon"
        aria-label={texts.composer.discard}
        title={texts.composer.discard}
        onClick={() => {
          recording?.cancel();
          onEnd();
        }}
      >
        <Icon name="remove" />
      </button>
      <Meter recording={recording} />
      <button
        className="button-icon send"
        aria-label={texts.composer.stop}
        title={texts.composer.stop}
        disabled={recording === undefined}
        onClick={() => void send()}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

function Meter({ recording }: { recording: Recording | undefined }) {
  const texts = useTexts();
  const [{ durationMs, level }, setNow] = useState({ durationMs: 0, level: 0 });
  useEffect(() => recording?.subscribe(() => setNow(recording.snapshot())), [recording]);
  return (
    <span className="recording" data-level={level}>
      <span>
        {texts.composer.recording} {minutesAndSeconds(durationMs)}
      </span>
      <span className="recording-level" aria-hidden="true">
        <span style={{ inlineSize: `${Math.round(level * 100)}%` }} />
      </span>
    </span>
  );
}

/** Begins with the component, and ends with it unless it was stopped before. */
function useRecording(voiceNotes: VoiceNotes): { recording: Recording | undefined; failed: boolean } {
  const [recording, setRecording] = useState<Recording>();
  const [failed, setFailed] = useState(false);
  const current = useRef<Recording>(undefined);

  useEffect(() => {
    let isOver = false;
    voiceNotes.record().then(
      (begun) => {
        if (isOver) begun.cancel();
        else setRecording((current.current = begun));
      },
      () => setFailed(true),
    );
    return () => {
      isOver = true;
      current.current?.cancel();
    };
  }, [voiceNotes]);

  return { recording, failed };
}
