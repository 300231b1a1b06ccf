// What the playground asks for, by the admin door: with the rights of whoever is signed in, for the app of the screen.
import type { AppChoice, PlaygroundApi } from '@belfry/playground/api';
import { ProblemError as PlaygroundProblem, unreachable } from '@belfry/playground/problem';
import type { Conversation, WirePagePolicy } from '@belfry/protocol';
import { answerOf, api, newKey, serverUrl } from '#lib/api/client.ts';
import { asProblem } from '#lib/api/problem.ts';
import type { AppName, PlaygroundState } from '#lib/api/shapes.ts';
import { problemWords } from '#lib/texts/problems.ts';

/**
 * `state`: as it was when the screen was opened, or after it was turned on. `signal` ends what is on its way when it
 * is turned off.
 */
export function createConsoleApi(app: AppName, state: PlaygroundState, signal: AbortSignal): PlaygroundApi {
  const path = { app: app.app };
  const choice: AppChoice = {
    ...{ key: app.app, name: app.name, disabled: state.disabled },
    ...{ makesTokens: state.makesTokens, takesThisPage: state.takesThisPage, showsPushes: state.showsPushes },
  };
  const explain = (request: object) =>
    inItsWords(
      answerOf(api.POST('/apps/{app}/broadcasts/explain', { params: { path }, body: request as never, signal })),
    );
  return {
    serverUrl,
    conversationId: state.conversationId,
    apps: async () => [choice],
    token: (_app, body) => inItsWords(answerOf(api.POST('/apps/{app}/tokens', { params: { path }, body, signal }))),
    async conversation(_app, _id, userIds) {
      const call = api.POST('/apps/{app}/playground/conversation', {
        ...{ params: { path }, headers: newKey(), body: { userIds }, signal },
      });
      return (await inItsWords(answerOf<{ conversation: Conversation }>(call))).conversation;
    },
    async broadcast(_app, request) {
      // Two people are few: whoever it reaches is whom it is for.
      const { total: expected } = await explain(request);
      const body = { broadcast: request, expected } as never;
      return await inItsWords(
        answerOf(api.POST('/apps/{app}/broadcasts', { params: { path }, headers: newKey(), body, signal })),
      );
    },
    explain: (_app, request) => explain(request),
    async journey(_app, id) {
      const params = { path: { ...path, id } };
      return (await inItsWords(answerOf(api.GET('/apps/{app}/journeys/{id}', { params, signal })))).journey;
    },
    async pushes(_app, id) {
      const params = { path: { ...path, id } };
      return (await inItsWords(answerOf(api.GET('/apps/{app}/playground/phones/{id}/pushes', { params, signal }))))
        .items;
    },
    async pages() {
      // As every page of the app reads them.
      const response = await fetch(`${serverUrl}/api/v1/pages?app=${encodeURIComponent(app.app)}`);
      return ((await response.json()) as { pages: WirePagePolicy[] }).pages;
    },
    async answers() {
      try {
        await fetch(`${serverUrl}/readyz`, { cache: 'no-store' });
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** The playground says problems in its own way. */
async function inItsWords<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const problem = asProblem(error);
    const code = problem.code === 'unreachable' ? unreachable : problem.code;
    throw new PlaygroundProblem({ code, message: problemWords(problem) });
  }
}
