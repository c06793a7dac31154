import { ProblemError } from "../../../client-ts/src/index";

/** messageOf says what failed, and what to do. */
function messageOf(error: Error): string {
  return error instanceof TypeError ? "Roster can't be reached; the page asks again by itself." : error.message;
}

/** What failed, where it failed. Faults that a field shows itself are left out. */
export function Failure({ error, shown = [] }: { error: Error | undefined; shown?: string[] }) {
  if (error === undefined) return null;
  const faults = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  const others = faults.filter((fault) => !shown.includes(fault.pointer ?? ""));
  if (faults.length > 0 && others.length === 0)
    return (
      <p class="failure" role="alert">
        Please correct what is marked.
      </p>
    );
  const fixes = others.map((fault) => fault.fix).filter((fix) => !error.message.includes(fix));
  return (
    <div class="failure" role="alert">
      <p>{sentence(messageOf(error))}</p>
      {fixes.length > 0 ? <p>{sentence(fixes.join("; "))}</p> : null}
      {error instanceof ProblemError && error.status >= 500 ? (
        <p class="quiet">Roster's log has the cause under the request {error.problem.request_id}.</p>
      ) : null}
    </div>
  );
}

/** sentence begins with a capital letter and ends with a full stop. */
export function sentence(text: string): string {
  const ended = /[.!?]$/.test(text) ? text : text + ".";
  return ended.slice(0, 1).toUpperCase() + ended.slice(1);
}
