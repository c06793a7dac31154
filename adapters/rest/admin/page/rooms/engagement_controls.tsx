import { change, text } from "../route";
import { Choice, Field, optionsOf } from "../ui/form";
import { addDays, dayText } from "../ui/time";
import { buckets, type Window } from "./engagement_read";
import { planOptions, usePlans } from "./plans";

const spans = [
  { days: 7, text: "7 days" },
  { days: 30, text: "30 days" },
  { days: 90, text: "90 days" },
  { days: 365, text: "A year" },
];

/** The names of all time zones that the browser knows. */
const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];

function Spans({ window }: { window: Window }) {
  const today = dayText(new Date(), window.timeZone);
  return (
    <div class="buttons" role="group" aria-label="The last">
      {spans.map(({ days, text: name }) => {
        const from = addDays(today, 1 - days);
        return (
          <button
            key={days}
            type="button"
            aria-pressed={window.to === today && window.from === from}
            onClick={() => change({ from, to: today, bucket: undefined })}>
            {name}
          </button>
        );
      })}
    </div>
  );
}

/** The window of the report, and how it is shown. All of it is in the address. */
export function Controls({ query, window }: { query: URLSearchParams; window: Window }) {
  const set = (name: string) => (value: string) => change({ [name]: value }, true);
  const plans = usePlans();
  return (
    <form aria-label="Window" onSubmit={(event) => event.preventDefault()}>
      <Spans window={window} />
      <details class="filters" open={matchMedia("(min-width: 48rem)").matches}>
        <summary>Window and order</summary>
        <div class="fields">
          <Field label="From" type="date" value={window.from} onValue={set("from")} />
          <Field label="Up to and including" type="date" value={window.to} onValue={set("to")} />
          <Choice label="Bucket" value={window.bucket} onValue={set("bucket")} options={optionsOf(buckets)} />
          <Choice label="Time zone" value={window.timeZone} onValue={set("zone")} options={optionsOf(zones)} />
          <Choice
            label="Chart of"
            value={text(query, "metric")}
            onValue={set("metric")}
            options={[
              { value: "", text: "Events" },
              { value: "active_members", text: "Active members" },
            ]}
          />
          <Choice
            label="Drawn as"
            value={text(query, "chart")}
            onValue={set("chart")}
            options={[
              { value: "", text: "Lines" },
              { value: "bars", text: "Bars" },
            ]}
          />
          <Choice
            label="Plan"
            value={text(query, "plan")}
            onValue={set("plan")}
            options={[{ value: "", text: "Any" }, ...planOptions(plans.data)]}
          />
          <Choice
            label="Order"
            value={text(query, "sort")}
            onValue={set("sort")}
            options={[
              { value: "", text: "Most events" },
              { value: "-active_members", text: "Most active members" },
              { value: "-members", text: "Most members" },
              { value: "events", text: "Fewest events" },
            ]}
          />
        </div>
      </details>
    </form>
  );
}
