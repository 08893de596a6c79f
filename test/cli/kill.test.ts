import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import Database from 'libsql';
import { sandboxCall } from '#cli/sandbox/note.ts';
import type { FakeWrite } from '#connectors/kit/fake.ts';
import { segmentSender } from '#connectors/segment/fake.ts';
import { type BatonProcess, startBaton } from '#test/support/baton-process.ts';
import { quickPlaybook } from '#test/support/quick-playbook.ts';

const LEADS = 500;
const KILLS_AFTER_ANSWERS = [120, 330];
const OUTCOMES = ['nurture', 'declined'];

/** One in five asks for sales; the others are not ready. Nobody of sales ever answers. */
function requestFor(index: number) {
  const sender = segmentSender({ now: () => new Date() });
  const email = `lead.${index}@company-${index % 60}-hq.com`;
  const event = index % 5 === 0 ? 'Demo Requested' : 'Form Submitted';
  const properties = {
    email,
    firstName: 'Lead',
    lastName: `No. ${index}`,
    title: 'VP Marketing',
    country: 'DE',
    employees: 800,
    industry: 'Software',
    company: `Company ${index % 60}`,
  };
  return sender.webhook({
    ...sender.message('track', { event, properties, anonymousId: `v${index}` }),
    messageId: `kill-${index}`,
  });
}

describe(`kill -9 while ${LEADS} leads are in flight`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-kill-'));
  const playbook = quickPlaybook({ accept: 'PT2S', others: 'PT2S' });
  const words = ['--sandbox', '--port', '0', '--data', folder, '--playbook', playbook];

  afterAll(async () => {
    await sandboxCall(folder, 'POST', '/stop');
    for (const path of [folder, playbook]) rmSync(path, { recursive: true, force: true });
  });

  test('every lead that was acknowledged ends in one outcome, and each write was made once', async () => {
    let hub: BatonProcess = await startBaton(words);
    try {
      const kills = [...KILLS_AFTER_ANSWERS];
      let answered = 0;
      for (let index = 0; index < LEADS; index += 1) {
        if (answered === kills[0]) {
          kills.shift();
          await hub.kill();
          hub = await startBaton(words);
        }
        await acknowledged(hub.url, requestFor(index));
        answered += 1;
      }
      expect(kills).toEqual([]);
      // Once more, with hand-offs under way and everything acknowledged.
      await sleep(1500);
      await hub.kill();
      hub = await startBaton(words);

      const standings = await settled(folder);
      expect(standings.size).toBe(LEADS);
      expect([...standings.values()].filter((standing) => !OUTCOMES.includes(standing))).toEqual(
        [],
      );
      expect(
        repeated((await sandboxCall(folder, 'GET', '/writes')) as Record<string, FakeWrite[]>),
      ).toEqual([]);
    } finally {
      await hub.kill();
    }
  }, 170_000);
});

/** As a vendor does: sends again until it is told that the news was taken. */
async function acknowledged(url: string, request: ReturnType<typeof requestFor>): Promise<void> {
  const { status } = await axios.post(`${url}/in/segment/website`, request.body, {
    headers: request.headers,
    transformRequest: (data: unknown) => data,
  });
  expect(status).toBe(200);
}

/** Where each lead stands once the hub has nothing more to do for any until nurture is over. */
async function settled(folder: string): Promise<Map<string, string>> {
  const db = new Database(join(folder, 'baton.db'), { readonly: true });
  try {
    for (let quiet = 0; quiet < 4; ) {
      const { open } = db
        .prepare(
          "select count(*) as open from jobs where done_at is null and kind not in ('come-up', 'tell-ambiguous')",
        )
        .get() as { open: number };
      quiet = open === 0 ? quiet + 1 : 0;
      await sleep(250);
    }
    const people = db.prepare("select data from items where type = 'person'").all() as {
      data: string;
    }[];
    return new Map(
      people.map(({ data }) => {
        const { id, standing } = JSON.parse(data) as { id: string; standing: string };
        return [id, standing];
      }),
    );
  } finally {
    db.close();
  }
}

/** Writes that were made twice: things that were made under one key, or mails under one Message-ID. */
function repeated(writes: Record<string, FakeWrite[]>): string[] {
  const made = ['task.create', 'message.post', 'mail.send'];
  const keys = Object.entries(writes).flatMap(([vendor, all]) =>
    all
      .filter(({ verb }) => made.includes(verb))
      .map(({ verb, key }) => `${vendor} ${verb} ${key}`),
  );
  expect(keys.length).toBeGreaterThan(LEADS);
  return keys.filter((key, index) => keys.indexOf(key) < index);
}
