import * as z from 'zod';
import { followAccounts } from '#core/identity/follow-account.ts';
import { tellOfCandidates } from '#core/identity/merge/tell-candidates.ts';
import { tellOfAmbiguous } from '#core/identity/tell-ambiguous.ts';
import { comeUpAll } from '#core/nurture/come-up.ts';
import { openHub } from '#platform/aws/hub.ts';
import { openOldAccounts } from '#platform/aws/old-accounts.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const hub = await openHub();
const indexOldAccounts = openOldAccounts();

/**
 * Every quarter of an hour: accounts of which more is known, people in nurture whose time has come,
 * and what is doubtful.
 */
export const handler = queueHandler(z.object({}), async () => {
  await indexOldAccounts();
  await followAccounts(hub);
  await tellOfAmbiguous(hub);
  await tellOfCandidates(hub);
  await comeUpAll(hub);
});
