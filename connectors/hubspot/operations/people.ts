import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { isHubError } from '#core/errors.ts';
import { PersonFacts } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import { contactProperties } from '../contacts.ts';
import type { HubspotContext } from '../credentials.ts';
import { HubspotObject, objectPath } from '../objects.ts';

/** HubSpot's specification names no limit and its guide says 100: the hub holds to the guide. */
const MOST_CONTACTS = 100;

const Written = z.object({
  results: z.array(
    HubspotObject.extend({ new: z.boolean().optional(), objectWriteTraceId: z.string().nullish() }),
  ),
  errors: z
    .array(
      z.object({
        category: z.string().optional(),
        context: z.object({ objectWriteTraceId: z.array(z.string()).optional() }).optional(),
      }),
    )
    .optional(),
});

const Entry = z.strictObject({
  /** What the caller knows this person by; the outcome has it, too. */
  key: z.string().min(1),
  email: z.string().optional(),
  facts: PersonFacts,
  record: VendorRecord.optional(),
});

const Outcome = z.strictObject({
  key: z.string(),
  record: VendorRecord.optional(),
  created: z.boolean().optional(),
  /** Why this one was refused; the others of the batch are written all the same. */
  refused: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
type Said = Omit<z.infer<typeof Outcome>, 'key'>;

/** One contact to be written, for all entries that name it: HubSpot refuses a batch with twins. */
interface Target {
  readonly keys: string[];
  /** The address, or the record's id where that is known. */
  readonly id: string;
  readonly email: string | undefined;
  facts: PersonFacts;
}

/**
 * Idempotent: a repeat writes the same. Two calls at most, one for contacts whose record is known
 * and one for those known by address; a batch that is refused as a whole is halved until those
 * who are to blame are alone. https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 */
export const upsertPeople = defineOperation({
  summary:
    'Writes up to 100 contacts, each with everything known of the person, and says what became of each.',
  idempotent: true,
  input: z.strictObject({ people: z.array(Entry).min(1).max(MOST_CONTACTS) }),
  output: z.strictObject({ outcomes: z.array(Outcome) }),

  async run(context: HubspotContext, { people }) {
    const said = new Map<string, Said>();
    for (const verb of ['update', 'upsert'] as const) {
      const targets = targetsOf(
        people.filter(({ record }) => (record ? 'update' : 'upsert') === verb),
      );
      const most = context.settings.limits.batch;
      for (let start = 0; start < targets.length; start += most) {
        const batch = targets.slice(start, start + most);
        const outcomes = await writeBatch(context, verb, batch);
        batch.forEach(({ keys }, index) => {
          for (const key of keys) said.set(key, outcomes[index] ?? refused('unknown'));
        });
      }
    }
    return { outcomes: people.map(({ key }) => ({ key, ...(said.get(key) ?? NAMELESS) })) };
  },
});

const NAMELESS: Said = {
  refused: {
    code: 'hubspot_email_missing',
    message: 'A contact needs an e-mail address or a record.',
  },
};

function refused(category: string): Said {
  return { refused: { code: category, message: `HubSpot refused the contact (${category}).` } };
}

function targetsOf(people: readonly z.infer<typeof Entry>[]): Target[] {
  const targets = new Map<string, Target>();
  for (const { key, record, facts, ...entry } of people) {
    const email = entry.email ?? facts.email;
    const id = record?.id ?? email?.toLowerCase();
    if (id === undefined) continue;
    const known = targets.get(id);
    if (known === undefined) targets.set(id, { keys: [key], id, email, facts });
    else {
      known.keys.push(key);
      known.facts = { ...known.facts, ...facts };
    }
  }
  return [...targets.values()];
}

async function writeBatch(
  context: HubspotContext,
  verb: 'update' | 'upsert',
  targets: readonly Target[],
): Promise<Said[]> {
  const inputs = targets.map(({ id, email, facts }, index) => ({
    ...(verb === 'upsert' ? { idProperty: 'email' } : {}),
    id,
    objectWriteTraceId: traceOf(index),
    properties: contactProperties(context.settings, facts, email),
  }));
  try {
    const path = `${objectPath(context, 'contacts')}/batch/${verb}`;
    const { data } = await context.http.post(path, { inputs });
    const answer = Written.parse(data);
    return targets.map((target, index) => outcomeOf(target, index, answer));
  } catch (error) {
    if (!isHubError(error, 'data', 'config', 'conflict')) throw error;
    if (error.code === 'hubspot_permission_missing') throw error;
    if (targets.length === 1) return [{ refused: { code: error.code, message: error.message } }];
    const half = Math.ceil(targets.length / 2);
    const first = await writeBatch(context, verb, targets.slice(0, half));
    return [...first, ...(await writeBatch(context, verb, targets.slice(half)))];
  }
}

const traceOf = (index: number) => `p${index}`;

/** Results come in any order and refused ones are missing from them: by trace, id or address. */
function outcomeOf(
  { id, email }: Target,
  index: number,
  { results, errors = [] }: z.infer<typeof Written>,
): Said {
  const failed = errors.find(({ context }) =>
    context?.objectWriteTraceId?.includes(traceOf(index)),
  );
  if (failed !== undefined) return refused(failed.category ?? 'unknown');
  const written = results.find(
    (one) =>
      one.objectWriteTraceId === traceOf(index) ||
      one.id === id ||
      one.properties['email']?.toLowerCase() === email?.toLowerCase(),
  );
  if (written === undefined) return refused('unknown');
  return { record: { kind: 'contact', id: written.id }, created: written.new ?? false };
}
