import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors } from '#cli/sandbox/vendors.ts';
import { openPost } from '#cli/week/post.ts';
import { connectors } from '#connectors/index.ts';
import { identify } from '#core/intake/identify.ts';
import type { Playbook } from '#core/playbook.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { serveHub } from '#platform/embedded/server.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { MORNING } from './embedded-store.ts';
import { shippedPlaybook } from './shipped-playbook.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** How long each process of a hub lives; without one it lives until it is closed. */
export interface Lives {
  begin(embedded: EmbeddedHub): void;
  /** Whether the process that began last has ended without a word. */
  isOver(): boolean;
}

const FOR_EVER: Lives = { begin: () => {}, isOver: () => false };

/** A whole hub with the fakes of all vendors around it, over real HTTP, on a clock that jumps. */
export async function startSandboxHub(
  change: (playbook: Playbook) => Playbook = (same) => same,
  lives = FOR_EVER,
) {
  const playbook = change(await shippedPlaybook());
  const folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  let embedded: EmbeddedHub | undefined;
  const hub = (): EmbeddedHub => {
    if (embedded === undefined) throw new Error('The hub is not open.');
    if (lives.isOver()) restart();
    return embedded;
  };
  /** Ends the process without a word, and starts it again. */
  const restart = () => {
    embedded?.db.close();
    open();
  };
  const served = await serveHub(hub, 0);
  const post = openPost(served.url);
  const now = () => clock.now();
  const vendors = await startVendors({ now, playbook, deliver: post.put });
  const mail = smtpMail(vendors.wiring.mail);
  const open = () => {
    embedded = openEmbeddedHub({
      folder: folder.path,
      durability: 'process-end',
      playbook,
      connectors,
      connections: vendors.wiring.connections,
      secrets: memorySecrets(vendors.wiring.credentials),
      mail,
      clock,
      publicUrl: served.url,
    });
    lives.begin(embedded);
  };
  open();

  /** Lets everything happen that is due by now, until the moment is quiet. */
  const settle = async (): Promise<void> => {
    do {
      await post.bringAll();
      await hub()
        .worker.run(clock.now())
        .catch((error: unknown) => {
          if (!lives.isOver()) throw error;
        });
    } while (post.waiting() > 0 || lives.isOver());
  };
  /** Lets time pass: whatever falls due on the way happens at its time. */
  const passUntil = async (until: Date): Promise<void> => {
    await settle();
    for (let at = hub().jobs.nextAt(); at !== undefined && at <= until.getTime(); ) {
      await clock.until(at);
      await settle();
      at = hub().jobs.nextAt();
    }
    await clock.until(until.getTime());
    await settle();
  };

  return {
    hub,
    vendors,
    post,
    clock,
    playbook,
    url: served.url,
    folder: folder.path,
    settle,
    pass: (minutes: number) => passUntil(new Date(clock.now().getTime() + minutes * 60_000)),
    passUntil,
    restart,
    async personIdOf(email: string): Promise<string> {
      return (await identify(hub().hub.records, { email })).personId ?? 'nobody';
    },
    async [Symbol.asyncDispose]() {
      embedded?.db.close();
      await served.close();
      await vendors.close();
      mail.close();
      folder[Symbol.dispose]();
    },
  };
}

export type SandboxHub = Awaited<ReturnType<typeof startSandboxHub>>;
