import { extractText, getDocumentProxy } from 'unpdf';

/** Fonts give some characters as the radical that looks like them, which Unicode does not call the same. */
const RADICALS = new Map(
  [
    ...'⺟母⺠民⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⼾户'.matchAll(
      /(.)(.)/gu,
    ),
  ].map((m) => [m[1]!, m[2]!] as const),
);

/** The text of each page without its spaces, and the paper's size in millimetres. */
export async function readPdf(bytes: Uint8Array): Promise<{ pages: string[]; size: number[] }> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const [, , width, height] = (await pdf.getPage(1)).view;
  const { text } = await extractText(pdf);
  return {
    pages: text.map((t) =>
      t
        .replace(/[⺀-⿕]/g, (c) => RADICALS.get(c) ?? c)
        .normalize('NFKC')
        .replace(/\s+/g, ''),
    ),
    size: [width, height].map((points) => Math.round((Number(points) / 72) * 25.4)),
  };
}
