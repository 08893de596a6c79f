import { setTimeout as sleep } from 'node:timers/promises';
import { nagOfReviews } from '#core/agreement/nag.ts';
import { signAsEverybody } from '#core/agreement/sign-all.ts';
import { tellOfCandidates } from '#core/identity/merge/tell-candidates.ts';
import { tellOfAmbiguous } from '#core/identity/tell-ambiguous.ts';
import type { HubClock } from '#platform/embedded/clock.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import type { Announcement } from './announce.ts';
import { tellOfUnsigned } from './unsigned.ts';

const DAY_MS = 86_400_000;
/** Timers stand still while a laptop sleeps. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Tells at the start which texts are not signed, and daily which reviews are overdue; a company that
 * is made up signs at once. Answers how to stop.
 */
export async function watchSignatures(
  { hub }: Pick<EmbeddedHub, 'hub'>,
  options: { readonly clock: HubClock; readonly madeUp: boolean },
  tell: (one: Announcement) => void,
): Promise<() => Promise<void>> {
  const { clock, madeUp } = options;
  if (madeUp) await signAsEverybody(hub, hub.playbook);
  const stopping = new AbortController();
  const { signal } = stopping;
  const watch = async () => {
    // What is told here comes after what the hub says of itself.
    await sleep(0);
    await tellOfUnsigned(hub, hub.playbook, tell);
    for (let next = 0; !signal.aborted; ) {
      if (clock.now().getTime() >= next) {
        await nagOfReviews(hub);
        await tellOfAmbiguous(hub);
        await tellOfCandidates(hub);
        next = clock.now().getTime() + DAY_MS;
      }
      const wait = (next - clock.now().getTime()) / (clock.pace ?? 1);
      const ms = Math.min(LOOK_AGAIN_MS, Math.max(0, wait));
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  const watching = watch().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const text = `nobody looks at reviews until the next start: ${why}`;
    tell({ at: clock.now().toISOString(), what: 'trouble', text });
  });
  return async () => {
    stopping.abort();
    await watching;
  };
}
