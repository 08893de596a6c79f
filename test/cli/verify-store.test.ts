import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { type Finding, verifyStore } from '#cli/store/verify-store.ts';
import { openReader } from '#platform/embedded/reader.ts';
import { type Folder, temporaryFolder } from './command-line.ts';
import { fillStore, JANE_ASKS } from './filled-store.ts';

/** A store with Jane at sales. */
let filled: Folder;
beforeAll(async () => {
  filled = temporaryFolder();
  await fillStore(filled.path, ({ hears }) => hears(...JANE_ASKS));
});
afterAll(() => filled[Symbol.dispose]());

/** What is found after a copy of the store was tampered with. */
function findingsAfter(...statements: string[]): readonly Finding[] {
  using folder = temporaryFolder();
  cpSync(filled.path, folder.path, { recursive: true });
  const sql = new Database(join(folder.path, 'baton.db'));
  for (const statement of statements) sql.exec(statement);
  sql.close();
  const store = openReader(folder.path);
  try {
    return verifyStore(store).findings;
  } finally {
    store.close();
  }
}

const set = (type: string, path: string, value: string) =>
  `update items set data = json_set(data, '$.${path}', ${value}) where type = '${type}'`;

test('a store that nobody tampered with is well', () => {
  expect(findingsAfter()).toEqual([]);
});

test('a lead on its way to somebody else is with whoever had it', () => {
  const owner = set('handoff', 'owner', "'jonas.brandt@northwind.example'");
  expect(findingsAfter(owner, set('handoff', 'status', "'assigning'"))).toEqual([]);
});

test.each([
  [
    'a lead without an owner',
    ["update items set data = json_remove(data, '$.owner') where type = 'person'"],
    /does not fit its schema\. owner: /,
  ],
  [
    'a next action without a time',
    [set('person', 'nextAction.at', "'soon'")],
    /does not fit its schema\. nextAction\.at: /,
  ],
  [
    'an index row that names another owner',
    ["update items set gsi1pk = 'OWNER#queue#lost' where type = 'person'"],
    /is listed under OWNER#queue#lost .* but the record says OWNER#salesperson#anna/,
  ],
  [
    'an index row that names another time',
    [set('person', 'nextAction.at', "'2026-12-01T09:00:00.000Z'")],
    /but the record says .* at 2026-12-01T09:00:00.000Z/,
  ],
  [
    'a lead at sales whose hand-off is over',
    [set('handoff', 'status', "'lost'")],
    /is with sales, but no hand-off is open/,
  ],
  [
    'a hand-off that is with somebody else',
    [set('handoff', 'owner', "'jonas.brandt@northwind.example'")],
    /is owned by salesperson anna.* but ho_.* is with salesperson jonas/,
  ],
  [
    'a hand-off that no run will bring to an end',
    [set('run-lock', 'status', "'ended'")],
    /is handed off to .* by ho_.*, but no workflow runs for it/,
  ],
  [
    'a run that nothing will wake',
    ['delete from tokens', "delete from jobs where kind in ('task', 'timer')"],
    /waits for no task, no timer and no signal/,
  ],
  [
    'a wait that no timer ends',
    ["delete from jobs where kind in ('task', 'timer')"],
    /waits for a signal, but no timer will end the wait/,
  ],
  [
    'a lock whose run is over',
    ["update runs set status = 'SUCCEEDED'"],
    /is held by the run inbound-lead-.*, which is over or was never started/,
  ],
  [
    'a lead that is being rated by nobody',
    [set('person', 'standing', "'rating'"), set('run-lock', 'status', "'ended'")],
    /is being rated, but no workflow runs for it/,
  ],
])('%s is found', (_, statements, expected) => {
  const findings = findingsAfter(...statements);
  expect(findings.map(({ message }) => message)).toContainEqual(expect.stringMatching(expected));
});
