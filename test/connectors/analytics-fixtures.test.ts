import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { jitsu } from '#connectors/jitsu/connector.ts';
import { posthog } from '#connectors/posthog/connector.ts';
import { rudderstack } from '#connectors/rudderstack/connector.ts';
import { snowplow } from '#connectors/snowplow/connector.ts';
import { openDoor } from './analytics-world.ts';

const SECRET = 'a-secret-of-many-letters';
const VENDORS = { jitsu, posthog, rudderstack, snowplow };

/** What a vendor sends, and what the hub makes of it. */
const Fixture = z.strictObject({
  says: z.string(),
  settings: z.record(z.string(), z.unknown()).optional(),
  body: z.unknown(),
  deliveries: z.array(z.strictObject({ dedupeKey: z.string(), group: z.string() })),
  events: z.array(z.record(z.string(), z.unknown())),
});

const fixtures = Object.entries(VENDORS).flatMap(([vendor, connector]) => {
  const folder = join('connectors', vendor, 'fixtures');
  return readdirSync(folder).map((file) => {
    const fixture = Fixture.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return [vendor, fixture.says, connector, fixture] as const;
  });
});

test.each(fixtures)('%s: %s', async (vendor, _says, connector, fixture) => {
  using door = openDoor(connector, {
    credentials: { secret: SECRET },
    settings: fixture.settings ?? {},
  });
  const answer = await door.knock({
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}` },
    body: JSON.stringify(fixture.body),
  });
  expect(answer.status).toBe(200);
  expect(door.envelopes.map(({ dedupeKey, group }) => ({ dedupeKey, group }))).toEqual(
    fixture.deliveries.map(({ dedupeKey, group }) => ({
      dedupeKey,
      group: `${vendor}-site:${group}`,
    })),
  );
  const events = await Promise.all(door.envelopes.map(door.understand));
  expect(events.flat()).toMatchObject(fixture.events);
  expect(door.quarantined()).toEqual([]);
  expect(JSON.stringify(door.envelopes)).not.toContain('site:key');
});

test('a password that a tracker was set up to send stays in the envelope', async () => {
  const form = fixtures.find(([vendor, says]) => vendor === 'snowplow' && says.includes('form'));
  using door = openDoor(snowplow, { credentials: { secret: SECRET } });
  await door.knock({
    method: 'POST',
    headers: { 'x-baton-secret': SECRET },
    body: JSON.stringify(form?.[3].body),
  });
  const events = await Promise.all(door.envelopes.map(door.understand));
  expect(JSON.stringify(events)).not.toContain('hunter2');
});
