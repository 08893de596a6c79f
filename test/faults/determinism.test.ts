import { journalOf } from '#cli/store/journal.ts';
import { listQuarantined, quarantine } from '#core/quarantine.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { playLittleWorld } from './little-world.ts';
import { MONDAY } from './story.ts';

test('the same world gives the same journal, byte for byte', async () => {
  const playbook = await shippedPlaybook();
  const journals: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    await playLittleWorld({
      playbook,
      look: ({ db }) => void journals.push([...journalOf(db)].join('\n')),
    });
  }
  const [first = '', second = ''] = journals.map((journal) => journal.split('\n'));
  expect(second).toEqual(first);
  expect(first.length).toBeGreaterThan(500);
  // Make-believe vendors live on other ports each time.
  expect(journals.join('')).not.toContain('127.0.0.1');
}, 60_000);

test('what nobody understands is held once, by whatever way and under whatever name it comes', async () => {
  using store = openStore();
  const cameBy = (host: string, trace: string, event = 'mql') =>
    quarantine(store.records, {
      at: MONDAY.toISOString(),
      connection: 'marketo',
      vendor: 'marketo',
      code: 'marketo_webhook_unreadable',
      message: 'The webhook did not send the JSON of the template.',
      content: {
        kind: 'request',
        method: 'POST',
        path: '/in/marketo/marketo',
        url: `https://${host}/in/marketo/marketo`,
        headers: { host, 'x-request-id': trace, 'x-hub-event': event },
        body: 'eyJsZWFkSWQiOiAxNywgImVtYWlsIjog',
      },
    });
  await cameBy('hub.example.com', '1');
  await cameBy('hub.example.com', '2');
  await cameBy('10.0.0.7:8080', '3');
  expect(await listQuarantined(store.records)).toHaveLength(1);
  await cameBy('hub.example.com', '1', 'webinar-attended');
  expect(await listQuarantined(store.records)).toHaveLength(2);
});
