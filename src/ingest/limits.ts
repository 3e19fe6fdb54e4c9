/** What a reader accepts. Far above any real extract; they exist so that a broken or hostile file ends in a sentence. */
export const LIMITS = {
  /** One record of a text file. Also what DuckDB's CSV reader takes by default, so both give up at the same place. */
  recordBytes: 2_000_000,
  columns: 2_000,
  /** Unreadable records that are listed one by one; a file with more was not written in the dialect we found. */
  malformed: 50_000,
  /** Characters of an unreadable record that are kept as evidence. */
  malformedText: 500,
  /** Decompressed text of a .gz or of one part of a workbook. */
  unpackedBytes: 64 * 1024 ** 3,
  /** A part that unpacks to more than this … */
  suspectBytes: 512 * 1024 ** 2,
  /** … may not have been compressed more than this many times. */
  ratio: 300,
  zipEntries: 10_000,
  /** Text between two tags of a workbook's XML; Excel itself stops at 32,767 characters. */
  xmlTextBytes: 4_000_000,
  jsonObjectBytes: 16 * 1024 ** 2,
} as const;

/** The head of a text file that is looked at closely to find its dialect and header. */
export const HEAD_BYTES = 256 * 1024;
/** Rows of the head that may hold titles and the header. */
export const HEAD_ROWS = 60;
export const CHUNK_BYTES = 1024 * 1024;
