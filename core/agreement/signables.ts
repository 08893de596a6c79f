import { TargetList } from '#core/targets/target-list.ts';
import { Agreement, mustSign } from './agreement.ts';
import { checkAgreement } from './check.ts';
import type { Signable, Subject } from './signed-texts.ts';

/** What lies before the signers, from the file as authored; the file must fit its schema. */
const SIGNABLES: Record<Subject, (document: unknown) => Signable> = {
  agreement(document) {
    const agreement = Agreement.parse(document);
    const problems: string[] = [];
    checkAgreement(agreement, (_path, message) => problems.push(message));
    const { parties, reviewBy } = agreement;
    return {
      subject: 'agreement',
      document: agreement,
      keys: mustSign(agreement),
      ...{ parties, reviewBy, problems },
    };
  },
  targets(document) {
    const list = TargetList.parse(document);
    const { parties, reviewBy } = list;
    return {
      subject: 'targets',
      document: list,
      keys: ['marketing', 'sales'],
      ...{ parties, reviewBy, problems: [] },
    };
  },
};

export const signableOf = (subject: Subject, document: unknown): Signable =>
  SIGNABLES[subject](document);
