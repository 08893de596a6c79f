import type { QueryLanguage, StateNode } from '../machine.ts';

type Type = StateNode['type'];

const EVERYWHERE = ['Type', 'Comment', 'QueryLanguage'];
const MOVING = ['Next', 'End'];
const RECOVERING = ['Retry', 'Catch'];
const TASK = ['Resource', 'Credentials', 'TimeoutSeconds', 'HeartbeatSeconds'];
const MAP = [
  'ItemProcessor',
  'Iterator',
  'ItemSelector',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

const COMMON: Readonly<Record<Type, readonly string[]>> = {
  Pass: MOVING,
  Succeed: [],
  Fail: ['Error', 'Cause'],
  Wait: [...MOVING, 'Seconds', 'Timestamp'],
  Choice: ['Choices', 'Default'],
  Task: [...MOVING, ...RECOVERING, ...TASK],
  Parallel: [...MOVING, ...RECOVERING, 'Branches'],
  Map: [...MOVING, ...RECOVERING, ...MAP],
};

const JSONATA: Readonly<Record<Type, readonly string[]>> = {
  Pass: ['Assign', 'Output'],
  Succeed: ['Output'],
  Fail: [],
  Wait: ['Assign', 'Output'],
  Choice: ['Assign', 'Output'],
  Task: ['Assign', 'Output', 'Arguments'],
  Parallel: ['Assign', 'Output', 'Arguments'],
  Map: ['Assign', 'Output', 'Items'],
};

const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath'];

const JSONPATH: Readonly<Record<Type, readonly string[]>> = {
  Pass: ['Assign', ...PATHS, 'Parameters', 'Result', 'ResultPath'],
  Succeed: PATHS,
  Fail: ['ErrorPath', 'CausePath'],
  Wait: ['Assign', ...PATHS, 'SecondsPath', 'TimestampPath'],
  Choice: ['Assign', ...PATHS],
  Task: ['Assign', ...PATHS, ...RESULT, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
  Parallel: ['Assign', ...PATHS, ...RESULT],
  Map: [
    'Assign',
    ...PATHS,
    ...RESULT,
    'ItemsPath',
    'MaxConcurrencyPath',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentagePath',
  ],
};

/** The fields a state may have: https://states-language.net/spec.html, section 4 and 5. */
export function fieldsOf(type: Type, language: QueryLanguage): ReadonlySet<string> {
  const own = language === 'JSONata' ? JSONATA[type] : JSONPATH[type];
  return new Set([...EVERYWHERE, ...COMMON[type], ...own]);
}

export function isStateType(value: unknown): value is Type {
  return typeof value === 'string' && Object.hasOwn(COMMON, value);
}
