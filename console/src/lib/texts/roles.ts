// Roles in words, and what each may do. Who may really do what is the server's to decide.
import type { Role } from '#lib/api/shapes.ts';
import { m } from '#texts';

/** From the least to the most. */
const roles: readonly Role[] = ['viewer', 'developer', 'admin', 'owner'];

const names = new Map<string, () => string>([
  ['viewer', () => m.role_viewer()],
  ['developer', () => m.role_developer()],
  ['admin', () => m.role_admin()],
  ['owner', () => m.role_owner()],
  ['operator', () => m.role_operator()],
]);

export function roleName(role: string): string {
  return names.get(role)?.() ?? role;
}

const rights: Readonly<Record<Role, () => string>> = {
  viewer: () => m.role_viewer_may(),
  developer: () => m.role_developer_may(),
  admin: () => m.role_admin_may(),
  owner: () => m.role_owner_may(),
};

export function roleMay(role: Role): string {
  return rights[role]();
}

export function isAtLeast(role: Role | undefined, least: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(least);
}
