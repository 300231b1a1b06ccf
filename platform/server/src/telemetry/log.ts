// The log port on pino: one JSON object a line, or lines for people. What may not be shown is redact.ts.
import pino from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../ports/log.ts';
import { redactFields, redactText } from './redact.ts';

export interface LogSettings {
  level: 'debug' | 'info' | 'warn' | 'error';
  format: 'json' | 'pretty';
}

/** Whatever takes whole lines, each with its line end. */
export interface LineSink {
  write(line: string): unknown;
}

/**
 * Lines that a reader of the pipe has not taken; beyond it new ones are dropped rather than the process grown
 * without end.
 */
const maxUnwrittenBytes = 16 * 1024 * 1024;

/**
 * Lines are written together, since a system call for each costs as much as a message does: when there are so
 * many, or so soon.
 */
const gatheredBytes = 4096;
const gatheredMs = 100;

/**
 * Lines go to standard output unless a destination is given: `{"level":"info","time":<ms since the
 * epoch>,"msg":...}`, then the fields. Written in the background; what is not out yet at the end of the
 * process is written then.
 */
export function createLog(settings: LogSettings, destination?: LineSink): Log {
  return wrap(
    pino(
      {
        level: settings.level,
        // Neither pid nor host name: a collector of lines knows where they came from.
        base: null,
        formatters: { level: (level) => ({ level }) },
      },
      settings.format === 'pretty' ? prettyLines(destination) : (destination ?? standardOutput()),
    ),
  );
}

function wrap(logger: pino.Logger): Log {
  const write =
    (level: LogSettings['level']) =>
    (msg: string, fields?: Readonly<Record<string, unknown>>): void => {
      // Asked before redacting, which would cost more than a line that nobody reads is worth.
      if (!logger.isLevelEnabled(level)) return;
      const text = redactText(msg);
      // The message first, where a person who reads the line looks for it; and last, so that no field takes
      // its place.
      logger[level](
        fields === undefined ? { msg: text } : Object.assign({ msg: text }, redactFields(fields), { msg: text }),
      );
      // A line that somebody is to be woken by does not wait for others.
      if (level === 'error' || level === 'warn') logger.flush();
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(logger.child(redactFields(fields))),
    isDebug: () => logger.isLevelEnabled('debug'),
  };
}

function standardOutput(): pino.DestinationStream {
  const output = pino.destination({
    dest: 1,
    sync: false,
    maxLength: maxUnwrittenBytes,
    minLength: gatheredBytes,
  });
  flushSoonAfterWrites(output);
  // The write at the exit itself tries again for ever when nobody reads; this one, before it, notices.
  process.once('beforeExit', () => output.flush());
  return stopWhenUnread(output);
}

type Output = ReturnType<typeof pino.destination>;

/** Its own periodic flush wakes the process ten times a second, whether or not there is something to write. */
function flushSoonAfterWrites(output: Output): void {
  const write = output.write.bind(output);
  let isWaiting = false;
  const flush = (): void => {
    isWaiting = false;
    output.flush();
  };
  output.write = (line) => {
    if (!isWaiting) setTimeout(flush, gatheredMs).unref();
    isWaiting = true;
    return write(line);
  };
}

/** A pipe whose reader is gone (`| head`), a terminal that was closed: lines are lost, the server goes on. */
function stopWhenUnread(output: Output): Output {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    output.write = () => true;
    for (const step of ['flush', 'flushSync', 'end', 'destroy'] as const) output[step] = () => undefined;
  });
  return output;
}

/** In this thread: a worker would lose the last lines of a crash. */
function prettyLines(destination: LineSink | undefined): pino.DestinationStream {
  const options: pretty.PrettyOptions = { translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', singleLine: true };
  if (destination === undefined) {
    return pretty({ ...options, destination: stopWhenUnread(pino.destination({ dest: 1, sync: true })) });
  }
  const format = pretty.prettyFactory({ ...options, colorize: false });
  return { write: (line) => void destination.write(format(line)) };
}
