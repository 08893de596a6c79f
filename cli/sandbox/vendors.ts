import { fakeHubspot, type HubspotFake } from '#connectors/hubspot/fake.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import {
  type Fake,
  type FakeWrite,
  type OutgoingRequest,
  type Served,
  serveOnLoopback,
} from '#connectors/kit/fake.ts';
import { type FakeMarketo, fakeMarketo } from '#connectors/marketo/fake.ts';
import { type FakePeopleDataLabs, fakePeopleDataLabs } from '#connectors/people-data-labs/fake.ts';
import { fakeSalesforce, type SalesforceFake } from '#connectors/salesforce/fake.ts';
import { type SegmentSender, segmentSender } from '#connectors/segment/fake.ts';
import { type FakeSlack, fakeSlack } from '#connectors/slack/fake.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import type { Playbook } from '#core/playbook.ts';
import { type FakeMailbox, startFakeMailbox } from '#platform/embedded/fake-mailbox.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import type { SmtpSettings } from '#platform/embedded/smtp-mail.ts';
import { FaultBook, withSkew } from './faults.ts';

/** What a hub needs to know to work with the sandbox. Plain JSON: it may come from another process. */
export interface SandboxWiring {
  readonly connections: Connection[];
  readonly credentials: Record<string, object>;
  readonly mail: SmtpSettings;
}

/** Every vendor of the hub as a stateful fake on loopback, and a mailbox. */
export interface Vendors {
  readonly salesforce: SalesforceFake;
  readonly hubspot: HubspotFake;
  readonly marketo: FakeMarketo;
  readonly slack: FakeSlack;
  readonly enrichment: FakePeopleDataLabs;
  readonly website: SegmentSender;
  readonly mailbox: FakeMailbox;
  readonly wiring: SandboxWiring;
  /** What goes wrong at which connection's vendor; empty at first. */
  readonly faults: FaultBook;
  /** Each write that changed something at a vendor, by connection. */
  writes(): Readonly<Record<string, readonly FakeWrite[]>>;
  close(): Promise<void>;
}

export interface VendorsOptions {
  readonly now: () => Date;
  readonly playbook: Pick<Playbook, 'people' | 'tracks'>;
  /** Brings a vendor's request to the hub, at this path. */
  readonly deliver: (path: string, request: OutgoingRequest) => void;
  /** What chances of faults are drawn by. */
  readonly faultSeed?: string | undefined;
}

/** Times as many calls as a vendor: whoever tries the hub out does not wait for its limits. */
const STAND_INS_TAKE = 100;
const ORGANISATION = '00D5f000005KcCnEAK';
const INBOUND_SECRET = 'sandbox-inbound-secret';
const HUBSPOT = {
  portalId: 33,
  appId: 1160452,
  token: 'pat-sandbox',
  clientSecret: 'hubspot-client-secret',
};
/** HubSpot signs the address it was given; the sandbox's hub may move to another port. */
const HUBSPOT_TARGET = 'https://hub.sandbox.test/in/hubspot/hubspot';
const SALESFORCE_APP = { clientId: 'sandbox-app', clientSecret: 'sandbox-app-secret' };
/** Marketo numbers its lists; the playbook names them. */
const FIRST_LIST_ID = 1001;

/** The connections that can fail: those whose vendors are asked, and the site, whose news can. */
const CONNECTIONS = ['salesforce', 'hubspot', 'marketo', 'slack', 'enrichment', 'website'] as const;

