import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import type { Workflow } from '#workflows/language/workflow.ts';

const inboundLead = JSON.parse(
  readFileSync(new URL('../../workflows/definitions/inbound-lead.json', import.meta.url), 'utf8'),
) as Workflow;

test('the validator accepts the shipped workflow', () => {
  const machine = structuredClone(compileWorkflow(inboundLead));
  expect(validate(machine).errorsText()).toBe('');
});
