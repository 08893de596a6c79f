import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import type { Agenda } from '#cli/week/agenda.ts';
import type { PersonFacts, TranslatedEvent } from '#core/events.ts';
import type { Playbook } from '#core/playbook.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person } from '#core/records/person.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { type Invitation, openRecorder, type Recorder } from './recorder.ts';
import { TOLD, telling, told } from './told.ts';

/** A whole hub on a clock that jumps, which hears what it is told and can send nothing. */
export interface Stage {
  readonly recorder: Recorder;
  readonly now: () => Date;
  /** Puts events into the hub's inbox, the way every vendor's come. */
  tell(events: readonly TranslatedEvent[]): Promise<void>;
  /** Lets the agenda and the hub's own timers happen, in the order of time, up to an instant. */
  play(agenda: Agenda, until: Date, onMoment?: (now: Date) => void): Promise<void>;
  people(): Person[];
  handoffs(): Handoff[];
  /** How much could not be understood. */
  quarantined(): number;
  /** Where the store lies until it is closed. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly playbook: Playbook;
  readonly from: Date;
  readonly onInvitation?: ((invitation: Invitation) => void) | undefined;
  readonly enrich?: ((email: string) => PersonFacts | undefined) | undefined;
}

export function openStage(options: StageOptions): Stage {
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
  const rows = (type: string) => rowsOf(embedded, type);
  return {
    recorder,
    folder,
    now: () => clock.now(),
    async tell(events) {
      await embedded.receive({ vendor: TOLD, connection: TOLD }, telling(events));
    },
    async play(agenda, until, onMoment) {
      const end = until.getTime();
      for (;;) {
        const at = Math.min(agenda.nextAt(), embedded.jobs.nextAt() ?? Number.POSITIVE_INFINITY);
        if (at > end) break;
        await clock.until(at);
        await agenda.act(clock.now());
        await embedded.worker.run(clock.now());
        onMoment?.(clock.now());
      }
      await clock.until(end);
    },
    people: () => rows('person').map((row) => Person.parse(row)),
    handoffs: () => rows('handoff').map((row) => Handoff.parse(row)),
    quarantined: () => rows('quarantined').length,
    async close() {
      await embedded.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function rowsOf({ db }: EmbeddedHub, type: string): unknown[] {
  const rows = db.sql
    .prepare('select data from items where type = ? order by pk, sk')
    .all(type) as { data: string }[];
  return rows.map(({ data }) => JSON.parse(data) as unknown);
}
