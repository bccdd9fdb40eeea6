import { onMount, tick } from "svelte";
import { commands, type Startup } from "$lib/bindings";
import { useAlerts } from "../frame/alerts.svelte";
import { useForm } from "../frame/form";
import { usePractice } from "../frame/practice";
import { useQuestions } from "../frame/questions.svelte";
import { useSafekeeping } from "../frame/safekeeping.svelte";
import { useTokens } from "../frame/tokens.svelte";

/** The form is there before any command has answered; what was kept comes into it afterwards. */
export function startUp(): void {
  const alerts = useAlerts();
  const form = useForm();
  const practice = usePractice();
  const questions = useQuestions();
  const safekeeping = useSafekeeping();
  const tokens = useTokens();

  onMount(async () => {
    await tick();
    requestAnimationFrame(() => void commands.usable().catch(() => undefined));
    await start();
  });

  async function start() {
    try {
      takeUp(await commands.startup());
    } catch (thrown) {
      alerts.raise(thrown, () => void start());
      form.restore(null);
    }
  }

  function takeUp({ draft, loss, problems, safe, tokens: kept, unfinished }: Startup) {
    tokens.list = kept;
    form.restore(draft);
    if (loss) questions.ask({ kind: "loss", loss });
    else questions.settle("loss");
    if (unfinished.length > 0) questions.ask({ kind: "interruption", unfinished });
    for (const problem of problems) alerts.raise(problem, () => void start());
    safekeeping.safe = safe;
    if (safe?.isOpen === false) safekeeping.ask("open");
    else if (problems.length === 0) void practice.begin();
  }
}
