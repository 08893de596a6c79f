import { Hono } from 'hono';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import { segment } from '#connectors/segment/connector.ts';
import type { CanonicalEvent } from '#core/events.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { listen } from '#platform/embedded/listen.ts';
import { hubAnswer } from '#platform/embedded/server.ts';
import { MORNING } from './embedded-store.ts';
import { shippedPlaybook } from './shipped-playbook.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const WRITE_KEY = 'website-write-key';

/** What the script sent with one call. */
export interface SentCall {
  readonly path: string;
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A website on one origin and a hub on another. `html` is what stands in the page's body; the tag
 * of the script carries the given attributes.
 */
export async function openWebsite(html: string, attributes = '') {
  const folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  const told: CanonicalEvent[] = [];
  const embedded = openEmbeddedHub({
    folder: folder.path,
    durability: 'process-end',
    playbook: await shippedPlaybook(),
    connectors: { segment },
    connections: [{ name: 'website', vendor: 'segment', roles: [], settings: {} }],
    secrets: memorySecrets({ website: { writeKey: WRITE_KEY } }),
    mail: { send: async () => {} },
    clock,
    publicUrl: 'https://hub.example',
    onWritten: (writes) => {
      for (const write of writes) {
        const applied = 'put' in write && write.put.version === 1 ? write.put : undefined;
        if (applied?.type !== 'event') continue;
        told.push((applied.data as { event: CanonicalEvent }).event);
      }
    },
  });

  const calls: SentCall[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const answer = hubAnswer(() => embedded);
  const hub = await listen(async (request) => {
    const answered = await answer(request);
    if (request.method !== 'POST') return answered;
    calls.push({
      path: request.path,
      contentType: request.headers['content-type'] ?? '',
      body: JSON.parse(Buffer.from(request.body).toString('utf8')),
    });
    for (const one of waiting) if (calls.length >= one.count) one.resolve();
    return answered;
  }, 0);

  const site = new Hono();
  site.get('*', (context) =>
    context.html(`<!doctype html><title>Pricing</title><body>${html}
<script src="${hub.url}/v1/baton.js" data-write-key="${WRITE_KEY}" ${attributes}></script>`),
  );
  const served = await serveOnLoopback(site);
  return {
    url: served.url,
    hubUrl: hub.url,
    calls,
    /** Resolves once the hub has heard so many calls, and has understood them. */
    async heard(count: number): Promise<CanonicalEvent[]> {
      await new Promise<void>((resolve) => {
        waiting.push({ count, resolve });
        if (calls.length >= count) resolve();
      });
      await embedded.worker.run(clock.now());
      return told;
    },
    embedded,
    async [Symbol.asyncDispose]() {
      await served.close();
      await hub.close();
      await embedded.close();
      folder[Symbol.dispose]();
    },
  };
}
