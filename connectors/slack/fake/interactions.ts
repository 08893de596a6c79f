import { signSlackV0 } from '../signature.ts';
import {
  type Element,
  type FakeForm,
  type FakeMessage,
  type FakeView,
  signingSecret,
  teamId,
  type Workspace,
} from './workspace.ts';

/** What a click on a message's button says of it; undefined where it has no such button. */
export function clickOn({ blocks }: FakeMessage, actionId: string, choice: string | undefined) {
  for (const { block_id, elements = [] } of blocks) {
    const element = elements.find((one) => one.action_id === actionId);
    if (element !== undefined) return { block_id, ...pressed(element, choice) };
  }
  return undefined;
}

function pressed(element: Element, choice: string | undefined) {
  const { type, action_id, value } = element;
  if (type !== 'static_select') return { type, action_id, value };
  const option = element.options?.find(
    (one) => choice === undefined || one.value === choice || one.value === `${choice}?date`,
  );
  if (option === undefined) throw new Error(`The message offers no choice '${choice}'.`);
  return { type, action_id, selected_option: option };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function sendClick(
  workspace: Workspace,
  message: FakeMessage,
  userId: string,
  { click, form }: { click: object; form: FakeForm },
): void {
  const now = workspace.options.now().getTime();
  const trigger = `${now}.${workspace.triggers.size + 1}`;
  workspace.triggers.set(trigger, { user: userId, form, used: false });
  send(workspace, userId, {
    type: 'block_actions',
    trigger_id: trigger,
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
    channel: { id: message.channel },
    message: { type: 'message', ts: message.ts, text: message.text },
    actions: [{ ...click, action_ts: (now / 1000).toFixed(6) }],
  });
}

/** https://docs.slack.dev/reference/methods/views.open */
export function openView(
  workspace: Workspace,
  trigger: string,
  view: FakeView['view'],
): Readonly<Record<string, unknown>> {
  const known = workspace.triggers.get(trigger);
  if (known === undefined) return { ok: false, error: 'expired_trigger_id' };
  if (known.used) return { ok: false, error: 'exchanged_trigger_id' };
  known.used = true;
  const opened = { id: `V${workspace.views.length + 1}`, user: known.user, view };
  workspace.views.push(opened);
  if (known.form.cancel !== true) submit(workspace, opened, known.form);
  return { ok: true, view: { id: opened.id } };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function submit(workspace: Workspace, { id, user, view }: FakeView, form: FakeForm): void {
  const { date = null, note = null } = form;
  const values = {
    baton_date: { baton_date: { type: 'datepicker', selected_date: date } },
    baton_note: { baton_note: { type: 'plain_text_input', value: note } },
  };
  send(workspace, user, {
    type: 'view_submission',
    view: { id, ...view, state: { values } },
  });
}

function send({ options, members, news }: Workspace, userId: string, interaction: object): void {
  const seconds = String(Math.floor(options.now().getTime() / 1000));
  const team = teamId(options);
  const payload = {
    team: { id: team, domain: 'acme' },
    user: { id: userId, name: members.get(userId)?.name ?? userId, team_id: team },
    api_app_id: 'A1',
    token: 'deprecated',
    ...interaction,
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  news.tell({
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': signSlackV0(body, signingSecret(options), seconds),
    },
    body,
  });
}
