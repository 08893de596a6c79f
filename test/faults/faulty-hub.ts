import { connectors } from '#connectors/index.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import type { HubClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import type { Job } from '#platform/embedded/jobs.ts';
import { hubAnswer } from '#platform/embedded/server.ts';
import { webRequest } from '#test/support/web-request.ts';

/** Where a process can end so that it matters: around each commit and each act of a vendor. */
export type Point =
  | 'before a commit'
  | 'after a commit'
  | 'before a vendor acts'
  | 'after a vendor acted';

/** Told of each point as it is reached, from 1; answers whether the process ends there. */
export type EndsAt = (point: Point, number: number) => boolean;

interface Surroundings {
  readonly folder: string;
  readonly playbook: Playbook;
  readonly connections: readonly Connection[];
  readonly secrets: Secrets;
  readonly mail: Mail;
  readonly clock: HubClock;
  /** Called while no process lives, before the next one begins. */
  readonly whileDown: () => void;
  readonly onTrouble?: (job: Job, error: unknown) => void;
}

/** A hub that lives through the ends of its process: each time it is opened again over its folder. */
export interface FaultyHub {
  readonly embedded: EmbeddedHub;
  /** How many points were reached, in all its lives. */
  readonly points: number;
  readonly ends: number;
  /** Does something that is done again from its beginning if the process ends in the middle. */
  surviving<T>(act: (embedded: EmbeddedHub) => Promise<T>): Promise<T>;
  /** A request as the web brings it; 0 is a connection that broke, because the process ended. */
  request(path: string, sent: OutgoingRequest): Promise<number>;
  close(): Promise<void>;
}

const PUBLIC_URL = 'https://hub.sandbox.test';

const ENDED = Symbol('the process ended');

interface Life {
  readonly embedded: EmbeddedHub;
  readonly ended: Promise<typeof ENDED>;
}

/**
 * Opens a hub whose process ends where `endsAt` says so. It ends as a process does: whatever was
 * under way never goes on, no handler of errors runs, and only what was committed is there.
 */
export function openFaultyHub(surroundings: Surroundings, endsAt: EndsAt): FaultyHub {
  let points = 0;
  let ends = 0;

  const live = (): Life => {
    let end = () => {};
    const ended = new Promise<typeof ENDED>((resolve) => {
      end = () => resolve(ENDED);
    });
    const never = new Promise<never>(() => {});
    let over = false;
    /** Goes on, or never. */
    const pass = (point: Point): Promise<void> | undefined => {
      if (over) return never;
      points += 1;
      if (!endsAt(point, points)) return undefined;
      over = true;
      end();
      return never;
    };
    const acting =
      <Given extends unknown[], T>(act: (...given: Given) => Promise<T>) =>
      async (...given: Given): Promise<T> => {
        await pass('before a vendor acts');
        const answer = await act(...given);
        await pass('after a vendor acted');
        return answer;
      };
    const embedded = openEmbeddedHub({
      ...surroundings,
      durability: 'process-end',
      connectors,
      mail: { send: acting((message) => surroundings.mail.send(message)) },
      publicUrl: PUBLIC_URL,
    });
    const { db, connections } = embedded;
    const { write } = db;
    const call = connections.call.bind(connections);
    const journalled: typeof write = async (work) => {
      await pass('before a commit');
      const written = await write(work);
      await pass('after a commit');
      return written;
    };
    Object.assign(db, { write: journalled });
    Object.assign(connections, { call: acting(call) });
    return { embedded, ended };
  };

  let life = live();
  const begin = (): void => {
    ends += 1;
    life.embedded.db.close();
    surroundings.whileDown();
    life = live();
  };
  const attempt = async <T>(act: (embedded: EmbeddedHub) => Promise<T>) => {
    const { embedded, ended } = life;
    const done = await Promise.race([act(embedded).then((value) => ({ value })), ended]);
    if (done === ENDED) begin();
    return done;
  };
  const answer = hubAnswer(() => life.embedded);

  return {
    get embedded() {
      return life.embedded;
    },
    get points() {
      return points;
    },
    get ends() {
      return ends;
    },
    async surviving(act) {
      for (;;) {
        const done = await attempt(act);
        if (done !== ENDED) return done.value;
      }
    },
    async request(path, sent) {
      const done = await attempt(() => answer(webRequest(path, sent)));
      return done === ENDED ? 0 : done.value.status;
    },
    close: () => life.embedded.close(),
  };
}
