import type { Runs } from '#core/ports/runs.ts';

/** How a wait ended, as the workflow behind it sees it. */
export type WaitEnd = { readonly output: unknown } | { readonly error: string; cause: string };

export interface RunsUnderTest {
  readonly runs: Runs;
  /** A workflow that can be started with any input. */
  readonly workflow: string;
  /** The inputs of all runs started so far, each run once. */
  started(): Promise<unknown[]>;
  /** Brings a run to a wait. */
  openWait(): Promise<{ token: string; end(): Promise<WaitEnd | undefined> }>;
  dispose(): Promise<void>;
}

/** What every implementation of Runs must do. */
export function runsContract(name: string, make: () => Promise<RunsUnderTest>): void {
  const fresh = async () => {
    const made = await make();
    return { ...made, [Symbol.asyncDispose]: () => made.dispose() };
  };

  describe(`${name} keeps the contract of Runs`, () => {
    test('a run starts with the input it was given', async () => {
      await using made = await fresh();
      const { runs, workflow, started } = made;
      const input = { personId: 'p1', event: { note: 'Größe 🎉', list: [1, null] } };
      await runs.start({ workflow, name: 'lead-1', input });
      expect(await started()).toEqual([input]);
    });

    test('the same name and input again changes nothing', async () => {
      await using made = await fresh();
      const { runs, workflow, started } = made;
      const run = { workflow, name: 'lead-1', input: { personId: 'p1' } };
      await runs.start(run);
      await runs.start(run);
      await Promise.all([runs.start(run), runs.start(run)]);
      expect(await started()).toEqual([{ personId: 'p1' }]);
    });

    test('every name is a run of its own, however long, odd or alike', async () => {
      await using made = await fresh();
      const { runs, workflow, started } = made;
      const names = [
        'a',
        'A',
        'a b',
        'a_b',
        'a/b',
        'zoë@müller.example',
        'zoe@muller.example',
        `${'x'.repeat(120)}1`,
        `${'x'.repeat(120)}2`,
        'x'.repeat(80),
        'x'.repeat(81),
      ];
      for (const run of names) await runs.start({ workflow, name: run, input: { run } });
      const inputs = (await started()) as { run: string }[];
      expect(inputs.map((one) => one.run).sort()).toEqual([...names].sort());
    });

    test('an odd name is idempotent too', async () => {
      await using made = await fresh();
      const { runs, workflow, started } = made;
      const run = { workflow, name: `zoë ${'x'.repeat(200)}`, input: {} };
      await runs.start(run);
      await runs.start(run);
      expect(await started()).toHaveLength(1);
    });

    test('a workflow that nobody wrote is an error of the playbook', async () => {
      await using made = await fresh();
      const { runs, started } = made;
      const start = runs.start({ workflow: 'no-such-workflow', name: 'a', input: {} });
      await expect(start).rejects.toMatchObject({
        name: 'HubError.config',
        code: 'workflow_unknown',
      });
      expect(await started()).toEqual([]);
    });

    test('a wait ends with the result', async () => {
      await using made = await fresh();
      const { runs, openWait } = made;
      const wait = await openWait();
      expect(await wait.end()).toBeUndefined();
      expect(await runs.succeed(wait.token, { by: 'kim', at: [1] })).toBe(true);
      expect(await wait.end()).toEqual({ output: { by: 'kim', at: [1] } });
    });

    test('a wait ends with an error', async () => {
      await using made = await fresh();
      const { runs, openWait } = made;
      const wait = await openWait();
      expect(await runs.fail(wait.token, 'Rejected', 'no budget')).toBe(true);
      expect(await wait.end()).toEqual({ error: 'Rejected', cause: 'no budget' });
    });

    test('a wait ends once: what comes later answers false and changes nothing', async () => {
      await using made = await fresh();
      const { runs, openWait } = made;
      const wait = await openWait();
      expect(await runs.succeed(wait.token, { first: true })).toBe(true);
      expect(await runs.succeed(wait.token, { second: true })).toBe(false);
      expect(await runs.fail(wait.token, 'Late', 'too late')).toBe(false);
      expect(await wait.end()).toEqual({ output: { first: true } });
    });

    test('of several who end the same wait at the same time, one does', async () => {
      await using made = await fresh();
      const { runs, openWait } = made;
      const wait = await openWait();
      const answers = await Promise.all([1, 2, 3, 4].map((at) => runs.succeed(wait.token, { at })));
      expect(answers.filter((answer) => answer)).toHaveLength(1);
      expect(await wait.end()).toEqual({ output: { at: answers.indexOf(true) + 1 } });
    });

    test('waits do not touch each other', async () => {
      await using made = await fresh();
      const { runs, openWait } = made;
      const [one, two] = [await openWait(), await openWait()];
      expect(one.token).not.toBe(two.token);
      await runs.succeed(two.token, 2);
      expect(await one.end()).toBeUndefined();
      expect(await two.end()).toEqual({ output: 2 });
    });

    test('a token that nobody gave out answers false', async () => {
      await using made = await fresh();
      const { runs } = made;
      expect(await runs.succeed('no such token', {})).toBe(false);
      expect(await runs.fail('no such token', 'Rejected', 'why')).toBe(false);
    });
  });
}
