import { WEBSITE } from '../load/lead-requests.ts';
import { type Folder, temporaryFolder } from '../stores/folder.ts';
import { type Child, startChild } from './child.ts';
import type { HubState, OpenHub } from './hub.ts';

/** A hub in a process of its own, and the folder of its store. */
export interface HubProcess extends AsyncDisposable {
  readonly url: string;
  /** How long opening the store took. */
  readonly openMs: number;
  readonly folder: string;
  readonly child: Child;
  state(): Promise<HubState>;
}

/** The wiring of a hub that hears a website and knows no other vendor. */
export const WEBSITE_ONLY: OpenHub['wiring'] = {
  connections: [{ name: 'website', vendor: 'segment', roles: [], settings: {} }],
  credentials: { website: { sharedSecret: WEBSITE.secret } },
};

/** Starts a hub over a new store, or over one that is there already. */
export async function startHub(
  options: Omit<OpenHub, 'folder'> & { readonly folder?: string },
): Promise<HubProcess> {
  const made: Folder | undefined = options.folder === undefined ? temporaryFolder() : undefined;
  const folder = options.folder ?? made?.path ?? '';
  const child = startChild('hub', ['--expose-gc']);
  const { url, openMs } = await child.call<{ url: string; openMs: number }>('open', {
    ...options,
    folder,
  });
  return {
    url,
    openMs,
    folder,
    child,
    state: () => child.call('state'),
    async [Symbol.asyncDispose]() {
      await child.end();
      made?.[Symbol.dispose]();
    },
  };
}
