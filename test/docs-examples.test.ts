import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#cli/config.ts';
import { connectors } from '#connectors/index.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { ClockPolicies } from '#core/clocks/ladder.ts';
import { Salesperson } from '#core/people.ts';
import { playbookFiles } from '#workflows/language/load-playbook.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';

type Example = Record<string, unknown>;

/** The JSON of the documents that has a key. */
function examplesWith(key: string): Example[] {
  const documents = ['README.md', 'docs/playbook.md', 'docs/connecting.md'];
  return documents
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)])
    .map(([, text = '']) => JSON.parse(text) as Example)
    .filter((example) => Object.hasOwn(example, key));
}

const shipped = await playbookFiles('workflows/definitions');
const WORKFLOW = 'inbound-lead.json';

/** What is wrong with the shipped playbook when this is its workflow. */
const problemsWith = (workflow: Example) =>
  readPlaybook({ ...shipped, [WORKFLOW]: JSON.stringify(workflow) }, { connectors }).problems;

test('the workflow of the documents is one', () => {
  const workflows = examplesWith('steps');
  expect(workflows.flatMap(problemsWith)).toEqual([]);
  expect(workflows).toHaveLength(1);
});

test('the step of the documents can be put after the routing', () => {
  const workflow = JSON.parse(shipped[WORKFLOW] ?? '') as { steps: Example[] };
  const after = workflow.steps.findIndex(({ id }) => id === 'route') + 1;
  const examples = examplesWith('use');
  const steps = workflow.steps.toSpliced(after, 0, ...examples);
  expect(problemsWith({ ...workflow, steps })).toEqual([]);
  expect(examples).toHaveLength(1);
});

test('the clock and the salesperson of the documents are ones', () => {
  const clocks = examplesWith('accept').map((example) => ClockPolicies.parse(example));
  const people = examplesWith('territories').map((example) => Salesperson.parse(example));
  expect([clocks.length, people.length]).toEqual([1, 1]);
});

test('every baton.json of the documents can be used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-docs-'));
  const file = join(folder, 'baton.json');
  const secrets = { credentials: async () => ({}), signingKey: async () => '' };
  const names = [...examplesWith('connections'), ...examplesWith('mail')].flatMap((example) => {
    writeFileSync(file, JSON.stringify(example));
    const { connections } = readConfig(file);
    return openConnections({ connectors, connections, secrets, now: () => new Date() }).names;
  });
  rmSync(folder, { recursive: true });
  expect(names).toEqual(['crm', 'chat', 'crm', 'chat', 'website']);
});
