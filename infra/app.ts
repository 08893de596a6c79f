import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { acceptFindings } from './accepted-findings.ts';
import { HubStage } from './hub-stage.ts';
import { prepareStage } from './prepare-stage.ts';
import { StageConfig } from './stage-config.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
Tags.of(app).add('application', 'baton');

const stages = z.array(StageConfig).min(1).parse(app.node.getContext('stages'));
for (const config of stages) {
  acceptFindings(new HubStage(app, `Baton-${config.name}`, await prepareStage(config)));
}
