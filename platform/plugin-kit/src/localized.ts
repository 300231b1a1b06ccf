// Texts of a tenant in several languages, and what is filled into them and into their links. Texts of message types are
// their own.
import { z } from 'zod';

const localeName = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en or zh-CN');

/** A text for each language, by BCP 47 name: `{ "en": "...", "zh-CN": "..." }`. */
export function templatesOf(text: z.ZodString) {
  return z.record(localeName, text);
}

/**
 * The value of the language itself, else of a shorter name of it (`zh` for `zh-Hans-CN`), else of another
 * kind of the same language, else of `en`, else the first. Undefined where there is none.
 */
export function pickLocale<T>(byLocale: Readonly<Record<string, T>>, locale: string | undefined): T | undefined {
  const names = new Map(Object.entries(byLocale).map(([name, value]) => [name.toLowerCase(), value]));
  const parts = (locale ?? '').toLowerCase().split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const name = parts.slice(0, length).join('-');
    if (names.has(name)) return names.get(name);
  }
  const [language = ''] = parts;
  const kind = [...names].find(([name]) => language !== '' && name.startsWith(`${language}-`));
  if (kind !== undefined) return kind[1];
  return names.get('en') ?? [...names.values()][0];
}

/**
 * Puts values for `{name}` into a text, once: a value that holds braces is not read again. A name that there
 * is no value for stays as it is written.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const known = new Map(Object.entries(values));
  return template.replace(/\{([A-Za-z]+)\}/g, (written, name: string) => String(known.get(name) ?? written));
}

/**
 * The same for an address: what is filled in is escaped, so that it stays a part of it. Values that are no
 * text or number count as none, and a name without a value goes.
 */
export function fillUrl(template: string, values: Readonly<Record<string, unknown>>): string {
  const known = new Map(Object.entries(values));
  return template.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => {
    const value = known.get(name);
    const isPlain = typeof value === 'string' || typeof value === 'number';
    return isPlain ? encodeURIComponent(String(value).toWellFormed()) : '';
  });
}
