import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { perform, performMail } from '#core/effects/perform.ts';
import { HubError } from '#core/errors.ts';
import type { MailMessage } from '#core/ports/mail.ts';
import type { OperationCall } from '#core/ports/operations.ts';
import type { Records } from '#core/ports/records.ts';
import { type EmbeddedStore, openStore } from '#test/support/embedded-store.ts';
import { failingAtWrite } from '#test/support/failing-records.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';

/** A vendor that keeps what was written to it, and finds it again by its key. */
function vendor(script: (call: OperationCall, nth: number) => void | Promise<void> = () => {}) {
  const calls: OperationCall[] = [];
  const written = new Map<string, string>();
  return {
    calls,
    written,
    operations: {
      inRole: () => ['crm'],
      fieldsOf: () => [],
      ofVendor: () => ['crm'],
      async call(call: OperationCall) {
        calls.push(call);
        const found = call.recovering ? written.get(call.key) : undefined;
        if (found === undefined) await script(call, calls.length);
        const id = found ?? `task-${written.size + 1}`;
        written.set(call.key, id);
        return { task: { kind: 'task', id } };
      },
    },
  };
}

let order = 0;
const noMail = { send: async () => {} };

const deps = (
  store: EmbeddedStore,
  operations: ReturnType<typeof vendor>['operations'],
  records: Records = store.records,
) => ({ records, operations, mail: noMail, now: store.now, order: () => ++order });

const TASK = {
  key: 'run-1/0/crm-task',
  personId: 'per_1',
  connection: 'crm',
  verb: 'task.create' as const,
  title: 'task for Anna',
  input: {
    record: { kind: 'lead', id: '1' },
    owner: 'anna@northwind.example',
    subject: 'Call Ada',
    body: '',
    dueAt: '2026-12-07T10:00:00.000Z',
  },
};

const logOf = (store: EmbeddedStore) =>
  store
    .rows()
    .filter(({ type }) => type === 'log')
    .map(({ data }) => (JSON.parse(data) as { title: string }).title);

test('an effect happens once, and whoever asks again gets the recorded answer', async () => {
  using store = openStore();
  const { operations, calls } = vendor();
  const hub = deps(store, operations);
  const first = await perform(hub, TASK);
  store.clock.until(store.now().getTime() + 60_000);
  expect(await perform(hub, TASK)).toEqual(first);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ key: TASK.key, recovering: false });
  expect(logOf(store)).toEqual(['task for Anna']);
});

test('another round is another effect', async () => {
  using store = openStore();
  const { operations, written } = vendor();
  const hub = deps(store, operations);
  await perform(hub, TASK);
  await perform(hub, { ...TASK, key: 'run-1/1/crm-task' });
  expect([...written.keys()]).toEqual(['run-1/0/crm-task', 'run-1/1/crm-task']);
});

test('a process that ends at any write leaves one effect, wherever it was', async () => {
  for (const n of [1, 2]) {
    using store = openStore();
    const { operations, written, calls } = vendor();
    const cut = failingAtWrite(store.records, n);
    await expect(perform(deps(store, operations, cut), TASK)).rejects.toMatchObject({
      code: 'cut_off',
    });
    expect(cut.failed).toBe(true);
    await perform(deps(store, operations), TASK);
    expect(written.size).toBe(1);
    // Only a call that may have happened is looked for before it is made again.
    expect(calls.map(({ recovering }) => recovering)).toEqual(n === 1 ? [false] : [false, true]);
    expect(logOf(store)).toEqual(['task for Anna']);
  }
});

