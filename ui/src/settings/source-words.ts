import type { SourcesProblem } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";

/** Why a list of sources is not kept. */
export const sourceProblems: Record<SourcesProblem, () => string> = {
  "source-has-credentials": m.sources_problem_credentials,
  "source-not-a-url": m.sources_problem_not_a_url,
  "source-not-https": m.sources_problem_not_https,
  "source-without-operator": m.sources_problem_operator,
  "source-duplicate": m.sources_problem_twice,
  "source-of-another-operator": m.sources_problem_other_operator,
  "source-too-long": m.sources_problem_too_long,
  "sources-too-many": m.sources_problem_too_many,
};
