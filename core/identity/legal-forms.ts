/**
 * Legal forms of companies, as their words stand in a name that was folded (no dots, no accents,
 * lower case): what they tell is not who the company is. Forms of several words come as phrases.
 */
const FORMS = {
  english:
    'inc|incorporated|corp|corporation|co|company|llc|llp|lllp|lp|ltd|limited|plc|pty ltd|pty limited|pty|pte ltd|pte|pvt ltd|private limited|pvt|unlimited|cic|gp|pc|pllc|na|trust',
  german:
    'gmbh|g m b h|ggmbh|gmbh and co kg|gmbh co kg|gmbh and co kgaa|ag|kg|kgaa|ohg|ug|ug haftungsbeschrankt|haftungsbeschrankt|ev|eg|ek|gbr|partg|partgmbb|se|mbh|ges mbh|gesmbh|aktiengesellschaft',
  french: 'sa|sas|sasu|sarl|eurl|snc|sca|scs|sci|scop|sprl|asbl|sc|ste|societe anonyme|gie',
  dutch: 'bv|nv|vof|cv|bvba|cvba|stichting|stg|maatschap|ua|vzw|besloten vennootschap',
  italian: 'spa|srl|srls|snc|sas|sapa|scarl|scrl|societa per azioni',
  iberian:
    'sl|slu|sau|sociedad anonima|sociedad limitada|scoop|lda|ltda|limitada|eireli|epp|sa de cv|s a de c v|sab de cv|s de rl de cv|s de rl|sapi de cv|cia|sgps|cxa',
  nordic: 'ab|publ|aktiebolag|hb|kb|as|asa|aps|amba|ans|da|ks|ba|oy|oyj|oy ab|ky|hf|ehf|sf|is',
  baltic: 'uab|sia|ou|tuh|mb|aas',
  slavic:
    'sp z oo|sp z o o|spolka z oo|spzoo|spolka akcyjna|sp j|sp k|spk|sro|s r o|spol s ro|spol s r o|as|vos|doo|d o o|dd|ad|ead|eood|ood|ooo|zao|oao|pao|ao|tov|pat|prat|jsc|ojsc|cjsc|pjsc|llp',
  hungarian: 'kft|zrt|nyrt|bt|kkt|rt',
  romanian: 'srl|sa|pfa|sca',
  greek: 'ae|epe|oe|ee|ike|abee|aebe',
  turkish: 'as|a s|ltd sti|ltd s ti|limited sirketi|anonim sirketi|sti|tas',
  asian:
    'kk|k k|kabushiki kaisha|gk|godo kaisha|yk|yugen kaisha|sdn bhd|bhd|tbk|pt|co ltd|company limited|corp ltd|jsc|tnhh|pcl|public company limited|bhd|berhad',
  arabic: 'fze|fzco|fz llc|wll|saog|saoc|psc|kscc|ksc|bsc|spc|saa|saal',
} as const;

/** Written without spaces, before the name or after it. */
export const ATTACHED_FORMS =
  /株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|유한회사|㈜/gu;

/** Every form as its words, the longest first, so that `pty ltd` goes before `ltd`. */
export const LEGAL_FORMS: readonly (readonly string[])[] = [
  ...new Set(Object.values(FORMS).flatMap((forms) => forms.split('|'))),
]
  .map((form) => form.split(' '))
  .sort((one, other) => other.length - one.length);

/** Forms that stand before the name: `AB Volvo`, `PT Astra`, `OOO Gazprom`, `Stichting X`. */
export const LEADING_FORMS = new Set([
  ...['ab', 'as', 'oy', 'pt', 'ooo', 'zao', 'oao', 'pao', 'ao', 'tov', 'uab', 'sia', 'sc', 'ste'],
  ...['stichting', 'stg', 'maatschap', 'kk', 'cia', 'fa', 'firma', 'kg', 'ad', 'the'],
]);
