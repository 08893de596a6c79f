import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHeld } from '#cli/commands/quarantine.ts';
import { plain } from '#cli/terminal.ts';
import { quarantine } from '#core/quarantine.ts';
import { startBaton, temporaryFolder } from './command-line.ts';
import { CONFIG, fillStore, JANE, SECRETS } from './filled-store.ts';
import { baton } from './one-process.ts';

const AT = '2026-11-23T09:00:00.000Z';
const FROM = { at: AT, connection: 'web', vendor: 'segment' };

/** A store in which lies what an older connector did not understand, and what nobody ever will. */
async function folderWithHeld() {
  const folder = temporaryFolder();
  const data = join(folder.path, '.baton');
  await fillStore(data, async ({ embedded }) => {
    const { records } = embedded.hub;
    await quarantine(records, {
      ...{ ...FROM, code: 'event_unreadable', message: 'Segment sent something new.' },
      content: {
        kind: 'envelope',
        envelope: {
          ...{ id: 'evt_1', connection: 'web', vendor: 'segment', receivedAt: AT },
          ...{ group: 'web:1', dedupeKey: 'segment-1' },
          body: {
            ...{ type: 'track', messageId: 'segment-1', event: 'Demo Requested' },
            properties: { ...JANE, form: 'Demo' },
          },
        },
      },
    });
    await quarantine(records, {
      ...{ ...FROM, at: '2026-11-23T09:05:00.000Z' },
      ...{ code: 'segment_body_unreadable', message: 'The call carries no JSON of events.' },
      content: {
        ...{ kind: 'request', method: 'POST', path: '/in/segment/web' },
        ...{ url: 'https://hub.example.com/in/segment/web', headers: {} },
        body: Buffer.from('no JSON').toString('base64'),
      },
    });
  });
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify(CONFIG));
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'secrets.json'), JSON.stringify(SECRETS));
  return folder;
}

interface Held {
  readonly id: string;
  readonly status: string;
  readonly message: string;
}

test('what is held is listed, and tried again in a store on which no hub works', async () => {
  using folder = await folderWithHeld();
  const listed = await baton(['quarantine', 'list', '--json'], folder.path);
  const [envelope, request, ...others] = JSON.parse(listed.stdout) as Held[];
  expect(others).toEqual([]);
  expect(envelope?.message).toBe('Segment sent something new.');

  const { code, stdout, stderr } = await baton(['quarantine', 'replay', '--all'], folder.path);
  expect(stderr).toBe('');
  expect(code).toBe(1);
  expect(stdout).toContain(`taken in    ${envelope?.id}`);
  expect(stdout).toContain(`held again  ${request?.id}\n            The call carries no JSON`);
  expect(stdout).toContain('1 thing taken in, 1 held again.');

  const shown = await baton(['show', JANE.email, '--json'], folder.path);
  expect(JSON.parse(shown.stdout)).toMatchObject({ person: { standing: 'with-sales' } });
}, 120_000);

test('a hub that runs is asked to try it again, and works on', async () => {
  using folder = await folderWithHeld();
  await using hub = startBaton(['up', '--port', '0'], folder.path);
  await hub.says('Ctrl-C stops it.');
  const listed = await baton(['quarantine', 'list', '--json'], folder.path);
  const [envelope] = JSON.parse(listed.stdout) as Held[];

  const replayed = await baton(['quarantine', 'replay', envelope?.id ?? '', '--json'], folder.path);
  expect(JSON.parse(replayed.stdout)).toEqual([{ id: envelope?.id, status: 'replayed' }]);
  expect(replayed.code).toBe(0);
  await hub.says(/handed off +Jane Doe/);

  const unknown = await baton(['quarantine', 'replay', 'q_nothing'], folder.path);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("Nothing is held under 'q_nothing'");
}, 120_000);

test('what was replayed is told apart from what is held', () => {
  const one = {
    ...{ ...FROM, id: 'q_1', code: 'event_unreadable', message: 'Segment sent something new.' },
    content: { kind: 'envelope' as const, envelope: {} },
  };
  const text = renderHeld(
    [
      { ...one, status: 'held' },
      { ...one, id: 'q_2', status: 'replayed' },
    ],
    plain,
  );
  expect(text.split('\n')).toEqual([
    'q_1  2026-11-23 09:00 UTC  web',
    '  Segment sent something new.',
    '  code: event_unreadable',
    'q_2  2026-11-23 09:00 UTC  web  replayed',
    '  Segment sent something new.',
    '  code: event_unreadable',
    "1 held; try again with 'baton quarantine replay'.",
  ]);
  expect(renderHeld([], plain)).toBe('Nothing is held.');
});
