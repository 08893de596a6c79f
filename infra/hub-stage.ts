import { Construct } from 'constructs';
import type { PreparedStage } from './prepare-stage.ts';
import { FoundationStack } from './stacks/foundation-stack.ts';
import { HubStack } from './stacks/hub-stack.ts';
import { WatchStack } from './stacks/watch-stack.ts';

/**
 * One deployment of the hub: what keeps data and must not be lost, what runs and can be replaced,
 * and what watches over both. No CDK Stage: `cdk synth` looks for findings in an app's own stacks
 * alone, not in those of its stages.
 */
export class HubStage extends Construct {
  readonly stage: PreparedStage;
  readonly foundation: FoundationStack;
  readonly hub: HubStack;
  readonly watch: WatchStack;

  constructor(scope: Construct, id: string, stage: PreparedStage) {
    super(scope, id);
    this.stage = stage;
    this.foundation = new FoundationStack(this, 'Foundation', { stage });
    this.hub = new HubStack(this, 'Hub', { stage, foundation: this.foundation });
    this.watch = new WatchStack(this, 'Watch', {
      stage,
      foundation: this.foundation,
      hub: this.hub,
    });
  }
}
