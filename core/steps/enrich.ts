import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import { Instant, PersonFacts } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import { VERBS } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, untilWritten } from '#core/records/store.ts';
import type { StepRun } from './step-run.ts';

const CachedAnswer = z.strictObject({ at: Instant, facts: PersonFacts.nullable() });

/** Job data goes stale slowly; a miss is asked again sooner, because providers learn. */
const CACHE_DAYS = { hit: 90, miss: 14 } as const;
const DAY_MS = 86_400_000;

/** Whatever a person or a colleague says is newer, however late it is told. */
const BEFORE_ALL = new Date(0).toISOString();

type Status = 'hit' | 'miss' | 'cached' | 'skipped';

/**
 * Asks the enrichment provider for what is not known of a person, within a budget of time; a late
 * answer is a miss, because routing never waits for it. Facts that are known already stay.
 */
export async function enrich(
  hub: Hub,
  step: StepRun,
  options: { withinMs: number },
): Promise<{ status: Status }> {
  const { data: person } = await readExisting(hub.records, Person, personKey(step.person));
  const connection = hub.operations.inRole('enrichment')[0];
  const { email } = person.facts;
  if (connection === undefined || email === undefined) return { status: 'skipped' };

  const key = { pk: `ENRICHMENT#${connection}#${shortHash(email)}`, sk: 'ENRICHMENT' };
  const cached = await read(hub.records, CachedAnswer, key);
  if (cached !== undefined && fresh(cached.data, hub.now())) {
    if (cached.data.facts !== null) await learn(hub, step, cached.data.facts, connection);
    return { status: 'cached' };
  }

  const facts = await ask(hub, connection, step, email, options.withinMs);
  const version = (cached?.version ?? 0) + 1;
  const expiresAt = Math.ceil(hub.now().getTime() / 1000) + CACHE_DAYS.hit * 86_400;
  await hub.records.write([
    {
      put: {
        ...key,
        type: 'enrichment',
        version,
        expiresAt,
        data: { at: hub.now().toISOString(), facts },
      },
    },
  ]);
  if (facts === null) return { status: 'miss' };
  await learn(hub, step, facts, connection);
  return { status: 'hit' };
}

async function ask(
  hub: Hub,
  connection: string,
  step: StepRun,
  email: string,
  withinMs: number,
): Promise<PersonFacts | null> {
  try {
    const answer = await hub.operations.call({
      connection,
      operation: 'person.enrich',
      input: { email, timeoutMs: withinMs },
      key: `${step.run}/${step.step}`,
      recovering: false,
    });
    const parsed = VERBS['person.enrich'].output.parse(answer);
    return parsed.status === 'hit' ? parsed.facts : null;
  } catch (error) {
    if (!isHubError(error)) throw error;
    // The workflow goes on without enrichment, so a retry here would only keep the lead waiting.
    throw new HubError(
      'config',
      'enrichment_failed',
      `${connection} gave no answer: ${error.message}`,
      { cause: error },
    );
  }
}

function learn(hub: Hub, step: StepRun, facts: PersonFacts, from: string): Promise<void> {
  return untilWritten(async () => {
    const { data: person, version } = await readExisting(
      hub.records,
      Person,
      personKey(step.person),
    );
    const unknown = Object.entries(facts).filter(
      ([field, value]) =>
        value !== undefined && person.facts[field as keyof PersonFacts] === undefined,
    );
    if (unknown.length === 0) return;
    const at = hub.now().toISOString();
    const learnt: Person = {
      ...person,
      facts: { ...person.facts, ...Object.fromEntries(unknown) },
      factsAt: {
        ...Object.fromEntries(unknown.map(([field]) => [field, BEFORE_ALL])),
        ...person.factsAt,
      },
    };
    const fields = unknown.map(([field]) => field);
    await hub.records.write([
      { put: personItem(learnt, version + 1), if: { version } },
      {
        put: logItem(hub, person.id, `${step.run}/${step.step}`, {
          at,
          kind: 'decision',
          title: `enriched by ${from}: ${fields.join(', ')}`,
          detail: { fields, from },
        }),
      },
    ]);
  });
}

function fresh(answer: z.infer<typeof CachedAnswer>, now: Date): boolean {
  const days = answer.facts === null ? CACHE_DAYS.miss : CACHE_DAYS.hit;
  return now.getTime() - Date.parse(answer.at) < days * DAY_MS;
}
