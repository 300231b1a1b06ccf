// Starts the Chromium that tests in a browser run in. Whether the machine has one is parts.ts's; pages and profiles are the tests' own.
import { chromium, type Browser } from 'playwright';
import { chromiumPath } from './parts.ts';

/** Runs as root without a display, and calls nobody but the page it is given. */
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
