import { existsSync } from 'node:fs';
import { leadHistory, someAccounts } from '#cli/replay/leadforge.ts';
import { playHistory } from '#cli/replay/play-history.ts';
import { hasTables, readTables, type Tables } from '#cli/replay/tables.ts';
import { connectors } from '#connectors/index.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import { temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const DATA = '../shared/data/leadforge-intro';
const PLAYBOOK = 'cli/replay/playbook';

/** Two accounts; sales worked one lead, won another, left a third and never saw the fourth's deal coming. */
const TABLES: Tables = {
  accounts: [
    account({ account_id: 'acct_1', region: 'UK', employee_band: '200-499' }),
    account({ account_id: 'acct_2', region: 'US', employee_band: '2000+' }),
  ],
  contacts: [{ contact_id: 'cnt_1', job_title: 'CFO', email_domain_type: 'corporate' }],
  leads: [
    lead('lead_worked', 'acct_1', 'rep_000001'),
    lead('lead_won', 'acct_1', 'rep_000002'),
    lead('lead_left', 'acct_2', 'rep_000003'),
    lead('lead_deal', 'acct_2', 'rep_000003'),
  ],
  touches: [
    {
      touch_id: 'touch_1',
      lead_id: 'lead_left',
      touch_timestamp: '2024-01-05',
      touch_type: 'webinar',
      touch_direction: 'inbound',
    },
  ],
  sessions: [
    {
      session_id: 'sess_1',
      lead_id: 'lead_left',
      session_timestamp: '2024-01-04',
      session_type: 'pricing_page',
    },
  ],
  sales_activities: [activity('act_1', 'lead_worked'), activity('act_2', 'lead_won')],
  opportunities: [
    opportunity('opp_1', 'lead_won', 'closed_won', '2024-02-20'),
    opportunity('opp_2', 'lead_deal', 'closed_lost', '2024-02-01'),
  ],
};

function account(of: Pick<Tables['accounts'][number], 'account_id' | 'region' | 'employee_band'>) {
  return { ...of, company_name: `Company ${of.account_id}`, industry: 'logistics' };
}

function lead(lead_id: string, account_id: string, owner_rep_id: string) {
  return {
    lead_id,
    account_id,
    owner_rep_id,
    contact_id: 'cnt_1',
    lead_created_at: '2024-01-03',
    lead_source: 'inbound_marketing',
  };
}

function activity(activity_id: string, lead_id: string): Tables['sales_activities'][number] {
  return {
    activity_id,
    lead_id,
    rep_id: 'rep_000001',
    activity_timestamp: '2024-01-10',
    activity_type: 'demo',
    activity_outcome: 'connected',
  };
}

function opportunity(
  opportunity_id: string,
  lead_id: string,
  close_outcome: 'closed_won' | 'closed_lost',
  closed_at: string,
): Tables['opportunities'][number] {
  return {
    opportunity_id,
    lead_id,
    close_outcome,
    closed_at,
    created_at: '2024-01-15',
    stage: close_outcome,
    estimated_acv: 1234,
  };
}

const playbook = () => loadPlaybook(PLAYBOOK, { connectors });

describe('a history', () => {
  test('is told in the order of time, and causes come before what they cause', () => {
    const { events, leads, from, until } = leadHistory(TABLES);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual(Array(4).fill('lead.captured'));
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(events.length);
    expect(events).toHaveLength(4 + 1 + 1 + 2 + 4);
    expect([from, until].map((at) => at.toISOString().slice(0, 10))).toEqual([
      '2024-01-03',
      '2024-02-21',
    ]);
    expect(leads.map(({ activities, deal }) => [activities, deal])).toEqual([
      [1, undefined],
      [1, 'won'],
      [0, undefined],
      [0, 'lost'],
    ]);
  });

  test('ends with every lead accounted for, an account with one owner, and what was left handed back', async () => {
    const { differences, ...reckoning } = await playHistory(leadHistory(TABLES), await playbook());
    expect(differences).toEqual([]);
    expect(reckoning).toEqual({
      leads: 4,
      events: 12,
      accounts: 2,
      accountsWithTwoOwners: { history: 1, hub: 0 },
      handedOff: 4,
      worked: 3,
      workedByDealAlone: 1,
      neverWorked: 1,
      handedBack: 1,
      handedBackThoughWorked: 0,
      outcomes: { won: 1, lost: 1, withSales: 1, nurture: 1, declined: 0 },
      unaccounted: 0,
    });
  }, 30_000);

  test('of which the hub heard only a part is unaccounted for', async () => {
    const whole = leadHistory(TABLES);
    const part = {
      ...whole,
      events: whole.events.filter(({ sourceId }) => !sourceId.startsWith('opp_1')),
    };
    const { differences } = await playHistory(part, await playbook());
    expect(differences).toEqual(['lead_won was won, but the hub says with-sales']);
  }, 30_000);

  test('is cut by accounts: the same seed gives the same ones, with all of their leads', () => {
    const some = someAccounts(TABLES, 1, '3');
    expect(some).toEqual(someAccounts(TABLES, 1, '3'));
    expect(some.leads).toHaveLength(2);
    expect(new Set(some.leads.map(({ account_id }) => account_id)).size).toBe(1);
    expect(someAccounts(TABLES, 9, '3').leads).toEqual(TABLES.leads);
  });
});

test('a folder without a data set is refused by name', async () => {
  using folder = temporaryFolder();
  const { code, stderr } = await baton(['replay', '--from', '.', '--json'], folder.path);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'history_missing' } });
}, 60_000);

describe('the leadforge data set', () => {
  if (!existsSync(DATA)) {
    test.skip(`can't be replayed: ${DATA} is not there`, () => {});
    return;
  }

  test('leaves no lead of some accounts out, and no account with two owners', async () => {
    expect(await hasTables(DATA)).toBe(true);
    const tables = await readTables(DATA);
    expect(tables.leads).toHaveLength(5000);
    const history = leadHistory(someAccounts(tables, 4, '48'));
    const { differences, ...reckoning } = await playHistory(history, await playbook());
    expect(differences).toEqual([]);
    expect(reckoning.leads).toBe(11);
    expect(reckoning.handedOff).toBe(reckoning.leads);
    expect(reckoning.accountsWithTwoOwners.hub).toBe(0);
    expect(reckoning.neverWorked).toBe(2);
    expect(reckoning.handedBack).toBe(reckoning.neverWorked);
    const { won, lost, withSales, nurture, declined } = reckoning.outcomes;
    expect(won + lost + withSales + nurture + declined).toBe(reckoning.leads);
  }, 60_000);
});
