import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { inTurn } from '#core/effects/in-turn.ts';
import { companyDomain } from '#core/identity/domain.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { Account, accountIdOf, accountItem, accountKey } from '#core/records/account.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, type Stored } from '#core/records/store.ts';
import { type StepRun, visitOf } from './step-run.ts';

const Match = z.strictObject({ accountId: z.string().nullable(), how: z.string() });
type Match = z.infer<typeof Match>;

/**
 * Finds or makes the account a person belongs to, by the registrable domain of the company: of
 * the website, else of the e-mail address unless it is a freemail one.
 */
export async function matchAccount(hub: Hub, step: StepRun): Promise<Match> {
  const find = () => readExisting(hub.records, Person, personKey(step.person));
  const decide = async () => {
    const { data: person, version } = await find();
    const domain = companyDomain(person.facts);
    if (domain === undefined) {
      const result: Match = { accountId: null, how: 'no company domain is known' };
      return {
        result,
        log: { title: 'no account: no company domain is known', detail: {} },
        writes: [],
      };
    }

    const id = accountIdOf(domain);
    const stored = await read(hub.records, Account, accountKey(id));
    const { company, industry, employees, country } = person.facts;
    const learnt = known({ name: company, industry, employees, country });
    const account: Account = { id, domain, ...learnt, ...stored?.data };
    const result: Match = { accountId: id, how: `domain ${domain}` };
    return {
      result,
      log: {
        title: `account ${account.name ?? domain} by its domain`,
        detail: { ...result, made: stored === undefined },
      },
      writes: [
        ...learn(account, stored),
        { put: personItem({ ...person, accountId: id }, version + 1), if: { version } },
      ],
    };
  };
  // Whoever makes an account makes it for all of the company who come at the same time.
  const { data: person } = await find();
  return inTurn(hub.records, `account/${companyDomain(person.facts)}`, () =>
    decideOnce(hub, visitOf(step), Match, decide),
  );
}

/** What is known of an account stays: one that learns nothing new is not written again. */
function learn(account: Account, stored: Stored<Account> | undefined): Write[] {
  if (stored === undefined) return [{ put: accountItem(account, 1), if: 'absent' }];
  const { data, version } = stored;
  if (Object.keys(account).every((field) => Object.hasOwn(data, field))) return [];
  return [{ put: accountItem(account, version + 1), if: { version } }];
}

const known = <T extends object>(facts: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
