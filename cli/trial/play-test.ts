import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signAsEverybody } from '#core/agreement/sign-all.ts';
import { CanonicalEvent } from '#core/events.ts';
import { runningClock } from '#core/handoff/signals.ts';
import { shortHash } from '#core/hash.ts';
import { companyDomain } from '#core/identity/domain.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Handoff } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { type HistoryLine, stepsOf } from '#workflows/trial/coverage.ts';
import { type Act, spanMs, type Test } from '#workflows/trial/tests-file.ts';
import { record } from './recording.ts';

const MONDAY = '2026-12-07T08:00:00.000Z';

/** What came of a test. */
export interface Played {
  readonly came: Readonly<Record<string, unknown>>;
  readonly history: readonly HistoryLine[];
}

/** Plays a test of a workflow in a hub of its own, whose vendors only write down what they are asked. */
export async function playTest(playbook: Playbook, workflow: string, test: Test): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'));
  const start = new Date(test.given.at ?? MONDAY);
  const clock = virtualClock(start);
  const recording = record(test.given);
  const embedded = openEmbeddedHub({
    ...{ folder, playbook: only(playbook, workflow), clock, connectors: {}, connections: [] },
    operations: recording.operations,
    mail: recording.mail,
    secrets: { credentials: async () => ({}), signingKey: async () => 'test' },
    durability: 'process-end',
    publicUrl: 'https://hub.test',
  });
  try {
    // What is tested is the playbook as it will be, once everybody has signed it.
    await signAsEverybody(embedded.hub, playbook);
    for (const event of opening(test, start)) await applyEvent(embedded.hub, event);
    await embedded.worker.run(start);
    for (const act of test.when) {
      const at = new Date(start.getTime() + spanMs(act.at));
      await embedded.worker.run(at);
      await clock.until(at.getTime());
      const event = eventOf(act, test, at, ownerIn(embedded));
      if (event !== undefined) await applyEvent(embedded.hub, event);
      await embedded.worker.run(at);
    }
    const history = historyOf(embedded, workflow);
    const seen = { notified: recording.notified(), operations: recording.asked() };
    return { history: history.lines, came: { ...outcome(embedded, history), ...seen } };
  } finally {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** No other workflow of the playbook has a say in the test of one. */
const only = (playbook: Playbook, workflow: string): Playbook => ({
  ...playbook,
  workflows: { [workflow]: playbook.workflows[workflow] },
});

const ADDRESS = 'lead@example.com';

function told(at: Date, more: object): CanonicalEvent {
  const sourceId = shortHash(JSON.stringify(more), at.toISOString());
  const receivedAt = at.toISOString();
  const envelope = { id: `evt_${sourceId}`, at: receivedAt, receivedAt, connection: 'test' };
  return CanonicalEvent.parse({ ...envelope, sourceId, ...more });
}

/** What was known before the lead came in, and its coming in. */
function opening({ given }: Test, start: Date): CanonicalEvent[] {
  const email = given.person.email ?? ADDRESS;
  const person = { ...given.person, email };
  const subject = { email };
  const touches = given.touches.map(({ at, ...touch }) =>
    told(new Date(start.getTime() + spanMs(at)), { type: 'touch.recorded', subject, touch }),
  );
  const domain = companyDomain(person);
  const account =
    given.account === undefined
      ? []
      : [
          told(start, {
            type: 'account.changed',
            subject: {},
            account: { domain, ...given.account },
          }),
        ];
  const { event: type, form, handRaiser } = given;
  const how = type === 'lead.captured' ? { form, handRaiser } : {};
  return [...account, ...touches, told(start, { type, subject, person, ...how })];
}

function eventOf(
  { event, by, reason = 'not_ready', minutes = 30 }: Act,
  { given }: Test,
  at: Date,
  owner: string | undefined,
): CanonicalEvent | undefined {
  if (event === undefined) return undefined;
  const email = given.person.email ?? ADDRESS;
  const signal = { subject: { email }, by: { email: by ?? owner }, via: 'crm' };
  const deal = (outcome: string) => ({
    type: 'opportunity.changed',
    subject: { email },
    opportunity: { ref: { connection: 'test', kind: 'deal', id: 'deal' }, stage: outcome, outcome },
  });
  const events: Readonly<Record<NonNullable<Act['event']>, object>> = {
    accept: { type: 'handoff.accepted', ...signal },
    reject: { type: 'handoff.rejected', ...signal, reason },
    snooze: { type: 'handoff.snoozed', ...signal, minutes },
    work: { type: 'handoff.worked', ...signal, activity: 'call' },
    'open-deal': deal('open'),
    win: deal('won'),
    lose: deal('lost'),
    'ask-again': {
      type: 'lead.captured',
      subject: { email },
      person: { email },
      form: given.form,
      handRaiser: true,
    },
  };
  return told(at, events[event]);
}

/** Records of a kind in a hub that knows one person. */
function dataOf<T>({ db }: EmbeddedHub, type: string): T[] {
  const rows = db.sql.prepare('select data from items where type = ? order by pk, sk').all(type);
  return rows.map((row) => JSON.parse((row as { data: string }).data) as T);
}

const ownerIn = (embedded: EmbeddedHub) => dataOf<Handoff>(embedded, 'handoff').at(-1)?.owner;

interface History {
  readonly status: string | undefined;
  readonly lines: readonly HistoryLine[];
}

/** The first run of the workflow. */
function historyOf({ db }: EmbeddedHub, workflow: string): History {
  const run = db.sql
    .prepare('select number, status from runs where workflow = ? order by number limit 1')
    .get(workflow) as { number: number; status: string } | undefined;
  const rows = db.sql.prepare('select events from history where run = ? order by seq');
  const lines = rows
    .all(run?.number ?? 0)
    .flatMap((row) => JSON.parse((row as { events: string }).events) as HistoryLine[]);
  return { status: run?.status, lines };
}

const STATUS: Readonly<Record<string, string>> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
};

function outcome(embedded: EmbeddedHub, { status, lines }: History): Record<string, unknown> {
  const person = dataOf<Person>(embedded, 'person')[0];
  const handoff = dataOf<Handoff>(embedded, 'handoff').at(-1);
  const { rating, lane } = ratedIn(lines);
  return {
    steps: stepsOf(lines),
    status: status === undefined ? 'not started' : (STATUS[status] ?? 'failed'),
    standing: person?.standing,
    owner: person && nameOf(person.owner),
    rating,
    lane,
    round: handoff?.round,
    reason: handoff?.reason,
    clock: handoff && runningClock(handoff)?.clock,
  };
}

const nameOf = ({ kind, id }: Person['owner']) => (kind === 'salesperson' ? id : `${kind}:${id}`);

/** What the run itself took the rating to be. */
function ratedIn(lines: readonly HistoryLine[]): { rating?: unknown; lane?: unknown } {
  const assigned = lines.flatMap(({ details }) => {
    const { score } = (details['assignedVariables'] ?? {}) as { score?: object };
    return score === undefined ? [] : [score];
  });
  return assigned.at(-1) ?? {};
}