/** Starts all fakes, with the playbook's salespeople as their users and its tracks as their lists. */
export async function startVendors(options: VendorsOptions): Promise<Vendors> {
  const { now, playbook, deliver } = options;
  const to = (vendor: string, connection: string) => `/in/${vendor}/${connection}`;
  const notify = (path: string) => (request: OutgoingRequest) => deliver(path, request);
  const salespeople = playbook.people.salespeople.map(({ email }) => email);
  const managers = playbook.people.managers?.map(({ email }) => email) ?? [];
  const lists = playbook.tracks.tracks.map(
    ({ list }, index) => [list, String(FIRST_LIST_ID + index)] as const,
  );

  const faults = new FaultBook(CONNECTIONS, now, seededRandom(options.faultSeed ?? 'faults'));
  const salesforce = fakeSalesforce({
    now,
    faults: faults.scriptOf('salesforce'),
    organizationId: ORGANISATION,
    inboundSecret: INBOUND_SECRET,
    ...SALESFORCE_APP,
    users: [...salespeople, ...managers],
    notify: notify(to('salesforce', 'salesforce')),
  });
  const hubspot = fakeHubspot({
    now,
    faults: faults.scriptOf('hubspot'),
    ...HUBSPOT,
    targetUrl: HUBSPOT_TARGET,
    owners: salespeople,
    lists: Object.fromEntries(lists.map(([name, id]) => [id, name])),
    notify: notify(to('hubspot', 'hubspot')),
  });
  const marketo = fakeMarketo({
    now,
    faults: faults.scriptOf('marketo'),
    lists: lists.map(([, id]) => Number(id)),
    notify: notify(to('marketo', 'marketo')),
  });
  const slack = fakeSlack({
    now,
    faults: faults.scriptOf('slack'),
    channels: [ALERT_CHANNEL.slice(1), 'leads'],
    notify: notify(to('slack', 'slack')),
  });
  for (const email of [...salespeople, ...managers]) slack.addMember(email);
  const enrichment = fakePeopleDataLabs({ now, faults: faults.scriptOf('enrichment') });
  const website = segmentSender({
    now,
    faults: faults.scriptOf('website'),
    notify: notify(to('segment', 'website')),
  });
  const mailbox = await startFakeMailbox({ now });

  const fakes: Record<string, Fake> = { salesforce, hubspot, marketo, slack, enrichment };
  const served: Record<string, Served> = {};
  for (const [name, fake] of Object.entries(fakes)) {
    served[name] = await serveOnLoopback(withSkew(fake.app, faults.scriptOf(name)));
  }
  const url = (name: string) => served[name]?.url ?? '';

  return {
    salesforce,
    hubspot,
    marketo,
    slack,
    enrichment,
    website,
    mailbox,
    faults,
    wiring: wiring({
      url,
      salesforce,
      marketo,
      slack,
      enrichment,
      website,
      mailbox,
      lists: Object.fromEntries(lists),
    }),
    writes: () => ({
      ...Object.fromEntries(Object.entries(fakes).map(([name, fake]) => [name, fake.writes])),
      mail: mailbox.writes,
    }),
    async close() {
      await Promise.all([...Object.values(served).map((one) => one.close()), mailbox.close()]);
    },
  };
}

function wiring(
  of: Pick<Vendors, 'salesforce' | 'marketo' | 'slack' | 'enrichment' | 'website' | 'mailbox'> & {
    url: (name: string) => string;
    lists: Record<string, string>;
  },
): SandboxWiring {
  const { url, lists } = of;
  const marketo = of.marketo.connectionTo(url('marketo'));
  const slack = of.slack.connectionTo(url('slack'));
  const enrichment = of.enrichment.connectionTo(url('enrichment'));
  const website = of.website.connection();
  const { portalId, appId, token, clientSecret } = HUBSPOT;
  const salesforceSettings = {
    instanceUrl: url('salesforce'),
    organizationId: ORGANISATION,
    integrationUserId: of.salesforce.integrationUserId,
  };
  const settings = (given: object) => given as Record<string, unknown>;
  const connections: SandboxWiring['connections'] = [
    { name: 'salesforce', vendor: 'salesforce', roles: ['crm'], settings: salesforceSettings },
    {
      name: 'hubspot',
      vendor: 'hubspot',
      roles: ['crm'],
      settings: { baseUrl: url('hubspot'), portalId, appId, lists, publicUrl: HUBSPOT_TARGET },
    },
    {
      name: 'marketo',
      vendor: 'marketo',
      roles: ['map'],
      settings: { ...settings(marketo.settings), lists, qualifiedStatuses: ['MQL'] },
    },
    { name: 'slack', vendor: 'slack', roles: ['chat'], settings: settings(slack.settings) },
    {
      name: 'enrichment',
      vendor: 'people-data-labs',
      roles: ['enrichment'],
      settings: settings(enrichment.settings),
    },
    { name: 'website', vendor: 'segment', roles: [], settings: settings(website.settings) },
  ];
  return {
    connections: connections.map((one) => ({ ...one, share: STAND_INS_TAKE })),
    credentials: {
      salesforce: { flow: 'client-credentials', ...SALESFORCE_APP, inboundSecret: INBOUND_SECRET },
      hubspot: { token, clientSecret },
      marketo: marketo.credentials,
      slack: slack.credentials,
      enrichment: enrichment.credentials,
      website: website.credentials,
    },
    mail: {
      host: of.mailbox.host,
      port: of.mailbox.port,
      secure: false,
      from: 'baton@northwind.example',
    },
  };
}
