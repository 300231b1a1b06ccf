// The feature `voiceNotes`: records, shows the level, and sends into a conversation. Loaded where the page
// has `voice_note`. Bringing them to the server: upload-tasks.ts.
import { createSource, type Observable } from '../observable.ts';
import type { Belfry, Surroundings } from '../types.ts';
import { createUploadTasks, type UploadTasks } from './upload-tasks.ts';

export interface RecordingSnapshot {
  readonly state: 'recording' | 'stopped';
  readonly durationMs: number;
  /** Loudness now, 0 to 1. */
  readonly level: number;
}

export interface VoiceNote {
  blob: Blob;
  durationMs: number;
  /** Loudness over its length, at most 200 numbers of 0 to 100. */
  waveform: number[];
}

export interface Recording extends Observable<RecordingSnapshot> {
  /** Twice is once. After an hour it stops by itself, and this gives what there is. */
  stop(): Promise<VoiceNote>;
  cancel(): void;
}

/** Its value: the notes being uploaded. */
export interface VoiceNotes extends Omit<UploadTasks, 'add'> {
  /** Whether this browser can record. */
  readonly isSupported: boolean;
  /**
   * Asks for the microphone. Rejects with the browser's `DOMException` when that is refused or there is none.
   * One at a time: the one before is cancelled.
   */
  record(): Promise<Recording>;
  /** The id of the upload task. */
  send(conversationId: string, note: VoiceNote): string;
}

/** As the server's message type has it. */
const longestMs = 3_600_000;
const maxPoints = 200;
const meterMs = 100;

export function createVoiceNotes(belfry: Belfry): VoiceNotes {
  const { add, ...tasks } = createUploadTasks(belfry);
  let current: Recording | undefined;
  let isStopped = false;

  return {
    ...tasks,
    isSupported: typeof MediaRecorder !== 'undefined' && 'mediaDevices' in navigator,
    async record() {
      current?.cancel();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recording = startRecording(stream, belfry.surroundings);
      current?.cancel();
      current = recording;
      // The page lost the feature while the user was asked.
      if (isStopped) recording.cancel();
      return recording;
    },
    send(conversationId, { blob, durationMs, waveform }) {
      // The recorder's own type names the codec too, and browsers' WebM would pass for video:
      // docs/uploads.md.
      const isWebm = !blob.type.includes('mp4');
      return add({
        conversationId,
        file: new Blob([blob], { type: isWebm ? 'audio/webm' : 'audio/mp4' }),
        name: isWebm ? 'voice.webm' : 'voice.m4a',
        message: ({ uploadId, type, bytes }) => ({
          type: 'voice',
          content: { uploadId, durationMs, type, bytes, ...(waveform.length > 0 && { waveform }) },
        }),
      });
    },
    stop() {
      isStopped = true;
      current?.cancel();
      tasks.stop();
    },
  };
}

function startRecording(stream: MediaStream, { clock, report }: Surroundings): Recording {
  const source = createSource<RecordingSnapshot>({ state: 'recording', durationMs: 0, level: 0 }, report);
  const preferred = ['audio/webm;codecs=opus', 'audio/mp4'].find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, preferred === undefined ? {} : { mimeType: preferred });
  const chunks: Blob[] = [];
  const levels: number[] = [];
  const beganAt = clock.monotonic();
  // The message type takes whole ms, and the clock has parts of them.
  const elapsedMs = (): number => Math.round(clock.monotonic() - beganAt);
  const meter = createMeter(stream);
  let endTimer = clock.setTimer(measure, meterMs);
  const note = new Promise<VoiceNote>((resolve) => {
    recorder.onstop = () => {
      end();
      const { durationMs } = source.snapshot();
      resolve({ blob: new Blob(chunks, { type: recorder.mimeType }), durationMs, waveform: shorten(levels) });
    };
  });
  recorder.ondataavailable = ({ data }) => void chunks.push(data);
  recorder.start();

  function measure(): void {
    const level = meter.level();
    const durationMs = elapsedMs();
    levels.push(Math.round(level * 100));
    source.set({ state: 'recording', durationMs, level });
    if (durationMs >= longestMs) stop();
    else endTimer = clock.setTimer(measure, meterMs);
  }

  function end(): void {
    if (source.snapshot().state === 'stopped') return;
    endTimer();
    meter.close();
    // The browser shows the microphone as in use until its tracks are stopped.
    for (const track of stream.getTracks()) track.stop();
    const durationMs = Math.min(Math.max(elapsedMs(), 1), longestMs);
    source.set({ state: 'stopped', durationMs, level: 0 });
  }

  function stop(): void {
    // Its length is taken now: the recorder says `stop` later.
    if (recorder.state !== 'inactive') recorder.stop();
    end();
  }

  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    stop() {
      stop();
      return note;
    },
    cancel: stop,
  };
}

function createMeter(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Uint8Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    level() {
      analyser.getByteTimeDomainData(samples);
      // 128 is silence; the farthest sample from it is the level.
      return Math.min(1, Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 127);
    },
    close: () => void context.close(),
  };
}

/** The loudest of each part, so that short sounds stay to be seen. */
function shorten(levels: readonly number[]): number[] {
  const points = Math.min(levels.length, maxPoints);
  return Array.from({ length: points }, (_, index) => {
    const part = levels.slice(
      Math.floor((index * levels.length) / points),
      Math.floor(((index + 1) * levels.length) / points),
    );
    return Math.max(...part);
  });
}
