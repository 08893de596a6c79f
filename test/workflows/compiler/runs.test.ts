import type { StepCall } from '#workflows/steps/call.ts';
import { steps } from '#workflows/steps/index.ts';
import { inboundLead } from './machines.ts';
import { type Answer, run } from './run.ts';

const score = {
  rating: 'hot',
  grade: 'A1',
  lane: 'hot',
  fit: 90,
  engagement: 80,
  disqualifiedBy: null,
};
const route = { owner: 'ada@example.com', queue: null, rule: 'dach', policy: 'inbound' };
const clock = { clockId: 'c', secondsToNextRung: 3600, outcome: 'wait' };
const handoff = (round: number) => ({
  id: 'ho_p1_1',
  round,
  owner: 'ada@example.com',
  lane: 'hot',
});

/** What each call is answered when all goes well. */
const WELL: Record<string, unknown> = {
  enrich: { status: 'hit' },
  'match-account': { accountId: null, how: 'none' },
  score,
  agree: { version: 'v1', clauses: ['rating'] },
  route,
  brief: { briefingId: 'b1' },
  'hand-off': handoff(0),
  reassign: handoff(1),
  'hand-back': { track: 'later', reason: 'x' },
  decline: { reason: 'x' },
  'open-clock': clock,
  climb: { ...clock, outcome: 'breached' },
  wait: { by: 'ada@example.com' },
};

type Change = (call: StepCall, nth: number) => Answer | 'well';

const going = (change: Change) =>
  run(inboundLead, (call, nth) => {
    const answer = change(call, nth);
    return answer === 'well' ? { output: WELL[call.use] } : answer;
  });

const RATED = ['enrich', 'match', 'score'];
const HANDED_OFF = [...RATED, 'agree', 'route', 'brief', 'assign'];
const ACCEPTED = [...HANDED_OFF, 'accept/open-clock', 'accept/wait'];
const rejected = (reason: string): Answer => ({ error: 'Handoff.Rejected', cause: reason });

test('what the good path answers is what the steps promise', () => {
  for (const [use, output] of Object.entries(WELL)) {
    if (use !== 'wait')
      expect(steps[use as keyof typeof steps].output.parse(output)).toEqual(output);
  }
});

test('a lead that is accepted, worked and closed passes every step once', async () => {
  const { state, path } = await going(() => 'well');
  expect(path).toEqual([
    ...ACCEPTED,
    'work/open-clock',
    'work/wait',
    'close/open-clock',
    'close/wait',
  ]);
  expect(state).toMatchObject({ status: 'SUCCEEDED', output: { ended: 'done' } });
});

test.each([
  ['disqualified', 'decline'],
  ['warm', 'nurture'],
  ['nurture', 'nurture'],
])('a lead rated %s goes to %s and to nobody in sales', async (rating, step) => {
  const { state, path } = await going(({ use }) =>
    use === 'score' ? { output: { ...score, rating } } : 'well',
  );
  expect(path).toEqual([...RATED, step]);
  expect(state).toMatchObject({ status: 'SUCCEEDED', output: { ended: step } });
});

test('a lead that is not sales-ready goes to nurture, and the agreement is no part of the run', async () => {
  const { calls, path, state } = await going(({ use }) =>
    use === 'agree' ? { error: 'Agree.NotReady', cause: 'The lead fails role.' } : 'well',
  );
  expect(path).toEqual([...RATED, 'agree', 'nurture']);
  expect(calls.at(-1)).toMatchObject({ use: 'hand-back', reason: null, agreement: null });
  expect(state).toMatchObject({ status: 'SUCCEEDED', output: { ended: 'nurture' } });
});

test('the hand-off is told which clauses passed the lead', async () => {
  const { calls } = await going(() => 'well');
  const handOff = calls.find(({ use }) => use === 'hand-off');
  expect(handOff?.agreement).toEqual({ version: 'v1', clauses: ['rating'] });
});

test('a quota that is used up for the day makes a step wait and be done again, as the same visit', async () => {
  const used = JSON.stringify({
    errorType: 'HubError.later',
    errorMessage: '43200 seconds: HubError.retry: the quota of the day is used up',
  });
  const { calls, state } = await going(({ use }, nth) =>
    use === 'hand-off' && nth < 2 ? { error: 'HubError.later', cause: used } : 'well',
  );
  expect(state).toMatchObject({ status: 'SUCCEEDED', output: { ended: 'done' } });
  const tries = calls.filter(({ use }) => use === 'hand-off');
  expect(tries).toHaveLength(3);
  expect(new Set(tries.map(({ entered }) => entered)).size).toBe(1);
  const opened = calls.find(({ use }) => use === 'open-clock');
  const waited = Date.parse(opened?.entered ?? '') - Date.parse(tries[0]?.entered ?? '');
  expect(waited).toBeGreaterThanOrEqual(24 * 3_600_000);
});