test.each([
  ['connection_busy', false],
  ['connection_down', false],
  // Held back half-way: an earlier call of the same operation may have written.
  ['connection_busy', true],
])('after %s a call is looked for only if it went out (%s)', async (code, outcomeUnknown) => {
  using store = openStore();
  const { operations, calls } = vendor((_, nth) => {
    if (nth < 3) throw new HubError('retry', code, 'Later.', { outcomeUnknown });
  });
  const hub = deps(store, operations);
  for (let n = 0; n < 2; n += 1) await expect(perform(hub, TASK)).rejects.toMatchObject({ code });
  await perform(hub, TASK);
  expect(calls.map(({ recovering }) => recovering)).toEqual([
    false,
    outcomeUnknown,
    outcomeUnknown,
  ]);
});

test('what was held back after a lost answer is still looked for', async () => {
  using store = openStore();
  const lost = new HubError('retry', 'vendor_timeout', 'Nothing came.', { outcomeUnknown: true });
  const { operations, calls } = vendor((_, nth) => {
    if (nth === 1) throw lost;
    if (nth === 2) throw new HubError('retry', 'connection_busy', 'Later.');
  });
  const hub = deps(store, operations);
  await expect(perform(hub, TASK)).rejects.toMatchObject({ code: 'vendor_timeout' });
  await expect(perform(hub, TASK)).rejects.toMatchObject({ code: 'connection_busy' });
  await perform(hub, TASK);
  expect(calls.map(({ recovering }) => recovering)).toEqual([false, true, true]);
});

test('a call whose answer was lost is looked for before it is made again', async () => {
  using store = openStore();
  const { operations, calls, written } = vendor();
  const loses = {
    ...operations,
    async call(call: OperationCall) {
      await operations.call(call);
      throw new HubError('retry', 'vendor_timeout', 'Nothing came back.', { outcomeUnknown: true });
    },
  };
  await expect(perform(deps(store, loses), TASK)).rejects.toMatchObject({ code: 'vendor_timeout' });
  expect(await perform(deps(store, operations), TASK)).toEqual({
    task: { kind: 'task', id: 'task-1' },
  });
  expect(calls.map(({ recovering }) => recovering)).toEqual([false, true]);
  expect(written.size).toBe(1);
});

test.each([
  ['data', 'record_locked'],
  ['config', 'picklist_value'],
  ['auth', 'token_refused'],
  ['conflict', 'duplicate'],
] as const)('a refusal (%s) is kept, thrown again and never asked again', async (kind, code) => {
  using store = openStore();
  const { operations, calls } = vendor(() => {
    throw new HubError(kind, code, 'The vendor says no.');
  });
  const hub = deps(store, operations);
  const refusal = { name: `HubError.${kind}`, code, message: 'The vendor says no.' };
  await expect(perform(hub, TASK)).rejects.toMatchObject(refusal);
  await expect(perform(hub, TASK)).rejects.toMatchObject(refusal);
  expect(calls).toHaveLength(1);
  expect(logOf(store)).toEqual(['refused: task for Anna']);
});

test.each([
  ['retry', 'vendor_down'],
  ['defect', 'vendor_answer_unforeseen'],
] as const)('what may pass (%s) is tried again', async (kind, code) => {
  using store = openStore();
  const { operations, calls } = vendor((_call, nth) => {
    if (nth < 3) throw new HubError(kind, code, 'Not now.');
  });
  const hub = deps(store, operations);
  await expect(perform(hub, TASK)).rejects.toMatchObject({ code });
  await expect(perform(hub, TASK)).rejects.toMatchObject({ code });
  await perform(hub, TASK);
  expect(calls.map(({ recovering }) => recovering)).toEqual([false, true, true]);
  expect(logOf(store)).toEqual(['task for Anna']);
});

test('of several who perform an effect at the same time, one calls and the others come back later', async () => {
  using store = openStore();
  const { operations, calls } = vendor();
  const hub = deps(store, operations);
  const all = await Promise.allSettled([
    perform(hub, TASK),
    perform(hub, TASK),
    perform(hub, TASK),
  ]);
  expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const reason of refused)
    expect(reason).toMatchObject({ name: 'HubError.retry', code: 'effect_contended' });
  await perform(hub, TASK);
  expect(calls).toHaveLength(1);
});

