// A browser and its system in a few words, from what the browser calls itself; a name that says neither is shown
// as it is.
import { shortened, visibleText } from '#lib/ui/foreign-text.ts';

const browsers: readonly [name: string, mark: RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome|Chromium)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
];
const systems: readonly [name: string, mark: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

export function agentWords(agent: string): string {
  const found = [browsers, systems].map((list) => list.find(([, mark]) => mark.test(agent))?.[0]);
  const [browser, system] = found;
  if (browser === undefined && system === undefined) return agent === '' ? '–' : shortened(visibleText(agent), 48);
  return found.filter((part) => part !== undefined).join(' · ');
}
