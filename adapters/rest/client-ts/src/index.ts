/** A client of Roster. README.md shows its use. */
export { createRoster, type Roster, type RosterOptions } from "./client.js";
export { each, page, pages, type Page } from "./pages.js";
export { ProblemError, unwrap, type Problem, type ProblemKind } from "./problem.js";
export type { components, operations, paths } from "./schema.gen.js";
