import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors, type Vendors } from '#cli/sandbox/vendors.ts';
import { verifyFolder } from '#cli/store/verify-folder.ts';
import { openAgenda } from '#cli/week/agenda.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { Playbook } from '#core/playbook.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import type { Job } from '#platform/embedded/jobs.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { type EndsAt, type FaultyHub, openFaultyHub } from './faulty-hub.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { MONDAY, planStory } from './story.ts';

export interface Played {
  readonly outcome: Outcome;
  /** How many points were reached, and how often the process ended at one. */
  readonly points: number;
  readonly ends: number;
  /** What `baton verify` finds, each time the process had ended and when all is over. */
  readonly findings: readonly string[];
}

/** Nobody of the story waits longer: whoever still has something to do then will have it for ever. */
const LATEST = MONDAY.getTime() + 9 * 86_400_000;

interface LittleWorldOptions {
  readonly playbook: Playbook;
  readonly endsAt?: EndsAt | undefined;
  /** How long it takes each time until the process begins again. */
  readonly downMinutes?: number | undefined;
  /** Told of the store when all is over. */
  readonly look?: ((hub: EmbeddedHub, folder: string) => void) | undefined;
}

/** Plays the story to its end with a hub whose process ends where `endsAt` says so. */
export async function playLittleWorld(options: LittleWorldOptions): Promise<Played> {
  const world = await openLittleWorld(options);
  try {
    await world.play();
    options.look?.(world.hub.embedded, world.folder);
    world.verify('at the end');
    const { hub, vendors, troubles, findings } = world;
    const { points, ends } = hub;
    return { outcome: outcomeOf(hub.embedded, vendors, troubles), points, ends, findings };
  } finally {
    await world.close();
  }
}

interface LittleWorld {
  readonly folder: string;
  readonly hub: FaultyHub;
  readonly vendors: Vendors;
  readonly troubles: readonly string[];
  readonly findings: readonly string[];
  verify(when: string): void;
  play(): Promise<void>;
  close(): Promise<void>;
}

async function openLittleWorld(options: LittleWorldOptions): Promise<LittleWorld> {
  const { playbook, endsAt = () => false, downMinutes = 0 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'baton-faults-'));
  const clock = virtualClock(MONDAY);
  const now = () => clock.now();
  const post: { path: string; request: OutgoingRequest }[] = [];
  const deliver = (path: string, request: OutgoingRequest) => void post.push({ path, request });
  const vendors = await startVendors({ now, playbook, deliver });
  const mail = smtpMail(vendors.wiring.mail);
  const troubles: string[] = [];
  const findings: string[] = [];
  const verify = (when: string): void => {
    for (const { about, message } of verifyFolder(folder).findings)
      findings.push(`baton verify, ${when}: ${about} ${message}`);
  };
  const hub = openFaultyHub(
    {
      folder,
      playbook,
      connections: vendors.wiring.connections,
      secrets: memorySecrets(vendors.wiring.credentials),
      mail,
      clock,
      whileDown: () => {
        verify(`after ${hub.points} points`);
        // A vendor signs anew when it sends again; these can't, and a signature grows old.
        if (post.length === 0) void clock.until(now().getTime() + downMinutes * 60_000);
      },
      onTrouble: ({ kind, id }: Job, error) => void troubles.push(`${kind} ${id}: ${error}`),
    },
    endsAt,
  );

  /** As vendors do: again, until the hub says that it has it. */
  const bringAll = async (): Promise<void> => {
    for (let one = post[0]; one !== undefined; one = post[0]) {
      const status = await hub.request(one.path, one.request);
      if (status === 0 || status >= 500) continue;
      if (status >= 400) throw new Error(`The hub refused a request to ${one.path}: ${status}.`);
      post.shift();
    }
  };
  const agenda = openAgenda();
  planStory({ agenda, vendors, playbook, deliver });

  return {
    folder,
    hub,
    vendors,
    troubles,
    findings,
    verify,
    async play() {
      for (;;) {
        const due = hub.embedded.jobs.nextAt() ?? Number.POSITIVE_INFINITY;
        const at = Math.min(agenda.nextAt(), due);
        if (at > LATEST) break;
        await clock.until(at);
        await agenda.act(now());
        do {
          await bringAll();
          await hub.surviving(({ worker }) => worker.run(now()));
        } while (post.length > 0);
      }
    },
    async close() {
      await hub.close();
      mail.close();
      await vendors.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
