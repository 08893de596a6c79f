import { readFileSync } from 'node:fs';
import { type ConditionFacts, holds, patternOf } from '#core/scoring/condition.ts';
import { type EngagementRule, ScoringModel } from '#core/scoring/model.ts';
import { type LeadFacts, scoreLead } from '#core/scoring/score-lead.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import type { Effort } from '../benchmark.ts';
import { inTurns } from '../measure/rounds.ts';
import { figure } from '../measure/samples.ts';
import { mustAgree, ratePerSecond } from './rate.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;
const now = new Date(NOW);

/** Leads rated by the shipped model with every reason, beside loops that answer two percentages. */
export async function scoring(effort: Effort, seconds: number) {
  const model = ScoringModel.parse(
    JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
  );
  const leads = Array.from({ length: 200 }, (_, index) => leadNumber(index));
  const explained = (lead: LeadFacts) => {
    const { fit, engagement } = scoreLead(model, lead, now);
    return fit * 1000 + engagement;
  };
  const plain = plainScoring(model);
  mustAgree(leads, explained, plain);
  const taken = await inTurns(effort, {
    plain: async () => ratePerSecond(leads, seconds, plain),
    explained: async () => ratePerSecond(leads, seconds, explained),
  });
  const rules = model.fit.length + model.engagement.length + model.disqualify.length;
  return figure({
    what: `leads rated with reasons, ${rules} rules, 8 touches`,
    unit: '/s',
    samples: taken.explained,
    bound: { what: 'the same conditions in plain loops', samples: taken.plain },
    aim: { text: '≥ 1/3', holds: (ratio) => ratio >= 1 / 3 },
  });
}

/** What anybody would write by hand for this one model: sums, and nothing to tell them by. */
function plainScoring(model: ScoringModel): (lead: LeadFacts) => number {
  const groups = new Map<string, ScoringModel['fit']>();
  for (const rule of model.fit) {
    const key = rule.group ?? ` ${rule.id}`;
    groups.set(
      key,
      [...(groups.get(key) ?? []), rule].sort((a, b) => b.points - a.points),
    );
  }
  const fitGroups = [...groups.values()];
  const best = fitGroups.reduce((sum, rules) => sum + (rules[0]?.points ?? 0), 0);
  const categories = Object.keys(model.caps);
  const caps = Object.values(model.caps);
  const full = model.fullEngagement ?? caps.reduce((sum, cap) => sum + cap, 0);
  const engagementOf = (touches: readonly ScoredTouch[]) => {
    const sums = new Float64Array(caps.length);
    const ranks = new Map<string, number>();
    for (const touch of [...touches].sort((a, b) => (a.at < b.at ? 1 : -1))) {
      const rule = ruleOf(model.engagement, touch);
      if (rule === undefined) continue;
      const key = rule.id + touch.at.slice(0, 10);
      const rank = (ranks.get(key) ?? 0) + 1;
      ranks.set(key, rank);
      const age = (NOW - Date.parse(touch.at)) / DAY_MS;
      const at = categories.indexOf(rule.category);
      sums[at] = (sums[at] ?? 0) + (rule.points * 0.5 ** (age / rule.halfLifeDays)) / rank;
    }
    return sums.reduce((sum, each, index) => sum + Math.min(caps[index] ?? 0, each), 0);
  };
  return (lead) => {
    let fit = 0;
    for (const rules of fitGroups) fit += firstThatHolds(rules, lead);
    for (const { when } of model.disqualify) if (holds(when, lead)) break;
    const percent = Math.min(100, Math.round((100 * engagementOf(lead.touches)) / full));
    return Math.round((100 * fit) / best) * 1000 + percent;
  };
}

function firstThatHolds(rules: ScoringModel['fit'], facts: ConditionFacts): number {
  for (const { when, points } of rules) if (holds(when, facts)) return points;
  return 0;
}

function ruleOf(rules: readonly EngagementRule[], touch: ScoredTouch) {
  for (const rule of rules) {
    if (rule.touch !== touch.kind) continue;
    if (rule.urlMatches !== undefined && !patternOf(rule.urlMatches).test(touch.url ?? ''))
      continue;
    if (rule.nameMatches !== undefined && !patternOf(rule.nameMatches).test(touch.name)) continue;
    return rule;
  }
  return undefined;
}

/** Spread by strides, so that the mix is even and always the same. */
function leadNumber(index: number): LeadFacts {
  const pick = <T>(values: readonly T[], stride: number) =>
    values[(index * stride) % values.length];
  const kinds = ['page-visited', 'email-clicked', 'asset-downloaded', 'form-submitted'] as const;
  const touches = Array.from({ length: 8 }, (_, n): ScoredTouch => {
    const at = new Date(NOW - (n * 7 + (index % 11)) * DAY_MS - n * 1000).toISOString();
    const kind = kinds[(index + n) % kinds.length] ?? 'page-visited';
    const url = `https://nw.example/${n % 3 === 0 ? 'pricing' : 'blog'}`;
    return { id: `${index}-${n}`, at, kind, name: n % 2 === 0 ? 'Case study' : 'News', url };
  });
  return {
    person: {
      email: pick(['a@acme.de', 'b@gmail.com', 'c@globex.com'], 1),
      title: pick(['Head of IT', 'CTO', 'Marketing Manager', 'Clerk', 'VP Sales', undefined], 5),
      employees: pick([12, 80, 400, 2500, undefined], 1),
      country: pick(['DE', 'US', 'FR', 'IN'], 3),
      industry: pick(['Software', 'Retail', 'Farming', undefined, 'Insurance'], 3),
    },
    touches,
    handRaiser: index % 9 === 0,
  };
}
