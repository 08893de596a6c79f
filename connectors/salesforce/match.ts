import * as z from 'zod';
import type { VendorRecord } from '#core/operations.ts';
import { compositeEach, type Step } from './composite.ts';
import type { SalesforceContext } from './credentials.ts';
import { salesforceFailure } from './failure.ts';
import { queryPath, rowsOf, soql } from './soql.ts';

const LeadRow = z.object({
  Id: z.string(),
  Email: z.string().nullish(),
  IsConverted: z.boolean(),
  ConvertedContactId: z.string().nullish(),
});
const ContactRow = z.object({
  Id: z.string(),
  Email: z.string().nullish(),
  AccountId: z.string().nullish(),
});

/** A composite call takes five queries at most: two for each hundred addresses. */
const ADDRESSES_A_QUERY = 100;

export interface Matched extends VendorRecord {
  /** The account of a contact: writes to one account lock each other out. */
  readonly accountId?: string | undefined;
}

/**
 * Every lead and contact that has one of these addresses, in one call for up to 200: by address
 * (in lower case) an open lead first, then the contact that a lead became, then contacts that
 * never were leads; the newest first among equals.
 */
export async function matchPeople(
  context: SalesforceContext,
  emails: readonly string[],
): Promise<ReadonlyMap<string, readonly Matched[]>> {
  const wanted = [...new Set(emails.map(addressOf))];
  if (wanted.length === 0) return new Map();
  const answers = await compositeEach(context, stepsFor(wanted));
  const bodies = answers.map((answer) => {
    const failure = salesforceFailure(answer);
    if (failure !== undefined) throw failure;
    return answer.body;
  });
  const leads = bodies.flatMap((body, index) => (index % 2 === 0 ? rowsOf(LeadRow, body) : []));
  const contacts = bodies.flatMap((body, index) =>
    index % 2 === 1 ? rowsOf(ContactRow, body) : [],
  );
  return new Map(wanted.map((email) => [email, preferred(email, leads, contacts)]));
}

/** An address as addresses are compared. */
export function addressOf(email: string): string {
  return email.trim().toLowerCase();
}

function stepsFor(emails: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < emails.length; start += ADDRESSES_A_QUERY) {
    const some = emails.slice(start, start + ADDRESSES_A_QUERY);
    const texts = [
      soql`SELECT Id, Email, IsConverted, ConvertedContactId FROM Lead WHERE Email IN ${some} ORDER BY CreatedDate DESC`,
      soql`SELECT Id, Email, AccountId FROM Contact WHERE Email IN ${some} ORDER BY CreatedDate DESC`,
    ];
    for (const text of texts) {
      steps.push({ method: 'GET', path: queryPath(text), name: `query${steps.length}` });
    }
  }
  return steps;
}

function preferred(
  email: string,
  leads: readonly z.infer<typeof LeadRow>[],
  contacts: readonly z.infer<typeof ContactRow>[],
): Matched[] {
  const ofPerson = <T extends { Email?: string | null | undefined }>(rows: readonly T[]) =>
    rows.filter((row) => addressOf(row.Email ?? '') === email);
  const own = ofPerson(leads);
  const accounts = new Map(contacts.map((row) => [row.Id, row.AccountId ?? undefined]));
  const contact = (id: string): Matched => ({
    kind: 'contact',
    id,
    ...(accounts.get(id) === undefined ? {} : { accountId: accounts.get(id) }),
  });
  const found: Matched[] = [
    ...own.filter((lead) => !lead.IsConverted).map(({ Id }) => ({ kind: 'lead', id: Id })),
    ...own
      .flatMap((lead) => (lead.IsConverted ? (lead.ConvertedContactId ?? []) : []))
      .map(contact),
    ...ofPerson(contacts).map(({ Id }) => contact(Id)),
  ];
  return found.filter((one, index) => found.findIndex(({ id }) => id === one.id) === index);
}
