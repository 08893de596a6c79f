import { botClassOf } from '#connectors/kit/bot-class.ts';
import type { BotClass, ExternalRef, Subject, TranslatedEvent } from '#core/events.ts';
import { ActivityRow, attributeOf } from './activity-log.ts';
import type { MarketoContext } from './credentials.ts';
import { happenedAt } from './instant.ts';
import { readLeads } from './records.ts';
import { CHANGED_VALUE, DELETED_LEAD, isEcho, leadDelivery, NEW_LEAD } from './told.ts';
import { translateLead } from './translate-lead.ts';

type Envelope = Pick<TranslatedEvent, 'at' | 'sourceId' | 'subject'>;

/** Turns a row of the activity log into what it means; most rows mean nothing to the hub. */
export async function translateActivity(
  told: { readonly activity: unknown; readonly email?: string | undefined },
  delivery: { readonly dedupeKey: string; readonly receivedAt: string },
  context: MarketoContext,
): Promise<TranslatedEvent[]> {
  const row = ActivityRow.parse(told.activity);
  const { connection, settings } = context;
  if (row.activityTypeId === NEW_LEAD || row.activityTypeId === CHANGED_VALUE) {
    return isEcho(row, settings) ? [] : changedLead(row, delivery, context);
  }
  const subject: Subject = {
    external: [refOf(connection, row.leadId)],
    ...(told.email === undefined ? {} : { email: told.email }),
  };
  const at = happenedAt(row.activityDate, delivery.receivedAt, settings.timeZone);
  const envelope = { at, sourceId: delivery.dedupeKey, subject };
  if (row.activityTypeId === DELETED_LEAD) {
    return settings.deletionsErase ? [{ ...envelope, type: 'person.erased' }] : [];
  }
  return meant(row, envelope, context);
}

function meant(
  row: ActivityRow,
  envelope: Envelope,
  { connection, settings }: MarketoContext,
): TranslatedEvent[] {
  const meaning = settings.activityTypes[row.activityTypeId];
  switch (meaning) {
    case undefined:
      return [];
    case 'unsubscribed':
      return [{ ...envelope, type: 'consent.changed', channel: 'email', granted: false }];
    case 'merged': {
      const from = mergedIds(row).map((id) => refOf(connection, id));
      const into = refOf(connection, row.leadId);
      return from.length === 0 ? [] : [{ ...envelope, type: 'person.merged', into, from }];
    }
    default: {
      const url = attributeOf(row, 'Webpage URL') ?? attributeOf(row, 'Link');
      return [
        {
          ...envelope,
          type: 'touch.recorded',
          touch: {
            kind: meaning,
            name: row.primaryAttributeValue ?? url ?? meaning,
            ...(url === undefined ? {} : { url }),
            ...botOf(row),
          },
        },
      ];
    }
  }
}

/** Marketo marks what its own filter knows of; the agent tells of more. */
function botOf(row: ActivityRow): { bot?: BotClass } {
  const isMarked = attributeOf(row, 'Is Bot Activity')?.toLowerCase() === 'true';
  const bot = isMarked ? 'mail-scanner' : botClassOf(attributeOf(row, 'User Agent'));
  return bot === undefined ? {} : { bot };
}

const refOf = (connection: string, id: string): ExternalRef => ({ connection, kind: 'lead', id });

/** A merge names those that are gone as one text: `1011, 1012`. */
function mergedIds(row: ActivityRow): string[] {
  const ids = attributeOf(row, 'Merge IDs')?.match(/\d+/g) ?? [];
  return ids.filter((id) => id !== row.leadId);
}

/** The data stream tells which field changed; the lead itself tells what it is now. */
async function changedLead(
  row: ActivityRow,
  delivery: { readonly dedupeKey: string; readonly receivedAt: string },
  context: MarketoContext,
): Promise<TranslatedEvent[]> {
  const names = Object.values(context.settings.fields).filter((name) => name !== '');
  const [lead] = await readLeads(context, [row.leadId], [...names, 'updatedAt']);
  if (lead === undefined) return [];
  return translateLead(leadDelivery(lead, [row]).body, delivery, context);
}
