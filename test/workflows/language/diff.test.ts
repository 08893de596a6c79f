import * as fc from 'fast-check';
import type { Playbook } from '#core/playbook.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { diffPlaybooks } from '#workflows/language/diff.ts';
import { differences } from '#workflows/language/diff-json.ts';
import type { Workflow } from '#workflows/language/workflow.ts';

type Loose = Record<string, never> & { [name: string]: Loose & Loose[] };

/** What differs after a change to a copy of the shipped playbook. */
async function after(change: (playbook: Loose) => void) {
  const shipped = await shippedPlaybook();
  const copy = structuredClone(shipped) as unknown as Loose;
  change(copy);
  return diffPlaybooks(shipped, copy as unknown as Playbook);
}

const stepsOf = (playbook: Loose) =>
  (playbook as unknown as Playbook).workflows['inbound-lead'] as {
    steps: Workflow['steps'][number][];
  };
const set = (thing: object | undefined, more: object) => Object.assign(thing ?? {}, more);

test.each<[string, (playbook: Loose) => void, object]>([
  [
    'a step that is gone',
    (one) =>
      void stepsOf(one).steps.splice(
        stepsOf(one).steps.findIndex(({ id }) => id === 'brief'),
        1,
      ),
    {
      part: 'workflow inbound-lead',
      what: 'step brief: removed',
      concerns: { kind: 'runs', workflow: 'inbound-lead', step: 'brief' },
    },
  ],
  [
    'a step that was put in',
    (one) => void stepsOf(one).steps.splice(1, 0, { id: 'wait', end: true }),
    {
      what: 'step wait: added after enrich',
      concerns: { kind: 'runs', workflow: 'inbound-lead' },
    },
  ],
  [
    'a step that was moved',
    (one) => {
      const { steps } = stepsOf(one);
      const [first] = steps.splice(0, 1);
      if (first !== undefined) steps.splice(1, 0, first);
    },
    { what: expect.stringMatching(/^step \w+: moved (at the top|after \w+)$/) },
  ],
  [
    'a condition',
    (one) => {
      const gate = stepsOf(one).steps.find(({ id }) => id === 'gate') as unknown as {
        choose: { when: string }[];
      };
      set(gate.choose[0], { when: "$score.rating = 'nurture'" });
    },
    {
      what: `step gate, way to decline, when: "$score.rating = 'nurture'", was "$score.rating = 'disqualified'"`,
    },
  ],
  [
    'a time',
    (one) => set(one['clocks']?.['accept']?.['by'], { hot: '2 business hours' }),
    {
      part: 'clocks',
      what: 'accept, time for hot: "2 business hours", was "1 business hour"',
      concerns: { kind: 'clocks', clock: 'accept' },
    },
  ],
  [
    'a person who left',
    (one) => void (one as unknown as Playbook).people.salespeople.shift(),
    { part: 'people', what: expect.stringMatching(/^salesperson \S+@\S+: removed$/) },
  ],
  [
    'a part that nobody foresaw',
    (one) => set(one, { promises: { first: { of: 1 } } }),
    { part: 'promises', what: 'added' },
  ],
])('%s is told', async (_, change, told) => {
  expect(await after(change)).toContainEqual(expect.objectContaining(told));
});

test('the same playbook differs in nothing', async () => {
  expect(await after(() => {})).toEqual([]);
});

const thing = fc.record({ id: fc.stringMatching(/^[a-z]{1,3}$/), points: fc.nat(3) });
const list = fc.uniqueArray(thing, { selector: ({ id }) => id, maxLength: 8 });

test('law: nothing is told of equal lists, and of others something', () => {
  fc.assert(
    fc.property(list, list, (one, other) => {
      expect(differences(one, one)).toEqual([]);
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(differences(one, other).length > 0).toBe(!same);
    }),
  );
});

test('law: whoever takes one thing out of a list and puts another in is told of no more', () => {
  fc.assert(
    fc.property(list, fc.nat(), (one, at) => {
      fc.pre(one.length > 0);
      const index = at % one.length;
      const told = differences(one, one.toSpliced(index, 1, { id: 'new!', points: 0 }));
      expect(told.map(({ kind }) => kind)).toEqual(['added', 'removed']);
    }),
  );
});
