import type { Limits } from '#connectors/kit/limits.ts';

const MINUTE_MS = 60_000;

/**
 * What Slack takes of each method in a minute, for one app in one workspace: tiers 2 to 4, and
 * several hundred messages, of which one channel takes one a second. A method that is limited
 * leaves the others alone. https://docs.slack.dev/apis/web-api/rate-limits
 */
const PER_MINUTE: Readonly<Record<string, number>> = {
  'chat.postMessage': 200,
  'chat.update': 50,
  'conversations.history': 50,
  'conversations.list': 20,
  'conversations.open': 50,
  'users.info': 100,
  'users.lookupByEmail': 50,
  'views.open': 100,
};

/** The method that a path calls, if it is one whose limit is declared. */
export function limitedMethod(path: string | undefined): string | undefined {
  const method = path?.split('/').at(-1) ?? '';
  return PER_MINUTE[method] === undefined ? undefined : method;
}

export function limitsOf(): Limits {
  return {
    rates: Object.entries(PER_MINUTE).map(([name, calls]) => ({
      name,
      calls,
      everyMs: MINUTE_MS,
      only: ({ path }) => limitedMethod(path) === name,
    })),
  };
}
