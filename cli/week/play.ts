import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors, type Vendors } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import type { Playbook } from '#core/playbook.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import { serveHub } from '#platform/embedded/server.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { openAgenda } from './agenda.ts';
import { type Buyer, inventBuyers } from './buyers.ts';
import { planBuyer } from './marketing.ts';
import { openPost } from './post.ts';
import { openSalesFloor, type SalesFloor } from './sales.ts';
import { planTroubles } from './troubles.ts';

export interface WeekOptions {
  readonly seed: string;
  readonly leads: number;
  readonly playbook: Playbook;
  /** Told now and then how far the week is. */
  readonly onProgress?: ((now: Date, embedded: EmbeddedHub) => void) | undefined;
}

/** The week once it is over, its stores and vendors still open to be counted. */
export interface PlayedWeek {
  readonly embedded: EmbeddedHub;
  readonly vendors: Vendors;
  readonly buyers: readonly Buyer[];
  /** Requests that the world sent twice. */
  readonly sentTwice: number;
  /** Requests that no hub can understand. */
  readonly nonsense: number;
  readonly floor: SalesFloor;
  close(): Promise<void>;
}

/** A week without a public holiday in any of the shipped calendars. */
export const MONDAY = new Date('2026-12-07T00:00:00Z');
const WEEK_MS = 5 * 24 * 3_600_000;

/** Plays one working week against a whole hub over real HTTP, on a clock that jumps. */
export async function playWeek(options: WeekOptions): Promise<PlayedWeek> {
  const random = seededRandom(options.seed);
  const clock = virtualClock(MONDAY);
  const folder = mkdtempSync(join(tmpdir(), 'baton-week-'));
  const playbook = withAbsence(options.playbook);
  let embedded: EmbeddedHub | undefined;
  const opened = (): EmbeddedHub => {
    if (embedded === undefined) throw new Error('The hub is not open yet.');
    return embedded;
  };
  const served = await serveHub(opened, 0);
  const post = openPost(served.url);
  const now = () => clock.now();
  const vendors = await startVendors({ now, playbook, deliver: post.put });
  const mail = smtpMail(vendors.wiring.mail);
  const hub = openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook,
    connectors,
    connections: vendors.wiring.connections,
    secrets: memorySecrets(vendors.wiring.credentials),
    mail,
    clock,
    publicUrl: served.url,
  });
  embedded = hub;

  const agenda = openAgenda();
  const floor = openSalesFloor({ agenda, vendors, playbook, random, now, press: post.press });
  const buyers = inventBuyers(random, options.leads, MONDAY);
  for (const buyer of buyers) planBuyer(agenda, vendors, buyer);
  const troubles = planTroubles({ agenda, vendors, post, random, monday: MONDAY, now });

  const end = MONDAY.getTime() + WEEK_MS;
  for (;;) {
    const at = Math.min(agenda.nextAt(), hub.jobs.nextAt() ?? Number.POSITIVE_INFINITY);
    if (at > end) break;
    await clock.until(at);
    await agenda.act(clock.now());
    // Whatever news brings about may be news again: until the moment is quiet.
    do {
      await post.bringAll();
      await hub.worker.run(clock.now());
      floor.look();
    } while (post.waiting() > 0);
    options.onProgress?.(clock.now(), hub);
  }
  return {
    embedded: hub,
    vendors,
    buyers,
    floor,
    sentTwice: troubles.sentTwice(),
    nonsense: troubles.nonsense(),
    async close() {
      await hub.close();
      await served.close();
      await vendors.close();
      mail.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Somebody is on a planned holiday from Wednesday on, and routing knows it. */
function withAbsence(playbook: Playbook): Playbook {
  const [first, second, ...others] = playbook.people.salespeople;
  if (first === undefined || second === undefined) return playbook;
  const away = { from: '2026-12-09', to: '2026-12-11' };
  const salespeople = [first, { ...second, absences: [...second.absences, away] }, ...others];
  return { ...playbook, people: { ...playbook.people, salespeople } };
}
