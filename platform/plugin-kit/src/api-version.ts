// The version of the contract between plugins and the host, and the question whether a plugin's range admits
// it. Not the version of any package.
import semver from 'semver';

/**
 * Raised in its first number when a plugin written for the old contract could break, in its second when the
 * contract grows.
 */
export const apiVersion = '1.7.0';

/**
 * Whether a manifest's `api` range (npm's notation, such as `^1.0.0`) admits `version`. An unreadable range
 * admits nothing.
 */
export function isApiAdmitted(range: string, version: string = apiVersion): boolean {
  return semver.validRange(range) !== null && semver.satisfies(version, range);
}
