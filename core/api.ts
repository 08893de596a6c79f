import type { ErrorKind, HubError } from './errors.ts';

/**
 * The HTTP contract: both platforms loop over it. A `{name}` is one path segment; `handler` names
 * the folder under functions/http and the key under which a server registers what answers.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly path: string;
  readonly handler: 'receive-event' | 'send-tracker' | 'answer-link' | 'tell-health';
  readonly summary: string;
}

/** The largest body a vendor sends is HubSpot's batch of 100 events; 1 MB leaves room for all. */
export const MOST_BODY_BYTES = 1_000_000;

export const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/in/{vendor}/{connection}',
    handler: 'receive-event',
    summary: 'A vendor tells the hub what happened.',
  },
  {
    method: 'POST',
    path: '/v1/{call}',
    handler: 'receive-event',
    summary: 'The tracking API of the Segment spec; the write key finds the connection.',
  },
  {
    method: 'OPTIONS',
    path: '/v1/{call}',
    handler: 'receive-event',
    summary: 'Tells a browser which websites may call the tracking API.',
  },
  {
    method: 'GET',
    path: '/v1/baton.js',
    handler: 'send-tracker',
    summary: 'The script for websites that speaks to the tracking API.',
  },
  {
    method: 'GET',
    path: '/h/{token}',
    handler: 'answer-link',
    summary:
      'Shows what a signed link from an e-mail would do; mail scanners that follow it change nothing.',
  },
  {
    method: 'POST',
    path: '/h/{token}',
    handler: 'answer-link',
    summary: 'Does what the signed link says.',
  },
  { method: 'GET', path: '/health', handler: 'tell-health', summary: 'Whether the hub is up.' },
];

const STATUS: Readonly<Record<ErrorKind, number>> = {
  auth: 401,
  data: 422,
  conflict: 409,
  retry: 503,
  // A sender repeats on 5xx and gives up on 4xx: what is ours to mend asks for a repeat.
  config: 500,
  defect: 500,
};

/** The HTTP status of an error, the same on both platforms; what is not there is 404. */
export function statusOf({ kind, code }: HubError): number {
  return kind === 'data' && code.endsWith('_unknown') ? 404 : STATUS[kind];
}
