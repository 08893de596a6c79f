import * as z from 'zod';
import type { Inbound } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { type PersonFacts, type Subject, TouchKind, type TranslatedEvent } from '#core/events.ts';
import type { MarketoCredentials } from './credentials.ts';
import { readFacts, text } from './facts.ts';
import { happenedAt } from './instant.ts';
import type { MarketoMeaning, MarketoSettings } from './settings.ts';
import { Told } from './told.ts';
import { translateActivity } from './translate-activity.ts';
import { translateLead } from './translate-lead.ts';

/** Turns a webhook's call, a row of the activity log or a changed lead into what it means. */
export const translate: Inbound<MarketoCredentials, MarketoSettings>['translate'] = async (
  delivery,
  context,
) => {
  const told = Told.parse(delivery.body);
  if ('activity' in told) return translateActivity(told, delivery, context);
  if ('changed' in told) return translateLead(told, delivery, context);

  const { connection, settings } = context;
  const meaning = meaningOf(told.event, settings);
  if (meaning === 'ignore') return [];
  const lead = Lead.parse(told.lead);
  const person = readFacts(told.lead);
  const subject: Subject = {
    external: [{ connection, kind: 'lead', id: String(lead.leadId) }],
    ...(person.email === undefined ? {} : { email: person.email }),
  };
  const envelope = {
    at: happenedAt(lead.at, delivery.receivedAt, settings.timeZone),
    sourceId: delivery.dedupeKey,
    subject,
  };
  return [toEvent(meaning, told.event, lead, person, envelope)];
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

const Lead = z.object({
  leadId: z.union([z.number(), z.string()]),
  at: text,
  program: text,
  campaign: text,
  asset: text,
  url: text,
});
type Lead = z.infer<typeof Lead>;
