import type { CanonicalEvent } from '#core/events.ts';

/** What the timeline adds to the words of an event that was found by asking. */
export const BACKFILLED = ' (back-filled)';

interface Description {
  readonly title: string;
  readonly detail: Record<string, unknown>;
}

const by = (event: { by: { email?: string | undefined }; via: string }) => ({
  by: event.by.email,
  via: event.via,
});

/** What the timeline says of an event. */
export function describeEvent(event: CanonicalEvent): Description {
  switch (event.type) {
    case 'touch.recorded':
      return {
        title: `${event.touch.kind.replaceAll('-', ' ')}: ${event.touch.name}`,
        detail: { ...event.touch },
      };
    case 'lead.captured':
      return {
        title: `${event.handRaiser ? 'asked to talk to sales' : 'left their details'} (${event.form})`,
        detail: { need: event.need, timeline: event.timeline, referrer: event.referrer },
      };
    case 'lead.qualified':
      return {
        title: `called qualified by ${event.connection}`,
        detail: { program: event.program },
      };
    case 'person.changed':
      return {
        title: `details changed in ${event.connection}`,
        detail: { fields: Object.keys(event.person) },
      };
    case 'person.merged':
      return {
        title: `records merged in ${event.connection}`,
        detail: { into: event.into, from: event.from },
      };
    case 'person.erased':
      return { title: `erased in ${event.connection}`, detail: {} };
    case 'account.changed':
      return { title: 'account changed', detail: { ...event.account } };
    case 'handoff.accepted':
      return { title: 'sales accepted', detail: by(event) };
    case 'handoff.rejected':
      return {
        title: `sales rejected: ${event.reason}`,
        detail: { ...by(event), note: event.note, namedDate: event.namedDate },
      };
    case 'handoff.snoozed':
      return { title: `snoozed for ${event.minutes} minutes`, detail: by(event) };
    case 'handoff.paused':
      return {
        title: `asked to pause the clock for ${event.length}: ${event.reason}`,
        detail: by(event),
      };
    case 'handoff.vetoed':
      return { title: 'asked to keep the lead with its owner', detail: by(event) };
    case 'handoff.worked':
      return {
        title: `sales made contact: ${event.activity}`,
        detail: { ...by(event), summary: event.summary },
      };
    case 'opportunity.changed':
      return {
        title: `opportunity ${event.opportunity.outcome}: ${event.opportunity.stage}`,
        detail: { ...event.opportunity },
      };
    case 'ticket.changed':
      return { title: `ticket ${event.open ? 'open' : 'closed'} (${event.severity})`, detail: {} };
    case 'survey.answered':
      return { title: `answered ${event.survey}: ${event.score}`, detail: {} };
    case 'usage.recorded':
      return { title: `used ${event.feature}`, detail: { amount: event.amount } };
    case 'consent.changed':
      return {
        title: `consent for ${event.channel} ${event.granted ? 'given' : 'withdrawn'}`,
        detail: {},
      };
  }
}
