import type { CanonicalEvent } from '#core/events.ts';
import type { Trigger } from '#workflows/language/workflow.ts';
import { triggered } from '#workflows/trigger.ts';

const captured: CanonicalEvent = {
  id: 'e1',
  type: 'lead.captured',
  at: '2026-01-05T09:00:00.000Z',
  receivedAt: '2026-01-05T09:00:01.000Z',
  connection: 'web',
  sourceId: 's1',
  subject: { email: 'ada@example.com' },
  person: { email: 'ada@example.com', country: 'DE' },
  form: 'contact-sales',
  handRaiser: true,
};

const person = {
  facts: { email: 'ada@example.com', country: 'DE' },
  suppressed: false,
  standing: 'contact' as const,
  owner: { kind: 'queue' as const, id: 'rating' },
};

const workflows = (...triggers: Trigger[]) => ({
  workflows: Object.fromEntries(
    triggers.map((trigger, index) => [`w${index}`, { id: `w${index}`, trigger }]),
  ),
});

test.each([
  ['no condition', undefined, ['w0']],
  ['a condition on what is known of the person', "person.country = 'DE'", ['w0']],
  ['a condition that is false', 'person.suppressed', []],
  ['a condition on what is not known', "person.industry = 'Retail'", []],
  ['a negated condition', '$not(person.suppressed)', ['w0']],
  ['a condition on the event', "event.handRaiser and event.form = 'contact-sales'", ['w0']],
  [
    'a condition on the owner and the standing',
    "person.ownerKind = 'queue' and person.standing = 'contact'",
    ['w0'],
  ],
  ['a condition that answers something but true', 'person.country', []],
])('%s', async (_name, when, started) => {
  const trigger = when === undefined ? { on: [captured.type] } : { on: [captured.type], when };
  expect(await triggered(workflows(trigger), captured, person)).toEqual(started);
});

test('an event starts every workflow that it is listed in, and no other', async () => {
  const playbook = workflows(
    { on: ['lead.captured', 'lead.qualified'] },
    { on: ['lead.qualified'] },
    { on: ['lead.captured'] },
  );
  expect(await triggered(playbook, captured, person)).toEqual(['w0', 'w2']);
});

test('a condition that fails is loud, because the lead would be lost unseen', async () => {
  const playbook = workflows({ on: ['lead.captured'], when: 'person.country > 3' });
  await expect(triggered(playbook, captured, person)).rejects.toThrow(
    /^The trigger of the workflow w0 can't be evaluated \(JSONata T2009\): person\.country > 3/,
  );
});
