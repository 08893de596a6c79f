import validate from 'asl-validator';
import fc from 'fast-check';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import type { State, StateMachineDefinition } from '#workflows/compiler/states-language.ts';
import { machineName, SUBSTITUTIONS } from '#workflows/compiler/substitutions.ts';
import { successor } from '#workflows/language/flow.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';
import type { Workflow } from '#workflows/language/workflow.ts';
import { connectors, playbookTexts, WORKFLOW } from '../language/sample-playbook.ts';
import { inboundLead, sample } from './machines.ts';

/** The validator writes into what it is given. */
const complaints = (machine: StateMachineDefinition) =>
  validate(structuredClone(machine)).errorsText();

/** Where a state may lead, and why, in the order of the document. */
function ways(state: State): string[] {
  if (state.Type === 'Choice') {
    const choices = state.Choices.map(
      ({ Condition, Next }) => `${Condition.slice(3, -3)} → ${Next}`,
    );
    return [...choices, `else → ${state.Default}`];
  }
  if (state.Type !== 'Task') return [state.Type];
  const caught = state.Catch?.map(({ ErrorEquals, Next }) => `${ErrorEquals.join(', ')} → ${Next}`);
  return [`→ ${state.Next ?? 'end'}`, ...(caught ?? [])];
}

/** The machine as a list that a reviewer reads whole: name, Lambda or type, and the ways out. */
function outline({ States }: StateMachineDefinition): string {
  const lines = Object.entries(States).map(([name, state]) => {
    const what = state.Type === 'Task' ? state.Arguments['FunctionName'] : state.Type;
    return `${name} (${what})\n  ${ways(state).join('\n  ')}`;
  });
  return `\n${lines.join('\n')}\n`;
}

test('the shipped workflow reads like its document', () => {
  expect(inboundLead.StartAt).toBe('enrich');
  expect(outline(inboundLead)).toMatchSnapshot();
});

test('one whole wait, field by field', () => {
  const { States } = sample;
  const names = ['accept', 'accept: wait', 'accept: rung', 'accept: ladder'];
  expect(Object.fromEntries(names.map((name) => [name, States[name]]))).toMatchSnapshot();
});

test.each([
  ['the shipped workflow', inboundLead],
  ['one with an operation and an outcome', sample],
])('the validator accepts %s', (_name, machine) => {
  expect(complaints(machine)).toBe('');
});

test('where every step says its next, the order of the document changes nothing', () => {
  const workflow = JSON.parse(WORKFLOW) as Workflow;
  const [first, ...others] = workflow.steps.map((step, index) => {
    const next = successor(workflow, index);
    return next === undefined ? step : { ...step, next };
  });
  fc.assert(
    fc.property(fc.shuffledSubarray(others, { minLength: others.length }), (order) => {
      const steps = [first, ...order];
      const text = JSON.stringify({ ...workflow, steps });
      const reading = readPlaybook(playbookTexts({ 'inbound.json': text }), { connectors });
      expect(reading.problems).toEqual([]);
      expect(compileWorkflow(JSON.parse(text))).toEqual(sample);
    }),
    { numRuns: 25 },
  );
});

test('compiling is pure', () => {
  const workflow = Object.freeze(JSON.parse(WORKFLOW));
  expect(compileWorkflow(workflow)).toEqual(compileWorkflow(workflow));
});

test('nothing but the listed names is left for the deployment to fill in', () => {
  const text = JSON.stringify([sample, inboundLead]);
  const named = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(SUBSTITUTIONS));
});

test('the longest step and workflow ids still make names of 80 characters at most', () => {
  const longest = 'a'.repeat(60);
  const [, accept] = JSON.stringify(WORKFLOW).match(/(accept)/) ?? [];
  const text = WORKFLOW.replaceAll(`"${accept}"`, `"${longest}"`).replace(
    `"clock": "${longest}"`,
    '"clock": "accept"',
  );
  const { problems } = readPlaybook(playbookTexts({ 'inbound.json': text }), { connectors });
  expect(problems).toEqual([]);
  const names = Object.keys(compileWorkflow(JSON.parse(text)).States);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(80);
  expect(machineName({ id: longest }).length).toBeLessThanOrEqual(80);
});

test('the straight path to a closed opportunity passes 15 states, because each costs money', () => {
  const visited: string[] = [];
  for (let name: string | undefined = inboundLead.StartAt; name !== undefined; ) {
    visited.push(name);
    const state: State | undefined = inboundLead.States[name];
    name =
      state?.Type === 'Choice' ? state.Default : state?.Type === 'Task' ? state.Next : undefined;
  }
  expect(visited.at(-1)).toBe('done');
  expect(visited.length).toBeLessThanOrEqual(15);
});
