import { createContext, tick } from "svelte";

/** Where a person can be, and what they have before them there. */
export type Place =
  | { screen: "create"; sheet: "form" | "result" }
  | { screen: "settings" }
  | { screen: "tokens"; opened: string | null };
export type Screen = Place["screen"];
type At<S extends Screen> = Extract<Place, { screen: S }>;

const form: Place = { screen: "create", sheet: "form" };

/** Which screen there is. Each is found again as it was left. */
export class Places {
  readonly home: Place = form;
  current = $state.raw<Place>(form);
  /** Counts whenever somebody goes somewhere, also to where they are. */
  visits = $state(0);
  readonly #left: Partial<Record<Screen, Place>> = {};

  /** What is before the person, if this screen is. */
  at<S extends Screen>(screen: S): At<S> | null {
    return this.current.screen === screen ? (this.current as At<S>) : null;
  }

  /** Something else on the same screen: the page stays where it is. */
  turn(to: Place): void {
    this.current = to;
    this.#left[to.screen] = to;
  }

  go(to: Place): void {
    this.turn(to);
    this.visits += 1;
    void tick().then(() => window.scrollTo(0, 0));
  }

  /** Follows a link to a screen. From a result it leads to the form behind it. */
  visit(start: Place): void {
    const { screen } = this.current;
    if (start.screen !== screen) this.go(this.#left[start.screen] ?? start);
    else this.go(screen === "create" ? form : this.current);
  }
}

export const [usePlaces, providePlaces] = createContext<Places>();
