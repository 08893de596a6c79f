import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readAll } from '#core/records/store.ts';
import { startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda } from '#test/support/sandbox-lead.ts';

const NEED = `Our reps  never see the leads we make; “40 machines”, says O'Neil.\n${'We lose about one in three, mostly over the weekend. '.repeat(12)}Ende – schöne Grüße 🚀`;
const TIMELINE = `before the fair in March, at the latest by the 3rd: ${'we have a board meeting first, '.repeat(5)}then we sign`;
const REFERRER =
  `Prof. Łukasiewicz told me at the fair (stand B-12), and ${'so did his colleague '.repeat(8)}`.trim();

test('need, timeline and referrer reach everybody as they were written', async () => {
  await using sandbox = await startSandboxHub();
  askForDemo(sandbox, NEED, { timeline: TIMELINE, referrer: REFERRER });
  await sandbox.settle();
  const ada = followAda(sandbox);
  const words = [NEED, TIMELINE, REFERRER];

  const { id, capture } = await ada.person();
  expect(capture).toMatchObject({ need: NEED, timeline: TIMELINE, referrer: REFERRER });
  expect((await ada.handoff()).lane).toBe('hand-raiser');

  const { records } = sandbox.hub().hub;
  const log = await readAll(records, LogEntry, { pk: `PERSON#${id}`, prefix: LOG_PREFIX });
  const briefing = log.find(({ title }) => title.startsWith('briefing: '));
  expect(briefing?.detail).toMatchObject({ need: NEED, timeline: TIMELINE, referrer: REFERRER });

  const { salesforce } = sandbox.vendors;
  const [open] = salesforce.openTasks();
  const task = salesforce.row(open?.id ?? '');
  const [invitation] = await ada.invitations();
  const said = JSON.parse(JSON.stringify(invitation?.blocks)) as { text?: { text: string } }[];
  const chat = said.map(({ text }) => text?.text ?? '').join('\n');
  const mail = sandbox.vendors.mailbox.mails.find(({ text }) => text.includes('Accept: '));
  for (const word of words) {
    expect(task?.['Description']).toContain(word);
    expect(chat).toContain(word);
    expect(mail?.text).toContain(word);
  }
});
