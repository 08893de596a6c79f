import { existsSync, readFileSync } from 'node:fs';
import { type CaseResult, playCase, readCases } from '#workflows/interpreter/conformance.ts';

const RECORDED = '../shared/asl/recorded.jsonl';
const isThere = existsSync(RECORDED);
if (!isThere) console.warn(`SKIPPED: recorded runs are not played, ${RECORDED} is not there`);

async function results(): Promise<CaseResult[]> {
  const played: CaseResult[] = [];
  for (const recorded of readCases(readFileSync(RECORDED, 'utf8'))) {
    played.push(await playCase(recorded));
  }
  return played;
}

(isThere ? test : test.skip)(
  'runs recorded from the service come out as they did there',
  async () => {
    const played = await results();
    const failed = played.filter(({ verdict }) => verdict === 'failed');
    expect(played.length).toBeGreaterThan(0);
    expect(failed.filter(({ queryLanguage }) => queryLanguage === 'JSONata')).toEqual([]);
    expect(1 - failed.length / played.length).toBeGreaterThanOrEqual(0.95);
    expect(played.filter(({ verdict, reason }) => verdict === 'skipped' && !reason)).toEqual([]);
  },
  120_000,
);

const recordedPass = {
  id: 'own/pass',
  area: 'pass',
  queryLanguage: 'JSONata',
  machineType: 'STANDARD',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Only',
    States: { Only: { Type: 'Pass', Output: { is: '{% $states.input.was %}' }, End: true } },
  },
  input: { was: 1 },
  tasks: {},
  callbacks: [],
  expect: {
    status: 'SUCCEEDED',
    output: { is: 1 },
    events: [
      { type: 'ExecutionStarted', id: 1, prev: 0, input: { was: 1 } },
      { type: 'PassStateEntered', id: 2, prev: 0, name: 'Only', input: { was: 1 } },
      { type: 'PassStateExited', id: 3, prev: 2, name: 'Only', output: { is: 1 } },
      { type: 'ExecutionSucceeded', id: 4, prev: 3, output: { is: '<any>' } },
    ],
    eventOrder: 'total',
  },
};

test('a case that comes out as recorded passes without a difference', async () => {
  const [recorded] = readCases(JSON.stringify(recordedPass));
  expect(recorded && (await playCase(recorded))).toMatchObject({
    verdict: 'passed',
    differences: [],
  });
});

test.each([
  ['another output', { output: { is: 2 } }, 'output'],
  ['another status', { status: 'FAILED' }, 'status'],
  [
    'an event that did not happen',
    { events: recordedPass.expect.events.slice(1) },
    'order of events',
  ],
  [
    'an event with more than was recorded',
    { events: recordedPass.expect.events.map(({ type, id, prev }) => ({ type, id, prev })) },
    'order of events',
  ],
])('a case that expects %s fails and says where', async (_what, changed, where) => {
  const expect_ = { ...recordedPass.expect, ...changed };
  const [recorded] = readCases(JSON.stringify({ ...recordedPass, expect: expect_ }));
  const result = recorded && (await playCase(recorded));
  expect(result?.verdict).toBe('failed');
  expect(result?.differences.map((difference) => difference.where)).toContain(where);
});

test('the wording of a cause is shown as a difference and fails nothing', async () => {
  const definition = { StartAt: 'No', States: { No: { Type: 'Fail', Cause: 'so' } } };
  const [recorded] = readCases(
    JSON.stringify({ ...recordedPass, definition, expect: { status: 'FAILED', cause: 'thus' } }),
  );
  expect(recorded && (await playCase(recorded))).toMatchObject({
    verdict: 'passed',
    differences: [{ level: 'wording', where: 'cause', expected: 'thus', actual: 'so' }],
  });
});

test('a case that needs what is not supported is skipped, with the reason', async () => {
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'S', States: { S: { Type: 'Succeed' } } },
        ResultWriter: {},
        End: true,
      },
    },
  };
  const [recorded] = readCases(JSON.stringify({ ...recordedPass, definition }));
  expect(recorded && (await playCase(recorded))).toMatchObject({
    verdict: 'skipped',
    reason: '$.States.Each.ResultWriter: results are not written to a store',
  });
});
