// Starts Chromium for tests in a browser. Whether the machine has one: parts.ts. Pages and profiles are the
// tests' own.
import { chromium, type Browser } from 'playwright';
import { chromiumPath } from './parts.ts';

/** Runs as root without a display, and opens no connection but those of the page. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A microphone that needs no permission and hears a tone. */
const fakeMediaFlags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];

/** The caller closes it. */
export function launchChromium({ fakeMedia = false } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: fakeMedia ? [...flags, ...fakeMediaFlags] : flags });
}
