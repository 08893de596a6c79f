import { findLead } from '#core/administer/find-lead.ts';
import { HubError } from '#core/errors.ts';
import { handoffId } from '#core/records/handoff.ts';
import { openReader } from '#platform/embedded/reader.ts';

/** The id of the last hand-off of a lead; throws for one that sales never had. */
export async function lastHandoff(folder: string, lead: string): Promise<string> {
  const store = openReader(folder);
  try {
    const { id, cycle } = await findLead(store.records, lead);
    if (cycle > 0) return handoffId(id, cycle);
    throw new HubError('data', 'clock_not_running', `'${lead}' was never handed to sales.`);
  } finally {
    store.close();
  }
}
