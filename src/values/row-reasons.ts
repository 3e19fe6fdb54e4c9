import type { ReasonText } from './reasons.js';

/** Why a whole row was refused, beside the reasons of its key's own type. Keys are stable: quarantine files carry them. */
export const rowReasons = {
  key_blank: {
    zh: '关键字段为空，无法确定这一行说的是哪一条记录',
    en: 'the key is blank, so nobody can tell which record the row is',
    fix_zh: '请补填该字段后重新提供',
    fix_en: 'Fill in the field and deliver the extract again.',
  },
  ambiguous_key: {
    zh: '同一关键字段有多行，内容不同，无法确定以哪一行为准',
    en: 'several rows of one key say different things, and nothing tells which one holds',
    fix_zh: '请在源系统中核对，只保留正确的一行',
    fix_en: 'Check them in the system they came from and keep the right one.',
  },
  too_many_cells: {
    zh: '单元格比表头多，各列的位置不能确定',
    en: 'has more cells than the header, so its columns cannot be told',
    fix_zh: '单元格内有分隔符的，请用引号括起后重新导出',
    fix_en: 'Export it again with quotes around cells that hold the delimiter.',
  },
  text_after_quote: {
    zh: '引号之后还有文字，单元格的边界不能确定',
    en: 'has text behind a closing quote, so the cell’s end cannot be told',
    fix_zh: '单元格内的引号请写两次，再重新导出',
    fix_en: 'Export it again with quotes inside a cell doubled.',
  },
  nul_byte: {
    zh: '含有空字节，可能是文件损坏或编码不对',
    en: 'has a zero byte: the file is damaged or of another encoding',
    fix_zh: '请重新导出该文件',
    fix_en: 'Export the file again.',
  },
  malformed: {
    zh: '这一行不能拆分成单元格',
    en: 'cannot be split into cells',
    fix_zh: '请在原文件中核对这一行',
    fix_en: 'Look at the row in the file.',
  },
} as const satisfies Record<string, ReasonText>;
