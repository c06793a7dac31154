import { useEffect, useRef, useState } from "preact/hooks";
import { useAction } from "../load";
import { change, choice } from "../route";
import { outdate } from "../session";
import { useId } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Choice } from "../ui/form";
import { tell } from "../ui/toast";
import { plural, View } from "../ui/view";
import { Outcome } from "./import_outcome";
import { run, type Collection, type Progress } from "./import_run";
import { count, formatOf, type Count, type Format } from "./import_slices";

const collections: { value: Collection; text: string; fields: string }[] = [
  { value: "users", text: "Users", fields: "username, email, and also external_id, display_name, attributes, status, id, created_at" },
  { value: "plans", text: "Plans", fields: "code, name, seats" },
  { value: "organizations", text: "Organizations", fields: "name, slug, plan, and also id, created_at" },
  { value: "memberships", text: "Memberships", fields: "organization (its slug) or organization_id, user (the username) or user_id, role" },
  { value: "events", text: "Events", fields: "kind, occurred_at, organization or organization_id, user or user_id, and also id, payload" },
];

const collectionNames = collections.map(({ value }) => value);

type Chosen = { file: File; format: Format; count: Count };

/** useImport counts and imports one file at a time. */
function useImport(collection: Collection) {
  const [chosen, setChosen] = useState<Chosen>();
  const [counted, setCounted] = useState<number>();
  const [progress, setProgress] = useState<Progress>();
  const controller = useRef<AbortController | undefined>(undefined);
  const action = useAction();
  useEffect(() => () => controller.current?.abort(), []);
  const begin = () => {
    controller.current?.abort();
    controller.current = new AbortController();
    return controller.current.signal;
  };
  const choose = (file: File | undefined) =>
    action.run(async () => {
      const signal = begin();
      setChosen(undefined);
      setProgress(undefined);
      if (file === undefined) return;
      const format = await formatOf(file);
      setChosen({ file, format, count: await count(file, format, setCounted, signal) });
    });
  const start = ({ file, format }: Chosen) =>
    action.run(async () => {
      const signal = begin();
      const { created } = await run(file, format, collection, setProgress, signal);
      outdate();
      tell(`Imported ${file.name}: ${plural(created, "new record", "new records")}.`);
    });
  const stop = () => controller.current?.abort();
  return { chosen, counted, progress, action, choose, start, stop };
}

/** Adds the records of a file: first counted, then imported with a result for each line. */
export function Import({ query }: { query: URLSearchParams }) {
  const collection = choice(query, "collection", collectionNames) ?? "users";
  const { chosen, counted, progress, action, choose, start, stop } = useImport(collection);
  const { fields } = collections.find(({ value }) => value === collection) ?? { fields: "" };
  return (
    <View title="Import">
      <p>
        An import adds records and never overwrites any. A record that exists with the same values stays as it is, so that the same file may
        be imported again.
      </p>
      <Choice
        label="What the file holds"
        value={collection}
        options={collections}
        disabled={action.busy}
        onValue={(value) => change({ collection: value === "users" ? "" : value }, true)}
      />
      <p class="quiet">Fields: {fields}.</p>
      <ChooseFile disabled={action.busy} onFile={choose} />
      {action.busy && chosen === undefined ? <p role="status">Counting: {plural(counted ?? 0, "record", "records")} so far.</p> : null}
      {chosen === undefined ? null : <Dry chosen={chosen} />}
      {chosen !== undefined && chosen.count.records > 0 ? (
        <div class="buttons">
          <button type="button" class="main" aria-disabled={action.busy} onClick={() => start(chosen)}>
            Import {plural(chosen.count.records, "record", "records")}
          </button>
          {action.busy ? (
            <button type="button" onClick={stop}>
              Stop
            </button>
          ) : null}
        </div>
      ) : null}
      <Failure error={interrupted(action.error)} />
      {chosen !== undefined && progress !== undefined ? (
        <Outcome
          name={chosen.file.name}
          format={chosen.format}
          header={chosen.count.header}
          total={chosen.count.records}
          progress={progress}
        />
      ) : null}
    </View>
  );
}

/** What to do after an import that was stopped, or lost the connection. */
function interrupted(error: Error | undefined): Error | undefined {
  const again = "What was imported stays; import the file again to go on.";
  if (error?.name === "AbortError") return new Error(`Stopped. ${again}`);
  return error instanceof TypeError ? new Error(`The connection broke. ${again}`) : error;
}

function ChooseFile({ disabled, onFile }: { disabled: boolean; onFile: (file: File | undefined) => void }) {
  const id = useId("file");
  return (
    <div class="field">
      <label for={id}>File of NDJSON or CSV, in UTF-8</label>
      <input
        id={id}
        type="file"
        accept=".ndjson,.jsonl,.csv"
        disabled={disabled}
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
    </div>
  );
}

/** What the file holds, before anything is sent. */
function Dry({ chosen: { file, format, count: found } }: { chosen: Chosen }) {
  return (
    <section aria-label="What the file holds">
      <p role="status">
        {file.name} has {plural(found.records, "record", "records")} of {format.name}. Nothing is sent yet.
      </p>
      {found.records === 0 ? <p>The file is empty{format.name === "CSV" ? ", or has only a header" : ""}. Choose another one.</p> : null}
      {found.faults.length === 0 ? null : (
        <p class="failure">
          {plural(found.faults.length, "line is", "lines are")} no JSON object and will be rejected, first line {found.faults[0]?.record}. A
          file must have one object on each line.
        </p>
      )}
      <pre class="scroll" tabIndex={0} aria-label="The first lines">
        {[found.header, ...found.sample].filter((line) => line !== undefined).join("\n")}
      </pre>
    </section>
  );
}
