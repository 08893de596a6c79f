import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenWorkflows } from '#workflows/broken-workflows.ts';

const step = (more: object) => ({ id: 's', ...more });
const playbook = (...steps: object[]) => ({ workflows: { wf: { id: 'wf', steps } } });
const crm = { name: 'hs', vendor: 'hubspot', roles: ['crm' as const] };
const map = { name: 'mk', vendor: 'marketo', roles: ['map' as const] };
const chat = { name: 'sl', vendor: 'slack', roles: ['chat' as const] };

test.each([
  ['a hand-off writes the person', crm, { use: 'hand-off' }, 'person.upsert', true],
  ['a hand-off writes the owner', crm, { use: 'hand-off' }, 'person.assign', true],
  ['a hand-off adds nobody to a list', map, { use: 'hand-off' }, 'list.add', false],
  ['a connection without the role is not asked', map, { use: 'hand-off' }, 'person.assign', false],
  ['a hand-back writes the status', crm, { use: 'hand-back' }, 'person.status', true],
  ['a hand-back enrols', map, { use: 'hand-back' }, 'person.upsert', true],
  ['a lead that is declined gets a status', crm, { use: 'decline' }, 'person.status', true],
  ['a clock tells the chat', chat, { await: 'handoff.accepted' }, 'message.post', true],
  ['an operation of the vendor', crm, { use: 'hubspot.person.stage' }, 'person.stage', true],
  ['an operation of another vendor', map, { use: 'hubspot.person.stage' }, 'person.stage', false],
  [
    'an operation of another connection',
    crm,
    { use: 'hubspot.person.stage', connection: 'other' },
    'person.stage',
    false,
  ],
  ['a step that calls nobody', crm, { use: 'score' }, 'person.upsert', false],
  ['an end', crm, { end: true }, 'person.upsert', false],
])('%s', (_, connection, more, operation, breaks) => {
  const found = brokenWorkflows(playbook(step(more)), connection, { operations: [operation] });
  expect(found).toEqual(breaks ? ['wf'] : []);
});

test('a field that no operation needs breaks nothing', () => {
  expect(brokenWorkflows(playbook(step({ use: 'hand-off' })), crm, { operations: [] })).toEqual([]);
});

test('every verb that the steps call is known to belong to one', () => {
  const sources = ['core/steps', 'core/handoff'].flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const verbs = sources.flatMap((text) =>
    [...text.matchAll(/verb: '([\w.]+)'/g)].map(([, verb = '']) => verb),
  );
  const known = readFileSync('workflows/broken-workflows.ts', 'utf8');
  expect(verbs.length).toBeGreaterThan(7);
  expect(verbs.filter((verb) => !known.includes(`'${verb}'`))).toEqual([]);
});
