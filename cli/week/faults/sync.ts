import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import type { VendorRecord } from '#core/operations.ts';
import { Person } from '#core/records/person.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';

/** What marketing operations bring into line each afternoon, beside what the playbook does. */
export interface Sync {
  /** Writes everybody to their CRM, a batch each, and their stage to HubSpot. */
  run(): Promise<void>;
  /** What the last run could not write, in words. */
  undone(): readonly string[];
}

const CRMS = ['salesforce', 'hubspot'] as const;
const Outcomes = z.object({
  outcomes: z.array(
    z.object({ key: z.string(), refused: z.object({ code: z.string() }).optional() }),
  ),
});
const Staged = z.object({ written: z.boolean() });

/** The stage of HubSpot that is reached by being handed to sales. */
const WITH_SALES = 'salesqualifiedlead';

/** What fails today is written tomorrow: each run writes all there is to write. */
export function openSync({ db, hub }: EmbeddedHub): Sync {
  let runs = 0;
  let undone: string[] = [];
  const call = (connection: string, operation: string, input: object) =>
    hub.operations.call({
      ...{ connection, operation, input, recovering: false, urgency: 'backfill' },
      key: `sync/${runs}/${connection}/${operation}`,
    });
  const unlessFailed = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!isHubError(error)) throw error;
      undone.push(`${what}: ${error.code}`);
    }
  };
  const write = (connection: string, known: readonly Known[]) =>
    unlessFailed(`people of ${connection}`, async () => {
      const people = known.map(({ person, record }) => ({
        ...{ key: person.id, record, email: person.facts.email },
        facts: { title: person.facts.title },
      }));
      const { outcomes } = Outcomes.parse(await call(connection, 'people.upsert', { people }));
      for (const { key, refused } of outcomes)
        if (refused !== undefined) undone.push(`${key} in ${connection}: ${refused.code}`);
    });
  const stage = ({ person, record }: Known) =>
    unlessFailed(`stage of ${person.id}`, async () => {
      if (person.standing !== 'with-sales') return;
      const said = await call('hubspot', 'person.stage', { record, stage: WITH_SALES });
      if (!Staged.parse(said).written) undone.push(`stage of ${person.id}: not written`);
    });

  return {
    undone: () => undone,
    async run() {
      runs += 1;
      undone = [];
      const people = peopleIn(db);
      for (const connection of CRMS) {
        const known = knownIn(connection, people);
        for (let start = 0; start < known.length; start += MOST_AT_ONCE)
          await write(connection, known.slice(start, start + MOST_AT_ONCE));
      }
      for (const one of knownIn('hubspot', people)) await stage(one);
    },
  };
}

const MOST_AT_ONCE = 100;

interface Known {
  readonly person: Person;
  readonly record: VendorRecord;
}

function knownIn(connection: string, people: readonly Person[]): Known[] {
  return people.flatMap((person) => {
    const ref = person.external.find(
      (one) => one.connection === connection && (one.kind === 'lead' || one.kind === 'contact'),
    );
    // A converted lead cannot be written any more.
    if (ref === undefined || person.standing === 'won' || person.standing === 'lost') return [];
    return [{ person, record: { kind: ref.kind, id: ref.id } }];
  });
}

/** Everybody in the store, in the order of their ids. */
export function peopleIn({ sql }: EmbeddedHub['db']): Person[] {
  const rows = sql.prepare("select data from items where type = 'person' order by pk").all();
  return (rows as { data: string }[]).map(({ data }) => Person.parse(JSON.parse(data)));
}