test('each visit of a loop is one of its own, also where one of them had to wait', async () => {
  const used = JSON.stringify({ errorType: 'HubError.later', errorMessage: '7200 seconds: quota' });
  const { calls } = await going(({ use }, nth) => {
    if (use === 'wait' && nth < 2) return undefined;
    return use === 'reassign' && nth === 0 ? { error: 'HubError.later', cause: used } : 'well';
  });
  const [first, again, second] = calls.filter(({ use }) => use === 'reassign');
  expect(again?.entered).toBe(first?.entered);
  expect(second?.entered).not.toBe(first?.entered);
});

test('what the run goes on without is not waited for', async () => {
  const { path } = await going(({ use }) =>
    use === 'enrich' ? { error: 'HubError.later', cause: '{}' } : 'well',
  );
  expect(path.slice(0, 3)).toEqual(RATED);
});

test('an enrichment that fails is gone on without', async () => {
  const { state, path } = await going(({ use }) =>
    use === 'enrich' ? { error: 'HubError.config', cause: 'no key' } : 'well',
  );
  expect(path.slice(0, 3)).toEqual(RATED);
  expect(state.status).toBe('SUCCEEDED');
});

test('a rung that gave the lead to somebody else tells the run, which waits on', async () => {
  const { calls, path } = await going(({ use, step }, nth) => {
    if (use === 'wait' && step === 'accept' && nth === 0) return undefined;
    return use === 'climb' ? { output: { ...clock, handoff: handoff(1) } } : 'well';
  });
  expect(path.slice(HANDED_OFF.length)).toEqual([
    'accept/open-clock',
    'accept/wait',
    'accept/climb',
    'accept/wait',
    ...['work/open-clock', 'work/wait', 'close/open-clock', 'close/wait'],
  ]);
  expect(calls.at(-1)?.handoff).toEqual(handoff(1));
});

test('nobody accepts: the next owner is asked, then marketing gets the lead back with the reason', async () => {
  const { calls, path } = await going(({ use }, nth) => {
    if (use === 'wait') return undefined;
    if (use === 'reassign' && nth === 1) return { error: 'Reassign.Exhausted', cause: 'nobody' };
    return 'well';
  });
  const asked = ['accept/open-clock', 'accept/wait', 'accept/climb', 'reassign'];
  expect(path).toEqual([...HANDED_OFF, ...asked, ...asked, 'nurture']);
  expect(calls.at(-1)).toMatchObject({
    use: 'hand-back',
    reason: 'no_action',
    handoff: handoff(1),
  });
});

test('a rung that only reminds goes back to the wait', async () => {
  const { path } = await going(({ use, step }, nth) => {
    if (step === 'accept' && use === 'wait' && nth < 2) return undefined;
    return use === 'climb' ? { output: clock } : 'well';
  });
  const reminded = ['accept/climb', 'accept/wait'];
  expect(path.slice(0, 13)).toEqual([...ACCEPTED, ...reminded, ...reminded]);
});

test('a clock that is changed while a run waits is asked again at once', async () => {
  const { path } = await going(({ use, step }, nth) => {
    const changed = step === 'accept' && use === 'wait' && nth === 0;
    if (changed) return { error: 'Clock.Changed' };
    return use === 'climb' ? { output: clock } : 'well';
  });
  expect(path.slice(0, 11)).toEqual([...ACCEPTED, 'accept/climb', 'accept/wait']);
});

test.each([
  ['accept', 'no_budget'],
  ['work', 'bad_timing'],
  ['close', 'chose_competitor'],
])('a rejection in %s goes straight to nurture with its reason', async (waiting, reason) => {
  const { calls } = await going(({ use, step }) =>
    use === 'wait' && step === waiting ? rejected(reason) : 'well',
  );
  expect(calls.at(-2)).toMatchObject({ use: 'wait', step: waiting });
  expect(calls.at(-1)).toMatchObject({ use: 'hand-back', reason });
});

test('a vendor that is down for hours delays a hand-off and does not lose it', async () => {
  const { state, calls } = await going(({ use }, nth) =>
    use === 'hand-off' && nth < 12 ? { error: 'HubError.retry', cause: 'down' } : 'well',
  );
  const tries = calls.filter(({ use }) => use === 'hand-off');
  expect(tries).toHaveLength(13);
  expect(new Set(tries.map(({ entered }) => entered)).size).toBe(1);
  expect(state.status).toBe('SUCCEEDED');
});

test('what no retry can mend fails the run at once, in the name of the step', async () => {
  const { state, calls } = await going(({ use }) =>
    use === 'route' ? { error: 'HubError.config', cause: 'no policy' } : 'well',
  );
  expect(calls.at(-1)).toMatchObject({ step: 'route' });
  expect(state).toMatchObject({
    status: 'FAILED',
    error: 'HubError.config',
    cause: 'route: no policy',
  });
});
