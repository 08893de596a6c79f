import type { Block, Element } from './workspace.ts';

/** Whether Slack would refuse these blocks: https://docs.slack.dev/reference/block-kit/blocks */
export function refuseBlocks(blocks: readonly Block[]): boolean {
  const ids = blocks.flatMap((one) => (one.block_id === undefined ? [] : [one.block_id]));
  return blocks.length > 50 || new Set(ids).size !== ids.length || blocks.some(isRefused);
}

const TEXT_LIMITS: Readonly<Record<string, number>> = { header: 150, section: 3_000 };

function isRefused(block: Block): boolean {
  const text = block.text?.text;
  const limit = TEXT_LIMITS[block.type];
  if (limit !== undefined && (text === undefined || text.trim() === '' || text.length > limit)) {
    return true;
  }
  const elements = block.elements ?? [];
  const tooMany = elements.length > 25 || (block.type === 'actions' && elements.length === 0);
  return tooMany || (block.block_id ?? '').length > 255 || elements.some(isElementRefused);
}

function isElementRefused({ action_id, text, value, options }: Element): boolean {
  const options_ = options ?? [{ text: { text: 'none' }, value: 'none' }];
  return (
    action_id.length > 255 ||
    (text?.text ?? '').length > 75 ||
    (value ?? '').length > 2_000 ||
    options_.length === 0 ||
    options_.length > 100 ||
    options_.some(
      (one) => one.text.text.trim() === '' || one.text.text.length > 75 || one.value.length > 150,
    )
  );
}
