// All that a plugin author and the host import from the kit. No code of its own. The test kit is ./testing.
export { z } from 'zod';
export { apiVersion, isApiAdmitted } from './api-version.ts';
export { checkPlugin } from './check-plugin.ts';
export type { AnyPlugin, PluginCheck } from './check-plugin.ts';
export { checkProviderInstance } from './check-provider-instance.ts';
export type { InstanceCheck } from './check-provider-instance.ts';
export { checkResultOf } from './check-result-of.ts';
export { checkResultSchema } from './check-result.ts';
export type { CheckResult } from './check-result.ts';
export { configJsonSchema } from './config-json-schema.ts';
export type { JsonSchema } from './config-json-schema.ts';
export { beginningOf, cutText } from './cut-text.ts';
export { isBlank } from './is-blank.ts';
export { visibleText } from './visible-text.ts';
export { PluginDefinitionError } from './definition-error.ts';
export { priorities } from './delivery.ts';
export { asStrings } from './as-strings.ts';
export { labelled } from './labelled.ts';
export type { Label, Labels } from './labelled.ts';
export { fillTemplate, fillUrl, pickLocale, templatesOf } from './localized.ts';
export { notifyIdOf } from './notify-id.ts';
export { OutcomeError } from './outcome-error.ts';
export { sendEach } from './send-each.ts';
export { signJwt } from './sign-jwt.ts';
export type { JwtParts } from './sign-jwt.ts';
export { TokenCache } from './token-cache.ts';
export type { Clearing, Delivery, DeliveryDevice, NotificationPriority, PushNotification } from './delivery.ts';
export { manifestSchema, pluginIdSchema, pluginKinds, readManifest } from './manifest.ts';
export type { Manifest, ManifestReading, PluginKind } from './manifest.ts';
export { defineMessageType } from './define-message-type.ts';
export { senderWays } from './message-type.ts';
export type {
  Draft,
  MessageSender,
  MessageType,
  MessageTypeDefinition,
  MessageTypeLimits,
  Preview,
  SenderWay,
} from './message-type.ts';
export { defineNotificationProvider } from './define-notification-provider.ts';
export { channels } from './notification-provider.ts';
export type {
  Channel,
  NotificationProvider,
  NotificationProviderDefinition,
  ProviderInstance,
  ProviderLimits,
  ProviderSupports,
  ProviderTexts,
  SendAttempt,
} from './notification-provider.ts';
export { previewLine } from './preview-line.ts';
export { uploadReferencesSchema } from './upload-reference.ts';
export type { UploadReference } from './upload-reference.ts';
export { accepted, outcomeSchema, outcomesSchema, rejected, rejectionReasons, retry } from './outcome.ts';
export type { Accepted, Outcome, Rejected, RejectionReason, Retry } from './outcome.ts';
export { outcomeOfFailure } from './outcome-of-failure.ts';
export { outcomeOfStatus } from './outcome-of-status.ts';
export { parseRetryAfter } from './retry-after.ts';
export type {
  ConnectTarget,
  ConnectTls,
  PluginClock,
  PluginConnect,
  PluginFetch,
  PluginLog,
  PluginRequest,
  PluginResponse,
  PluginToken,
  PluginTokens,
  ProviderContext,
  TokenOptions,
} from './provider-context.ts';
export { mostReceipts, polledReceiptsSchema, receiptSchema, receiptsSchema } from './receipt.ts';
export type { AwaitedReceipt, Receipt, ReceiptRequest, Receipts } from './receipt.ts';
export { secret, secretPaths, secretValues } from './secrets.ts';
export type { SecretPath } from './secrets.ts';
export { newWebhookSecret, signedHeaders, signWebhook, verifyWebhook, webhookKey } from './standard-webhooks.ts';
export type {
  SignedHeaders,
  WebhookHeaders,
  WebhookToSign,
  WebhookVerdict,
  WebhookVerification,
} from './standard-webhooks.ts';
