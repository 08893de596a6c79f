import { FaultScript } from '#connectors/kit/faults.ts';
import { SalesforceSettings } from '#connectors/salesforce/credentials.ts';
import { salesforceQuota } from '#connectors/salesforce/limits.ts';
import { ORGANIZATION, openOrganization, START } from './salesforce-organization.ts';

type Organization = Awaited<ReturnType<typeof openOrganization>>;
const settings = (more: object = {}) =>
  SalesforceSettings.parse({
    instanceUrl: 'https://acme.my.salesforce.com',
    organizationId: ORGANIZATION,
    ...more,
  });

describe('The settings of Salesforce', () => {
  test('have one place for the version of the API', () => {
    expect(settings().apiVersion).toBe('v66.0');
    expect(settings({ apiVersion: 'v67.0' }).apiVersion).toBe('v67.0');
  });

  test('name no address at which people log in', () => {
    expect(() => settings({ instanceUrl: 'https://login.salesforce.com' })).toThrow('My Domain');
  });

  test('reach every call, composite ones and their steps included', async () => {
    const paths: string[] = [];
    await using org = await openOrganization({
      settings: { apiVersion: 'v67.0' },
      between: () => async (context, next) => {
        paths.push(context.req.path);
        const text = context.req.method === 'POST' ? await context.req.raw.clone().text() : '';
        paths.push(...(text.match(/\/services\/data\/v\d+\.0/g) ?? []));
        await next();
      },
    });
    await org.call('person.upsert', { facts: { email: 'z@b.test' } });
    const versions = paths.flatMap((path) => /\/services\/data\/(v[\d.]+)/.exec(path)?.[1] ?? []);
    expect(versions.length).toBeGreaterThan(3);
    expect(new Set(versions)).toEqual(new Set(['v67.0']));
  });
});

describe('The limits of Salesforce', () => {
  test('are those of a rolling day and of calls at once, as the connection sets them', async () => {
    await using org = await openOrganization();
    expect(org.connector.limits?.({ settings: settings() })).toEqual({
      rates: [],
      concurrent: 20,
      daily: { calls: 50_000, resets: 'rolling' },
    });
    const few = settings({ dailyCalls: 900, concurrentCalls: 4 });
    expect(org.connector.limits?.({ settings: few })).toMatchObject({
      concurrent: 4,
      daily: { calls: 900 },
    });
  });

  test.each([
    ['api-usage=18/5000', { most: 5000, remaining: 4982 }],
    ['per-app-api-usage=17/250(appName=x), api-usage=18/5000', { most: 5000, remaining: 4982 }],
    ['api-usage=5100/5000', { most: 5000, remaining: 0 }],
    ['per-app-api-usage=17/250(appName=x)', undefined],
    ['', undefined],
  ])('are read from the header %s', (header, expected) => {
    const headers = { 'sforce-limit-info': header };
    expect(salesforceQuota({ status: 200, headers, body: '' })).toEqual(expected);
  });
});

