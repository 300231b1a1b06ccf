// Starts Chromium for tests in a browser. Whether the machine has one: parts.ts. Pages and profiles are the
// tests' own.
import { chromium, type Browser } from 'playwright';
import { makeAnswersLate } from './late-answers.ts';
import { chromiumPath } from './parts.ts';

/**
 * Of two lists the browser takes the later one, which is ours. So what Playwright switches off is here too, where it
 * bears on tests: pages that are asked for by HTTP, when a page is painted, what the browser asks for by itself.
 */
const featuresOff = [
  // A process for a page that nobody has asked for: a tenth of what tests in a browser take of the processor.
  'SpareRendererForSitePerProcess',
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose'],
  ...['HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['AimEnabled', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints'],
  'PreconnectToSearch',
];

/** Runs as root without a display, and opens no connection but those of the page. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${featuresOff.join(',')}`,
];
/** A microphone that needs no permission and hears a tone. */
const fakeMediaFlags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];

/** The caller closes it. */
export async function launchChromium({ fakeMedia = false } = {}): Promise<Browser> {
  const args = fakeMedia ? [...flags, ...fakeMediaFlags] : flags;
  const browser = await chromium.launch({ executablePath: chromiumPath, args });
  const lateMs = Number(process.env['LATE_ANSWERS_MS'] ?? 0);
  if (lateMs > 0) makeAnswersLate(browser, lateMs);
  return browser;
}
