import * as z from 'zod';
import { pauseClock, resumeClock } from '#core/handoff/pause.ts';
import { vetoEnd } from '#core/handoff/veto.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { ClockRecord } from '#core/records/handoff.ts';

const Deed = z.enum(['pause', 'resume', 'veto']);
const Wish = z.object({
  by: z.string(),
  reason: z.string().default(''),
  length: z.string().default(''),
});

/** Does to the running clock of a hand-off what the command line asks for; answers how it stands. */
export async function changeClockFor(
  hub: Hub,
  handoff: string,
  deed: string,
  query: URLSearchParams,
): Promise<{ clock: string; deadline: string; ends: string }> {
  const wish = Wish.parse(Object.fromEntries(query));
  const { clock, deadline, rungs } = await DEEDS[Deed.parse(deed)](hub, handoff, wish);
  return { clock, deadline, ends: rungs.at(-1)?.at ?? deadline };
}

const DEEDS: Readonly<
  Record<
    z.infer<typeof Deed>,
    (hub: Hub, handoff: string, wish: z.infer<typeof Wish>) => Promise<ClockRecord>
  >
> = { pause: pauseClock, resume: resumeClock, veto: vetoEnd };
