// Reads what is shipped for containers: the services of a compose file with their variables put in, and what the
// Dockerfile starts. Only as much of the two languages as these files use; whatever else is there throws.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

export const repository = join(import.meta.dirname, '../../../..');

export interface ComposeService {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  deploy?: { replicas?: number };
  depends_on?: Record<string, unknown>;
  stop_grace_period?: string;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  secrets?: Record<string, { file: string }>;
  volumes?: Record<string, unknown>;
}

/** `path` is relative to the repository. `env` is what people set, as in `.env`. */
export function readComposeFile(path: string, env: Record<string, string> = {}): ComposeFile {
  const text = readFileSync(join(repository, path), 'utf8').replaceAll(
    /\$\{(\w+):-([^}]*)\}/g,
    (_all, name: string, otherwise: string) => env[name] ?? otherwise,
  );
  if (text.includes('${')) throw new Error(`${path} has a variable without a default`);
  const file = parse(text, { merge: true }) as ComposeFile;
  for (const service of Object.values(file.services)) {
    const given = Object.entries<string | number | null>(service.environment ?? {});
    // Compose makes texts of all values, and of a missing one an empty text.
    service.environment = Object.fromEntries(given.map(([name, value]) => [name, String(value ?? '')]));
  }
  return file;
}

/** The text of a file that a service gets as a secret. */
export function secretFile(file: ComposeFile, name: string, composePath: string): string {
  const secret = file.secrets?.[name];
  if (secret === undefined) throw new Error(`the secret ${name} is not declared`);
  return join(repository, dirname(composePath), secret.file);
}

/** What the shipped configuration of nginx says of each gateway. */
export function upstreamParameters(): string {
  const text = readFileSync(join(repository, 'deploy/nginx/upstream.conf'), 'utf8');
  const [, parameters] = /^\s*server belfry:8000 resolve (.+);$/m.exec(text) ?? [];
  if (parameters === undefined) throw new Error('upstream.conf names no gateway');
  return parameters;
}

export interface Image {
  env: Record<string, string>;
  /** What Node is given, with the paths of this repository. */
  start: string[];
  health: string[];
}

export function readDockerfile(): Image {
  const text = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  const command = (pattern: RegExp): string[] => {
    const words = JSON.parse(pattern.exec(last)?.[1] ?? 'null') as string[] | null;
    if (words === null) throw new Error(`the Dockerfile has no ${pattern.source}`);
    return words.map((word) => word.replace(/^\/app(?=\/)/, repository));
  };
  const pairs = /^ENV (.+)$/m.exec(last)?.[1]?.split(' ') ?? [];
  const [node, ...start] = [...command(/^ENTRYPOINT (\[.*\])$/m), ...command(/^CMD (\[.*\])$/m)];
  const [sameNode, ...health] = command(/^HEALTHCHECK .*CMD (\[.*\])$/m);
  if (node !== 'node' || sameNode !== 'node') throw new Error('the image starts something else than Node');
  return { env: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])), start, health };
}
