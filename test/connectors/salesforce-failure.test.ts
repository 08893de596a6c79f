import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { salesforceFailure } from '#connectors/salesforce/failure.ts';
import type { HubError } from '#core/errors.ts';
import { ADA, openOrganization } from './salesforce-organization.ts';

const error = (errorCode: string, message = 'no', more: object = {}) => [
  { message, errorCode, ...more },
];
const duplicates = {
  duplicateResult: {
    allowSave: true,
    matchResults: [{ matchRecords: [{ record: { Id: '00Q000000000007EAA' } }] }],
  },
};

describe('An answer of Salesforce', () => {
  test.each<[string, number, unknown, object | undefined]>([
    ['success', 200, {}, undefined],
    ['success without a body', 204, '', undefined],
    ['an ended session', 401, error('INVALID_SESSION_ID'), { kind: 'auth' }],
    ['a malformed token', 401, error('INVALID_AUTH_HEADER'), { kind: 'auth' }],
    [
      'the daily quota',
      403,
      error('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
      { kind: 'retry', retryAfterMs: 3_600_000, outcomeUnknown: false },
    ],
    [
      'too many calls at once',
      403,
      error(
        'REQUEST_LIMIT_EXCEEDED',
        'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
      ),
      { kind: 'retry', retryAfterMs: 5_000, outcomeUnknown: false },
    ],
    [
      'too many long calls at once',
      403,
      error('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'),
      { kind: 'retry', retryAfterMs: 5_000, limit: 'concurrent' },
    ],
    [
      'the day’s calls',
      403,
      error('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
      { limit: 'daily' },
    ],
    [
      'a missing right to what a record points to',
      400,
      error('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'),
      { kind: 'config', code: 'salesforce_permission_missing' },
    ],
    ['a missing right', 403, error('INSUFFICIENT_ACCESS_OR_READONLY'), { kind: 'config' }],
    ['an organisation without the API', 403, error('API_DISABLED_FOR_ORG'), { kind: 'config' }],
    ['a feature that is off', 403, error('FUNCTIONALITY_NOT_ENABLED'), { kind: 'config' }],
    [
      'a duplicate by rule',
      400,
      error('DUPLICATES_DETECTED', 'no', duplicates),
      { kind: 'conflict', existingId: '00Q000000000007EAA' },
    ],
    [
      'a duplicate by key',
      400,
      error(
        'DUPLICATE_VALUE',
        'duplicate value found: Hub_Id__c duplicates value on record with id: 00Q5g00000AbCdE',
      ),
      { kind: 'conflict', existingId: '00Q5g00000AbCdE' },
    ],
    ['a missing field', 400, error('REQUIRED_FIELD_MISSING'), { kind: 'data' }],
    ['a validation rule', 400, error('FIELD_CUSTOM_VALIDATION_EXCEPTION'), { kind: 'data' }],
    ['a text too long', 400, error('STRING_TOO_LONG'), { kind: 'data' }],
    ['a bad address', 400, error('INVALID_EMAIL_ADDRESS'), { kind: 'data' }],
    [
      'a converted lead',
      400,
      error('CANNOT_UPDATE_CONVERTED_LEAD'),
      { kind: 'data', code: 'salesforce_lead_converted' },
    ],
    [
      'an option that is not there',
      400,
      error('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'),
      { kind: 'config' },
    ],
    [
      'an inactive owner',
      400,
      error('INACTIVE_OWNER_OR_USER'),
      { kind: 'config', code: 'salesforce_owner_inactive' },
    ],
    [
      'a user who owns nothing',
      400,
      error('OP_WITH_INVALID_USER_TYPE_EXCEPTION'),
      { kind: 'config' },
    ],
    ['a field that is not there', 400, error('INVALID_FIELD'), { kind: 'config' }],
    ['a query of ours', 400, error('MALFORMED_QUERY'), { kind: 'defect' }],
    ['a refusal nobody foresaw', 400, error('SOMETHING_NEW'), { kind: 'data' }],
    ['a locked row', 400, error('UNABLE_TO_LOCK_ROW'), { kind: 'retry', outcomeUnknown: false }],
    ['a slow query', 400, error('QUERY_TIMEOUT'), { kind: 'retry' }],
    [
      'no such record',
      404,
      error('NOT_FOUND'),
      { kind: 'data', code: 'salesforce_record_not_found' },
    ],
    ['a deleted record', 404, error('ENTITY_IS_DELETED'), { code: 'salesforce_record_not_found' }],
    [
      'several matches',
      300,
      ['/services/data/v66.0/sobjects/Lead/1'],
      { kind: 'data', code: 'salesforce_several_matches' },
    ],
    [
      'an error of its own',
      500,
      error('UNKNOWN_EXCEPTION'),
      { kind: 'retry', outcomeUnknown: true },
    ],
    ['down', 503, error('SERVER_UNAVAILABLE'), { kind: 'retry', outcomeUnknown: true }],
    ['down without a word', 503, 'Service Unavailable', { kind: 'retry', outcomeUnknown: true }],
    ['a refused login', 400, { error: 'invalid_grant' }, { kind: 'auth' }],
    ['an unknown client', 401, { error: 'invalid_client_id' }, { kind: 'auth' }],
    [
      'a page that is gone',
      400,
      error('INVALID_QUERY_LOCATOR'),
      { code: 'salesforce_cursor_expired' },
    ],
    ['a redirect', 302, '', { kind: 'defect' }],
  ])('that means %s (%i) gets its class', (_, status, body, expected) => {
    const failure = salesforceFailure({ status, headers: {}, body });
    if (expected === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject(expected);
  });

  test.each([
    [{ 'x-sfdc-request-id': 'a1-b2' }, error('NOT_FOUND'), 'request a1-b2'],
    [{}, error('UNKNOWN_EXCEPTION', 'Sorry. ErrorId: 1234-5678 (-99)'), 'request 1234-5678 (-99)'],
    [{}, ['/services/data/v66.0/sobjects/Lead/1'], 'by hand.'],
  ])('names the request by which Salesforce finds it: %o', (headers, body, words) => {
    const answer = {
      status: Array.isArray(body) && typeof body[0] === 'string' ? 300 : 500,
      headers,
      body,
    };
    expect(salesforceFailure(answer as VendorAnswer)?.message).toContain(words);
  });

  test('never lends its words to the hub’s message', () => {
    const body = error('DUPLICATE_VALUE', 'zoe@buyer.test on record with id: 00Q5g00000AbCdE');
    expect(salesforceFailure({ status: 400, headers: {}, body })?.message).not.toContain('zoe');
  });
});

describe('A call to Salesforce', () => {
  const upsert = { facts: { email: 'zoe@buyer.test' } };

  test.each([
    ['TotalRequests', 3_600_000],
    ['ConcurrentRequests', 5_000],
  ] as const)('beyond the limit of %s waits at least %i ms', async (limit, retryAfterMs) => {
    await using org = await openOrganization();
    Object.assign(org.fake.faults, { callsLeft: 1, limit });
    const refusal: HubError = await org.call('person.upsert', upsert).then(
      () => Promise.reject(new Error('not refused')),
      (error) => error,
    );
    // Those who met at the limit come back at different times.
    expect(refusal.retryAfterMs).toBeGreaterThanOrEqual(retryAfterMs);
    expect(refusal.retryAfterMs).toBeLessThan(2 * retryAfterMs);
    expect(refusal.limit).toBe(limit === 'TotalRequests' ? 'daily' : 'concurrent');
    expect(org.fake.writes).toEqual([]);
  });

  test('that finds its row locked is tried again', async () => {
    await using org = await openOrganization();
    org.fake.faults.locksLeft = 1;
    await expect(org.call('person.upsert', upsert)).rejects.toMatchObject({ kind: 'retry' });
    await expect(org.call('person.upsert', upsert)).resolves.toMatchObject({ created: true });
  });

  test('whose lead was made but whose answer was lost makes no second one', async () => {
    await using org = await openOrganization();
    org.fake.faults.answersToLose = 1;
    await expect(org.call('person.upsert', upsert)).rejects.toMatchObject({ outcomeUnknown: true });
    await expect(org.call('person.upsert', upsert)).resolves.toMatchObject({ created: false });
    expect(org.fake.writes).toHaveLength(1);
  });

  test('for the same person twice at once makes one lead', async () => {
    await using org = await openOrganization();
    const both = await Promise.all(
      ['k1', 'k2'].map((key) => org.call('person.upsert', upsert, key)),
    );
    const records = both.map((answer) => (answer as { record: { id: string } }).record.id);
    expect(new Set(records).size).toBe(1);
  });

  test('takes the record that a duplicate rule points to', async () => {
    await using org = await openOrganization({ fake: { duplicateRule: true } });
    // The rule compares telephone numbers, too, which the search by address does not.
    const fields = { Email: 'zoe@home.test', Phone: '+49 30 1', LastName: 'Z', Company: 'B' };
    const id = org.fake.createLead(fields, ADA);
    const facts = { email: 'zoe@buyer.test', phone: '+49 30 1', title: 'CEO' };
    const answer = await org.call('person.upsert', { facts });
    expect(answer).toEqual({ record: { kind: 'lead', id }, created: false });
    // Rules may be wrong about people: the address stays as it was.
    expect(org.fake.row(id)).toMatchObject({ Title: 'CEO', Email: 'zoe@home.test' });
  });

  test('escapes what it puts into a query', async () => {
    await using org = await openOrganization();
    org.fake.createLead({ Email: 'a@b.test', LastName: 'A', Company: 'B' }, ADA);
    const email = "x' OR Email = 'a@b.test";
    await expect(org.call('person.upsert', { email, facts: {} })).rejects.toMatchObject({
      kind: 'data',
      code: 'salesforce_record_refused',
    });
    expect(org.fake.writes).toEqual([]);
  });

  test('for an owner who is no user names what to do', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: 'a@b.test', LastName: 'A', Company: 'B' }, ADA);
    const assign = { record: { kind: 'lead', id }, owner: 'nobody@acme.test', status: 'assigned' };
    await expect(org.call('person.assign', assign)).rejects.toMatchObject({
      kind: 'config',
      code: 'salesforce_owner_unknown',
    });
  });

  test('takes the active one of two users with the same address', async () => {
    await using org = await openOrganization({ fake: { inactiveUsers: [ADA] } });
    const id = org.fake.createLead({ Email: 'a@b.test', LastName: 'A', Company: 'B' }, ADA);
    const assign = { record: { kind: 'lead', id }, owner: ADA, status: 'accepted' };
    await expect(org.call('person.assign', assign)).resolves.toEqual({
      ownerId: org.fake.userId(ADA),
    });
  });

  test('takes an open lead before what another one became', async () => {
    await using org = await openOrganization();
    const fields = { Email: 'zoe@buyer.test', LastName: 'Z', Company: 'B' };
    const open = org.fake.createLead(fields, ADA);
    org.pass(1_000);
    org.fake.convertLead(org.fake.createLead(fields, ADA), ADA);
    expect(await org.call('person.upsert', upsert)).toEqual({
      record: { kind: 'lead', id: open },
      created: false,
    });
  });

  test('under a key that it had before does not reopen a task that is done', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: 'a@b.test', LastName: 'A', Company: 'B' }, ADA);
    const record = { kind: 'lead', id };
    const task = { record, owner: ADA, subject: 'a', body: 'b', dueAt: '2026-11-22T13:00:00Z' };
    const made = (await org.call('task.create', task, 'k1')) as { task: { id: string } };
    org.fake.completeTask(made.task.id);
    expect(await org.call('task.create', task, 'k1', true)).toEqual(made);
    expect(org.fake.openTasks()).toEqual([]);
  });

  test('about a lead that was merged is about the winner', async () => {
    await using org = await openOrganization();
    const [winner, loser] = ['a@b.test', 'c@d.test'].map((Email) =>
      org.fake.createLead({ Email, LastName: 'A', Company: 'B' }, ADA),
    );
    org.fake.mergeLeads(winner ?? '', loser ?? '', ADA);
    const answer = await org.call('person.read', { record: { kind: 'lead', id: loser } });
    expect(answer).toMatchObject({ record: { kind: 'lead', id: winner } });
  });

  test('about a lead that never was is a matter of the data', async () => {
    await using org = await openOrganization();
    const record = { kind: 'lead', id: '00Q000000000099EAA' };
    for (const [verb, more] of [
      ['person.read', {}],
      ['person.status', { status: 'working' }],
    ] as const) {
      await expect(org.call(verb, { record, ...more })).rejects.toMatchObject({
        code: 'salesforce_record_not_found',
      });
    }
  });
});
