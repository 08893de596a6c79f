import type { Hub } from '#core/ports/hub.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Engagement, engagementItem, engagementKey } from '#core/records/engagement.ts';
import { readTouches, type Whose } from '#core/records/of-person.ts';
import { read } from '#core/records/store.ts';
import type { Touch } from '#core/records/touch.ts';
import { DAY_MS, isDelivery, isMailDeed, ruleFor, scanWindowMs } from '#core/scoring/earning.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import { pruned, type Tally, tallyOf, withTouch } from '#core/scoring/tally.ts';
import { countDays } from './count-days.ts';
import { countingModels } from './models.ts';
import { touchesBetween } from './touches-between.ts';

type Deps = Pick<Hub, 'records' | 'playbook' | 'now'>;

/**
 * What is to be written in the transaction that gives touches to a person: their engagement with
 * these counted. A touch is told once; in what order they come does not matter. `isNew` spares a
 * look for touches of somebody who has none. A tally that a changed model needs is left to the next
 * rating.
 */
export async function countTouches(
  deps: Deps,
  person: Whose,
  touches: readonly Touch[],
  isNew = false,
): Promise<Write[]> {
  if (touches.length === 0) return [];
  const stored = await read(deps.records, Engagement, engagementKey(person.id));
  const known = stored?.data.tallies ?? (await countedFirst(deps, person, isNew));
  const tallies: Record<string, Tally> = {};
  for (const [hash, model] of countingModels(deps.playbook)) {
    const tally = known[hash];
    if (tally === undefined) continue;
    const more = await withTouches(deps, model, tally, { person, touches });
    tallies[hash] = pruned(model, more, deps.now());
  }
  const put = engagementItem(person.id, { tallies }, (stored?.version ?? 0) + 1);
  return [{ put, if: stored === undefined ? 'absent' : { version: stored.version } }];
}

/** Of somebody who has no tally yet, from all touches that they have. */
async function countedFirst(
  { records, playbook }: Deps,
  person: Whose,
  isNew: boolean,
): Promise<Engagement['tallies']> {
  const touches = isNew ? [] : await readTouches(records, person);
  const models = [...countingModels(playbook)];
  return Object.fromEntries(
    models.map(([hash, model]) => [hash, tallyOf(model, touches)] as const),
  );
}

interface Coming {
  readonly person: Whose;
  readonly touches: readonly Touch[];
}

async function withTouches(
  { records }: Deps,
  model: ScoringModel,
  tally: Tally,
  coming: Coming,
): Promise<Tally> {
  const { person, touches } = coming;
  const again: number[] = [];
  let next = tally;
  for (const touch of touches) {
    again.push(...(await daysScanned(records, model, touch, person)));
    if (await isScanned(records, model, touch, coming)) continue;
    next = withTouch(model, next, touch);
  }
  const days = { person, days: again, more: touches };
  return again.length === 0 ? next : countDays(records, model, next, days);
}

/** Whether an open or a click came so soon after a delivery that a scanner did it. */
async function isScanned(
  records: Records,
  model: ScoringModel,
  touch: Touch,
  { person, touches }: Coming,
): Promise<boolean> {
  const withinMs = scanWindowMs(model);
  if (withinMs === 0 || !isMailDeed(touch) || ruleFor(model, touch) === undefined) return false;
  const atMs = Date.parse(touch.at);
  const isJustBefore = (one: Touch) => {
    const ms = Date.parse(one.at);
    return isDelivery(one) && ms <= atMs && atMs - ms <= withinMs;
  };
  if (touches.some(isJustBefore)) return true;
  return (await touchesBetween(records, person, atMs - withinMs, atMs)).some(isJustBefore);
}

/** The days on which a delivery that is told late turns deeds into a scanner's. */
async function daysScanned(
  records: Records,
  model: ScoringModel,
  touch: Touch,
  person: Whose,
): Promise<number[]> {
  const withinMs = scanWindowMs(model);
  if (withinMs === 0 || !isDelivery(touch)) return [];
  const atMs = Date.parse(touch.at);
  const after = await touchesBetween(records, person, atMs, atMs + withinMs);
  return after.filter(isMailDeed).map(({ at }) => Math.floor(Date.parse(at) / DAY_MS));
}