test('whoever is overtaken while the vendor works does not undo what the other recorded', async () => {
  using store = openStore();
  const { operations, written } = vendor();
  const hub = deps(store, operations);
  let overtaking: Promise<unknown> | undefined;
  const slow = {
    ...operations,
    async call(call: OperationCall) {
      const answer = await operations.call(call);
      // The state timed out: a second process carries out the same step.
      overtaking = perform(hub, TASK);
      await overtaking;
      return answer;
    },
  };
  await expect(perform(deps(store, slow), TASK)).rejects.toMatchObject({ name: 'HubError.retry' });
  expect(await perform(hub, TASK)).toEqual(await overtaking);
  expect(written.size).toBe(1);
});

test('a mail whose answer was lost goes again under the same Message-ID', async () => {
  using store = openStore();
  const sent: MailMessage[] = [];
  const hub = { ...deps(store, vendor().operations) };
  const lost = {
    ...hub,
    mail: {
      async send(mail: MailMessage) {
        sent.push(mail);
        throw new HubError('retry', 'mail_unreachable', 'No answer.');
      },
    },
  };
  const mail = { to: 'anna@northwind.example', subject: 's', text: 't', html: 'h' };
  const what = { key: 'run-1/0/mail', personId: 'per_1', title: 'mail to Anna', mail };
  await expect(performMail(lost, what)).rejects.toMatchObject({ code: 'mail_unreachable' });
  const well = { ...hub, mail: { send: async (one: MailMessage) => void sent.push(one) } };
  await performMail(well, what);
  await performMail(well, what);
  expect(sent.map(({ messageId }) => messageId)).toEqual(Array(2).fill('run-1.0.mail@baton'));
});

const Choice = z.strictObject({ owner: z.string() });
const AT = { run: 'run-1', step: 'route', personId: 'per_1' };

test('a decision is taken once: with its reasons, its writes and its log, or not at all', async () => {
  using store = openStore();
  const playbook = await shippedPlaybook();
  const hub = { records: store.records, now: store.now, order: () => ++order, playbook };
  let taken = 0;
  const decide = async () => {
    taken += 1;
    const turn = { pk: 'ROTATION', sk: 'pool', type: 'rotation', version: 1, data: { taken } };
    return {
      result: { owner: `salesperson-${taken}` },
      log: { title: `routed ${taken}`, detail: { why: 'turn' } },
      writes: [{ put: turn, if: 'absent' as const }],
    };
  };
  await expect(
    decideOnce({ ...hub, records: failingAtWrite(store.records, 1) }, AT, Choice, decide),
  ).rejects.toMatchObject({ code: 'cut_off' });
  expect(store.rows()).toEqual([]);

  expect(await decideOnce(hub, AT, Choice, decide)).toEqual({ owner: 'salesperson-2' });
  expect(await decideOnce(hub, AT, Choice, decide)).toEqual({ owner: 'salesperson-2' });
  expect(taken).toBe(2);
  expect(logOf(store)).toEqual(['routed 2']);
  expect(JSON.parse(store.rows().find(({ type }) => type === 'log')?.data ?? '')).toMatchObject({
    detail: { why: 'turn', playbook: playbook.version, run: 'run-1', step: 'route' },
  });
});

test('whoever decides at the same time gets the decision that was first', async () => {
  using store = openStore();
  const playbook = await shippedPlaybook();
  const hub = { records: store.records, now: store.now, order: () => ++order, playbook };
  const decide = (owner: string) => async () => ({
    result: { owner },
    log: { title: owner, detail: {} },
    writes: [],
  });
  const both = await Promise.all([
    decideOnce(hub, AT, Choice, decide('anna')),
    decideOnce(hub, AT, Choice, decide('jonas')),
  ]);
  expect(both[1]).toEqual(both[0]);
  expect(logOf(store)).toHaveLength(1);
});
