import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { HubspotContext } from './credentials.ts';
import { pathOf } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

const Owner = z.object({
  id: z.string(),
  email: z.string().nullish(),
  userId: z.number().nullish(),
});
export type Owner = z.infer<typeof Owner>;

const OwnersPage = z.object({
  results: z.array(Owner),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});

/** People come and go by the week; a lookup a quarter of an hour old is good enough. */
const FRESH_MS = 15 * 60_000;

interface Directory {
  readonly byEmail: Map<string, { owner: Owner; at: number }>;
  all?: { owners: Owner[]; at: number };
}

/** One directory a connection: its settings are parsed once, and live as long as it. */
const directories = new WeakMap<HubspotSettings, Directory>();

function directoryOf(settings: HubspotSettings): Directory {
  const known = directories.get(settings) ?? { byEmail: new Map() };
  directories.set(settings, known);
  return known;
}

/** The owner with an e-mail address. Throws `config` when HubSpot has no such active owner. */
export async function ownerByEmail(context: HubspotContext, email: string): Promise<Owner> {
  const directory = directoryOf(context.settings);
  const now = context.now.getTime();
  const wanted = email.toLowerCase();
  const known = directory.byEmail.get(wanted);
  if (known !== undefined && now - known.at < FRESH_MS) return known.owner;

  // https://developers.hubspot.com/docs/api-reference/crm-owners-v3/guide
  const { data } = await context.http.get(pathOf(context.settings, 'owners'), {
    params: { email, limit: 100, archived: false },
  });
  const owner = OwnersPage.parse(data).results.find((one) => one.email?.toLowerCase() === wanted);
  if (owner === undefined) {
    throw new HubError(
      'config',
      'hubspot_owner_unknown',
      `No active HubSpot owner has the salesperson's address: add them to the portal of '${context.connection}'.`,
    );
  }
  directory.byEmail.set(wanted, { owner, at: now });
  return owner;
}

/** The owner that a predicate finds, deactivated ones left out; `undefined` if there is none. */
export async function findOwner(
  context: HubspotContext,
  isWanted: (owner: Owner) => boolean,
): Promise<Owner | undefined> {
  const directory = directoryOf(context.settings);
  const now = context.now.getTime();
  if (directory.all !== undefined && now - directory.all.at < FRESH_MS) {
    const known = directory.all.owners.find(isWanted);
    if (known !== undefined || directory.all.at === now) return known;
  }
  directory.all = { owners: await readAllOwners(context), at: now };
  return directory.all.owners.find(isWanted);
}

async function readAllOwners(context: HubspotContext): Promise<Owner[]> {
  const owners: Owner[] = [];
  let after: string | undefined;
  do {
    const { data } = await context.http.get(pathOf(context.settings, 'owners'), {
      params: { limit: 100, archived: false, ...(after === undefined ? {} : { after }) },
    });
    const page = OwnersPage.parse(data);
    owners.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return owners;
}
