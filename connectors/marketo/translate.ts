import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { Inbound } from '#connectors/kit/connector.ts';
import { countryCode } from '#connectors/kit/country.ts';
import { HubError } from '#core/errors.ts';
import { type PersonFacts, type Subject, TouchKind, type TranslatedEvent } from '#core/events.ts';
import type { MarketoCredentials, MarketoMeaning, MarketoSettings } from './credentials.ts';

/** Turns one call of a webhook flow step into what it means. */
export const translate: Inbound<MarketoCredentials, MarketoSettings>['translate'] = async (
  delivery,
  { connection, settings },
) => {
  const { event, lead } = Call.parse(delivery.body);
  const meaning = meaningOf(event, settings);
  if (meaning === 'ignore') return [];

  const person = toFacts(lead);
  const subject: Subject = {
    external: [{ connection, kind: 'lead', id: String(lead.leadId) }],
    ...(person.email === undefined ? {} : { email: person.email }),
  };
  const envelope = {
    at: happenedAt(lead.at, delivery.receivedAt, settings.timeZone),
    sourceId: delivery.dedupeKey,
    subject,
  };
  return [toEvent(meaning, event, lead, person, envelope)];
};

function toEvent(
  meaning: Exclude<MarketoMeaning, 'ignore'>,
  event: string,
  lead: Lead,
  person: PersonFacts,
  envelope: Pick<TranslatedEvent, 'at' | 'sourceId' | 'subject'>,
): TranslatedEvent {
  const campaign = lead.campaign === undefined ? {} : { campaign: { name: lead.campaign } };
  const program = lead.program === undefined ? {} : { program: lead.program };
  switch (meaning) {
    case 'mql':
      return { ...envelope, type: 'lead.qualified', person, ...program, ...campaign };
    case 'unsubscribed':
      return { ...envelope, type: 'consent.changed', channel: 'email', granted: false };
    default:
      return {
        ...envelope,
        type: 'touch.recorded',
        touch: {
          kind: meaning,
          name: lead.asset ?? lead.program ?? lead.campaign ?? event,
          ...(lead.url === undefined ? {} : { url: lead.url }),
          ...campaign,
        },
        person,
      };
  }
}

/** A name that is no meaning of its own must be mapped: silence would lose leads. */
function meaningOf(event: string, settings: MarketoSettings): MarketoMeaning {
  const mapped = settings.events[event];
  if (mapped !== undefined) return mapped;
  if (event === 'mql' || event === 'unsubscribed') return event;
  const kind = TouchKind.safeParse(event);
  if (kind.success) return kind.data;
  throw new HubError(
    'config',
    'marketo_event_unmapped',
    `A Marketo webhook sends the event '${event}', which means nothing here: say what it means in the connection's setting events.`,
  );
}

/** An unset token comes as an empty string or null: unknown either way. */
const text = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value) => {
    const trimmed = value === null || value === undefined ? '' : String(value).trim();
    return trimmed === '' ? undefined : trimmed;
  });

const count = text.transform((value) => {
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) && number >= 0 ? number : undefined;
});

const Lead = z.object({
  leadId: z.union([z.number(), z.string()]),
  at: text,
  email: text,
  status: text,
  program: text,
  campaign: text,
  asset: text,
  url: text,
  firstName: text,
  lastName: text,
  title: text,
  phone: text,
  company: text,
  website: text,
  // In whatever words the forms of this instance use.
  country: text.transform((value) => countryCode(value ?? '')),
  region: text,
  industry: text,
  employees: count,
  owner: text,
  selfReportedSource: text,
});
type Lead = z.infer<typeof Lead>;

const Call = z.object({ event: z.string(), lead: Lead });

const NOT_FACTS = new Set(['leadId', 'at', 'program', 'campaign', 'asset', 'url']);

function toFacts(lead: Lead): PersonFacts {
  return Object.fromEntries(
    Object.entries(lead).filter(([name, value]) => value !== undefined && !NOT_FACTS.has(name)),
  );
}

/**
 * Reads `{{system.dateTime}}`: ISO with any offset (Marketo writes `+0000` in places), or without
 * one in the subscription's time zone. What can't be read, or lies in the future, is now.
 */
function happenedAt(at: string | undefined, receivedAt: string, timeZone: string): string {
  const instant = at === undefined ? undefined : readInstant(at, timeZone);
  return instant === undefined || instant > receivedAt ? receivedAt : instant;
}

function readInstant(at: string, timeZone: string): string | undefined {
  try {
    const iso = at.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
    const zoned = /(Z|[+-]\d\d:\d\d)$/.test(iso)
      ? Temporal.Instant.from(iso)
      : Temporal.PlainDateTime.from(iso).toZonedDateTime(timeZone);
    return new Date(zoned.epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}
