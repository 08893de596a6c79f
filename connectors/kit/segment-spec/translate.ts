import { botClassNamed, botClassOf } from '#connectors/kit/bot-class.ts';
import type { Inbound } from '#connectors/kit/connector.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { HubError } from '#core/errors.ts';
import type { Subject, TouchFacts, TranslatedEvent } from '#core/events.ts';
import { asTraits, employeesFrom, factsFrom, text } from './facts.ts';
import { meaningOf } from './meanings.ts';
import { happenedAt, isEcho, Message } from './message.ts';
import type { AnalyticsSettings, Meaning } from './settings.ts';

/** Turns one message of the Segment spec into what it means; `screen` is a page of an app. */
export const translateMessage: Inbound<unknown, AnalyticsSettings>['translate'] = async (
  delivery,
  { connection, settings },
) => {
  const parsed = Message.safeParse(delivery.body);
  if (!parsed.success) {
    throw new HubError(
      'data',
      'segment_message_unreadable',
      'A message is not of the Segment spec.',
    );
  }
  const message = parsed.data;
  if (isEcho(message)) return [];
  const envelope = {
    at: happenedAt(message, delivery.receivedAt),
    sourceId: delivery.dedupeKey,
    subject: subjectOf(message),
  };
  switch (message.type) {
    case 'page':
    case 'screen':
      return [
        { ...envelope, type: 'touch.recorded', touch: pageTouch(message), ...visitor(message) },
      ];
    case 'track':
      return trackEvents(message, envelope, settings);
    case 'identify':
      // RudderStack leaves them in the context.
      return [
        {
          ...envelope,
          type: 'person.changed',
          person: factsFrom({ ...traitsOf(message), ...message.traits }),
        },
      ];
    case 'alias':
      return aliasEvents(message, envelope);
    case 'group':
      return [groupEvent(message, envelope, connection)];
    default:
      return [];
  }
};

type Envelope = Pick<TranslatedEvent, 'at' | 'sourceId' | 'subject'>;

function trackEvents(
  message: Message,
  envelope: Envelope,
  settings: AnalyticsSettings,
): TranslatedEvent[] {
  const event = message.event ?? '';
  const meaning = meaningOf(event, settings);
  switch (meaning) {
    case 'ignore':
      return [];
    case 'unsubscribed':
      return [{ ...envelope, type: 'consent.changed', channel: 'email', granted: false }];
    case 'hand-raise':
    case 'form':
      return [captured(message, envelope, meaning)];
    default:
      return [
        {
          ...envelope,
          type: 'touch.recorded',
          touch: touch(message, meaning, nameOf(message) ?? event),
          ...visitor(message),
        },
      ];
  }
}

/** Need and timeline stay in the words of the person who filled in the form. */
function captured(
  message: Message,
  envelope: Envelope,
  meaning: Extract<Meaning, 'hand-raise' | 'form'>,
): TranslatedEvent {
  const { properties } = message;
  return {
    ...envelope,
    type: 'lead.captured',
    person: factsFrom({ ...traitsOf(message), ...properties }),
    form: text(properties, 'form', 'formName', 'form_name') ?? message.event ?? 'form',
    handRaiser: meaning === 'hand-raise',
    ...knownOnly({
      need: text(properties, 'need', 'message', 'comments'),
      timeline: text(properties, 'timeline', 'timeframe'),
      ...whereFrom(message),
    }),
  };
}

function pageTouch(message: Message): TouchFacts {
  const page = pageOf(message);
  const name =
    text(message.properties, 'title') ??
    text(page, 'title') ??
    message.name ??
    text(message.properties, 'path') ??
    text(page, 'path', 'url') ??
    'page';
  return touch(message, 'page-visited', name);
}

function touch(message: Message, kind: TouchFacts['kind'], name: string): TouchFacts {
  return { kind, name, ...whereFrom(message) };
}

function nameOf({ properties }: Message): string | undefined {
  return text(properties, 'name', 'title', 'asset', 'webinar', 'subject', 'feature', 'content');
}

/**
 * Address, campaign and referrer, the message's own properties before the page around it; and
 * whether a machine was there. The agent itself is not kept.
 */
function whereFrom(message: Message) {
  const page = pageOf(message);
  return knownOnly({
    url: text(message.properties, 'url') ?? text(page, 'url'),
    referrer: text(message.properties, 'referrer') ?? text(page, 'referrer'),
    campaign: campaignOf(message),
    bot: botClassNamed(message.context['bot']) ?? botClassOf(text(message.context, 'userAgent')),
  });
}

function campaignOf({ context }: Message): TouchFacts['campaign'] {
  const given = asTraits(context['campaign']);
  const campaign = knownOnly({
    name: text(given, 'name'),
    source: text(given, 'source'),
    medium: text(given, 'medium'),
  });
  if (Object.keys(campaign).length > 0) return campaign;
  const clickIds = asTraits(context['clickIds']);
  return Object.entries(CLICKED).find(([name]) => text(clickIds, name) !== undefined)?.[1];
}

/** Who sent a visitor that came with a click's id and no campaign; Facebook marks unpaid links, too. */
const CLICKED: Readonly<Record<string, NonNullable<TouchFacts['campaign']>>> = {
  gclid: { source: 'google', medium: 'cpc' },
  gbraid: { source: 'google', medium: 'cpc' },
  wbraid: { source: 'google', medium: 'cpc' },
  msclkid: { source: 'bing', medium: 'cpc' },
  fbclid: { source: 'facebook' },
  li_fat_id: { source: 'linkedin' },
  ttclid: { source: 'tiktok' },
  twclid: { source: 'twitter' },
};

function pageOf({ context }: Message) {
  return asTraits(context['page']);
}

/** What libraries know of the visitor and send along with each message. */
function traitsOf({ context }: Message) {
  return asTraits(context['traits']);
}

function visitor(message: Message) {
  const person = factsFrom(traitsOf(message));
  return Object.keys(person).length === 0 ? {} : { person };
}

function subjectOf(message: Message): Subject {
  const { anonymousId, userId } = message;
  const email =
    text(message.traits, 'email') ??
    text(message.properties, 'email') ??
    text(traitsOf(message), 'email') ??
    (userId?.includes('@') ? userId : undefined);
  return knownOnly({ anonymousId, userId, email });
}

/** An alias says that two names are one visitor; which of them is anonymous it does not say. */
function aliasEvents({ previousId }: Message, envelope: Envelope): TranslatedEvent[] {
  if (!previousId) return [];
  const subject = { ...envelope.subject, anonymousId: previousId };
  return [{ ...envelope, subject, type: 'person.changed', person: {} }];
}

function groupEvent(message: Message, envelope: Envelope, connection: string): TranslatedEvent {
  const { traits, groupId } = message;
  const external = groupId ? { external: [{ connection, kind: 'account', id: groupId }] } : {};
  return {
    ...envelope,
    // A group's traits are the account's: an address among them is not the person's.
    subject: {
      ...knownOnly({ anonymousId: message.anonymousId, userId: message.userId }),
      ...external,
    },
    type: 'account.changed',
    account: knownOnly({
      name: text(traits, 'name'),
      domain: domainOf(text(traits, 'domain', 'website')),
      industry: text(traits, 'industry'),
      employees: employeesFrom(traits),
    }),
  };
}

function domainOf(website: string | undefined): string | undefined {
  return website
    ?.replace(/^https?:\/\//i, '')
    .replace(/^www\./i, '')
    .split(/[/?#:]/)[0]
    ?.toLowerCase();
}
