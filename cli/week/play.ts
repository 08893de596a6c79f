import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors, type Vendors } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import { signAsEverybody } from '#core/agreement/sign-all.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Write } from '#core/ports/records.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import { serveHub } from '#platform/embedded/server.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { openAgenda } from './agenda.ts';
import { type Buyer, inventBuyers, WORKING_WEEK_DAYS } from './buyers.ts';
import { type Caretaker, openCaretaker } from './faults/caretaker.ts';
import { CALM_DAYS, planFaults } from './faults/script.ts';
import { planBuyer } from './marketing.ts';
import { openPost } from './post.ts';
import { openSalesFloor, type SalesFloor } from './sales.ts';
import { planTroubles } from './troubles.ts';

export interface WeekOptions {
  readonly seed: string;
  readonly leads: number;
  /** From Monday on; a working week by default. */
  readonly days?: number | undefined;
  readonly playbook: Playbook;
  /** Whether everything goes wrong that can, by the seed; the hub then asks for what was lost. */
  readonly faults?: boolean | undefined;
  /** Told after each moment in which something happened. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  readonly now: Date;
  /** From 0 to 1. */
  readonly share: number;
  readonly leads: number;
  /** Timers and work that wait. */
  readonly waiting: () => number;
}

/** The week, or the weeks, once all is over: stores and vendors still open to be counted. */
export interface PlayedWeek {
  readonly embedded: EmbeddedHub;
  /** Where the hub's store lies. */
  readonly folder: string;
  readonly days: number;
  readonly vendors: Vendors;
  readonly buyers: readonly Buyer[];
  /** Requests that the world sent twice. */
  readonly sentTwice: number;
  /** Requests that no hub can understand. */
  readonly nonsense: number;
  readonly floor: SalesFloor;
  /** Where everything went wrong: what the hub's own rounds and its ops did about it. */
  readonly caretaker: Caretaker | undefined;
  close(): Promise<void>;
}

/** A week without a public holiday in any of the shipped calendars; Christmas is in the third after it. */
const MONDAY = new Date('2026-12-07T00:00:00Z');
const DAY_MS = 24 * 3_600_000;
/** The hub's name in links, whatever port it has this time: the journal is to be the same each time. */
const PUBLIC_URL = 'https://hub.sandbox.test';

/** Plays working weeks against a whole hub over real HTTP, on a clock that jumps. */
export async function playWeek(options: WeekOptions): Promise<PlayedWeek> {
  const { leads, days = WORKING_WEEK_DAYS } = options;
  const random = seededRandom(options.seed);
  const clock = virtualClock(MONDAY);
  const folder = mkdtempSync(join(tmpdir(), 'baton-week-'));
  const mondays = mondaysIn(days);
  const playbook = withAbsences(options.playbook, mondays);
  let embedded: EmbeddedHub | undefined;
  const opened = (): EmbeddedHub => {
    if (embedded === undefined) throw new Error('The hub is not open yet.');
    return embedded;
  };
  const served = await serveHub(opened, 0);
  const post = openPost(served.url, PUBLIC_URL);
  const now = () => clock.now();
  const vendors = await startVendors({
    now,
    playbook,
    deliver: post.put,
    faultSeed: `faults/${options.seed}`,
  });
  const mail = smtpMail(vendors.wiring.mail);
  let known = 0;
  const hub = openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook,
    connectors,
    connections: options.faults
      ? vendors.wiring.connections.map(askedSeldom)
      : vendors.wiring.connections,
    secrets: memorySecrets(vendors.wiring.credentials),
    mail,
    clock,
    publicUrl: PUBLIC_URL,
    onWritten: (writes) => {
      known += writes.filter((write) => isFirstLock(write)).length;
    },
  });
  embedded = hub;
  await signAsEverybody(hub.hub, playbook);

  const agenda = openAgenda();
  const floor = openSalesFloor({ agenda, vendors, playbook, random, now, press: post.press });
  const buyers = inventBuyers(random, leads, MONDAY, days);
  for (const buyer of buyers) planBuyer(agenda, vendors, buyer);
  const troubles = planTroubles({ agenda, vendors, post, random, mondays, now });
  const caretaker = options.faults ? openCaretaker(hub, clock) : undefined;
  if (options.faults) {
    // Draws of its own, so that the buyers and the floor are those of the plain week.
    const drawn = seededRandom(`${options.seed}/faults`);
    planFaults({ agenda, vendors, random: drawn, from: MONDAY, days });
  }

  const lengthMs = (days + (options.faults ? CALM_DAYS : 0)) * DAY_MS;
  const never = Number.POSITIVE_INFINITY;
  for (;;) {
    const at = Math.min(agenda.nextAt(), hub.jobs.nextAt() ?? never, caretaker?.nextAt() ?? never);
    if (at > MONDAY.getTime() + lengthMs) break;
    await clock.until(at);
    await agenda.act(clock.now());
    // Whatever news brings about may be news again: until the moment is quiet.
    do {
      await post.bringAll();
      await caretaker?.act();
      await hub.worker.run(clock.now());
      floor.look();
    } while (post.waiting() > 0);
    options.onProgress?.({
      now: now(),
      share: (now().getTime() - MONDAY.getTime()) / lengthMs,
      leads: known,
      waiting: () => hub.jobs.count(now().getTime()).open,
    });
  }
  return {
    embedded: hub,
    folder,
    days,
    vendors,
    buyers,
    floor,
    caretaker,
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

/** As often as this is enough to act in time, and keeps a played week short. */
const ASKED_MINUTES = 120;

function askedSeldom(connection: Connection): Connection {
  const streams = Object.keys(connectors[connection.vendor]?.streams ?? {});
  const poll = Object.fromEntries(streams.map((name) => [name, { everyMinutes: ASKED_MINUTES }]));
  return streams.length === 0 ? connection : { ...connection, poll };
}

const isFirstLock = (write: Write): boolean =>
  'put' in write && write.put.type === 'run-lock' && write.put.version === 1;

const mondaysIn = (days: number): Date[] =>
  Array.from(
    { length: Math.ceil(days / 7) },
    (_, week) => new Date(MONDAY.getTime() + week * 7 * DAY_MS),
  );

/** Each week somebody else is on a planned holiday from Wednesday to Friday, and routing knows it. */
function withAbsences(playbook: Playbook, mondays: readonly Date[]): Playbook {
  if (playbook.people.salespeople.length < 2) return playbook;
  const away = mondays.map((monday) => ({ from: dayAfter(monday, 2), to: dayAfter(monday, 4) }));
  const salespeople = playbook.people.salespeople.map((one, index, all) => {
    const weeks = away.filter((_, week) => (week + 1) % all.length === index);
    return { ...one, absences: [...one.absences, ...weeks] };
  });
  return { ...playbook, people: { ...playbook.people, salespeople } };
}

const dayAfter = (monday: Date, days: number): string =>
  new Date(monday.getTime() + days * DAY_MS).toISOString().slice(0, 10);
