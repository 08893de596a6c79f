import type { CanonicalEvent } from '#core/events.ts';
import { settle } from '#core/handoff/signals.ts';
import { hasUnsubscribed } from '#core/intake/apply-facts.ts';
import type { VerbInput } from '#core/operations.ts';
import type { Handoff } from '#core/records/handoff.ts';
import type { Lead } from '#core/records/lead.ts';

type Told = VerbInput<'conversion.report'>;

/** Something that a visitor came to, under a name by which it is told once. */
export interface Conversion {
  readonly key: string;
  readonly told: Told;
}

/**
 * What a person has come to by an event: sales took the lead (or worked it, which proves as much),
 * a deal was won. None for somebody who does not want to be followed.
 */
export function conversionsOf(
  lead: Pick<Lead, 'person' | 'touches'>,
  handoffs: readonly Handoff[],
  event: CanonicalEvent,
): Conversion[] {
  const { person } = lead;
  if (person.suppressed || hasUnsubscribed(person)) return [];
  return [...leadQualified(lead, handoffs), ...opportunityWon(lead, handoffs, event)];
}

/** Once per person: sales may take a lead again after it was handed back, and it is the same lead. */
function leadQualified(lead: Pick<Lead, 'person' | 'touches'>, handoffs: readonly Handoff[]) {
  for (const handoff of handoffs) {
    const settled = settle(handoff, 'handoff.accepted');
    if (settled?.outcome !== 'met') continue;
    const told = tell('lead-qualified', settled.proof.at, lead, handoff);
    return [{ key: `${lead.person.id}/lead-qualified`, told }];
  }
  return [];
}

/** Once per deal, with what it is worth as far as it was known when it was won. */
function opportunityWon(
  lead: Pick<Lead, 'person' | 'touches'>,
  handoffs: readonly Handoff[],
  event: CanonicalEvent,
): Conversion[] {
  if (event.type !== 'opportunity.changed' || event.opportunity.outcome !== 'won') return [];
  const { ref, amountMinor, currency } = event.opportunity;
  const { properties, ...told } = tell('opportunity-won', event.at, lead, handoffs.at(-1));
  return [
    {
      key: `${lead.person.id}/opportunity-won/${ref.connection}/${ref.id}`,
      told: {
        ...told,
        ...(amountMinor === undefined ? {} : { amountMinor }),
        ...(currency === undefined ? {} : { currency }),
        properties: { ...properties, opportunity: ref.id },
      },
    },
  ];
}

/** The source that first brought the person, and the campaign that was the last before it. */
function tell(
  name: Told['name'],
  at: string,
  { person, touches }: Pick<Lead, 'person' | 'touches'>,
  handoff: Handoff | undefined,
): Told {
  const { email } = person.facts;
  const campaign = touches.findLast((one) => one.campaign !== undefined && one.at <= at)?.campaign;
  const properties = {
    firstSource: person.source,
    campaign: campaign?.name,
    campaignSource: campaign?.source,
    campaignMedium: campaign?.medium,
    selfReportedSource: person.facts.selfReportedSource,
    lane: handoff?.lane,
    rating: handoff?.rating,
  };
  return {
    name,
    at,
    person: person.id,
    ...(email === undefined ? {} : { email }),
    anonymousIds: person.anonymousIds,
    properties: Object.fromEntries(
      Object.entries(properties).filter((one): one is [string, string] => one[1] !== undefined),
    ),
  };
}
