// Finds links, headings in links, files and folders that a page of the docs names and that do not exist, and
// pages that a source names and that do not. Reads no file itself.
import { dirname, join, normalize } from 'node:path/posix';

export interface DocPage {
  /** Relative to the root, with slashes. */
  path: string;
  text: string;
}

export interface Repository {
  /** Files and folders, relative to the root. */
  exists: (path: string) => boolean;
  /** The text of a page; undefined when there is none. */
  textOf: (path: string) => string | undefined;
}

/** The folders at which a path in a page may begin: the root, and those of server and SDK. */
const bases = ['', 'platform/server/src', 'platform/client/src'];

/** Examples that a reader will create. */
const isExample = (path: string): boolean => /(^|[/-])my-/.test(path);

/** One line for each missing thing. */
export function docFindings(page: DocPage, repository: Repository): string[] {
  return [...missingLinks(page, repository), ...missingPaths(page, repository)].map(
    (finding) => `${page.path}: ${finding}`,
  );
}

/**
 * One line for each page of the docs that a comment, or a message, of a source names and that is not there.
 */
export function sourceFindings(source: DocPage, { exists }: Pick<Repository, 'exists'>): string[] {
  const named = new Set([...source.text.matchAll(/(?<![\w/.-])docs\/[\w/.-]+\.md\b/g)].map(([page]) => page));
  return [...named].filter((page) => !exists(page)).map((page) => `${source.path}: there is no ${page}`);
}

function missingLinks(page: DocPage, { exists, textOf }: Repository): string[] {
  return [...withoutCode(page.text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', heading] = target.split('#');
    const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
    if (!exists(path)) return [`the link to ${target} leads nowhere`];
    if (heading === undefined) return [];
    const text = path === page.path ? page.text : (textOf(path) ?? '');
    return headingsOf(text).includes(heading) ? [] : [`${path} has no heading #${heading}`];
  });
}

function missingPaths({ path, text }: DocPage, { exists }: Repository): string[] {
  const files = text.matchAll(/(?<![\w/.:@*<>{}-])\.?\w[\w.-]*(?:\/[\w.-]+)+\.(?:ts|mjs|js|json|md|ya?ml)\b/g);
  const folders = text.matchAll(/`((?:platform|plugins|scripts|docs|\.ci)(?:\/[\w.-]+)+)\/?`/g);
  const named = new Set([...[...files].map(([file]) => file), ...[...folders].map(([, folder = '']) => folder)]);
  return [...named]
    .filter((name) => !isExample(name))
    .filter((name) => ![dirname(path), ...bases].some((base) => exists(normalize(join(base, name)))))
    .map((name) => `there is no ${name}`);
}

/**
 * As GitHub names them: lower case, hyphens for blanks, other punctuation left out, a number behind the
 * second of a name. Anchors written by hand count too.
 */
function headingsOf(text: string): string[] {
  const times = new Map<string, number>();
  const headings = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const time = times.get(name) ?? 0;
    times.set(name, time + 1);
    return time === 0 ? name : `${name}-${time}`;
  });
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

/** A bracket or a hash in an example is neither link nor heading. */
function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/^ {4}.*$/gm, '');
}
