import * as z from 'zod';
import { type Connector, defineOperation } from '#connectors/kit/connector.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';

/** A workflow with a step a line, so that a test can name a place in it. */
export const WORKFLOW = `{
  "id": "inbound",
  "trigger": { "on": ["lead.captured"], "when": "$not(person.suppressed)" },
  "oneRunPer": "person",
  "steps": [
    { "id": "enrich", "use": "enrich", "with": { "within": "PT3S" }, "onError": "continue" },
    { "id": "score", "use": "score", "with": { "model": "default" } },
    { "id": "gate", "choose": [{ "when": "$score.rating = 'warm'", "next": "nurture" }] },
    { "id": "route", "use": "route", "with": { "policy": "inbound" } },
    { "id": "assign", "use": "hand-off" },
    { "id": "tell", "use": "chatter.message.post", "with": { "to": "#leads", "size": 3 }, "as": "message" },
    { "id": "accept", "await": "handoff.accepted", "clock": "accept", "onBreach": "reassign", "onReject": "nurture", "next": "done" },
    { "id": "reassign", "use": "reassign", "with": { "atMost": 2 }, "next": "accept", "onExhausted": "nurture" },
    { "id": "nurture", "use": "hand-back" },
    { "id": "done", "end": true }
  ]
}
`;

const PARTS = {
  'clocks.json': {
    accept: {
      by: { default: '4 business hours' },
      ladder: [
        { at: '100%', do: 'breach' },
        { at: '200%', do: 'end' },
      ],
    },
  },
  'calendars.json': { berlin: { timeZone: 'Europe/Berlin', hours: { mon: [['09:00', '17:00']] } } },
  'people.json': {
    salespeople: [
      { email: 'ada@example.com', name: 'Ada', team: 'emea', calendar: 'berlin', territories: [] },
    ],
  },
  'tracks.json': {
    tracks: [{ id: 'later', name: 'Later', list: 'Later', reEnterAfter: 'P30D' }],
    reasons: ['no_action', 'not_ready'].map((code) => ({
      code,
      label: code,
      track: 'later',
      because: 'it is so',
    })),
    salesMayGive: ['not_ready'],
  },
  'routing/inbound.json': {
    tiers: [],
    pools: { all: { members: [{ email: 'ada@example.com' }] } },
    catchAll: { pool: 'all', queue: 'triage' },
  },
  'scoring/default.json': {
    fit: [{ id: 'size', when: { field: 'employees', atLeast: 50 }, points: 10, because: 'size' }],
    engagement: [
      { id: 'form', touch: 'form-submitted', points: 10, halfLifeDays: 14, category: 'forms' },
    ],
    caps: { forms: 20 },
    bands: { fit: { A: 80, B: 50, C: 20 }, engagement: { '1': 80, '2': 50, '3': 20 } },
    grid: Object.fromEntries(
      ['A', 'B', 'C', 'D'].flatMap((fit) => [1, 2, 3, 4].map((n) => [`${fit}${n}`, 'warm'])),
    ),
    handRaiser: 'engagement-1',
  },
};

/** The texts of a sound playbook, some of them replaced. */
export function playbookTexts(replaced: Record<string, string> = {}): Record<string, string> {
  const parts = Object.entries(PARTS).map(([file, part]) => [file, JSON.stringify(part, null, 2)]);
  return { ...Object.fromEntries(parts), 'inbound.json': WORKFLOW, ...replaced };
}

const post = defineOperation({
  summary: 'Posts a message.',
  idempotent: true,
  input: z.strictObject({
    to: z.string(),
    size: z.number().optional(),
    kind: z.enum(['info', 'alarm']).optional(),
    email: z.string(),
  }),
  output: z.strictObject({ message: z.string() }),
  run: () => Promise.resolve({ message: 'm1' }),
});

/** One vendor with one operation; only what the language reads of a connector. */
export const connectors = {
  chatter: { operations: { 'message.post': post } } as unknown as Connector,
};

/** Reads the sample playbook with a replacement made in one of its files. */
export function readWith(file: string, from: string, to: string) {
  const texts = playbookTexts();
  const text = texts[file] ?? '';
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  const changed = text.replace(from, () => to);
  return { text: changed, ...readPlaybook({ ...texts, [file]: changed }, { connectors }) };
}
