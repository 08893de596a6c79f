const RECORDS = [
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
];
const DOOR = [
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'secretsmanager:GetSecretValue',
  'sqs:SendMessage',
];
/** The partitions that the function which asks vendors may touch. */
export const ASKING_PARTITIONS = ['CURSOR#*', 'BUDGET#*', 'OUTAGE#*', 'QUOTA#*'];

/** What Lambda itself does for a function that a queue feeds. */
const FED = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

/**
 * What each function may do, beside its own log and traces: the templates are held to it, and so
 * is what the handlers really do.
 */
export const PERMITTED: Readonly<Record<string, { id: string; actions: readonly string[] }>> = {
  'http/receive-event': { id: 'ReceiveEvent', actions: DOOR },
  'http/answer-link': {
    id: 'AnswerLink',
    actions: [...RECORDS, 'events:PutEvents', 'secretsmanager:GetSecretValue'],
  },
  'http/send-tracker': { id: 'SendTracker', actions: [] },
  'http/tell-health': { id: 'TellHealth', actions: [] },
  'queue/take-in': {
    id: 'TakeIn',
    actions: [...RECORDS, ...FED, 'events:PutEvents', 'secretsmanager:GetSecretValue'],
  },
  'events/receive-change': { id: 'ReceiveChange', actions: [...DOOR, ...FED] },
  'events/receive-feedback': { id: 'ReceiveFeedback', actions: [...DOOR, ...FED] },
  'events/dispatch-news': {
    id: 'DispatchNews',
    actions: [
      ...RECORDS,
      ...FED,
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
      'ses:SendEmail',
      'states:SendTaskFailure',
      'states:SendTaskSuccess',
      'states:StartExecution',
    ],
  },
  'tasks/administer': {
    id: 'Administer',
    actions: [
      ...RECORDS,
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
      'ses:SendEmail',
      'states:SendTaskFailure',
      'states:SendTaskSuccess',
      'states:StartExecution',
    ],
  },
  'tasks/sign': { id: 'Sign', actions: RECORDS.filter((action) => !/Delete/.test(action)) },
  'schedule/reconcile': { id: 'Reconcile', actions: [...DOOR, ...FED] },
  'schedule/apply-playbook': {
    id: 'ApplyPlaybook',
    actions: [...RECORDS, ...FED, 'states:SendTaskFailure', 'states:SendTaskSuccess'],
  },
  'schedule/come-up': {
    id: 'ComeUp',
    actions: [
      ...RECORDS,
      ...FED,
      'dynamodb:Scan',
      'secretsmanager:GetSecretValue',
      'states:StartExecution',
    ],
  },
  'events/end-run': { id: 'EndRun', actions: [...RECORDS, ...FED, 'states:StartExecution'] },
  'tasks/decide': { id: 'Decide', actions: RECORDS },
  'tasks/act': {
    id: 'Act',
    actions: [...RECORDS, 'secretsmanager:GetSecretValue', 'ses:SendEmail'],
  },
  'tasks/await-signal': {
    id: 'AwaitSignal',
    actions: [...RECORDS, 'states:SendTaskFailure', 'states:SendTaskSuccess'],
  },
};
