import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { hubspot } from '#connectors/hubspot/connector.ts';
import { fakeHubspot } from '#connectors/hubspot/fake.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { type FaultRule, FaultScript } from '#connectors/kit/faults.ts';
import { reportOn } from '#connectors/kit/reconcile-report.ts';
import { marketo } from '#connectors/marketo/connector.ts';
import { fakeMarketo } from '#connectors/marketo/fake.ts';
import { salesforce } from '#connectors/salesforce/connector.ts';
import { fakeSalesforce } from '#connectors/salesforce/fake.ts';
import { identify } from '#core/intake/identify.ts';
import { HANDOFF_PREFIX, Handoff } from '#core/records/handoff.ts';
import { inOrder, LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch } from '#core/records/touch.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { openPoller, type Poller } from '#platform/embedded/poller.ts';
import { MORNING } from './embedded-store.ts';
import { shippedPlaybook } from './shipped-playbook.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TARGET = 'https://hub.example.com/in/hubspot/hs';
const ORGANIZATION = '00D5f000005KcCnEAK';
const SECRET = 'a-secret-of-the-relay';

export interface PolledHubOptions {
  readonly faults?: readonly FaultRule[];
  /** Beside what the connection needs: how it is asked, and how history is told from news. */
  readonly connection?: Partial<Connection>;
  readonly settings?: Record<string, unknown>;
}

type VendorId = 'hubspot' | 'salesforce' | 'marketo';

/** A whole hub with one stateful vendor whose webhooks may get lost, on a clock that jumps. */
export async function openPolledHub(vendor: VendorId, options: PolledHubOptions = {}) {
  const folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  const now = () => clock.now();
  const playbook = await shippedPlaybook();
  const sellers = playbook.people.salespeople.map(({ email }) => email);
  const queue: OutgoingRequest[] = [];
  let draws = 0;
  const faults = new FaultScript(options.faults ?? [], now, () => (draws++ % 2 === 0 ? 0.2 : 0.8));
  const common = { now, faults, notify: (one: OutgoingRequest) => void queue.push(one) };
  const fakes = {
    hubspot: fakeHubspot({
      ...common,
      ...{ token: 'pat-test', clientSecret: 'c'.repeat(36), portalId: 33, appId: 11 },
      targetUrl: TARGET,
      owners: sellers,
    }),
    salesforce: fakeSalesforce({
      ...common,
      ...{ organizationId: ORGANIZATION, inboundSecret: SECRET },
      ...{ clientId: 'id', clientSecret: 'shh', users: sellers },
    }),
    marketo: fakeMarketo(common),
  };
  const served = await serveOnLoopback(fakes[vendor].app);
  const mapped = fakes.marketo.connectionTo(served.url);
  const wiring = {
    hubspot: {
      settings: { baseUrl: served.url, portalId: 33, appId: 11, publicUrl: TARGET },
      credentials: { token: 'pat-test', clientSecret: 'c'.repeat(36) },
    },
    salesforce: {
      settings: {
        ...{ instanceUrl: served.url, organizationId: ORGANIZATION },
        integrationUserId: fakes.salesforce.integrationUserId,
      },
      credentials: {
        ...{ flow: 'client-credentials', clientId: 'id', clientSecret: 'shh' },
        inboundSecret: SECRET,
      },
    },
    marketo: { settings: { ...mapped.settings }, credentials: mapped.credentials },
  }[vendor];
  const name = vendor === 'hubspot' ? 'hs' : vendor === 'salesforce' ? 'sf' : 'mk';
  const roles: Connection['roles'] = vendor === 'marketo' ? [] : ['crm'];
  const connection: Connection = {
    ...{ name, vendor, roles },
    settings: { ...(wiring.settings as Record<string, unknown>), ...options.settings },
    ...options.connection,
  };
  const open = () =>
    openEmbeddedHub({
      folder: folder.path,
      durability: 'process-end',
      playbook,
      connectors: { hubspot, salesforce, marketo },
      connections: [connection],
      secrets: memorySecrets({ [name]: wiring.credentials }),
      mail: { send: async () => {} },
      clock,
      publicUrl: 'https://hub.example.com',
    });
  let embedded: EmbeddedHub;
  try {
    embedded = open();
  } catch (error) {
    await served.close();
    folder[Symbol.dispose]();
    throw error;
  }
  const troubles: unknown[] = [];
  const onTrouble = (_: unknown, error: unknown) => void troubles.push(error);
  let poller: Poller = openPoller(embedded, { clock, onTrouble });
  const records = () => embedded.hub.records;

  const receive = async ({ method, headers, body }: OutgoingRequest) => {
    const path = `/in/${vendor}/${name}`;
    const request = { method, path, headers, body: new TextEncoder().encode(body) };
    await embedded.receive(
      { vendor, connection: name },
      { ...request, url: `https://hub.example.com${path}` },
    );
  };
  /** What has been told is taken in, and what that leads to at this moment is done. */
  const settle = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await receive(next);
    await embedded.worker.run(clock.now());
    if (queue.length > 0) await settle();
  };
  const passMinutes = async (minutes: number) => {
    const until = new Date(clock.now().getTime() + minutes * 60_000);
    await settle();
    for (let at = embedded.jobs.nextAt(); at !== undefined && at <= until.getTime(); ) {
      await clock.until(at);
      await settle();
      at = embedded.jobs.nextAt();
    }
    await clock.until(until.getTime());
    await settle();
  };
  const idOf = async (email: string) => (await identify(records(), { email })).personId ?? '';

  return {
    ...fakes,
    name,
    clock,
    queue,
    faults,
    troubles,
    sellers,
    playbook,
    get embedded() {
      return embedded;
    },
    get poller() {
      return poller;
    },
    receive,
    settle,
    pass: passMinutes,
    /** Asks whatever is due, with the waits that the vendor's limits and many pages make. */
    async poll() {
      for (let next = await poller.turn(); ; next = await poller.turn()) {
        await settle();
        if (next > clock.now().getTime() + 60_000) return;
        await clock.until(next);
      }
    },
    /** Ends the process without a word, and starts it again. */
    restart() {
      embedded.db.close();
      embedded = open();
      poller = openPoller(embedded, { clock, onTrouble });
    },
    report: async (stream: string) => {
      const [report] = await reportOn(records(), [{ connection: name, stream }], clock.now());
      return report;
    },
    isKnown: async (email: string) => (await idOf(email)) !== '',
    person: async (email: string) =>
      (await readExisting(records(), Person, personKey(await idOf(email)))).data,
    handoff: async (email: string) =>
      (
        await readAll(records(), Handoff, {
          ...{ pk: personKey(await idOf(email)).pk, prefix: HANDOFF_PREFIX },
        })
      ).at(-1),
    touches: async (email: string) =>
      readAll(records(), Touch, { pk: personKey(await idOf(email)).pk, prefix: TOUCH_PREFIX }),
    timeline: async (email: string) =>
      (
        await readAll(records(), LogEntry, {
          ...{ pk: personKey(await idOf(email)).pk, prefix: LOG_PREFIX },
        })
      ).sort(inOrder),
    runs: () => (embedded.db.sql.prepare('select name from runs').all() as object[]).length,
    async [Symbol.asyncDispose]() {
      embedded.db.close();
      await served.close();
      folder[Symbol.dispose]();
    },
  };
}

export type PolledHub = Awaited<ReturnType<typeof openPolledHub>>;
