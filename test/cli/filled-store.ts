import { join } from 'node:path';
import { connectors } from '#connectors/index.ts';
import { type SegmentSender, segmentSender } from '#connectors/segment/fake.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';

const PLAYBOOK = join(import.meta.dirname, '../../workflows/definitions');
/** A Monday morning in Berlin. */
const MORNING = new Date('2026-11-23T09:00:00Z');

const CREDENTIALS = { sharedSecret: 'shared-secret-of-a-test', writeKey: 'write-key-of-a-test' };
/** What `baton up` needs to serve the same connection. */
export const CONFIG = { connections: [{ name: 'web', vendor: 'segment' }] };
export const SECRETS = { web: CREDENTIALS };

type Kind = Parameters<SegmentSender['message']>[0];

export interface FilledHub {
  readonly embedded: EmbeddedHub;
  /** Sends what a website sends, and works until nothing is due. */
  hears(...messages: [Kind, object][]): Promise<void>;
  later(minutes: number): Promise<void>;
}

/** Fills the store in a folder by a hub that hears a website and nobody else. */
export async function fillStore(
  folder: string,
  fill: (hub: FilledHub) => Promise<void>,
  playbook = PLAYBOOK,
): Promise<void> {
  const clock = virtualClock(MORNING);
  const sender = segmentSender({ now: () => clock.now(), ...CREDENTIALS });
  const embedded = openEmbeddedHub({
    folder,
    playbook: await loadPlaybook(playbook, { connectors }),
    connectors,
    connections: [{ name: 'web', vendor: 'segment', roles: [], settings: {} }],
    secrets: { credentials: async () => CREDENTIALS, signingKey: async () => 'a-key-of-a-test' },
    mail: { send: async () => {} },
    clock,
    publicUrl: 'https://hub.example.com',
  });
  const hears: FilledHub['hears'] = async (...messages) => {
    for (const [type, fields] of messages) {
      const made = sender.message(type, fields as Record<string, unknown>);
      const { method, headers, body } = sender.webhook(made);
      const url = 'https://hub.example.com/in/segment/web';
      const request = { method, headers, path: '/in/segment/web', url, body: Buffer.from(body) };
      await embedded.receive({ vendor: 'segment', connection: 'web' }, request);
    }
    await embedded.worker.run(clock.now());
  };
  const later: FilledHub['later'] = async (minutes) => {
    await embedded.worker.run(new Date(clock.now().getTime() + minutes * 60_000));
  };
  try {
    await fill({ embedded, hears, later });
  } finally {
    await embedded.close();
  }
}

export const JANE = {
  email: 'jane.doe@acme.example',
  firstName: 'Jane',
  lastName: 'Doe',
  title: 'Head of IT',
  company: 'Acme',
  employees: 1200,
  country: 'DE',
};

/** Looks at prices, then asks for a talk: a hand-raiser who fits. */
export const JANE_ASKS: [Kind, object][] = [
  [
    'page',
    {
      anonymousId: 'visitor-1',
      properties: { title: 'Pricing', url: 'https://www.example.com/pricing' },
    },
  ],
  [
    'track',
    {
      anonymousId: 'visitor-1',
      event: 'Demo Requested',
      properties: { ...JANE, form: 'Demo', message: 'We outgrew our spreadsheet.' },
    },
  ],
];

/** Leaves an address and nothing else: not ready for sales. */
export const TOM_DOWNLOADS: [Kind, object][] = [
  [
    'track',
    {
      anonymousId: 'visitor-2',
      event: 'Form Submitted',
      properties: { email: 'tom@small.example', firstName: 'Tom', form: 'Newsletter' },
    },
  ],
];
