import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { mergeLeads } from '../mend-twins.ts';
import { queryOf } from '../read.ts';
import { readLeads } from '../records.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads */
export const associateVisitor = defineOperation({
  summary: 'Gives a lead the web activity of the visitor who has a Munchkin cookie.',
  idempotent: true,
  input: z.strictObject({
    record: VendorRecord,
    /** The value of the cookie `_mkto_trk`: `id:…&token:…`. */
    cookie: z.string().min(1),
  }),
  output: z.strictObject({}),
  async run({ http }: MarketoContext, { record, cookie }) {
    const address = `/v1/leads/${record.id}/associate.json?${queryOf({ cookie })}`;
    await http.post(address, undefined, { timeout: TIMEOUT_MS.associate });
    return {};
  },
});

/** The losers that one call takes. */
const MOST_LOSERS = 3;

/** Idempotent: a lead that is gone already is what it wants. The winner must be there. */
export const mergePerson = defineOperation({
  summary: 'Merges leads into one, which keeps what it has and takes what it lacks.',
  idempotent: true,
  input: z.strictObject({
    into: VendorRecord,
    from: z.array(VendorRecord).min(1).max(MOST_LOSERS),
  }),
  output: z.strictObject({ record: VendorRecord, merged: z.number().int() }),
  async run(context: MarketoContext, { into, from }) {
    const ids = [into, ...from].map(({ id }) => id);
    const there = new Set((await readLeads(context, ids, [])).map(({ id }) => String(id)));
    if (!there.has(into.id)) throw recordError([{ code: '1004' }]);
    const losers = from.map(({ id }) => id).filter((id) => id !== into.id && there.has(id));
    if (losers.length > 0) await mergeLeads(context, into.id, losers);
    return { record: into, merged: losers.length };
  },
});
