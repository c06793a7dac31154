import type uPlot from "uplot";

/** bars draws a series as bars: the series at an index of so many, side by side. */
export function bars(index: number, series: number): uPlot.Series.PathBuilder {
  return (u, seriesIndex, from, to) => {
    const [xs, ys] = [u.data[0], u.data[seriesIndex] ?? []];
    const position = (i: number) => u.valToPos(xs[i] ?? 0, "x", true);
    const bucket = xs.length > 1 ? position(1) - position(0) : u.bbox.width / 2;
    const width = Math.max(1, (bucket * 0.8) / series);
    const bottom = u.valToPos(0, "y", true);
    const path = new Path2D();
    for (let i = from; i <= to; i++) {
      const value = ys[i];
      if (value === null || value === undefined || value === 0) continue;
      const top = u.valToPos(value, "y", true);
      path.rect(position(i) + width * (index - series / 2), top, Math.max(1, width - 1), bottom - top);
    }
    return { stroke: path, fill: path, flags: 1 };
  };
}
