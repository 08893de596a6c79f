import * as z from 'zod';
import { contentHash } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { PipedriveContext } from './credentials.ts';

const Id = z.number().int();
const Value = z.object({ value: z.string().nullish(), primary: z.boolean().nullish() });
const Custom = z.record(z.string(), z.unknown()).nullish();

/** Records as version 2 of the API and of the webhooks tells them. */
export const PipedrivePerson = z.object({
  id: Id,
  name: z.string().nullish(),
  owner_id: Id.nullish(),
  emails: z.array(Value).nullish(),
  phones: z.array(Value).nullish(),
  label_ids: z.array(Id).nullish(),
  custom_fields: Custom,
  update_time: z.string().nullish(),
});
export type PipedrivePerson = z.infer<typeof PipedrivePerson>;

export const PipedriveDeal = z.object({
  id: Id,
  title: z.string().nullish(),
  value: z.number().nullish(),
  currency: z.string().nullish(),
  status: z.string(),
  stage_id: Id,
  person_id: Id.nullish(),
  owner_id: Id.nullish(),
  expected_close_date: z.string().nullish(),
  custom_fields: Custom,
  update_time: z.string().nullish(),
});
export type PipedriveDeal = z.infer<typeof PipedriveDeal>;

export const PipedriveActivity = z.object({
  id: Id,
  type: z.string().nullish(),
  subject: z.string().nullish(),
  done: z.boolean().nullish(),
  note: z.string().nullish(),
  owner_id: Id.nullish(),
  person_id: Id.nullish(),
  update_time: z.string().nullish(),
});
export type PipedriveActivity = z.infer<typeof PipedriveActivity>;

type Query = Readonly<Record<string, string | number>>;

/** Asks for one thing, as `data` of the answer. */
export async function ask<T>(
  { http }: Pick<PipedriveContext, 'http'>,
  schema: z.ZodType<T>,
  path: string,
  params: Query = {},
): Promise<T> {
  const { data } = await http.get(path, { params });
  return z.object({ data: schema }).parse(data).data;
}

/** A page, and the opaque word for the next one if there is one. */
export async function askPage<T>(
  { http }: Pick<PipedriveContext, 'http'>,
  schema: z.ZodType<T>,
  path: string,
  params: Query,
): Promise<{ rows: T[]; next: string | undefined }> {
  const { data } = await http.get(path, { params });
  const { data: rows, additional_data } = z
    .object({
      data: z.array(schema).nullish(),
      additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
    })
    .parse(data);
  return { rows: rows ?? [], next: additional_data?.next_cursor ?? undefined };
}

/** Makes a record (POST) or changes one (PATCH), and answers its id. */
export async function write(
  { http }: Pick<PipedriveContext, 'http'>,
  method: 'post' | 'patch',
  path: string,
  values: object,
): Promise<string> {
  const { data } = await http[method](path, values);
  return String(z.object({ data: z.object({ id: Id }) }).parse(data).data.id);
}

const Users = z.array(z.object({ id: Id, email: z.string(), active_flag: z.boolean().nullish() }));

/** The id of the active user with this address. */
export async function userByEmail(context: PipedriveContext, email: string): Promise<number> {
  const found = await ask(context, Users.nullish(), '/api/v1/users/find', {
    term: email,
    search_by_email: 1,
  });
  const user = found?.find(
    (one) => one.email.toLowerCase() === email.toLowerCase() && one.active_flag !== false,
  );
  if (user !== undefined) return user.id;
  throw new HubError(
    'config',
    'pipedrive_owner_unknown',
    'Pipedrive has no active user with the e-mail address of this salesperson: invite them, or correct the playbook.',
  );
}

/** By which the hub finds again what it wrote under a key. */
export const markOf = (key: string): string => `baton-${contentHash(key).slice(0, 16)}`;
