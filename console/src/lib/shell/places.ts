// The screens there are, as navigation, palette and shortcuts know them. One that is not here has no address that
// leads to it.
import { addresses } from '#lib/addresses.ts';
import AppWindow from '@lucide/svelte/icons/app-window';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Shield from '@lucide/svelte/icons/shield';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import User from '@lucide/svelte/icons/user';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import type { Role } from '#lib/api/shapes.ts';
import { m } from '#texts';

export interface Place {
  id: string;
  group: 'tenant' | 'account';
  title: () => string;
  /** `tenant`: its id, as it is. */
  href: (tenant: string) => string;
  icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
  /** After `g`. */
  key?: string;
  /** Found by these too, in any language: English, Chinese, pinyin. */
  keywords: string[];
  /** Whose navigation has it. */
  needs?: Role;
}

export const places: readonly Place[] = [
  {
    id: 'apps',
    group: 'tenant',
    title: () => m.apps(),
    href: addresses.apps,
    icon: AppWindow,
    key: 'a',
    keywords: ['apps', 'applications', '应用', 'yingyong'],
  },
  {
    id: 'members',
    group: 'tenant',
    title: () => m.members(),
    href: addresses.members,
    icon: Users,
    key: 'm',
    keywords: ['members', 'people', 'team', 'roles', 'invite', '成员', '邀请', '角色', 'chengyuan', 'yaoqing', 'juese'],
  },
  {
    id: 'audit',
    group: 'tenant',
    title: () => m.audit(),
    href: addresses.audit,
    icon: ScrollText,
    key: 'd',
    keywords: ['audit', 'history', 'changes', 'log', '审计', '历史', '更改', 'shenji', 'lishi'],
    needs: 'developer',
  },
  {
    id: 'profile',
    group: 'account',
    title: () => m.profile(),
    href: addresses.profile,
    icon: User,
    keywords: ['profile', 'name', 'account', '个人资料', '账号', 'geren', 'zhanghao'],
  },
  {
    id: 'security',
    group: 'account',
    title: () => m.security(),
    href: addresses.security,
    icon: Shield,
    keywords: [
      'security',
      'password',
      'second factor',
      'totp',
      'sessions',
      '安全',
      '密码',
      '双重验证',
      'anquan',
      'mima',
    ],
  },
  {
    id: 'preferences',
    group: 'account',
    title: () => m.preferences(),
    href: addresses.preferences,
    icon: SlidersHorizontal,
    keywords: [
      'preferences',
      'language',
      'theme',
      'time zone',
      '偏好',
      '语言',
      '主题',
      '时区',
      'pianhao',
      'yuyan',
      'shiqu',
    ],
  },
];
