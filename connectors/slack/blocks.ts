import type { VerbInput } from '#core/operations.ts';
import {
  ACCEPT,
  blockIdOf,
  PAUSE,
  pauseValue,
  REJECT,
  reasonValue,
  SNOOZE,
  VETO,
} from './actions.ts';
import { mrkdwn, shorten } from './text.ts';

/** https://docs.slack.dev/reference/block-kit/blocks: Slack refuses a message beyond these. */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3_000;
/** Of the 50 blocks of a message, one is the header, one the buttons, one says what is missing. */
const MOST_SECTIONS = 47;
const TEXT_LIMIT = 4_000;
const OPTION_LIMIT = 75;
const MOST_OPTIONS = 100;

type Block = Readonly<Record<string, unknown>>;
type Message = Pick<VerbInput<'message.post'>, 'title' | 'lines'> &
  Partial<Pick<VerbInput<'message.post'>, 'handoffId' | 'actions' | 'reasons' | 'pauses'>>;

/** Renders the vendor-neutral message for Block Kit; what does not fit is visibly cut. */
export function renderMessage(message: Message): { text: string; blocks: Block[] } {
  const { title, lines } = message;
  const buttons = actionsBlock(message);
  const header: Block = {
    type: 'header',
    // Slack refuses an empty header.
    text: plain(shorten(title.trim() || '…', HEADER_LIMIT)),
  };
  return {
    text: mrkdwn(shorten([title, ...lines].join('\n'), TEXT_LIMIT)),
    blocks: [header, ...sectionBlocks(lines), ...(buttons === undefined ? [] : [buttons])],
  };
}

function sectionBlocks(lines: readonly string[]): Block[] {
  const sections = packLines(lines);
  const shown = sections.slice(0, MOST_SECTIONS).map((text) => section(text));
  const missing = sections.length - shown.length;
  return missing === 0 ? shown : [...shown, section('_… and more that does not fit here._')];
}

/** Puts as many lines into a section as it holds. */
function packLines(lines: readonly string[]): string[] {
  const sections: string[] = [];
  for (const line of lines) {
    const text = fitLine(line, SECTION_LIMIT);
    const last = sections.at(-1);
    const joined = `${last}\n${text}`;
    if (last !== undefined && joined.length <= SECTION_LIMIT)
      sections[sections.length - 1] = joined;
    else if (text.trim() !== '') sections.push(text);
  }
  return sections;
}

/** Escaping makes text longer, so the cut is made before it and measured after. */
function fitLine(line: string, most: number): string {
  let length = most;
  let text = mrkdwn(shorten(line, length));
  while (text.length > most) {
    length -= Math.ceil((text.length - most) / 5);
    text = mrkdwn(shorten(line, length));
  }
  return text;
}

function actionsBlock(message: Message): Block | undefined {
  const { handoffId, actions = [], reasons = [], pauses = [] } = message;
  // Without a hand-off a click would be about nothing.
  if (handoffId === undefined || actions.length === 0) return undefined;
  const elements = {
    accept: button('Accept', ACCEPT, handoffId, 'primary'),
    snooze: button('Snooze', SNOOZE, handoffId),
    pause: pauses.length === 0 ? undefined : pauseSelect(pauses),
    reject: reasons.length === 0 ? button('Reject', REJECT, handoffId) : rejectSelect(reasons),
    veto: button('Keep it with its owner', VETO, handoffId, 'primary'),
  };
  const order = ['accept', 'snooze', 'pause', 'reject', 'veto'] as const;
  const shown = order.flatMap((one) => (actions.includes(one) ? (elements[one] ?? []) : []));
  if (shown.length === 0) return undefined;
  return {
    type: 'actions',
    block_id: blockIdOf(handoffId),
    elements: shown,
  };
}

const rejectSelect = (reasons: VerbInput<'message.post'>['reasons']): Block =>
  select(
    'Reject…',
    REJECT,
    reasons.map(({ code, label, asksDate = false }) => [
      label.trim() || code,
      reasonValue(code, asksDate),
    ]),
  );

const pauseSelect = (pauses: readonly { reason: string; length: string }[]): Block =>
  select(
    'Pause…',
    PAUSE,
    pauses.map(({ reason, length }) => [
      `${reason.replaceAll('-', ' ')}, ${length}`,
      pauseValue(reason, length),
    ]),
  );

function select(
  label: string,
  action: string,
  options: readonly (readonly [text: string, value: string])[],
): Block {
  return {
    type: 'static_select',
    action_id: action,
    placeholder: plain(label),
    options: options.slice(0, MOST_OPTIONS).map(([text, value]) => ({
      text: plain(shorten(text, OPTION_LIMIT)),
      value,
    })),
  };
}

function button(label: string, action: string, value: string, style?: 'primary'): Block {
  return {
    type: 'button',
    action_id: action,
    text: plain(label),
    value,
    ...(style === undefined ? {} : { style }),
  };
}

/** `verbatim` keeps Slack from turning names in the text into mentions. */
const section = (text: string): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
});

const plain = (text: string): Block => ({ type: 'plain_text', text, emoji: true });
