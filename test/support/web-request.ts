import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { WebRequest } from '#platform/embedded/router.ts';

/** A vendor's request as it arrives over the web. */
export function webRequest(path: string, { method, headers, body }: OutgoingRequest): WebRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, path, headers: Object.fromEntries(lower), body: Buffer.from(body) };
}
