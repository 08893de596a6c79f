import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HubStage } from '#infra/hub-stage.ts';
import { type PreparedStage, prepareStage } from '#infra/prepare-stage.ts';
import { StageConfig } from '#infra/stage-config.ts';

/** A stage that uses everything a stage may say. */
const CONFIG = StageConfig.parse({
  name: 'test',
  mailFrom: 'leads@example.com',
  publicUrl: 'https://hub.example.com',
  alarmMail: 'operations@example.com',
  mailFeedback: 'mail',
  salesforceEvents: { connection: 'crm', eventSource: 'aws.partner/salesforce.com/00D1/0YL1' },
});

export interface Deployment {
  readonly prepared: PreparedStage;
  readonly stage: HubStage;
  readonly foundation: Template;
  readonly hub: Template;
  readonly watch: Template;
}

/** Synthesises a stage without building its functions. */
export async function deploy(): Promise<Deployment> {
  const prepared = await prepareStage(CONFIG);
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stage = new HubStage(app, 'Baton-test', prepared);
  return {
    prepared,
    stage,
    foundation: Template.fromStack(stage.foundation),
    hub: Template.fromStack(stage.hub),
    watch: Template.fromStack(stage.watch),
  };
}

/** A resource as a template has it, as far as the tests look into it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The statements of all policies that hang on a role, by the role's logical id. */
export function statementsOf(template: Template, role: string): Statement[] {
  return resourcesOf(template, 'AWS::IAM::Policy')
    .map(([, { Properties }]) => Properties as unknown as PolicyProperties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

interface PolicyProperties {
  readonly Roles: readonly { readonly Ref: string }[];
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

export const actionsOf = ({ Action }: Statement): string[] => [Action].flat();
