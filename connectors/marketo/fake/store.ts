import { type FakeInstance, type FakeLead, logRow, stampOf } from './instance.ts';

const NEW_LEAD = 12;
const CHANGED_VALUE = 13;
const DELETED_LEAD = 37;
const MERGED_LEADS = 32;

/** What the log says of a change that came by the API. */
export const BY_API = 'Web service API';

/** The leads that have an address, the earliest first. */
export function leadsWith({ leads, byEmail }: FakeInstance, email: string): FakeLead[] {
  return [...(byEmail.get(email.toLowerCase()) ?? [])].flatMap((id) => leads.get(id) ?? []);
}

/** Keeps a lead, and logs what is new about it under the source that changed it. */
export function keepLead(
  instance: FakeInstance,
  id: number | undefined,
  fields: Readonly<Record<string, unknown>>,
  source: string,
): { lead: FakeLead; isNew: boolean; hasChanged: boolean } {
  const before = id === undefined ? undefined : instance.leads.get(id);
  if (before === undefined) instance.lastLead += 1;
  const lead: FakeLead = { ...before, ...fields, id: before?.id ?? instance.lastLead };
  const changes = Object.keys(fields).filter(
    (name) => name !== 'id' && before?.[name] !== fields[name],
  );
  move(instance, before, lead);
  instance.leads.set(lead.id, lead);
  if (before === undefined) logNew(instance, lead, source);
  else if (changes.length > 0) logChange(instance, before, lead, changes, source);
  return { lead, isNew: before === undefined, hasChanged: changes.length > 0 };
}

function move({ byEmail }: FakeInstance, before: FakeLead | undefined, lead: FakeLead): void {
  const address = (one: FakeLead) => String(one['email'] ?? '').toLowerCase();
  if (before !== undefined) byEmail.get(address(before))?.delete(before.id);
  byEmail.set(address(lead), (byEmail.get(address(lead)) ?? new Set()).add(lead.id));
}

function logNew(instance: FakeInstance, { id }: FakeLead, source: string): void {
  const now = stampOf(instance.options.now());
  instance.stamps.set(id, { createdAt: now, updatedAt: now });
  logRow(instance, {
    leadId: id,
    activityTypeId: NEW_LEAD,
    attributes: [{ name: 'Source Type', value: source }],
  });
}

function logChange(
  instance: FakeInstance,
  before: FakeLead,
  lead: FakeLead,
  changes: readonly string[],
  source: string,
): void {
  const stamp = instance.stamps.get(lead.id);
  if (stamp !== undefined) stamp.updatedAt = stampOf(instance.options.now());
  const asText = (value: unknown) => (value === undefined ? null : String(value));
  logRow(instance, {
    leadId: lead.id,
    activityTypeId: CHANGED_VALUE,
    fields: changes.map((name, index) => ({
      id: index + 1,
      name,
      newValue: asText(lead[name]),
      oldValue: asText(before[name]),
    })),
    attributes: [
      { name: 'Reason', value: source },
      { name: 'Source', value: source },
      { name: 'Lead ID', value: lead.id },
    ],
  });
}

/** Takes a lead away, which the log of deletions tells. */
export function deleteLead(instance: FakeInstance, id: number): void {
  const lead = instance.leads.get(id);
  if (lead === undefined) return;
  instance.byEmail.get(String(lead['email'] ?? '').toLowerCase())?.delete(id);
  instance.leads.delete(id);
  logRow(instance, { leadId: id, activityTypeId: DELETED_LEAD, primaryAttributeValue: String(id) });
}

/** The winner takes what it lacks, and the losers are gone. */
export function mergeInto(instance: FakeInstance, winner: number, losers: readonly number[]): void {
  const taken = losers.map((id) => instance.leads.get(id) ?? {});
  const fields = Object.assign({}, ...taken, instance.leads.get(winner) ?? {});
  for (const id of losers) deleteLead(instance, id);
  keepLead(instance, winner, fields, BY_API);
  logRow(instance, {
    leadId: winner,
    activityTypeId: MERGED_LEADS,
    attributes: [{ name: 'Merge IDs', value: losers.join(', ') }],
  });
  instance.write('person.merge', `lead ${winner}`, { losers });
}
