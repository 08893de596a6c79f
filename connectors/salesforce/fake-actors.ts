import { convertRow, linkDeal, openDeal } from './fake-convert.ts';
import { withClosing } from './fake-records.ts';
import type { SObjectName } from './fake-sobject.ts';
import type { Change, Row, SalesforceStore } from './fake-store.ts';

interface WebLead {
  readonly email: string;
  readonly firstName?: string | undefined;
  readonly lastName: string;
  readonly company: string;
  /** What the person wrote into the form. */
  readonly message?: string | undefined;
  /** Further fields by their API names. */
  readonly fields?: Readonly<Record<string, string | number | boolean>> | undefined;
}

interface Deal {
  readonly name: string;
  readonly amount: number;
  readonly owner: string;
  readonly contactId?: string | undefined;
  readonly stage?: string | undefined;
}

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** What people and the world do in the organisation; each tells the event bus about it. */
export interface Actors {
  row(id: string): Row | undefined;
  personByEmail(email: string): Row | undefined;
  /** Open tasks, of one salesperson if one is named, oldest first, with whom they are about. */
  openTasks(owner?: string): readonly { id: string; whoId: string; dueAt: string }[];
  userId(email: string): string;
  /** A visitor fills in a form that makes a lead. Answers the lead's id. */
  createLeadFromForm(lead: WebLead): string;
  createLead(fields: Values, by: string): string;
  createContact(fields: Values, by: string): string;
  changeFields(id: string, fields: Values, by: string): void;
  changeOwner(id: string, owner: string, by?: string): void;
  setStatus(leadId: string, status: string, by: string, more?: Values): void;
  completeTask(taskId: string, subtype?: 'Task' | 'Call' | 'Email'): void;
  /** A salesperson logs a call that was nobody's task. Answers the task's id. */
  logCall(whoId: string, owner: string, subject: string): string;
  /**
   * A salesperson converts a lead to a contact, which may be there already, and to an opportunity
   * if one is named.
   */
  convertLead(
    leadId: string,
    by: string,
    deal?: { name: string; amount: number },
    into?: string,
  ): { contactId: string; opportunityId: string | undefined };
  openDeal(deal: Deal): string;
  linkDeal(opportunityId: string, contactId: string, by: string, isPrimary?: boolean): void;
  moveDeal(opportunityId: string, stage: string, by?: string): void;
  closeDeal(opportunityId: string, won: boolean): void;
  /** The second is merged into the first. */
  mergeLeads(winnerId: string, loserId: string, by: string): void;
  deleteRecord(id: string, by: string): void;
  createAccount(fields: Values, by: string): string;
  /** A user leaves, or comes back. */
  setActive(email: string, isActive: boolean): void;
}

const TABLES: Record<string, SObjectName> = {
  '00Q': 'Lead',
  '003': 'Contact',
  '00T': 'Task',
  '006': 'Opportunity',
  '001': 'Account',
  '005': 'User',
};

function tableOf(id: string): SObjectName {
  const table = TABLES[id.slice(0, 3)];
  if (table === undefined) throw new Error(`The fake organisation has no table for ${id}.`);
  return table;
}

export function salesforceActors(store: SalesforceStore, runAs: string): Actors {
  const userId = (email: string) => {
    const user = [...store.live.User.values()].find(
      (one) => one['Email'] === email && one['IsActive'] === true,
    );
    if (user === undefined) throw new Error(`The fake organisation has no active user ${email}.`);
    return user.Id;
  };
  const inBrowser = (email: string): Change => ({ user: userId(email) });
  const row = (id: string) => store.live[tableOf(id)].get(id);
  const owner = (id: string): Change => ({ user: String(row(id)?.['OwnerId'] ?? runAs) });
  const change = (id: string, fields: Values, by: Change) =>
    store.update(tableOf(id), id, withClosing(tableOf(id), { ...fields }), by);

  const createLead = (fields: Values, by: Change) =>
    store.create('Lead', { Status: 'Open - Not Contacted', IsConverted: false, ...fields }, by).Id;

  return {
    row,
    userId,
    personByEmail: (email) =>
      [...store.live.Lead.values(), ...store.live.Contact.values()].find(
        (one) => String(one['Email']).toLowerCase() === email.toLowerCase(),
      ),

    openTasks: (email) =>
      [...store.live.Task.values()]
        .filter((task) => task['IsClosed'] !== true)
        .filter((task) => email === undefined || task['OwnerId'] === userId(email))
        .map((task) => ({
          id: task.Id,
          whoId: String(task['WhoId']),
          dueAt: String(task['ReminderDateTime'] ?? task['ActivityDate']),
        })),

    createLeadFromForm: ({ email, firstName, lastName, company, message, fields }) =>
      createLead(
        {
          Email: email,
          LastName: lastName,
          Company: company,
          LeadSource: 'Web',
          OwnerId: '00G000000000001AAA',
          ...(firstName === undefined ? {} : { FirstName: firstName }),
          ...(message === undefined ? {} : { Description: message }),
          ...fields,
        },
        // Web-to-lead runs as a user of its own that nobody can log in as.
        { user: '005000000000999AAA' },
      ),
    createLead: (fields, by) => createLead({ OwnerId: userId(by), ...fields }, inBrowser(by)),
    createContact: (fields, by) =>
      store.create('Contact', { OwnerId: userId(by), ...fields }, inBrowser(by)).Id,

    changeFields: (id, fields, by) => change(id, fields, inBrowser(by)),
    changeOwner: (id, to, by = to) => change(id, { OwnerId: userId(to) }, inBrowser(by)),
    setStatus: (id, status, by, more = {}) =>
      change(id, { Status: status, ...more }, inBrowser(by)),

    completeTask: (id, subtype) =>
      change(
        id,
        { Status: 'Completed', ...(subtype === undefined ? {} : { TaskSubtype: subtype }) },
        owner(id),
      ),
    logCall: (whoId, email, subject) =>
      store.create(
        'Task',
        {
          WhoId: whoId,
          OwnerId: userId(email),
          Subject: subject,
          TaskSubtype: 'Call',
          Status: 'Completed',
          IsClosed: true,
        },
        inBrowser(email),
      ).Id,

    convertLead(leadId, email, deal, into) {
      const by = inBrowser(email);
      const { contactId, opportunityId } = convertRow(store, leadId, by, deal, by.user, into);
      return { contactId, opportunityId };
    },

    openDeal: (deal) => openDeal(store, deal, deal.contactId, inBrowser(deal.owner)),
    linkDeal: (opportunityId, contactId, by, isPrimary = true) =>
      linkDeal(store, opportunityId, contactId, inBrowser(by), isPrimary),
    moveDeal: (id, stage, by) =>
      change(id, { StageName: stage }, by === undefined ? owner(id) : inBrowser(by)),
    closeDeal: (id, won) =>
      change(
        id,
        { StageName: won ? 'Closed Won' : 'Closed Lost', IsWon: won, IsClosed: true },
        owner(id),
      ),

    mergeLeads: (winnerId, loserId, by) => store.remove('Lead', loserId, winnerId, inBrowser(by)),
    deleteRecord: (id, by) => store.remove(tableOf(id), id, undefined, inBrowser(by)),
    createAccount: (fields, by) =>
      store.create('Account', { OwnerId: userId(by), ...fields }, inBrowser(by)).Id,
    setActive(email, isActive) {
      const user = store.having('User', 'Email', email).find((one) => one['IsActive'] !== isActive);
      if (user !== undefined)
        store.update('User', user.Id, { IsActive: isActive }, { user: runAs });
    },
  };
}
