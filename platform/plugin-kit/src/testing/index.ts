// All that the tests of a plugin import from the kit. No code of its own.
export type { Answer, FailedConnection, HttpAnswer, RecordedRequest } from './answer.ts';
export { checkMessageType } from './check-message-type.ts';
export { checkNotificationProvider } from './check-notification-provider.ts';
export { fakeHost } from './fake-host.ts';
export type { FakeHost, FakeHostOptions, LogRecord, ScriptedConnect } from './fake-host.ts';
export { sayFinding } from './finding.ts';
export type { Finding, Rule } from './finding.ts';
export type { PackageSource } from './manifest-scenario.ts';
export type { MessageTypeTestOptions } from './message-type-scenarios.ts';
export type {
  AnswerLine,
  ExpectedOutcome,
  ExpectedReceipts,
  LineOptions,
  LookAtRequests,
  ProviderTestOptions,
  ReceiptLine,
  SampleReceiptRequest,
} from './provider-test-options.ts';
export { sampleReceiptUrl } from './provider-test-options.ts';
export { bareDelivery, oddDelivery, sampleClearing, sampleDelivery } from './sample-delivery.ts';
export { setUpLive, startStandIn } from './stand-in.ts';
export type { LiveProvider, StandIn, StandInRequest, StandInService } from './stand-in.ts';
export { testMessageType, testNotificationProvider } from './test-plugin.ts';
