/** What JSONata offers, in the edition that Step Functions runs: https://docs.jsonata.org/ */
const JSONATA = [
  'abs append assert average base64decode base64encode boolean ceil clone contains count',
  'decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor',
  'formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map match max',
  'merge millis min not now number pad parseInteger power random reduce replace reverse round shuffle',
  'sift single sort split spread sqrt string substring substringAfter substringBefore sum toMillis trim',
  'type uppercase zip',
];

/** What Step Functions adds; it takes `$eval` away. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
const STEP_FUNCTIONS = 'partition range hash uuid parse';

/** The functions that a trigger's condition may call: the hub evaluates it, not Step Functions. */
export const TRIGGER_FUNCTIONS: readonly string[] = JSONATA.join(' ').split(' ');

/** The functions that an expression of a step may call: Step Functions evaluates it. */
export const RUN_FUNCTIONS: readonly string[] = [
  ...TRIGGER_FUNCTIONS,
  ...STEP_FUNCTIONS.split(' '),
];
