import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { verifyFolder } from '#cli/store/verify-folder.ts';
import type { Agenda } from '#cli/week/agenda.ts';
import { signAsEverybody } from '#core/agreement/sign-all.ts';
import type { PersonFacts, TranslatedEvent } from '#core/events.ts';
import type { Playbook } from '#core/playbook.ts';
import { Handoff, handoffKey, readInvitation } from '#core/records/handoff.ts';
import { Person } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { groupBy } from './group-by.ts';
import { type Invitation, openRecorder, type Recorder } from './recorder.ts';
import { TOLD, telling, told } from './told.ts';

/** A whole hub on a clock that jumps, which hears what it is told and can send nothing. */
export interface Stage {
  readonly recorder: Recorder;
  readonly now: () => Date;
  /** Puts events into the hub's inbox, the way every vendor's come. */
  tell(events: readonly TranslatedEvent[]): Promise<void>;
  /** Lets the agenda and the hub's own timers happen, in the order of time, up to an instant. */
  play(agenda: Agenda, until: Date): Promise<void>;
  /** Plans to tell events, each when it happened. */
  plan(agenda: Agenda, events: readonly TranslatedEvent[]): void;
  /** Whether an invitation still stands, as anybody sees in the CRM. */
  stands(invitation: string): Promise<boolean>;
  people(): Person[];
  handoffs(): Handoff[];
  /** What is wrong with the books: leads that could get lost, runs that failed, events nobody understood. */
  findings(): string[];
  close(): Promise<void>;
}

export interface StageOptions {
  readonly playbook: Playbook;
  readonly from: Date;
  readonly onInvitation?: ((invitation: Invitation) => void) | undefined;
  readonly enrich?: ((email: string) => PersonFacts | undefined) | undefined;
}

/** Opens a stage on which everybody has signed what the playbook wants signed. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { playbook, from } = options;
  const clock = virtualClock(from);
  const folder = mkdtempSync(join(tmpdir(), 'baton-rehearsal-'));
  const recorder = openRecorder(options);
  const embedded = openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook,
    connectors: { [TOLD]: told },
    connections: [{ name: TOLD, vendor: TOLD, roles: [], settings: {} }],
    operations: recorder.operations,
    secrets: memorySecrets({}),
    mail: recorder.mail,
    clock,
    publicUrl: 'https://nowhere.invalid',
  });
  await signAsEverybody(embedded.hub, playbook);
  const rows = (type: string) => rowsOf(embedded, type);
  const tell: Stage['tell'] = async (events) => {
    await embedded.receive({ vendor: TOLD, connection: TOLD }, telling(events));
  };
  const people = () => rows('person').map((row) => Person.parse(row));
  return {
    recorder,
    now: () => clock.now(),
    tell,
    plan(agenda, events) {
      for (const [at, ofMoment] of groupBy(events, (event) => event.at))
        agenda.plan(new Date(at), () => tell(ofMoment));
    },
    async stands(invitation) {
      const { id, round } = readInvitation(invitation);
      const stored = await read(embedded.hub.records, Handoff, handoffKey(id));
      return stored?.data.status === 'open' && stored.data.round === round;
    },
    async play(agenda, until) {
      const end = until.getTime();
      for (;;) {
        const at = Math.min(agenda.nextAt(), embedded.jobs.nextAt() ?? Number.POSITIVE_INFINITY);
        if (at > end) break;
        await clock.until(at);
        await agenda.act(clock.now());
        await embedded.worker.run(clock.now());
      }
      await clock.until(end);
    },
    people,
    handoffs: () => rows('handoff').map((row) => Handoff.parse(row)),
    findings: () => findingsIn(folder, people(), rows('quarantined').length),
    async close() {
      await embedded.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findingsIn(folder: string, people: readonly Person[], quarantined: number): string[] {
  const failed = people.filter(({ owner }) => owner.kind === 'queue' && owner.id === 'attention');
  return [
    ...verifyFolder(folder).findings.map(({ about, message }) => `${about} ${message}`),
    ...failed.map(({ id, nextAction }) => `${id} is left to be looked at: ${nextAction.what}`),
    ...(quarantined > 0 ? [`${quarantined} events could not be understood`] : []),
  ];
}

function rowsOf({ db }: EmbeddedHub, type: string): unknown[] {
  const rows = db.sql
    .prepare('select data from items where type = ? order by pk, sk')
    .all(type) as { data: string }[];
  return rows.map(({ data }) => JSON.parse(data) as unknown);
}
