import type { Playbook } from '#core/playbook.ts';
import type { Workflow } from '#workflows/language/workflow.ts';
import { type Mismatch, mismatches } from '#workflows/trial/compare.ts';
import {
  type Branch,
  type Coverage,
  coverageOf,
  takenBranches,
} from '#workflows/trial/coverage.ts';
import { WorkflowTests } from '#workflows/trial/tests-file.ts';
import { playTest } from './play-test.ts';

/** How one test went. */
export interface TestResult {
  readonly workflow: string;
  readonly name: string;
  readonly mismatches: readonly Mismatch[];
}

/** How all tests of a playbook went. */
export interface Tested {
  readonly tests: readonly TestResult[];
  readonly failed: number;
  /** The examples inside the agreement; a playbook in which one fails is refused before. */
  readonly agreement?: { readonly clauses: number; readonly examples: number };
  /** One for each workflow, tested or not. */
  readonly coverage: readonly Coverage[];
}

/** Runs every test beside the workflows of a playbook that was read from these texts. */
export async function runTests(
  playbook: Playbook,
  files: Readonly<Record<string, string>>,
): Promise<Tested> {
  const tests: TestResult[] = [];
  const coverage: Coverage[] = [];
  for (const workflow of Object.values(playbook.workflows) as Workflow[]) {
    const taken: Branch[] = [];
    const text = files[`${workflow.id}.test.json`];
    const authored = text === undefined ? [] : WorkflowTests.parse(JSON.parse(text)).tests;
    for (const test of authored) {
      const { came, history } = await playTest(playbook, workflow.id, test);
      taken.push(...takenBranches(workflow, history));
      const found = mismatches(test.then, came);
      tests.push({ workflow: workflow.id, name: test.name, mismatches: found });
    }
    coverage.push(coverageOf(workflow, taken));
  }
  const failed = tests.filter((one) => one.mismatches.length > 0).length;
  return { tests, failed, ...examplesOf(playbook), coverage };
}

function examplesOf({ agreement }: Playbook): Pick<Tested, 'agreement'> {
  if (agreement === undefined) return {};
  const { clauses } = agreement;
  const examples = clauses.reduce((sum, clause) => sum + clause.examples.length, 0);
  return { agreement: { clauses: clauses.length, examples } };
}
