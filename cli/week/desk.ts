import type { Vendors } from '#cli/sandbox/vendors.ts';
import type { FakeWrite } from '#connectors/kit/fake.ts';

/** A task in a CRM, and the record of the person whom it is about. */
export interface CrmTask {
  readonly crm: 'salesforce' | 'hubspot';
  readonly id: string;
  readonly record: string;
}

/** The tasks of the sales floor as its people see them, however many there have been. */
export interface Desk {
  /** The oldest open task of somebody that was not asked for yet, of Salesforce before HubSpot. */
  next(owner: string): CrmTask | undefined;
  isOpen(task: CrmTask, owner: string): boolean;
}

type Crm = CrmTask['crm'];
const CRMS = ['salesforce', 'hubspot'] as const;

export function openDesk({ salesforce, hubspot }: Vendors, owners: readonly string[]): Desk {
  const ids = {
    salesforce: new Map(owners.map((email) => [email, salesforce.userId(email)])),
    hubspot: new Map(owners.map((email) => [email, hubspot.ownerId(email)])),
  };
  /** Who has an open task; `undefined` when it is closed. */
  const holder: Record<Crm, (id: string) => unknown> = {
    salesforce: (id) => {
      const row = salesforce.row(id);
      return row?.['IsClosed'] === true ? undefined : row?.['OwnerId'];
    },
    hubspot: (id) => {
      const { properties = {} } = hubspot.task(id) ?? {};
      return properties['hs_task_status'] === 'COMPLETED'
        ? undefined
        : properties['hubspot_owner_id'];
    },
  };
  const seen = { salesforce: 0, hubspot: 0 };
  const fresh: Record<Crm, Map<unknown, CrmTask[]>> = { salesforce: new Map(), hubspot: new Map() };

  const hear = (crm: Crm, writes: readonly FakeWrite[]): void => {
    for (; seen[crm] < writes.length; seen[crm] += 1) {
      const write = writes[seen[crm]];
      if (write?.verb !== 'task.create') continue;
      const { target: id, detail } = write;
      const task = { crm, id, record: String(detail['WhoId'] ?? detail['contact']) };
      const owner = holder[crm](id);
      fresh[crm].set(owner, [...(fresh[crm].get(owner) ?? []), task]);
    }
  };
  const isOpen = ({ crm, id }: CrmTask, owner: string) => holder[crm](id) === ids[crm].get(owner);

  return {
    next(owner) {
      hear('salesforce', salesforce.writes);
      hear('hubspot', hubspot.writes);
      for (const crm of CRMS) {
        const mine = fresh[crm].get(ids[crm].get(owner)) ?? [];
        const at = mine.findIndex((task) => isOpen(task, owner));
        const [task] = mine.splice(0, at < 0 ? mine.length : at + 1).slice(-1);
        if (at >= 0) return task;
      }
      return undefined;
    },
    isOpen,
  };
}
