import Database from 'libsql';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import { leadMessage, sign, WEBSITE } from '../load/lead-requests.ts';

type Value = string | number | ArrayBuffer | null;
type Row = Readonly<Record<string, Value>>;

/** Tables that hold something of each lead. */
const TABLES = ['items', 'jobs', 'runs', 'tokens', 'history'] as const;
export type TableName = (typeof TABLES)[number];

/** All rows that one lead leaves in the store while its hand-off waits to be accepted. */
export type WaitingLead = Readonly<Record<TableName, readonly Row[]>>;

/** Brings one lead to its salesperson, all vendors at hand, and reads what the store then holds. */
export async function makeWaitingLead(folder: string): Promise<WaitingLead> {
  const clock = virtualClock(new Date());
  const now = () => clock.now();
  const playbook = await loadPlaybook('workflows/definitions', { connectors });
  const vendors = await startVendors({ now, playbook, deliver: () => {} });
  const mail = smtpMail(vendors.wiring.mail);
  const publicUrl = 'https://hub.example.com';
  const embedded = openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook,
    connectors,
    connections: vendors.wiring.connections,
    secrets: memorySecrets(vendors.wiring.credentials),
    mail,
    clock,
    publicUrl,
  });
  const body = JSON.stringify(leadMessage('template', 0));
  const url = `${publicUrl}${WEBSITE.path}`;
  const headers = { 'x-signature': sign(body, WEBSITE.secret) };
  const request = { method: 'POST', path: WEBSITE.path, url, headers, body: Buffer.from(body) };
  await embedded.receive({ vendor: 'segment', connection: 'website' }, request);
  await embedded.worker.run(now());
  await embedded.close();
  mail.close();
  await vendors.close();
  return rowsOf(`${folder}/baton.db`);
}

function rowsOf(file: string): WaitingLead {
  const sql = new Database(file);
  const rows = (table: TableName) => sql.prepare(`select * from ${table}`).all() as Row[];
  const items = rows('items').filter(({ type }) => type !== 'rotation');
  const lead = Object.fromEntries(TABLES.map((table) => [table, rows(table)]));
  sql.close();
  return { ...(lead as unknown as WaitingLead), items };
}
