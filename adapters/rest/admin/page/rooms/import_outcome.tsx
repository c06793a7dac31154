import { useId } from "../ui/dialog";
import { count, plural, Table } from "../ui/view";
import { reasonsFile, rejectsFile, save, type Progress } from "./import_run";
import type { Format } from "./import_slices";

/** How many rejected lines are shown; the download has all. */
const maxShown = 100;

type Props = { name: string; format: Format; header: string | undefined; total: number; progress: Progress };

/** The progress of an import, and its rejected lines. */
export function Outcome({ name, format, header, total, progress }: Props) {
  const id = useId("progress");
  const { created, exists, rejects, done } = progress;
  const finished = done === total;
  const stem = name.replace(/\.[^.]*$/, "");
  return (
    <section aria-label="Result">
      <h2>{finished ? "Result" : "Progress"}</h2>
      <label for={id}>
        {count(done)} of {plural(total, "record", "records")}
      </label>
      <progress id={id} max={total} value={done} />
      <ul class="cards">
        <li class="card">
          <b>{count(created)}</b>new
        </li>
        <li class="card">
          <b>{count(exists)}</b>existed with the same values
        </li>
        <li class="card">
          <b>{count(rejects.length)}</b>rejected
        </li>
      </ul>
      <p role="status">{finished ? `Finished: ${count(created)} new, ${count(exists)} existed, ${count(rejects.length)} rejected.` : ""}</p>
      {rejects.length === 0 ? null : (
        <>
          <h2>Rejected lines</h2>
          <p>Correct them in the download, and import that file.</p>
          <div class="buttons">
            <button
              type="button"
              onClick={() => save(rejectsFile(format, header, rejects), `${stem}.rejected.${format.name.toLowerCase()}`)}>
              Download the rejected lines
            </button>
            <button type="button" onClick={() => save(reasonsFile(rejects), `${stem}.reasons.txt`)}>
              Download the reasons
            </button>
          </div>
          <Table labels caption="Rejected lines" head={["Line", "Reason", "Record"]}>
            {rejects.slice(0, maxShown).map(({ record, reasons, line }) => (
              <tr key={record}>
                <th scope="row">{count(record)}</th>
                <td>{reasons}</td>
                <td>
                  <code class="record">{line.length > 200 ? line.slice(0, 200) + "…" : line}</code>
                </td>
              </tr>
            ))}
          </Table>
          {rejects.length > maxShown ? (
            <p class="quiet">
              These are the first {maxShown} of {count(rejects.length)}; the downloads have all.
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}
