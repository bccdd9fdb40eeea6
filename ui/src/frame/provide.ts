import { Alerts, provideAlerts } from "./alerts.svelte";
import { Landings, provideLandings } from "./landings";
import { Places, providePlaces } from "./places.svelte";
import { Practice, providePractice } from "./practice";
import { provideQuestions, Questions } from "./questions.svelte";
import { provideSafekeeping, Safekeeping } from "./safekeeping.svelte";
import { provideTokens, Tokens } from "./tokens.svelte";

/** What every screen may ask for. */
export function provideFrame() {
  const alerts = provideAlerts(new Alerts());
  const landings = provideLandings(new Landings());
  const places = providePlaces(new Places());
  const practice = providePractice(new Practice(alerts));
  const questions = provideQuestions(new Questions());
  const tokens = provideTokens(new Tokens(alerts));
  const safekeeping = provideSafekeeping(new Safekeeping({ alerts, practice, questions, tokens }));
  return { alerts, landings, places, practice, questions, safekeeping, tokens };
}
