import type { StepLambda } from '#workflows/steps/step.ts';

/** The Lambdas a compiled workflow calls, as names for the deployment to fill in. */
export const SUBSTITUTIONS = ['Decide', 'Act', 'Await'] as const;
export type Substitution = (typeof SUBSTITUTIONS)[number];

const LAMBDAS: Record<StepLambda, Substitution> = { decide: 'Decide', act: 'Act' };

/** How long a state waits for its Lambda; the deployment gives each function less than this. */
export const TASK_SECONDS: Readonly<Record<StepLambda, number>> = { decide: 60, act: 300 };

/** `${Decide}` or `${Act}`: the Lambda with the permissions that a step kind needs. */
export const functionOf = (lambda: StepLambda) => placeholder(LAMBDAS[lambda]);

export const placeholder = (name: Substitution) => `\${${name}}`;

/** The name of a workflow's state machine; at most 80 characters, since an id has at most 60. */
export const machineName = (workflow: { readonly id: string }) => `baton-${workflow.id}`;
