/** Units that a header may name in brackets behind its words: 营业总收入（万元）, 浓度(mg/L). Compared after tidying. */
const UNITS = `
元 千 千元 万 万元 百万元 亿 亿元 美元 万美元 日元 万日元 欧元 万欧元 港元 万港元
t kg g mg 吨 公吨 万吨 千克 公斤 克 毫克 l ml 升 m3 立方米 m2 平方米 亩
mg/l ug/l μg/l mg/m3 ug/m3 μg/m3 % ‰ kwh 千瓦时 万千瓦时 度
人 个 户 次 天 日 月 个月 年 ℃ °c`;
const KNOWN_UNITS = new Set(UNITS.trim().split(/\s+/u));

/** Nothing that people vary but case. Cells of a file's head are looked at as headers by the thousand. */
const TIDY = /^[\u4e00-\u9fff0-9A-Za-z_./%-]*$/;

/** Whether a header stands there without anything that people vary but case. */
export const isTidy = (header: string): boolean => TIDY.test(header);

/** A header as people write it, without what people vary: width, case, spaces, line breaks, kinds of brackets, a star for "required". */
export function tidyHeader(header: string): string {
  if (isTidy(header)) return header.toLowerCase();
  return header
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/gu, '')
    .replace(/[〔【[{〈「]/gu, '(')
    .replace(/[〕】\]}〉」]/gu, ')')
    .replace(/[*:]+$|^\*+/gu, '')
    .replaceAll('()', '')
    .toLowerCase();
}

/** A tidied header parted from the unit at its end; `undefined` where it names none. */
export function splitUnit(tidied: string): { name: string; unit: string } | undefined {
  const found = /^(.+?)\((?:单位:?|计量单位:?|人民币)?([^()]+)\)$/u.exec(tidied);
  const [, name, raw] = found ?? [];
  const unit = raw?.replace(/^人民币/u, '');
  if (!name || !unit || !KNOWN_UNITS.has(unit)) return undefined;
  return { name, unit };
}

/** Every header that a field goes by, as the contract writes them: names first, they are what a person expects to see. */
export function acceptedHeaders(id: string, field: { title: { zh: string; en: string }; names: string[] }): string[] {
  return [field.title.zh, ...field.names, field.title.en, id];
}
