import { createHmac, timingSafeEqual } from 'node:crypto';
import { Agent, request } from 'node:http';
import { leadMessage, sign } from '../load/lead-requests.ts';
import { type GroupCommit, openGroupCommit } from '../stores/group-commit.ts';
import { cpuMs, obey } from './commands.ts';

type Facts = Readonly<Record<string, unknown>>;

/** As many at once as the hub's worker takes. */
const AT_ONCE = 24;
const SELLERS = ['anna', 'bjarne', 'chen', 'dora'];
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** Twenty rules over title, country, size and industry. */
const RULES: readonly ((facts: Facts) => number)[] = [
  ...['VP', 'Head', 'Director', 'CTO', 'Manager'].map(
    (word) => (facts: Facts) => (String(facts['title']).includes(word) ? 10 : 0),
  ),
  ...['DE', 'AT', 'CH', 'GB', 'US'].map(
    (country) => (facts: Facts) => (facts['country'] === country ? 5 : 0),
  ),
  ...[50, 100, 250, 1000, 5000].map(
    (size) => (facts: Facts) => (Number(facts['employees']) > size ? 5 : 0),
  ),
  ...['Software', 'Retail', 'Logistics', 'Education', 'Health'].map(
    (industry) => (facts: Facts) => (facts['industry'] === industry ? 5 : 0),
  ),
];

let table: GroupCommit;
let crmUrl = '';
let turn = 0;
let done = 0;

function open(input: { folder: string; crm: string }): void {
  table = openGroupCommit(input.folder);
  crmUrl = input.crm;
}

/** Bound (b): does whole leads without an engine, and answers how long that took. */
async function work({ leads, secret }: { leads: number; secret: string }) {
  const signed = Array.from({ length: leads }, (_, index) => {
    const body = JSON.stringify(leadMessage('bare', done + index));
    return { body, signature: sign(body, secret) };
  });
  done += leads;
  const cpuBefore = cpuMs();
  const startedAt = performance.now();
  const queue = signed.values();
  const worker = async () => {
    for (const one of queue) await wholeLead(one, secret);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { seconds: (performance.now() - startedAt) / 1000, cpuMs: cpuMs() - cpuBefore };
}

async function wholeLead(
  { body, signature }: { body: string; signature: string },
  secret: string,
): Promise<void> {
  const right = createHmac('sha1', secret).update(body).digest();
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), right)) throw new Error('forged');
  const { messageId, properties } = JSON.parse(body) as { messageId: string; properties: Facts };
  const points = RULES.reduce((sum, rule) => sum + rule(properties), 0);
  turn = (turn + 1) % SELLERS.length;
  const owner = SELLERS[turn];
  const { id } = await writeToCrm({ ...properties, owner, points });
  await table.insert(messageId, JSON.stringify({ ...properties, owner, points, id }));
}

function writeToCrm(record: Facts): Promise<{ id: string }> {
  const body = JSON.stringify(record);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const call = request(`${crmUrl}/leads`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text) as { id: string }));
    });
    call.once('error', reject);
    call.end(body);
  });
}

obey({ open, work });
