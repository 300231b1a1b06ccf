// What was done, in words; an action that the console does not know is shown as its name.
import { m } from '#texts';

const words = new Map<string, () => string>([
  ['account.setup', () => m.audit_account_setup()],
  ['account.update', () => m.audit_account_update()],
  ['account.password', () => m.audit_account_password()],
  ['account.totp.add', () => m.audit_totp_added()],
  ['account.totp.remove', () => m.audit_totp_removed()],
  ['session.begin', () => m.audit_session_begin()],
  ['session.refused', () => m.audit_session_refused()],
  ['session.end', () => m.audit_session_end()],
  ['member.create', () => m.audit_member_add()],
  ['member.update', () => m.audit_member_update()],
  ['member.delete', () => m.audit_member_remove()],
  ['invitation.create', () => m.audit_invitation_create()],
  ['invitation.delete', () => m.audit_invitation_remove()],
  ['member.reset_link', () => m.audit_reset_create()],
  ['tenant.create', () => m.audit_tenant_create()],
  ['tenant.update', () => m.audit_tenant_update()],
  ['tenant.delete', () => m.audit_tenant_delete()],
  ['account.totp.begin', () => m.audit_totp_begun()],
  ['app.update', () => m.audit_app_update()],
  ['app.create', () => m.audit_app_create()],
  ['page.create', () => m.audit_page_create()],
  ['page.update', () => m.audit_page_update()],
  ['page.delete', () => m.audit_page_delete()],
  ['kind.create', () => m.audit_kind_create()],
  ['kind.update', () => m.audit_kind_update()],
  ['kind.delete', () => m.audit_kind_delete()],
  ['broadcast.send', () => m.audit_broadcast_send()],
  ['key.create', () => m.audit_key_create()],
  ['key.rotate', () => m.audit_key_rotate()],
  ['key.delete', () => m.audit_key_delete()],
  ['signing.create', () => m.audit_signing_create()],
  ['signing.delete', () => m.audit_signing_delete()],
  ['signing.update', () => m.audit_signing_update()],
  ['audit.export', () => m.audit_audit_export()],
  ['token.create', () => m.audit_token_create()],
]);

export function actionWords(action: string): string {
  return words.get(action)?.() ?? action;
}
