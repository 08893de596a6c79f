import { receive } from '#connectors/kit/receive.ts';
import type { Write } from '#core/ports/records.ts';
import { openOrganization, PATH, received, SECRET } from './salesforce-organization.ts';

describe('An outbound message that can’t be read', () => {
  test('is kept without the secret of its address, and acknowledged', async () => {
    await using org = await openOrganization();
    const kept: Write[] = [];
    const never = () => Promise.reject(new Error('not expected to be called'));
    const deps = {
      connections: org.connections,
      inbox: { put: never },
      records: {
        get: async () => undefined,
        write: async (writes: readonly Write[]) => {
          kept.push(...writes);
        },
        query: never,
      },
      now: () => org.clock.at,
    };
    const headers = { 'content-type': 'text/xml' };
    const path = `${PATH}/sf?a=1&token=${SECRET}`;
    const request = received({ method: 'POST', headers, body: '<a/>' }, path);
    const answer = await receive(deps, { vendor: 'salesforce', connection: 'sf' }, request);

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<Ack>true</Ack>') });
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).toContain('?a=1&token=');
    expect(JSON.stringify(kept)).not.toContain(SECRET);
  });
});
