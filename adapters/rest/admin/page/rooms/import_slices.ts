// Cuts a file into slices that are imported one after the other: browsers do not stream
// the body of a request.

export type Format = { mediaType: "application/x-ndjson" | "text/csv"; name: "NDJSON" | "CSV" };

/** Some records of a file, as one import. */
type Slice = {
  /** The number of the first record in the file, from 1. */
  first: number;
  lines: string[];
};

/** The most records and characters of a slice: progress shows often, and each import is short. */
const maxRecords = 2000;
const maxCharacters = 512 * 1024;

/** formatOf tells the format by the name of a file, else by its first character. */
export async function formatOf(file: File): Promise<Format> {
  const csv: Format = { mediaType: "text/csv", name: "CSV" };
  const ndjson: Format = { mediaType: "application/x-ndjson", name: "NDJSON" };
  if (/\.csv$/i.test(file.name)) return csv;
  if (/\.(ndjson|jsonl)$/i.test(file.name)) return ndjson;
  const head = await file.slice(0, 64).text();
  return head
    .replace(/^\uFEFF/, "")
    .trimStart()
    .startsWith("{")
    ? ndjson
    : csv;
}

/** records yields the records of a file, one text each; quoted cells of CSV may have line ends. */
async function* records(file: File, format: Format): AsyncGenerator<string, void, undefined> {
  const reader = file
    .stream()
    .pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))
    .getReader();
  let rest = "";
  // Whether the rest ends within quotes, as far as it was looked at.
  let [looked, quoted] = [0, false];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += value;
      let start = 0;
      for (; looked < rest.length; looked++) {
        const character = rest.charCodeAt(looked);
        if (character === 0x22 && format.name === "CSV") quoted = !quoted;
        if (character !== 0x0a || quoted) continue;
        yield rest.slice(start, looked).replace(/\r$/, "");
        start = looked + 1;
      }
      rest = rest.slice(start);
      looked -= start;
    }
    if (rest !== "") yield rest;
  } catch (error) {
    throw error instanceof TypeError ? new Error("The file is not text in UTF-8: save it as UTF-8 and choose it again.") : error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The header of a CSV file, and the slices of its records. An empty line is no record. */
export async function* slices(file: File, format: Format): AsyncGenerator<{ header: string | undefined; slice: Slice }, void, undefined> {
  let header: string | undefined;
  let slice: Slice = { first: 1, lines: [] };
  let characters = 0;
  for await (const record of records(file, format)) {
    if (record.trim() === "") continue;
    if (format.name === "CSV" && header === undefined) {
      header = record;
      continue;
    }
    slice.lines.push(record);
    characters += record.length;
    if (slice.lines.length === maxRecords || characters >= maxCharacters) {
      yield { header, slice };
      slice = { first: slice.first + slice.lines.length, lines: [] };
      characters = 0;
    }
  }
  if (slice.lines.length > 0) yield { header, slice };
}

/** What a file holds, found out without sending anything. */
export type Count = { records: number; header: string | undefined; sample: string[]; faults: { record: number }[] };

/** count reads the whole file, and looks for lines that can't be records. */
export async function count(file: File, format: Format, progress: (records: number) => void, signal: AbortSignal): Promise<Count> {
  const found: Count = { records: 0, header: undefined, sample: [], faults: [] };
  for await (const { header, slice } of slices(file, format)) {
    signal.throwIfAborted();
    found.header = header;
    if (found.sample.length === 0) found.sample = slice.lines.slice(0, 3);
    if (format.name === "NDJSON") slice.lines.forEach((line, i) => isObject(line) || found.faults.push({ record: slice.first + i }));
    found.records += slice.lines.length;
    progress(found.records);
  }
  return found;
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
