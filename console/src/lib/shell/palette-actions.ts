// What people come to do, as the palette offers it: each leads to the screen where it is done.
import { addresses } from '#lib/addresses.ts';
import type { Role } from '#lib/api/shapes.ts';
import { m } from '#texts';
import type { At } from './places.ts';

export interface PaletteAction {
  id: string;
  title: () => string;
  href: (at: At) => string;
  /** In English, Chinese and pinyin. */
  keywords: string[];
  needs: Role;
  isOfApp: boolean;
}

export const paletteActions: readonly PaletteAction[] = [
  {
    id: 'switch-feature',
    title: () => m.act_switch_feature(),
    href: ({ app }) => addresses.pages(app),
    keywords: [
      'turn off',
      'switch off',
      'disable',
      'feature',
      'page',
      '关闭',
      '功能',
      '页面',
      'guanbigongnenghuoyemian',
      'gongneng',
    ],
    needs: 'developer',
    isOfApp: true,
  },
  {
    id: 'disconnect',
    title: () => m.act_disconnect(),
    href: ({ app }) => addresses.connections(app),
    keywords: ['disconnect', 'kick', 'close', 'reconnect', '断开', 'duankaimourendelianjie'],
    needs: 'developer',
    isOfApp: true,
  },
  {
    id: 'sign-out-user',
    title: () => m.act_sign_out_user(),
    href: ({ app }) => addresses.users(app),
    keywords: ['sign out', 'revoke', 'ban', '强制下线', 'qiangzhixiaxian', 'jiangyonghuqiangzhixiaxian'],
    needs: 'developer',
    isOfApp: true,
  },
  {
    id: 'inspect-token',
    title: () => m.act_inspect_token(),
    href: ({ app }) => addresses.settings(app, 'signing'),
    keywords: ['token', 'jwt', 'refused', 'inspect', '令牌', 'lingpai', 'chakanlingpaibeijujuedeyuanyin'],
    needs: 'developer',
    isOfApp: true,
  },
  {
    id: 'rotate-key',
    title: () => m.act_rotate_key(),
    href: ({ app }) => addresses.settings(app, 'keys'),
    keywords: ['rotate', 'api key', 'revoke', 'new key', '轮换', '密钥', 'lunhuanmiyao', 'miyao'],
    needs: 'admin',
    isOfApp: true,
  },
  {
    id: 'allow-origin',
    title: () => m.act_allow_origin(),
    href: ({ app }) => addresses.settings(app, 'origins'),
    keywords: ['allow', 'origin', 'cors', '来源', '允许', 'laiyuan', 'yunxulaiyuan'],
    needs: 'admin',
    isOfApp: true,
  },
  {
    id: 'switch-app-off',
    title: () => m.act_switch_app(),
    href: ({ app }) => addresses.settings(app, 'danger'),
    keywords: ['switch off', 'disable', 'delete', 'danger', '停用', '删除', 'tingyonghuoshanchuyingyong', 'shanchu'],
    needs: 'admin',
    isOfApp: true,
  },
  {
    id: 'invite',
    title: () => m.invite(),
    href: ({ tenant }) => `${addresses.members(tenant)}?do=invite`,
    keywords: ['invite', 'add member', '邀请', 'yaoqingchengyuan'],
    needs: 'admin',
    isOfApp: false,
  },
  {
    id: 'new-app',
    title: () => m.new_app(),
    href: ({ tenant }) => addresses.welcome(tenant),
    keywords: ['new app', 'create', 'template', '新建', '应用', 'xinjianyingyong'],
    needs: 'admin',
    isOfApp: false,
  },
];
