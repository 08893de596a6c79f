import type { HubspotObject, ObjectName } from './objects.ts';

/** What is followed of a kind of record. */
export interface Followed {
  readonly name: ObjectName;
  readonly typeId: string;
  /** Properties whose every change says something of its own. */
  readonly telling: readonly string[];
  /** Properties of which the last change is as good as all of them. */
  readonly facts: readonly string[];
}

interface Version {
  readonly property: string;
  readonly value: string;
  readonly at: number;
  readonly source: Source;
}
interface Source {
  readonly changeSource: string | undefined;
  readonly sourceId: string | undefined;
}

/**
 * What happened to a record after `since`, in the shape of the webhook events that tell the same.
 * The key of each is made of the record and the instant, so that reading it again changes nothing.
 */
export function changesOf(
  followed: Followed,
  record: HubspotObject,
  since: number,
): Record<string, unknown>[] {
  const fresh = (properties: readonly string[]) =>
    properties
      .flatMap((property) => versionsOf(record, property))
      .filter(({ at }) => at > since)
      .sort((a, b) => a.at - b.at);
  const facts = fresh(followed.facts);
  // The hub's own write would hide somebody else's that came just before it.
  const last = [...latestOfEach(facts).values()];
  return [
    ...creationOf(followed, record, since),
    ...fresh(followed.telling).map((version) => changed(followed, record, version)),
    ...last.map((version) => changed(followed, record, version)),
    ...fresh(['hs_merged_object_ids']).map((version) => merged(followed, record, version)),
  ];
}

function versionsOf(record: HubspotObject, property: string): Version[] {
  const history = record.propertiesWithHistory?.[property] ?? [];
  return history.flatMap(({ value, timestamp, sourceType, sourceId }) => {
    const at = Date.parse(timestamp);
    if (Number.isNaN(at)) return [];
    const source = { changeSource: sourceType ?? undefined, sourceId: sourceId ?? undefined };
    return [{ property, value: value ?? '', at, source }];
  });
}

/** One for each source of changes, which is enough: all of them read the record as it is now. */
function latestOfEach(versions: readonly Version[]): Map<string, Version> {
  return new Map(
    versions.map((one) => [`${one.source.changeSource}/${one.source.sourceId}`, one] as const),
  );
}

function creationOf(
  followed: Followed,
  record: HubspotObject,
  since: number,
): Record<string, unknown>[] {
  const { properties } = record;
  const at = Date.parse(properties['createdate'] ?? properties['hs_createdate'] ?? '');
  if (Number.isNaN(at) || at <= since) return [];
  const source = {
    changeSource: properties['hs_object_source'] ?? undefined,
    sourceId: properties['hs_object_source_id'] ?? undefined,
  };
  return [event(followed, record, 'creation', at, source, 'created')];
}

function changed(followed: Followed, record: HubspotObject, version: Version) {
  return {
    ...event(followed, record, 'propertyChange', version.at, version.source, version.property),
    propertyName: version.property,
    propertyValue: version.value,
  };
}

/** The survivor of a merge lists who went into it. */
function merged(followed: Followed, record: HubspotObject, version: Version) {
  return {
    ...event(followed, record, 'merge', version.at, version.source, 'merged'),
    primaryObjectId: record.id,
    newObjectId: record.id,
    mergedObjectIds: version.value.split(';').filter((id) => id !== ''),
  };
}

function event(
  { typeId }: Followed,
  { id }: HubspotObject,
  change: string,
  at: number,
  source: Source,
  what: string,
): Record<string, unknown> {
  return {
    eventId: `search-${what}`,
    subscriptionType: `object.${change}`,
    objectTypeId: typeId,
    objectId: id,
    occurredAt: at,
    ...source,
  };
}
