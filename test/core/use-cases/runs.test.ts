import { readExisting } from '#core/records/store.ts';
import { endRun } from '#core/runs/end-run.ts';
import { RunLock, runLockKey } from '#core/runs/start-run.ts';
import { ANNA, openHandOff, openHubOfRecords, titlesOf } from '#test/support/hand-off-world.ts';
import { ADA, demoRequest, event, minute } from '#test/support/lead-events.ts';
import { deal } from '#test/support/sales-events.ts';

const raise = (at: string, told: Parameters<typeof demoRequest>[1] = {}) => demoRequest(at, told);

/** A hub to which Ada came, and whose first run is under way. */
async function running() {
  const world = await openHubOfRecords();
  await world.tell(raise(minute(0)));
  const [run] = world.started;
  const { person: personId } = (run?.input ?? {}) as { person: string };
  const workflow = 'inbound-lead';
  return {
    ...world,
    personId,
    lock: async () =>
      (await readExisting(world.hub.records, RunLock, runLockKey(personId, workflow))).data,
    end: (status: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED', run = world.started.at(-1)?.name ?? '') =>
      endRun(world.hub, { run, workflow, person: personId, status }),
    [Symbol.dispose]: () => world.store.dispose(),
  };
}

/** The events that started runs: a start of a run that was started already is none. */
const startedBy = ({ started }: Awaited<ReturnType<typeof running>>) =>
  [...new Map(started.map(({ name, input }) => [name, input])).values()].map(
    (input) => (input as { event: string }).event,
  );

test('a lead starts a run of its own, with a name that can be told', async () => {
  using world = await running();
  expect(world.started).toEqual([
    {
      name: expect.stringMatching(/^inbound-lead-[0-9a-f]{20}-1$/),
      input: { person: world.personId, event: raise(minute(0)).id, workflow: 'inbound-lead' },
    },
  ]);
  expect(await titlesOf(world.store, world.personId)).toEqual([
    'asked to talk to sales (Demo Requested)',
    'workflow inbound-lead started',
  ]);
});

test('news that comes again finds its own run', async () => {
  using world = await running();
  await world.repeat(raise(minute(0)), world.personId);
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(1);
  await world.end();
  await world.repeat(raise(minute(0)), world.personId);
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(1);
});

test('nobody is rated twice at once: a form during a run starts none', async () => {
  using world = await running();
  await world.tell(raise(minute(30), { handRaiser: false, form: 'Newsletter' }));
  await world.end();
  expect(startedBy(world)).toEqual([raise(minute(0)).id]);
});

test('a hand-raise during a run starts the next one after its end', async () => {
  using world = await running();
  const again = raise(minute(30), { need: 'We are in a hurry now.' });
  await world.tell(again);
  expect(world.started).toHaveLength(1);
  await world.end();
  expect(startedBy(world)).toEqual([raise(minute(0)).id, again.id]);
  expect(world.started[1]?.name).toMatch(/-2$/);
  await world.end('SUCCEEDED', world.started[0]?.name);
  expect(world.started).toHaveLength(2);
});

test('a run whose end is told twice starts the next one once', async () => {
  using world = await running();
  await world.tell(raise(minute(30)));
  const [first] = world.started;
  await world.end('SUCCEEDED', first?.name);
  await world.end('SUCCEEDED', first?.name);
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(2);
  expect(await world.lock()).toMatchObject({ count: 2, status: 'running' });
});

test('one form that two systems tell of is one hand-raise', async () => {
  using world = await running();
  const told = raise(minute(1), { connection: 'hubspot', form: 'Contact sales: demo' });
  await world.tell(told);
  await world.end();
  expect(startedBy(world)).toEqual([raise(minute(0)).id]);
});

test('a hand-raise of before the run, told late, starts no second one', async () => {
  using world = await running();
  await world.tell(raise(minute(-30)));
  await world.end();
  expect(startedBy(world)).toEqual([raise(minute(0)).id]);
});

test('news of an earlier run that the bus brings late starts no run again', async () => {
  using world = await running();
  await world.end();
  const second = raise(minute(60));
  await world.tell(second);
  await world.repeat(raise(minute(0)), world.personId);
  await world.end();
  await world.repeat(raise(minute(0)), world.personId);
  expect(startedBy(world)).toEqual([raise(minute(0)).id, second.id]);
});

test('whoever must not be contacted starts no run', async () => {
  using world = await openHubOfRecords();
  const erased = event<'person.erased'>({
    type: 'person.erased',
    at: minute(-10),
    subject: { email: ADA },
  });
  await world.tell(erased, raise(minute(0)));
  expect(world.started).toEqual([]);
});

test('a run that failed leaves its lead in the queue attention, visible, with the error', async () => {
  using world = await openHandOff();
  const ended = {
    run: world.step.run,
    workflow: 'inbound-lead',
    person: world.personId,
    status: 'FAILED' as const,
    error: 'HubError.config',
    cause: 'The CRM knows no such status.',
  };
  await endRun(world.hub, ended);
  const once = world.store.rows();
  await endRun(world.hub, ended);
  expect(world.store.rows()).toEqual(once);
  expect(await world.person()).toMatchObject({
    owner: { kind: 'queue', id: 'attention' },
    nextAction: { what: `look at the failed run ${world.step.run}`, at: minute(240) },
  });
  expect(await world.handoff()).toMatchObject({ status: 'failed', reason: 'run_failed' });
  expect((await world.titles()).at(-1)).toBe('the run failed: HubError.config');
});

test.each([
  ['won', { kind: 'salesperson', id: ANNA }],
  ['lost', { kind: 'queue', id: 'lost' }],
] as const)(
  'a deal that is %s ends with the run, and somebody owns what follows',
  async (outcome, owner) => {
    using world = await openHandOff();
    const closed = deal(minute(60), outcome);
    await world.tell(closed);
    const { run } = world.step;
    const person = world.personId;
    await endRun(world.hub, { run, workflow: 'inbound-lead', person, status: 'SUCCEEDED' });
    expect(await world.handoff()).toMatchObject({ status: outcome });
    expect(await world.person()).toMatchObject({ standing: outcome, owner });
    expect(Date.parse((await world.person()).nextAction.at)).toBeGreaterThan(
      Date.parse(minute(60)),
    );
  },
);
