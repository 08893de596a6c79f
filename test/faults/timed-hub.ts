import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { HubClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { hubAnswer } from '#platform/embedded/server.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { webRequest } from '#test/support/web-request.ts';
import { openWork } from './outcome.ts';
import { MONDAY } from './story.ts';

const MINUTE_MS = 60_000;

/** A clock that is set by hand, ahead or back, as the clock of a machine may be. */
function clockSetByHand(start: Date): HubClock & { setBy(minutes: number): void } {
  let now = start.getTime();
  return {
    virtual: true,
    now: () => new Date(now),
    wake: () => {},
    until: async (at) => {
      now = Math.max(now, at);
    },
    setBy: (minutes) => {
      now += minutes * MINUTE_MS;
    },
  };
}

/** A hub with all vendors whose clock is set by hand, and one lead that nobody answers. */
export async function openTimedHub() {
  const folder = temporaryFolder();
  const clock = clockSetByHand(MONDAY);
  const now = () => clock.now();
  const playbook = await shippedPlaybook();
  const post: { path: string; request: OutgoingRequest }[] = [];
  const deliver = (path: string, request: OutgoingRequest) => void post.push({ path, request });
  const vendors = await startVendors({ now, playbook, deliver });
  const mails = new Map<string, string>();
  const troubles: unknown[] = [];
  const open = () =>
    openEmbeddedHub({
      folder: folder.path,
      durability: 'process-end',
      playbook,
      connectors,
      connections: vendors.wiring.connections,
      secrets: memorySecrets(vendors.wiring.credentials),
      mail: {
        send: async ({ messageId, to, subject }) => {
          if (mails.has(messageId)) throw new Error(`${messageId} was sent twice.`);
          mails.set(messageId, `${to}: ${subject}`);
        },
      },
      clock,
      publicUrl: 'https://hub.example.com',
      onTrouble: (_job, error) => troubles.push(error),
    });
  let embedded = open();
  const answer = hubAnswer(() => embedded);

  const work = async (until = now()): Promise<void> => {
    for (let one = post.shift(); one !== undefined; one = post.shift()) {
      const { status } = await answer(webRequest(one.path, one.request));
      expect(status).toBe(200);
    }
    await embedded.worker.run(until);
  };
  return {
    clock,
    vendors,
    troubles,
    work,
    /** Lets so many minutes pass, each timer at its time. */
    pass: async (minutes: number) => {
      const until = new Date(now().getTime() + minutes * MINUTE_MS);
      await work(until);
      await clock.until(until.getTime());
    },
    async restart(down: () => void = () => {}) {
      await embedded.close();
      down();
      embedded = open();
    },
    /** Somebody of Berlin's sales is asked for; 15 minutes to accept. */
    async demoRequested(): Promise<void> {
      vendors.website.send('track', {
        anonymousId: 'visitor',
        event: 'Demo Requested',
        properties: CARLA,
      });
      await work();
    },
    /** What was posted about the lead, `<round or clock> <what> +<minutes>`, in the order of posting. */
    told: (): string[] =>
      vendors.slack.writes
        .filter(({ verb }) => verb === 'message.post')
        .map(({ key = '', at }) => {
          const [what, ...rest] = key.split('/').slice(1);
          const minutes = (Date.parse(at) - MONDAY.getTime()) / MINUTE_MS;
          return `${what} ${rest[0] === 'chat-invitation' ? 'invited' : rest[0]} +${minutes}`;
        }),
    mailsSent: () => mails.size,
    timers: () => openWork(embedded.db).length,
    async [Symbol.asyncDispose]() {
      await embedded.close();
      await vendors.close();
      folder[Symbol.dispose]();
    },
  };
}

const CARLA = {
  email: 'carla@carla-works.com',
  firstName: 'Carla',
  title: 'VP Marketing',
  company: 'Carla Works',
  country: 'DE',
  employees: 1200,
  industry: 'Software',
};
