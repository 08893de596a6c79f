import { readFileSync } from 'node:fs';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import { WORKFLOW } from '../language/sample-playbook.ts';

const shipped = new URL('../../../workflows/definitions/inbound-lead.json', import.meta.url);

/** The compiled machine of the shipped workflow. */
export const inboundLead = compileWorkflow(JSON.parse(readFileSync(shipped, 'utf8')));

/** That of the sample workflow, which calls an operation as well. */
export const sample = compileWorkflow(JSON.parse(WORKFLOW));
