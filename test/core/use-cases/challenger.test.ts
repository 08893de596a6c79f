import { explainLead } from '#cli/lead/explanation.ts';
import { renderExplanation } from '#cli/lead/render-explanation.ts';
import { plain } from '#cli/terminal.ts';
import { findLead } from '#core/administer/find-lead.ts';
import type { TouchFacts } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readAll } from '#core/records/store.ts';
import { score } from '#core/steps/score.ts';
import { openHandOff, openHubOfRecords } from '#test/support/hand-off-world.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';

/** The shipped playbook with a second model, under which next to nobody fits. */
const withStrict = (hub: Hub): Hub => {
  const champion = hub.playbook.scoring['default'];
  if (champion === undefined) throw new Error('The shipped playbook has no default model.');
  const grid = { ...champion.grid, A1: 'warm', B1: 'warm', C1: 'nurture' } as const;
  const strict = { ...champion, grid, handRaiserWithPoorFit: 'nurture' as const };
  return { ...hub, playbook: { ...hub.playbook, scoring: { default: champion, strict } } };
};

async function rated(challenger: string | undefined, change: (hub: Hub) => Hub = withStrict) {
  const world = await openHandOff(change);
  const step = { ...world.step, step: 'score' };
  const answer = await score(world.hub, step, { model: 'default', challenger });
  const again = await score(world.hub, step, { model: 'default', challenger });
  expect(again).toEqual(answer);
  const pk = `PERSON#${world.personId}`;
  const entries = await readAll(world.hub.records, LogEntry, { pk, prefix: LOG_PREFIX });
  const decisions = entries.filter(({ title }) => /^rated|^disqualified/.test(title));
  expect(decisions).toHaveLength(1);
  const person = await world.person();
  const { records, playbook, now } = world.hub;
  const explanation = await explainLead(records, playbook, person, now());
  world[Symbol.dispose]();
  return { answer, detail: decisions[0]?.detail ?? {}, explanation };
}

test('what a challenger says is kept beside the rating, and changes nothing of it', async () => {
  const alone = await rated(undefined);
  const watched = await rated('strict');
  expect(watched.answer).toEqual(alone.answer);
  const { challenger, ...rest } = watched.detail;
  expect(rest).toEqual(alone.detail);
  expect(challenger).toEqual({
    model: 'strict',
    rating: expect.stringMatching(/^(warm|nurture)$/),
    grade: alone.answer.grade,
    lane: expect.any(String),
    fit: alone.answer.fit,
    engagement: alone.answer.engagement,
  });
});

test('explain shows both, then and now', async () => {
  const { explanation, detail } = await rated('strict');
  expect(explanation.model).toBe('default');
  expect(explanation.rated?.challenger).toMatchObject({ model: 'strict' });
  expect(explanation.challenger?.rating).toBe(explanation.rated?.challenger?.rating);
  expect(explanation.today.rating).toBe(detail['rating']);
  const text = renderExplanation(explanation, plain).replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/challenger strict said \w+, grade \w\d, .*It decides nothing\./);
});

test('a challenger that the playbook has lost holds up nobody', async () => {
  const { detail, explanation } = await rated('gone');
  expect(detail).not.toHaveProperty('challenger');
  expect(explanation.challenger).toBeUndefined();
});

test('explain tells what it left out because no person did it', async () => {
  const wary = (hub: Hub): Hub => {
    const { default: model } = hub.playbook.scoring;
    if (model === undefined) throw new Error('The shipped playbook has no default model.');
    const scoring = { default: { ...model, scannersWithinSeconds: 10 } };
    return { ...hub, playbook: { ...hub.playbook, scoring } };
  };
  using world = await openHubOfRecords(wary);
  const mail = (id: string, seconds: number, touch: TouchFacts) =>
    event<'touch.recorded'>({
      type: 'touch.recorded',
      sourceId: id,
      at: new Date(Date.parse(minute(-5)) + seconds * 1000).toISOString(),
      subject: { email: ADA },
      touch,
    });
  await world.tell(
    mail('1', 0, { kind: 'email-received', name: 'News' }),
    mail('2', 2, { kind: 'email-clicked', name: 'News' }),
    mail('3', 60, { kind: 'page-visited', name: 'Pricing', bot: 'crawler' }),
    mail('4', 90, { kind: 'page-visited', name: 'Pricing' }),
  );
  const { records, playbook, now } = world.hub;
  const person = await findLead(records, ADA);
  const explanation = await explainLead(records, playbook, person, now());
  expect(explanation.points.flatMap(({ touchId }) => touchId ?? [])).toEqual(['evt_4']);
  const text = renderExplanation(explanation, plain).replaceAll(/\s+/g, ' ');
  expect(text).toContain('left out Pricing (page visited, ');
  expect(text).toContain('done by a machine (crawler)');
  expect(text).toMatch(/left out News \(email clicked, .*within 10 s of a mail: a scanner's/);
});
