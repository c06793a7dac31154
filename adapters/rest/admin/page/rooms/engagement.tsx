import { useMemo } from "preact/hooks";
import type { Page } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import { change, choice, href, text } from "../route";
import { Chart, maxSeries, type Series } from "../ui/chart";
import { Time } from "../ui/time";
import { count, Empty, Pager, Result, Table, View } from "../ui/view";
import { Controls } from "./engagement_controls";
import { readEngagement, windowOf, type Bucket, type Engagement as Line, type Window } from "./engagement_read";
import { useOrganization } from "./organization_read";

/** What the members of organizations did in a window of time. */
export function Engagement({ query }: { query: URLSearchParams }) {
  const key = query.toString();
  const window = useMemo(() => windowOf(query, new Date()), [key]);
  const report = useLoad((signal) => readEngagement(query, window, signal), [key]);
  return (
    <View title="Engagement">
      <Controls query={query} window={window} />
      {text(query, "organization") === "" ? null : <OnlyOrganization id={text(query, "organization")} />}
      <Result loaded={report}>{(page) => <Report page={page} query={query} window={window} />}</Result>
    </View>
  );
}

function OnlyOrganization({ id }: { id: string }) {
  const found = useOrganization(id);
  return (
    <p>
      Only <a href={href(["organizations", id])}>{found.data?.name ?? id}</a>.{" "}
      <button type="button" onClick={() => change({ organization: undefined })}>
        Show all organizations
      </button>
    </p>
  );
}

/** bucketLabel names a bucket by its beginning. */
export function bucketLabel(bucket: Bucket, timeZone: string): (time: string) => string {
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone,
    year: "numeric",
    month: "short",
    day: bucket === "month" ? undefined : "numeric",
  });
  return (time) => (bucket === "week" ? "week of " : "") + format.format(new Date(time));
}

function Report({ page, query, window }: { page: Page<Line>; query: URLSearchParams; window: Window }) {
  const metric = choice(query, "metric", ["active_members"] as const) ?? "events";
  const kind = choice(query, "chart", ["bars"] as const) ?? "lines";
  const { times, series } = useMemo(() => seriesOf(page.items, metric), [page, metric]);
  const label = useMemo(() => bucketLabel(window.bucket, window.timeZone), [window]);
  if (page.items.length === 0) {
    return (
      <Empty>
        <p>
          No organization with members passes the filters. <a href={href(["engagement"])}>Show all of the last 30 days.</a>
        </p>
      </Empty>
    );
  }
  const quiet = page.items.every(({ events }) => events === 0);
  const some = page.items.length > maxSeries ? `, of the first ${maxSeries} organizations of the table` : "";
  const what = metric === "events" ? "Events" : "Active members";
  return (
    <>
      {quiet ? (
        <Empty>
          <p>
            Nothing happened in this window. Choose a longer one, or send events with <code>POST /events</code>.
          </p>
        </Empty>
      ) : (
        <Chart
          title={`${what} by ${window.bucket}${some}`}
          times={times}
          series={series}
          kind={kind}
          timeZone={window.timeZone}
          label={label}
        />
      )}
      <Table
        labels
        caption="Engagement by organization"
        head={["Organization", "Plan", "Members", "Active members", "Events", "Last activity"]}>
        {page.items.map((line) => (
          <tr key={line.organization_id}>
            <th scope="row">
              <a href={href(["organizations", line.organization_id])}>{line.organization}</a>
            </th>
            <td>{line.plan}</td>
            <td class="number">{count(line.members)}</td>
            <td class="number">{count(line.active_members)}</td>
            <td class="number">{count(line.events)}</td>
            <td>{line.last_activity === null ? "none" : <Time at={line.last_activity} />}</td>
          </tr>
        ))}
      </Table>
      <Pager cursor={text(query, "cursor")} next={page.next} />
    </>
  );
}

/** seriesOf makes a line of each of the first organizations. */
function seriesOf(lines: Line[], metric: "events" | "active_members"): { times: string[]; series: Series[] } {
  const shown = lines.slice(0, maxSeries);
  const names = new Set<string>();
  const series = shown.map(({ organization, series: points }) => {
    let name = organization;
    while (names.has(name)) name += "′"; // two organizations may have one name
    names.add(name);
    return { name, values: (points ?? []).map((point) => point[metric]) };
  });
  return { times: (shown[0]?.series ?? []).map(({ from }) => from), series };
}
