import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { bars } from "./chart_bars";
import { count, Table } from "./view";

export type Series = { name: string; values: number[] };
type ChartKind = "lines" | "bars";

type Props = {
  title: string;
  /** The beginning of each bucket, as a time of RFC 3339. */
  times: string[];
  series: Series[];
  kind: ChartKind;
  timeZone: string;
  /** How a bucket is called: "Nov 30". */
  label: (time: string) => string;
};

/** How many series a chart can tell apart. */
export const maxSeries = 5;

/** A chart that the arrow keys read aloud, with its figures as a table. */
export function Chart(props: Props) {
  const { title, times, series, kind, timeZone, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [at, setAt] = useState<number>();
  useEffect(() => (host.current === null ? undefined : keepDrawn(host.current, plot, props, setAt)), [times, series, kind, timeZone]);
  const read = (index: number) =>
    `${label(times[index] ?? "")}: ${series.map(({ name, values }) => `${name} ${count(values[index] ?? 0)}`).join(", ")}`;
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -times.length, End: times.length };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(times.length - 1, (at ?? (step > 0 ? -1 : times.length)) + step));
    setAt(next);
    plot.current?.setCursor({ left: plot.current.valToPos(seconds(times[next] ?? ""), "x"), top: 1 });
  };
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div
        class="drawing"
        ref={host}
        tabIndex={0}
        role="img"
        onKeyDown={move}
        aria-label={`${title}. The arrow keys read it bucket by bucket; the table below has all figures.`}
      />
      <p class="reading" role="status">
        {at === undefined || at >= times.length ? "Point at the chart, or use the arrow keys." : read(at)}
      </p>
      <ul class="legend">
        {series.map(({ name }, i) => (
          <li key={name}>
            <span class={`swatch series-${i + 1}`} /> {name}
          </li>
        ))}
      </ul>
      <details>
        <summary>Figures of the chart</summary>
        <Table caption={`Figures: ${title}`} head={["From", ...series.map(({ name }) => name)]}>
          {times.map((time, i) => (
            <tr key={time}>
              <th scope="row">{label(time)}</th>
              {series.map(({ name, values }) => (
                <td key={name} class="number">
                  {count(values[i] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  );
}

/** keepDrawn draws the chart again when its place or the colors change, until the returned function is called. */
function keepDrawn(element: HTMLElement, plot: { current: uPlot | undefined }, props: Props, onPoint: Drawing["onPoint"]) {
  if (props.times.length === 0) return undefined;
  const draw = () => {
    plot.current?.destroy();
    plot.current = drawChart(element, { ...props, onPoint });
  };
  draw();
  const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
  resized.observe(element);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);
  return () => {
    resized.disconnect();
    scheme.removeEventListener("change", draw);
    plot.current?.destroy();
    plot.current = undefined;
  };
}

const height = 260;

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

type Drawing = Pick<Props, "times" | "series" | "kind" | "timeZone"> & { onPoint: (index: number | undefined) => void };

function drawChart(element: HTMLElement, { times, series, kind, timeZone, onPoint }: Drawing): uPlot {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: color("quiet"),
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const xs = times.map(seconds);
  const half = xs.length > 1 ? ((xs[1] ?? 0) - (xs[0] ?? 0)) / 2 : 43_200;
  const options: uPlot.Options = {
    width: element.clientWidth,
    height,
    legend: { show: false },
    padding: [12, 8, 0, 0],
    cursor: { drag: { x: false, y: false }, y: false },
    scales: {
      x: { time: true, range: (_, min, max) => [min - half, max + half] },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] },
    },
    axes: [axis, { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : "")) }],
    tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), timeZone),
    series: [
      {},
      ...series.map(({ name }, i): uPlot.Series => {
        const stroke = color(`series-${i + 1}`);
        const points = { show: times.length <= 62, size: 5, fill: stroke };
        return kind === "bars"
          ? { label: name, stroke, fill: stroke, width: 0, points: { show: false }, paths: bars(i, series.length) }
          : { label: name, stroke, width: 2, points };
      }),
    ],
    hooks: { setCursor: [(u) => typeof u.cursor.idx === "number" && onPoint(u.cursor.idx)] },
  };
  return new uPlot(options, [xs, ...series.map(({ values }) => values)] as uPlot.AlignedData, element);
}
