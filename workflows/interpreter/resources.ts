/** What a Task's `Resource` asks for, and how its events are called. */
export interface Resource {
  /** `LambdaFunction`, `Activity` or `Task`: the first word of its events. */
  readonly prefix: 'LambdaFunction' | 'Activity' | 'Task';
  /** `dynamodb`, `aws-sdk:s3` … for service integrations. */
  readonly resourceType?: string;
  /** `putItem`, `sendMessage.waitForTaskToken` … for service integrations. */
  readonly resource?: string;
  readonly pattern: 'request' | 'sync' | 'token';
}

const SERVICE = /^arn:[^:]+:states:::(.+):([^:]+?(?:\.sync(?::2)?|\.waitForTaskToken)?)$/;
const SERVICE_SYNC_2 = /^arn:[^:]+:states:::(.+):([^:]+\.sync:2)$/;
const ACTIVITY = /^arn:[^:]+:states:[^:]*:[^:]*:activity:.+$/;
const FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/;

/** Reads a resource ARN; undefined when it is none that a Task may call. */
export function readResource(text: string): Resource | undefined {
  if (ACTIVITY.test(text)) return { prefix: 'Activity', pattern: 'request' };
  if (FUNCTION.test(text)) return { prefix: 'LambdaFunction', pattern: 'request' };
  const match = SERVICE_SYNC_2.exec(text) ?? SERVICE.exec(text);
  if (match === null) return undefined;
  const [, resourceType = '', resource = ''] = match;
  return { prefix: 'Task', resourceType, resource, pattern: patternOf(resource) };
}

function patternOf(resource: string): Resource['pattern'] {
  if (resource.endsWith('.waitForTaskToken')) return 'token';
  return /\.sync(:2)?$/.test(resource) ? 'sync' : 'request';
}
