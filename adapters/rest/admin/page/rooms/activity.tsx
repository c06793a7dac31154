import { useMemo } from "preact/hooks";
import { page, type Page } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import type { Rights } from "../rights";
import { href } from "../route";
import { roster } from "../session";
import { Chart } from "../ui/chart";
import { addDays, dayText, readersZone, startOfDay } from "../ui/time";
import { count, Empty, Result, View } from "../ui/view";
import { bucketLabel } from "./engagement";
import { maxSummed, readTotal } from "./engagement_read";

type Total = { number: number; exact: boolean };

function totalOf({ total, totalKind }: Page<unknown>): Total {
  return { number: total ?? 0, exact: totalKind === "exact" };
}

type UserFilter = { status?: "active" | "suspended"; created_to?: string };

async function countUsers(filter: UserFilter, signal: AbortSignal): Promise<Total> {
  const query = { ...filter, limit: 1, fields: ["id" as const], total: "exact" as const };
  return totalOf(await page(() => roster.GET("/users", { params: { query }, signal })));
}

/** Events a day, and how the directory grows. */
export function Activity({ rights }: { rights: Rights }) {
  return (
    <View title="Activity">
      <Counts />
      <EventsADay rights={rights} />
      <Growth />
    </View>
  );
}

function Counts() {
  const counts = useLoad(
    (signal) =>
      Promise.all([
        countUsers({}, signal),
        countUsers({ status: "suspended" }, signal),
        page(() => roster.GET("/organizations", { params: { query: { limit: 1, total: "exact" } }, signal })).then(totalOf),
      ]),
    [],
  );
  return (
    <Result loaded={counts}>
      {([people, suspended, organizations]) => (
        <ul class="cards">
          <Card total={people} name="people" target={href(["people"])} />
          <Card total={suspended} name="suspended" target={href(["people"], { status: "suspended" })} />
          <Card total={organizations} name="organizations" target={href(["organizations"])} />
        </ul>
      )}
    </Result>
  );
}

function Card({ total, name, target }: { total: Total; name: string; target: string }) {
  return (
    <li class="card">
      <b>
        {total.exact ? "" : "about "}
        {count(total.number)}
      </b>
      <a href={target}>{name}</a>
    </li>
  );
}

function EventsADay({ rights }: { rights: Rights }) {
  const window = useMemo(() => {
    const to = dayText(new Date(), readersZone);
    return { from: addDays(to, -29), to, timeZone: readersZone, bucket: "day" as const };
  }, []);
  const total = useLoad((signal) => readTotal(window, signal), [window]);
  const label = useMemo(() => bucketLabel("day", readersZone), []);
  const series = useMemo(() => [{ name: "Events", values: total.data?.events ?? [] }], [total.data]);
  return (
    <section aria-label="Events a day">
      <h2>Events a day</h2>
      <Result loaded={total}>
        {({ times, complete }) =>
          series[0]?.values.some((n) => n > 0) ? (
            <>
              <Chart
                title="Events a day, of all organizations, in the last 30 days"
                times={times}
                series={series}
                kind="bars"
                timeZone={readersZone}
                label={label}
              />
              {complete ? null : <p class="quiet">These are the {count(maxSummed)} organizations with the most events.</p>}
            </>
          ) : (
            <Empty>
              <p>
                No events in the last 30 days. Programs send them with <code>POST /events</code>.
                {rights.importAndExport ? (
                  <>
                    {" "}
                    An <a href={href(["import"])}>import</a> adds old ones.
                  </>
                ) : null}
              </p>
            </Empty>
          )
        }
      </Result>
    </section>
  );
}

/** The first days of the last twelve months and of the next one. */
function months(): string[] {
  const [year = 0, month = 1] = dayText(new Date(), readersZone).split("-").map(Number);
  return Array.from({ length: 13 }, (_, i) => new Date(Date.UTC(year, month - 12 + i, 1)).toISOString().slice(0, 10));
}

function Growth() {
  const growth = useLoad(async (signal) => {
    const times = months().map((day) => startOfDay(day, readersZone));
    const totals = [];
    for (const created_to of times.slice(1)) totals.push(await countUsers({ created_to }, signal));
    return { times: times.slice(0, -1), totals };
  }, []);
  const label = useMemo(() => bucketLabel("month", readersZone), []);
  const series = useMemo(() => [{ name: "People", values: (growth.data?.totals ?? []).map(({ number }) => number) }], [growth.data]);
  return (
    <section aria-label="Growth">
      <h2>Growth</h2>
      <Result loaded={growth}>
        {({ times, totals }) => (
          <>
            <Chart
              title="People at the end of each month, of those who are not deleted today"
              times={times}
              series={series}
              kind="lines"
              timeZone={readersZone}
              label={label}
            />
            {totals.every(({ exact }) => exact) ? null : <p class="quiet">Some figures are estimates: the directory is large.</p>}
          </>
        )}
      </Result>
    </section>
  );
}