describe('The examination of Salesforce', () => {
  const examined = async (
    org: Organization,
    check: 'credentials' | 'scopes' | 'limits' | 'webhooks',
  ) => {
    const context = await org.operationContext('doctor');
    return org.connector.examination?.[check]?.(context, 'https://hub.example.com/in');
  };
  const runAs = { integrationUserId: '005000000000001AAA' };

  test.each<
    [string, Parameters<typeof openOrganization>[0], Parameters<typeof examined>[1], string]
  >([
    ['a login of the right user', { settings: runAs }, 'credentials', 'ok'],
    ['a user whom the settings do not name', {}, 'credentials', 'warning'],
    [
      'a login to another organisation',
      { settings: { organizationId: '00D5f000005KcCmEAK' } },
      'credentials',
      'failure',
    ],
    ['all rights', {}, 'scopes', 'ok'],
    ['enough calls', {}, 'limits', 'ok'],
    ['a share beyond the quota', { fake: { dailyCalls: 1_000 } }, 'limits', 'warning'],
    ['no calls', { fake: { dailyCalls: 0 } }, 'limits', 'failure'],
    ['a channel for every change', {}, 'webhooks', 'ok'],
    ['a user who may not look', { fake: { seesSetup: false } }, 'webhooks', 'unknown'],
  ])('sees %s', async (_, more, check, state) => {
    await using org = await openOrganization(more);
    const finding = await examined(org, check);
    expect(finding?.state).toBe(state);
    expect(finding?.says).toMatch(/\.$/);
    expect(finding?.advice === undefined).toBe(state === 'ok');
  });

  test('sees that few calls are left, before none is', async () => {
    const calls = { dailyCalls: 20 };
    await using org = await openOrganization({ settings: calls, fake: calls });
    for (let count = 0; count < 19; count += 1) await examined(org, 'limits');
    expect(await examined(org, 'limits')).toMatchObject({
      state: 'warning',
      says: '1 of 20 calls of the last 24 hours are left to the organisation.',
    });
  });

  test('sees a login that is refused as the error that it is', async () => {
    const credentials = { flow: 'client-credentials', clientId: '3MVG9', clientSecret: 'wrong' };
    await using org = await openOrganization({ credentials });
    await expect(examined(org, 'credentials')).rejects.toMatchObject({ kind: 'auth' });
  });

  test('opens a new session when the login’s own resources refuse the old one', async () => {
    await using org = await openOrganization({ settings: runAs });
    await examined(org, 'credentials');
    org.fake.endSessions();
    expect(await examined(org, 'credentials')).toMatchObject({ state: 'ok' });
    expect(org.fake.sessionsOpened()).toBe(2);
  });
});

describe('The mapping of Salesforce', () => {
  test('is held against what the organisation has: fields, rights and picklists', async () => {
    await using org = await openOrganization();
    const schema = await org.connector.mapping?.describe(await org.operationContext('doctor'));
    expect(schema?.['Lead']).toMatchObject({
      Hub_Id__c: { writable: true },
      IsConverted: { writable: false },
      Status: { type: 'picklist', options: expect.arrayContaining(['Unqualified']) },
    });
    expect(schema?.['Opportunity']?.['StageName']?.options).toContain('Closed Won');
    const uses = org.connector.mapping?.uses(settings()) ?? [];
    for (const { object, field, writes, options = [] } of uses) {
      const found = schema?.[object]?.[field];
      expect([object, field, found !== undefined]).toEqual([object, field, true]);
      expect(found?.writable || !writes).toBe(true);
      expect(options.filter((one) => !found?.options?.includes(one))).toEqual([]);
    }
  });

  test('names the setting and the operations of each field that it relies on', async () => {
    await using org = await openOrganization();
    const named = {
      reasonField: 'Reason__c',
      stageField: 'Stage__c',
      contactStatusField: 'Status__c',
      stages: { won: 'Signed' },
      statusMap: { nurture: 'Sleeping' },
      fields: { lead: { title: 'Role__c' } },
    };
    const uses = org.connector.mapping?.uses(settings(named)) ?? [];
    const find = (object: string, field: string) =>
      uses.find((one) => one.object === object && one.field === field);
    expect(find('Lead', 'Role__c')).toMatchObject({ setting: 'fields.lead.title' });
    expect(find('Lead', 'Reason__c')?.operations).toContain('person.status');
    expect(find('Contact', 'Stage__c')).toMatchObject({ writes: true });
    expect(find('Lead', 'Status')?.options).toContain('Sleeping');
    expect(find('Contact', 'Status__c')?.options).toContain('Sleeping');
    expect(find('Opportunity', 'StageName')?.options).toEqual(['Signed']);
    expect(
      uses.every(({ operations }) => operations.every((one) => one in org.connector.operations)),
    ).toBe(true);
  });

  test('sees a field that an administrator took away, which writes are refused for', async () => {
    const faults = new FaultScript(
      [{ fault: 'drift', path: 'Lead.Title' }],
      () => START,
      () => 0,
    );
    await using org = await openOrganization({ fake: { faults } });
    const schema = await org.connector.mapping?.describe(await org.operationContext('doctor'));
    expect(schema?.['Lead']).not.toHaveProperty('Title');
    await expect(
      org.call('person.upsert', { facts: { email: 'z@b.test', title: 'CEO' } }),
    ).rejects.toMatchObject({ kind: 'config', code: 'salesforce_field_unknown' });
  });
});
