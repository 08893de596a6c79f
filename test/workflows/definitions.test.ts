import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import { HubError } from '#core/errors.ts';
import { jsonSchemas, schemaText } from '#workflows/language/json-schemas.ts';
import { loadPlaybook, playbookFiles } from '#workflows/language/load-playbook.ts';
import { formatProblem } from '#workflows/language/problem.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';

const folder = fileURLToPath(new URL('../../workflows/definitions/', import.meta.url));
const schemas = jsonSchemas(connectors);

test('the shipped playbook has no problems', async () => {
  const { problems } = readPlaybook(await playbookFiles(folder), { connectors });
  expect(problems.map(formatProblem)).toEqual([]);
});

test('a folder is loaded whole, and without its schemas', async () => {
  const playbook = await loadPlaybook(folder, { connectors });
  expect(Object.keys(playbook.workflows)).toContain('inbound-lead');
  expect(Object.keys(await playbookFiles(folder)).filter((file) => /schema/.test(file))).toEqual(
    [],
  );
});

test('a folder with problems is refused with all of them', async () => {
  const loading = loadPlaybook(`${folder}/schema`, { connectors });
  await expect(loading).rejects.toThrow(HubError);
  await expect(loading).rejects.toThrow(/clocks\.json:1:1 the playbook has no clocks\.json/);
});

test('every published schema is in step with the language (npm run schemas)', async () => {
  const published = await readdir(`${folder}/schema`);
  expect(published.sort()).toEqual(Object.keys(schemas).sort());
  for (const [file, schema] of Object.entries(schemas)) {
    const text = await readFile(`${folder}/schema/${file}`, 'utf8');
    expect(`${file}: ${text === schemaText(schema)}`).toBe(`${file}: true`);
  }
});

/** What an editor would say of a workflow. */
function editorAccepts(workflow: unknown): boolean {
  const schema = schemas['workflow.schema.json'] as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(schema).safeParse(workflow).success;
}

const shipped = async () => JSON.parse(await readFile(`${folder}/inbound-lead.json`, 'utf8'));

test('an editor accepts the shipped workflow', async () => {
  expect(editorAccepts(await shipped())).toBe(true);
});

test.each([
  ['an unknown kind', { id: 'x', use: 'scoer' }],
  ['a field of another kind', { id: 'x', use: 'route', with: { model: 'default' } }],
  ['a missing field', { id: 'x', use: 'reassign', with: {}, onExhausted: 'nurture' }],
  ['an outcome without a way', { id: 'x', use: 'reassign', with: { atMost: 2 } }],
  [
    'an operation with a field it has not',
    { id: 'x', use: 'slack.message.post', with: { too: '#x' } },
  ],
  ['a step that is two', { id: 'x', end: true, await: 'handoff.accepted' }],
])('an editor refuses %s', async (_name, step) => {
  const workflow = await shipped();
  expect(editorAccepts({ ...workflow, steps: [...workflow.steps, step] })).toBe(false);
});

test('an editor accepts an operation whose values are worked out, or filled in by the step', async () => {
  const workflow = await shipped();
  const message = { title: "{% 'For ' & $handoff.owner %}", lines: [], actions: [], reasons: [] };
  const step = { id: 'x', use: 'slack.message.post', with: { to: '#leads', ...message } };
  expect(editorAccepts({ ...workflow, steps: [...workflow.steps, step] })).toBe(true);
});
