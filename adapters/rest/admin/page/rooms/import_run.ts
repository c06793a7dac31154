import type { components } from "../../../client-ts/src/index";
import { ProblemError } from "../../../client-ts/src/index";
import { roster } from "../session";
import { slices, type Format } from "./import_slices";

export type Collection = components["schemas"]["Collection"];
type ImportResult = components["schemas"]["ImportResult"];
type Line = Partial<ImportResult> & Partial<components["schemas"]["ImportSummary"]>;

/** A record that Roster rejected. */
type Reject = { record: number; line: string; reasons: string };

export type Progress = { created: number; exists: number; rejects: Reject[]; done: number };

/** run imports a file slice by slice. Stopped or failed, what is done stays; running it again adds nothing twice. */
export async function run(
  file: File,
  format: Format,
  collection: Collection,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Progress> {
  const progress: Progress = { created: 0, exists: 0, rejects: [], done: 0 };
  tell({ ...progress });
  for await (const { header, slice } of slices(file, format)) {
    const body = [...(header === undefined ? [] : [header]), ...slice.lines].join("\n") + "\n";
    const results = await importSlice(collection, format, body, signal);
    const headers = header === undefined ? 0 : 1;
    results.forEach((result, i) => {
      if (result.outcome === "created") progress.created++;
      if (result.outcome === "exists") progress.exists++;
      if (result.outcome === "rejected") {
        const reasons = (result.errors ?? [])
          .map(({ pointer, detail, fix }) => `${pointer?.slice(1) ?? "the line"}: ${detail}; ${fix}`)
          .join("; ");
        progress.rejects.push({ record: slice.first + i + headers, line: slice.lines[i] ?? "", reasons });
      }
    });
    progress.done += slice.lines.length;
    tell({ ...progress });
  }
  return progress;
}

/** importSlice returns a result for each line. */
async function importSlice(collection: Collection, format: Format, body: string, signal: AbortSignal): Promise<ImportResult[]> {
  const { data, error, response } = await roster.POST("/bulk/{collection}", {
    params: { path: { collection } },
    body,
    bodySerializer: (text: string) => text,
    headers: { "Content-Type": format.mediaType },
    parseAs: "text",
    signal,
  });
  if (!response.ok) throw new ProblemError(response, error);
  const lines = String(data)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  if (lines.at(-1)?.outcome !== undefined) throw new Error("The response ended early: import the file again, which adds nothing twice.");
  return lines.slice(0, -1) as ImportResult[];
}

/** The rejected records as a file of the same format, to be corrected and imported again. */
export function rejectsFile(format: Format, header: string | undefined, rejects: Reject[]): Blob {
  const lines = [...(header === undefined ? [] : [header]), ...rejects.map(({ line }) => line)];
  return new Blob([lines.join("\n") + "\n"], { type: format.mediaType });
}

/** The reasons, one line each. */
export function reasonsFile(rejects: Reject[]): Blob {
  return new Blob([rejects.map(({ record, reasons }) => `line ${record}: ${reasons}\n`).join("")], { type: "text/plain" });
}

/** save lets the browser store a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
