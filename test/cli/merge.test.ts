import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentSender } from '#connectors/segment/fake.ts';
import { startBaton, temporaryFolder } from './command-line.ts';
import { CONFIG, JANE, SECRETS } from './filled-store.ts';
import { baton } from './one-process.ts';

const sender = segmentSender({ now: () => new Date(), ...SECRETS.web });
const WORK = JANE.email;
const HOME = 'jane@doe.example';

/** Jane asks for a demo under one of her addresses. */
async function asks(url: string, email: string, title: string): Promise<void> {
  const properties = { ...JANE, email, title, form: 'Demo', message: 'Please call.' };
  const message = sender.message('track', {
    event: 'Demo Requested',
    anonymousId: email,
    properties,
  });
  const { method, path, headers, body } = sender.tracking(message);
  expect((await fetch(`${url}${path}`, { method, headers, body })).status).toBe(200);
}

test('two hand-offs of one person become one on the command line, and two people again', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify(CONFIG));
  mkdirSync(join(folder.path, '.baton'));
  writeFileSync(join(folder.path, '.baton/secrets.json'), JSON.stringify(SECRETS));
  await using hub = startBaton(['up', '--port', '0'], folder.path);
  const url = /Baton is up at (http:\S+)/.exec(await hub.says('Ctrl-C stops it.'))?.[1] ?? '';
  await asks(url, WORK, 'Head of IT');
  await hub.says(/handed off/);
  await asks(url, HOME, 'CIO');
  await hub.says(/handed off.*\n(.*\n)*.*handed off/);

  const ask = (...words: string[]) => baton(words, folder.path);
  const json = async (...words: string[]) => JSON.parse((await ask(...words, '--json')).stdout);
  const person = async (lead: string) => (await json('show', lead)).person;
  const before = [await person(WORK), await person(HOME)];
  const ids = before.map(({ id }) => id as string);

  const dry = await ask('merge', 'people', HOME, WORK, '--dry-run');
  expect(dry.stdout).toMatch(/The hand-off ho_\S+ would end/);
  expect(dry.stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect([await person(WORK), await person(HOME)]).toEqual(before);

  const { survivor } = await json('merge', 'people', HOME, WORK);
  expect(survivor).toBe(ids[0]);
  const [merge] = (await json('merge', 'list')).merges;
  expect(merge).toMatchObject({
    by: 'ops',
    absorbed: ids[1],
    ended: [{ handoff: `ho_${ids[1]}_1` }],
  });
  const names = [HOME, ids[1] ?? '', `ho_${ids[1]}_1`];
  for (const told of await Promise.all(names.map((lead) => json('show', lead)))) {
    expect(told.person).toMatchObject({ id: survivor, standing: 'with-sales' });
    const statuses = told.handoffs.map(({ status }: { status: string }) => status);
    expect(statuses.sort()).toEqual(['merged', 'open']);
  }
  const explained = await Promise.all(ids.map((lead) => ask('explain', lead)));
  for (const { stdout } of explained) expect(stdout).toContain(`merged into ${survivor}`);
  expect((await ask('merge', 'people', HOME, WORK)).stderr).toContain('one person already');
  await whole(ask);

  expect((await ask('merge', 'undo', merge.id, '--dry-run')).stdout).toContain(
    'would be two again',
  );
  expect((await ask('merge', 'undo', merge.id)).stdout).toContain('are two again');
  const [work, home] = [await person(WORK), await person(HOME)];
  expect(work).toEqual(before[0]);
  expect(home).toEqual({
    ...before[1],
    standing: 'contact',
    owner: { kind: 'queue', id: 'attention' },
    nextAction: expect.anything(),
  });
  expect((await ask('explain', HOME)).stdout).toContain('merge undone');
  await whole(ask);
  expect((await ask('merge', 'apart', HOME, WORK)).stdout).toContain('kept apart');
  expect((await ask('merge', 'undo', 'mrg_none')).stderr).toContain('merge_missing');
}, 120_000);

/** Nothing is left behind once the bus has told everybody. */
async function whole(ask: (...words: string[]) => ReturnType<typeof baton>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const { code, stdout } = await ask('verify');
    if (code === 0) return;
    if (tries > 20) throw new Error(stdout);
  }
}
