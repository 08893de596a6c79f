import { isHubError } from '#core/errors.ts';
import { DATE, NOTE, REJECT } from './actions.ts';
import type { SlackContext } from './credentials.ts';

/** What the form is about; it comes back with what was filled in. */
interface About {
  readonly handoffId: string;
  readonly reason: string;
}

/**
 * Opens a form that asks whoever gives a lead back when to talk again; answers whether it is open.
 * Slack takes this for three seconds after a click. https://docs.slack.dev/reference/methods/views.open
 */
export async function opensDateForm(
  { http }: SlackContext,
  trigger: string,
  about: About,
): Promise<boolean> {
  try {
    await http.post('/views.open', { trigger_id: trigger, view: formOf(about) });
    return true;
  } catch (error) {
    if (!isHubError(error)) throw error;
    // Asked again after the answer was lost, Slack says that the form is open.
    return error.code === 'slack_exchanged_trigger_id';
  }
}

/** https://docs.slack.dev/reference/views/modal-views */
const formOf = (about: About) => ({
  type: 'modal',
  callback_id: REJECT,
  private_metadata: JSON.stringify(about),
  title: plain('Give the lead back'),
  submit: plain('Give it back'),
  close: plain('Cancel'),
  blocks: [
    input('Talk again on', { type: 'datepicker', action_id: DATE }),
    input('Anything to add?', { type: 'plain_text_input', action_id: NOTE, multiline: true }),
  ],
});

const input = (
  label: string,
  element: { readonly type: string; readonly action_id: string; readonly multiline?: true },
) => ({
  type: 'input',
  block_id: element.action_id,
  optional: true,
  label: plain(label),
  element,
});

const plain = (text: string) => ({ type: 'plain_text', text });
