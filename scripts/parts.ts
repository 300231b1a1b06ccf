// The parts a machine may lack (servers, a browser) and the test suites that need each. Does not run any
// test.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasMongo } from '../platform/server/test/support/mongo-server.ts';

export interface Part {
  name: string;
  /**
   * Globs of the test files that need it, relative to the root of the repository. A part without suites is
   * never looked at.
   */
  suites: readonly string[];
  /** Installed by `.ci/run`; empty where Debian 12 has no package. */
  debianPackages: readonly string[];
  /** How to install it. */
  remedy: string;
  present: () => boolean;
  /** The cluster engine stands on it. */
  isOfCluster?: true;
}

export const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const parts: readonly Part[] = [
  {
    name: 'redis-server',
    suites: [
      'platform/server/src/drivers/**/{redis,bullmq}/*.test.ts',
      'platform/server/test/cluster/*.test.ts',
      'platform/server/test/deploy/compose.test.ts',
      'platform/bench/src/scenarios/cluster/*.test.ts',
    ],
    debianPackages: ['redis-server'],
    remedy: 'apt-get install redis-server',
    present: () => isOnPath('redis-server'),
    isOfCluster: true,
  },
  {
    // Built from its source where MONGODB_URL names none: no registry of packages has MongoDB's own.
    name: "a server of MongoDB's protocol",
    suites: [
      'platform/server/src/drivers/stores/mongo/*.test.ts',
      'platform/server/test/cluster/*.test.ts',
      'platform/server/test/deploy/compose.test.ts',
      'platform/bench/src/scenarios/cluster/*.test.ts',
    ],
    debianPackages: ['cmake'],
    remedy: 'set MONGODB_URL, or have cargo and cmake and run npm run test:mongodb, some 5 minutes once',
    present: hasMongo,
    isOfCluster: true,
  },
  {
    name: 'nginx',
    suites: ['platform/server/test/deploy/{compose,proxies}.test.ts'],
    debianPackages: ['nginx-light'],
    remedy: 'apt-get install nginx-light',
    present: () => isOnPath('nginx') || existsSync('/usr/sbin/nginx'),
  },
  {
    name: 'Caddy and HAProxy',
    suites: ['platform/server/test/deploy/proxies.test.ts'],
    debianPackages: ['caddy', 'haproxy'],
    remedy: 'apt-get install caddy haproxy',
    present: () => ['caddy', 'haproxy'].every((program) => isOnPath(program) || existsSync(`/usr/sbin/${program}`)),
  },
  {
    // promtool.
    name: 'prometheus',
    suites: ['platform/server/test/deploy/rules.test.ts'],
    debianPackages: ['prometheus'],
    remedy: 'apt-get install prometheus',
    present: () => isOnPath('promtool'),
  },
  {
    name: 'git',
    suites: ['scripts/commit-subjects.test.ts'],
    debianPackages: ['git'],
    remedy: 'apt-get install git',
    present: () => isOnPath('git'),
  },
  {
    name: 'curl',
    suites: ['platform/server/test/docs/*.test.ts'],
    debianPackages: ['curl', 'openssl'],
    remedy: 'apt-get install curl openssl',
    present: () => isOnPath('curl') && isOnPath('openssl'),
  },
  {
    name: 'python3',
    suites: ['platform/server/test/docs/python.test.ts'],
    debianPackages: ['python3'],
    remedy: 'apt-get install python3',
    present: () => isOnPath('python3'),
  },
  {
    name: 'php',
    suites: ['platform/server/test/docs/php.test.ts'],
    debianPackages: ['php-cli'],
    remedy: 'apt-get install php-cli',
    present: () => isOnPath('php'),
  },
  {
    name: 'go',
    suites: ['platform/server/test/docs/go.test.ts'],
    debianPackages: ['golang-go'],
    remedy: 'apt-get install golang-go',
    present: () => isOnPath('go'),
  },
  {
    name: 'javac',
    suites: ['platform/server/test/docs/java.test.ts'],
    debianPackages: ['default-jdk-headless'],
    remedy: 'apt-get install default-jdk-headless',
    present: () => isOnPath('javac'),
  },
  {
    name: 'chromium',
    suites: ['**/e2e/**/*.test.ts'],
    // Without the CJK fonts Chinese text is drawn as boxes, and the screen-shots prove nothing.
    debianPackages: ['chromium', 'fonts-noto-cjk'],
    remedy: 'apt-get install chromium fonts-noto-cjk, or set CHROMIUM_PATH',
    present: () => existsSync(chromiumPath),
  },
  {
    // Fresh apps are made of what is there today. Some 30 s each on two cores.
    name: 'npm registry',
    suites: ['platform/client/e2e/packages/*.test.ts', 'platform/client/test/packages/{plugin-kit,protocol}.test.ts'],
    debianPackages: [],
    remedy: 'give npm a way to its registry (npm ping)',
    present: () => spawnSync('npm', ['ping'], { stdio: 'ignore', timeout: 10_000 }).status === 0,
  },
];

/** The parts that some suite needs and this machine does not have. */
export function missingParts(all: readonly Part[] = parts): Part[] {
  return all.filter((part) => part.suites.length > 0 && !part.present());
}

/** Debian packages of the parts that some suite needs. */
export function debianPackages(all: readonly Part[] = parts): string[] {
  return all.filter((part) => part.suites.length > 0).flatMap((part) => part.debianPackages);
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// `node scripts/parts.ts --apt`, for .ci/run
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== '--apt') {
    console.error('usage: node scripts/parts.ts --apt');
    process.exitCode = 1;
  } else {
    const packages = debianPackages();
    if (packages.length > 0) console.log(packages.join(' '));
  }
}
